/**
 * Bus messages as they cross a MessageChannel: packed by msgpackr as positional tuples, so that neither end keeps state for
 * the other and a restarted node understands the first message.
 * Invariant: `unpackMessage` of what `packMessage` gives is an equal value. Both ends are ours: bytes from elsewhere may throw.
 */
import { Packr } from 'msgpackr/pack'
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import {
  type BusHeader,
  type BusMessage,
  type GossipEntry,
  MESSAGE_TYPES,
  type NodeId,
  type PingExtension,
} from './message.ts'

type HeaderTuple = [
  sender: NodeId,
  port: number,
  otherPort: number,
  busPort: number,
  currentEpoch: number,
  configEpoch: number,
  offset: number,
  slots: Uint8Array,
  masterId: NodeId | null,
  ip: string,
  flags: number,
  ok: boolean,
  messageFlags: number,
]

type GossipTuple = [
  id: NodeId,
  pingSentSeconds: number,
  pongReceivedSeconds: number,
  ip: string,
  port: number,
  otherPort: number,
  busPort: number,
  flags: number,
]

type MessageTuple = [type: number, header: HeaderTuple, ...body: unknown[]]

const packr = new Packr({ useRecords: false })

const TYPE_NUMBER = new Map<BusMessage['type'], number>(MESSAGE_TYPES.map((type, i) => [type, i]))

/** A message as bytes that own their ArrayBuffer, ready to be transferred. */
export function packMessage(message: BusMessage): Uint8Array<ArrayBuffer> {
  const type = TYPE_NUMBER.get(message.type) as number
  const tuple: MessageTuple = [type, tupleOfHeader(message.header), ...tupleOfBody(message)]
  // msgpackr hands out a view of a pooled buffer: transferring that would take the pool away with it.
  return new Uint8Array(packr.pack(tuple))
}

/** The message of such bytes. Its bitmaps are views of them. */
export function unpackMessage(bytes: Uint8Array): BusMessage {
  const [number, headerTuple, ...body]: MessageTuple = packr.unpack(bytes)
  const type = MESSAGE_TYPES[number]
  const header = headerOf(headerTuple)
  switch (type) {
    case 'ping':
    case 'pong':
    case 'meet': {
      const [gossip, extensions] = body as [GossipTuple[], PingExtension[]]
      return { type, header, gossip: gossip.map(gossipOf), extensions }
    }
    case 'fail':
      return { type, header, node: body[0] as NodeId }
    case 'publish':
    case 'publishshard':
      return { type, header, channel: body[0] as Bytes, payload: body[1] as Bytes }
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return { type, header }
    case 'update': {
      const [node, configEpoch, slots] = body as [NodeId, number, Uint8Array]
      return { type, header, node, configEpoch, slots }
    }
    case 'module': {
      const [moduleId, moduleType, payload] = body as [Bytes, number, Bytes]
      return { type, header, moduleId, moduleType, payload }
    }
    default:
      assert(false, `message type ${number} exists`)
  }
}

function tupleOfBody(message: BusMessage): unknown[] {
  switch (message.type) {
    case 'ping':
    case 'pong':
    case 'meet':
      return [message.gossip.map(tupleOfGossip), message.extensions]
    case 'fail':
      return [message.node]
    case 'publish':
    case 'publishshard':
      return [message.channel, message.payload]
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return []
    case 'update':
      return [message.node, message.configEpoch, message.slots]
    case 'module':
      return [message.moduleId, message.moduleType, message.payload]
  }
}

function tupleOfHeader(header: BusHeader): HeaderTuple {
  return [
    header.sender,
    header.port,
    header.otherPort,
    header.busPort,
    header.currentEpoch,
    header.configEpoch,
    header.offset,
    header.slots,
    header.masterId ?? null,
    header.ip,
    header.flags,
    header.state === 'ok',
    header.messageFlags,
  ]
}

function headerOf(tuple: HeaderTuple): BusHeader {
  return {
    sender: tuple[0],
    port: tuple[1],
    otherPort: tuple[2],
    busPort: tuple[3],
    currentEpoch: tuple[4],
    configEpoch: tuple[5],
    offset: tuple[6],
    slots: tuple[7],
    masterId: tuple[8] ?? undefined,
    ip: tuple[9],
    flags: tuple[10],
    state: tuple[11] ? 'ok' : 'fail',
    messageFlags: tuple[12],
  }
}

function tupleOfGossip(entry: GossipEntry): GossipTuple {
  return [
    entry.id,
    entry.pingSentSeconds,
    entry.pongReceivedSeconds,
    entry.ip,
    entry.port,
    entry.otherPort,
    entry.busPort,
    entry.flags,
  ]
}

function gossipOf(tuple: GossipTuple): GossipEntry {
  return {
    id: tuple[0],
    pingSentSeconds: tuple[1],
    pongReceivedSeconds: tuple[2],
    ip: tuple[3],
    port: tuple[4],
    otherPort: tuple[5],
    busPort: tuple[6],
    flags: tuple[7],
  }
}
