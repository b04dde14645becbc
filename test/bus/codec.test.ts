import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { decodeMessage, encodeMessage } from '../../lib/bus/codec.ts'
import { messageLength } from '../../lib/bus/length.ts'
import {
  type BusHeader,
  type BusMessage,
  HeaderFlag,
  MESSAGE_TYPES,
  NodeFlag,
} from '../../lib/bus/message.ts'
import { captured } from './fixtures/captured.ts'
import { bytesOfNotation } from './fixtures/notation.ts'
import { randomMessage } from './random-message.ts'

function decoded(bytes: Buffer): BusMessage {
  const event = decodeMessage(bytes, 0, bytes.length)
  if (event.kind === 'invalid') throw new Error(`${event.reason}: ${event.text}`)
  return event.message
}

/** Slots of a bitmap as `first-last` ranges. */
function ranges(slots: Uint8Array): string {
  const found: string[] = []
  let first = -1
  for (let slot = 0; slot <= 16384; slot++) {
    const set = slot < 16384 && (((slots[slot >> 3] as number) >> (slot & 7)) & 1) === 1
    if (set && first < 0) first = slot
    if (!set && first >= 0) {
      found.push(first === slot - 1 ? `${first}` : `${first}-${slot - 1}`)
      first = -1
    }
  }
  return found.join(' ')
}

t.test('a PING, field by field', async (t) => {
  const bytes = bytesOfNotation(`
    "RCmb" 00000a08 0001 5208 0000 0003 0000000000000004 0000000000000001 00*8
    "7b4010b7cb213dd1607c348a10a276a86093a8c4" ff*682 1f 00*1365
    00*40 00*46 0000 00*30 0000 7918 0011 00 000000
    "3bb5b7e05bb98199f46e7b2781e22bf4291c3d3a" 6b00c3e7 6b00c3e6 "127.0.0.1" 00*37
    5262 7972 0001 0000 0000
    "8c510cba5dd36a1e38e2f4e3aa9b86d3c8b6f0d1" 00000000 6b00c3e7 "127.0.0.1" 00*37
    520a 791a 0001 0000 0000
    "d4be3646f1c22b7be0a1c97a6bb2f9a3d0e41c57" 00000000 6b00c3e6 "127.0.0.1" 00*37
    5209 7919 0001 0000 0000
  `)
  t.equal(bytes.length, 2568)
  const message = decoded(bytes)
  if (message.type !== 'ping') throw new Error(message.type)
  const { slots, ...header } = message.header
  t.same(header, {
    sender: '7b4010b7cb213dd1607c348a10a276a86093a8c4',
    port: 21000,
    otherPort: 0,
    busPort: 31000,
    currentEpoch: 4,
    configEpoch: 1,
    offset: 0,
    masterId: undefined,
    ip: '',
    flags: NodeFlag.master | NodeFlag.myself,
    state: 'ok',
    messageFlags: 0,
  })
  t.equal(ranges(slots), '0-5460')
  t.same(message.extensions, [])
  t.equal(message.gossip.length, 3)
  t.same(message.gossip[0], {
    id: '3bb5b7e05bb98199f46e7b2781e22bf4291c3d3a',
    pingSentSeconds: 0x6b00c3e7,
    pongReceivedSeconds: 0x6b00c3e6,
    ip: '127.0.0.1',
    port: 21090,
    otherPort: 0,
    busPort: 31090,
    flags: NodeFlag.master,
  })
  t.equal(message.gossip[2]?.busPort, 31001)
  t.equal(encodeMessage(message).toString('hex'), bytes.toString('hex'))
})

t.test('what a real server sent is written back byte for byte', async (t) => {
  for (const [name, notation] of Object.entries(captured)) {
    const bytes = bytesOfNotation(notation)
    const message = decoded(bytes)
    t.equal(messageLength(message), bytes.length, name)
    t.equal(encodeMessage(message).toString('hex'), bytes.toString('hex'), name)
  }
})

t.test('what a real server meant', async (t) => {
  const read = (name: keyof typeof captured) => decoded(bytesOfNotation(captured[name]))
  const master = '3f3deccb0f3a0bd58af6cb2fcbebb5f2d63cd225'
  const failing = '632ad86818ba9a3b0acfd2c09f162e0c5fc125cb'
  const replica = '68b43dc81cd4289b88fee89c61a4b68a970eb5df'
  const peer = 'a19bdb8f45f5588957bafdcb6443299af93ba9f1'

  t.match(read('meet'), { type: 'meet', header: { sender: master, state: 'fail' }, gossip: [] })
  t.match(read('pingOfReplica').header, {
    masterId: peer,
    flags: NodeFlag.slave | NodeFlag.myself,
    configEpoch: 4,
  })
  t.equal(ranges(read('pingOfReplica').header.slots), '16383', "its master's slots")
  t.match(read('pingWithHostname'), {
    header: { messageFlags: HeaderFlag.extensions },
    extensions: [{ type: 'hostname', hostname: 'node-a.example' }],
  })
  const about = read('pingAboutFailingNode')
  const rumour = 'gossip' in about ? about.gossip.find((entry) => entry.id === failing) : undefined
  t.equal(rumour?.flags, NodeFlag.master | NodeFlag.pfail)
  t.match(read('pongOfPausedMaster'), { type: 'pong', header: { messageFlags: HeaderFlag.paused } })
  t.match(read('fail'), { type: 'fail', header: { sender: replica }, node: failing })
  t.match(read('publish'), { type: 'publish', channel: 'chan', payload: 'hello' })
  t.match(read('publishshard'), { type: 'publishshard', channel: 'foo{b}', payload: 'sharded' })
  t.match(read('voteRequest'), {
    type: 'auth-req',
    header: { sender: replica, currentEpoch: 5, messageFlags: HeaderFlag.forceAck },
  })
  t.match(read('vote'), { type: 'auth-ack', header: { sender: master, currentEpoch: 6 } })
  const update = read('update')
  t.match(update, { type: 'update', node: replica, configEpoch: 5 })
  t.equal('slots' in update ? ranges(update.slots) : '', '16383')
  t.match(read('failoverStart'), { type: 'mfstart', header: { sender: replica, masterId: peer } })
})

