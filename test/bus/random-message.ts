/**
 * Random bus messages for tests: every type, every field, the edges of each. Invariant: whatever comes out is a value the
 * codec must carry.
 */
import type { Random } from '../../lib/base/random.ts'
import {
  type BusHeader,
  type BusMessage,
  type GossipEntry,
  HeaderFlag,
  MESSAGE_TYPES,
  type PingExtension,
  SLOT_BITMAP_BYTES,
} from '../../lib/bus/message.ts'

/** A message of a random type, or of the given one. */
export function randomMessage(
  random: Random,
  type: BusMessage['type'] = random.pick(MESSAGE_TYPES),
): BusMessage {
  const header = randomHeader(random)
  switch (type) {
    case 'ping':
    case 'pong':
    case 'meet': {
      const gossip = several(random, 5, randomGossip)
      const extensions = random.below(2) === 0 ? [] : several(random, 3, randomExtension)
      const messageFlags = header.messageFlags | (extensions.length > 0 ? HeaderFlag.extensions : 0)
      return { type, header: { ...header, messageFlags }, gossip, extensions }
    }
    case 'fail':
      return { type, header, node: randomId(random) }
    case 'publish':
    case 'publishshard':
      return { type, header, channel: someBytes(random), payload: someBytes(random) }
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return { type, header }
    case 'update': {
      const [configEpoch, slots] = [uint53(random), randomSlots(random)]
      return { type, header, node: randomId(random), configEpoch, slots }
    }
    case 'module': {
      const [moduleType, payload] = [random.below(256), someBytes(random)]
      return { type, header, moduleId: random.bytes(8), moduleType, payload }
    }
  }
}

function randomHeader(random: Random): BusHeader {
  return {
    sender: randomId(random),
    port: uint16(random),
    otherPort: uint16(random),
    busPort: uint16(random),
    currentEpoch: uint53(random),
    configEpoch: uint53(random),
    offset: uint53(random),
    slots: randomSlots(random),
    masterId: random.below(2) === 0 ? undefined : randomId(random),
    ip: text(random, 46),
    flags: uint16(random),
    state: random.pick(['ok', 'fail']),
    messageFlags: random.below(4),
  }
}

function randomGossip(random: Random): GossipEntry {
  return {
    id: randomId(random),
    pingSentSeconds: random.nextUint32(),
    pongReceivedSeconds: random.nextUint32(),
    ip: text(random, 46),
    port: uint16(random),
    otherPort: uint16(random),
    busPort: uint16(random),
    flags: uint16(random),
  }
}

function randomExtension(random: Random): PingExtension {
  switch (random.below(5)) {
    case 0:
      return { type: 'hostname', hostname: text(random, 40) }
    case 1:
      return { type: 'nodename', nodename: text(random, 40) }
    case 2:
      return { type: 'forgotten-node', node: randomId(random), ttlSeconds: uint53(random) }
    case 3:
      return { type: 'shard-id', shardId: randomId(random) }
    default: {
      const payload = Uint8Array.from({ length: 8 * random.below(4) }, () => random.below(256))
      return { type: 'unknown', code: 4 + random.below(60_000), payload }
    }
  }
}

/** Mostly an id, at times 40 bytes of anything that is not all zeros. */
function randomId(random: Random): string {
  return random.below(8) === 0 ? `\xff${random.bytes(39)}` : random.nodeId()
}

function randomSlots(random: Random): Uint8Array {
  const slots = new Uint8Array(SLOT_BITMAP_BYTES)
  const kind = random.below(3)
  if (kind === 1) slots.fill(255, random.below(SLOT_BITMAP_BYTES))
  if (kind === 2) for (let i = 0; i < SLOT_BITMAP_BYTES; i++) slots[i] = random.below(256)
  return slots
}

function text(random: Random, room: number): string {
  const length = random.pick([0, 9, random.below(room), room])
  return random.bytes(length).replaceAll('\0', 'x')
}

function someBytes(random: Random): string {
  return random.bytes(random.pick([0, 1, random.below(50), random.below(5000)]))
}

function uint16(random: Random): number {
  return random.pick([0, 1, 6379, 16379, 0xffff, random.below(0x1_0000)])
}

function uint53(random: Random): number {
  const great = random.below(2 ** 21) * 2 ** 32 + random.nextUint32()
  return random.pick([
    0,
    1,
    random.below(1000),
    2 ** 32 - 1,
    2 ** 32,
    Number.MAX_SAFE_INTEGER,
    great,
  ])
}

function several<T>(random: Random, most: number, one: (random: Random) => T): T[] {
  return Array.from({ length: random.below(most + 1) }, () => one(random))
}