const header: BusHeader = {
  sender: 'a'.repeat(40),
  port: 1,
  otherPort: 0,
  busPort: 2,
  currentEpoch: 1,
  configEpoch: 1,
  offset: 0,
  slots: new Uint8Array(2048),
  masterId: undefined,
  ip: '',
  flags: 17,
  state: 'ok',
  messageFlags: 0,
}

t.test('random messages of every type come back equal', async (t) => {
  const seed = process.env.SEED ?? 'codec'
  const random = new Random(seed)
  for (const type of MESSAGE_TYPES) {
    for (let i = 0; i < 100; i++) {
      const message = randomMessage(random, type)
      const bytes = encodeMessage(message)
      if (bytes.length !== messageLength(message) || !isDeepStrictEqual(decoded(bytes), message)) {
        t.strictSame(decoded(bytes), message, `SEED=${seed} ${type} ${i}`)
      }
    }
  }
  t.pass(`SEED=${seed}`)
})

t.test('a decoded message shares no memory with its source', async (t) => {
  const slots = new Uint8Array(2048).fill(7)
  const extensions = [{ type: 'unknown' as const, code: 9, payload: new Uint8Array(8).fill(7) }]
  const bytes = encodeMessage({
    type: 'ping',
    header: { ...header, slots },
    gossip: [],
    extensions,
  })
  const message = decoded(bytes)
  const update = encodeMessage({
    type: 'update',
    header,
    node: 'b'.repeat(40),
    configEpoch: 1,
    slots,
  })
  const decodedUpdate = decoded(update)
  bytes.fill(0)
  update.fill(0)
  t.match(message, { header: { slots }, extensions })
  t.match(decodedUpdate, { slots })
})

t.test('an unused field is written as zeros and not looked at', async (t) => {
  const clean = encodeMessage({ type: 'mfstart', header })
  const dirty = Buffer.from(clean)
  dirty.fill(0xee, 2216, 2246)
  dirty.fill(0xee, 2254, 2256)
  t.strictSame(decoded(dirty), decoded(clean))
  t.ok(clean.subarray(2216, 2246).every((byte) => byte === 0))
})

t.test('bytes are read where the message begins', async (t) => {
  const bytes = encodeMessage({ type: 'fail', header, node: 'b'.repeat(40) })
  const padded = Buffer.concat([Buffer.alloc(13, 1), bytes, Buffer.alloc(5, 2)])
  const event = decodeMessage(padded, 13, bytes.length)
  t.strictSame(event.kind === 'message' && event.message, decoded(bytes))
})

t.test('a type or a version that does not exist', async (t) => {
  for (const typeNumber of [11, 200, 0x8004, 0xffff]) {
    const bytes = encodeMessage({ type: 'mfstart', header })
    bytes.writeUInt16BE(typeNumber, 12)
    t.same(decodeMessage(bytes, 0, bytes.length), {
      kind: 'invalid',
      reason: 'type',
      typeNumber,
      text: `Received unknown packet type: ${typeNumber}`,
    })
  }
  const bytes = encodeMessage({ type: 'pong', header, gossip: [], extensions: [] })
  bytes.writeUInt16BE(2, 8)
  const dropped = { kind: 'invalid', reason: 'version', typeNumber: 1, text: undefined }
  t.same(decodeMessage(bytes, 0, bytes.length), dropped)
})

t.test('numbers that no number holds exactly are refused', async (t) => {
  for (const at of [16, 24, 32]) {
    const bytes = encodeMessage({ type: 'mfstart', header })
    bytes.writeUInt32BE(0x1f_ffff, at)
    bytes.writeUInt32BE(0xffff_ffff, at + 4)
    t.equal(decodeMessage(bytes, 0, bytes.length).kind, 'message', '2^53 - 1')
    bytes.writeUInt32BE(0x20_0000, at)
    bytes.writeUInt32BE(0, at + 4)
    t.match(decodeMessage(bytes, 0, bytes.length), { kind: 'invalid', reason: 'number' }, '2^53')
  }
  const slots = new Uint8Array(2048)
  const update = encodeMessage({
    type: 'update',
    header,
    node: 'b'.repeat(40),
    configEpoch: 1,
    slots,
  })
  update.writeUInt32BE(0xffff_ffff, 2256)
  t.match(decodeMessage(update, 0, update.length), { reason: 'number', typeNumber: 7 })
})

t.test('what cannot be written is a broken invariant', async (t) => {
  const mfstart = (change: Partial<BusHeader>) => () =>
    encodeMessage({ type: 'mfstart', header: { ...header, ...change } })
  t.throws(mfstart({ sender: 'short' }), { name: 'AssertionError' })
  t.throws(mfstart({ masterId: '' }), { name: 'AssertionError' })
  t.throws(mfstart({ ip: 'x'.repeat(47) }), { name: 'AssertionError' })
  t.throws(mfstart({ slots: new Uint8Array(2047) }), { name: 'AssertionError' })
  t.throws(mfstart({ currentEpoch: -1 }), { name: 'AssertionError' })
  t.throws(mfstart({ offset: 2 ** 53 }), { name: 'AssertionError' })
  t.throws(mfstart({ configEpoch: 0.5 }), { name: 'AssertionError' })
})
