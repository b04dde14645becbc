/**
 * Bus messages as they cross a MessageChannel, so that neither end keeps state for the other and a restarted node understands
 * the first message: a positional tuple packed by msgpackr, then what that would read and write character by character, the
 * ids of all nodes the message names and what is published, and at last the lengths. All of it is a byte string: to post one
 * costs two thirds of what an ArrayBuffer costs, which the collector has to keep account of besides.
 * Invariant: `unpackMessage` of what `packMessage` gives is an equal value. Both ends are ours: bytes from elsewhere may throw.
 */
import { Buffer } from 'node:buffer'
import { Packr } from 'msgpackr/pack'
import { assert } from '../base/assert.ts'
import { type Bytes, bytesIn, copyBytes, uint32At, uint32Bytes } from '../base/bytes.ts'
import { NODE_ID_BYTES, readNodeId } from './field.ts'
import {
  type BusHeader,
  type BusMessage,
  type GossipEntry,
  MESSAGE_TYPES,
  type NodeId,
  type PingExtension,
} from './message.ts'
import { type PackedSlots, packSlots, unpackSlots } from './packed-slots.ts'

type HeaderTuple = [
  port: number,
  otherPort: number,
  busPort: number,
  currentEpoch: number,
  configEpoch: number,
  offset: number,
  slots: PackedSlots,
  hasMaster: boolean,
  ip: string,
  flags: number,
  ok: boolean,
  messageFlags: number,
]

/** The fields of all entries but their ids, one entry after the other. An address is 0 where it is that of the entry before. */
type GossipTuple = (string | number)[]

/** Fields of an entry in a {@link GossipTuple}. */
const GOSSIP_FIELDS = 7

const MODULE_ID_BYTES = 8

/** Bytes of the lengths: that of the tuple and the number of ids. */
const LENGTHS_BYTES = 8

type MessageTuple = [type: number, header: HeaderTuple, body: unknown[]]

/** The ids of a message, read from `at` on. */
interface Ids {
  readonly buffer: Buffer
  at: number
}

const packr = new Packr({ useRecords: false, copyBuffers: true })

const TYPE_NUMBER = new Map<BusMessage['type'], number>(MESSAGE_TYPES.map((type, i) => [type, i]))

/** Where packed messages are read from. A longer one has a source of its own. */
const common = sourceOf(16 * 1024)

/** A message as bytes. */
export function packMessage(message: BusMessage): Bytes {
  const type = TYPE_NUMBER.get(message.type) as number
  const tuple: MessageTuple = [type, tupleOfHeader(message.header), tupleOfBody(message)]
  const packed = bytesIn(packr.pack(tuple))
  const ids = idsOf(message)
  const lengths = uint32Bytes(packed.length) + uint32Bytes(ids.length / NODE_ID_BYTES)
  return packed + ids + unreadOf(message) + lengths
}

/** The message of such bytes, which end before `end`. Its bitmaps are never to be written. */
export function unpackMessage(bytes: Bytes, end = bytes.length): BusMessage {
  const textEnd = end - LENGTHS_BYTES
  const idsAt = uint32At(bytes, textEnd)
  const textAt = idsAt + NODE_ID_BYTES * uint32At(bytes, textEnd + 4)
  const { buffer, view } = textAt > common.view.length ? sourceOf(textAt) : common
  copyBytes(bytes, buffer, 0)
  const [number, headerTuple, body]: MessageTuple = packr.unpack(view, idsAt)
  const type = MESSAGE_TYPES[number]
  const ids: Ids = { buffer, at: idsAt }
  const header = headerOf(headerTuple, ids)
  switch (type) {
    case 'ping':
    case 'pong':
    case 'meet': {
      const [gossip, extensions] = body as [GossipTuple, PingExtension[]]
      return { type, header, gossip: gossipOf(gossip, header.ip, ids), extensions }
    }
    case 'fail':
      return { type, header, node: nextId(ids) }
    case 'publish':
    case 'publishshard': {
      const payloadAt = textAt + (body[0] as number)
      const channel = bytes.slice(textAt, payloadAt)
      return { type, header, channel, payload: bytes.slice(payloadAt, textEnd) }
    }
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return { type, header }
    case 'update': {
      const [configEpoch, slots] = body as [number, PackedSlots]
      return { type, header, node: nextId(ids), configEpoch, slots: unpackSlots(slots) }
    }
    case 'module': {
      const payloadAt = textAt + MODULE_ID_BYTES
      const moduleId = bytes.slice(textAt, payloadAt)
      const moduleType = body[0] as number
      return { type, header, moduleId, moduleType, payload: bytes.slice(payloadAt, textEnd) }
    }
    default:
      assert(false, `message type ${number} exists`)
  }
}

/** The nodes a message names: its sender, the sender's master, and those it is about. */
function idsOf(message: BusMessage): Bytes {
  const { sender, masterId } = message.header
  let ids = masterId === undefined ? sender : sender + masterId
  switch (message.type) {
    case 'ping':
    case 'pong':
    case 'meet':
      for (const { id } of message.gossip) ids += id
      return ids
    case 'fail':
    case 'update':
      return ids + message.node
    default:
      return ids
  }
}

/** What a message carries unread. */
function unreadOf(message: BusMessage): Bytes {
  switch (message.type) {
    case 'publish':
    case 'publishshard':
      return message.channel + message.payload
    case 'module':
      return message.moduleId + message.payload
    default:
      return ''
  }
}

function nextId(ids: Ids): NodeId {
  const id = readNodeId(ids.buffer, ids.at)
  ids.at += NODE_ID_BYTES
  return id
}

/** Memory as what it is written by and as what it is read from: of a Buffer msgpackr would make Buffers. */
function sourceOf(length: number): { readonly buffer: Buffer; readonly view: Uint8Array } {
  const buffer = Buffer.allocUnsafeSlow(length)
  return { buffer, view: new Uint8Array(buffer.buffer) }
}

function tupleOfBody(message: BusMessage): unknown[] {
  switch (message.type) {
    case 'ping':
    case 'pong':
    case 'meet':
      return [tupleOfGossip(message.gossip, message.header.ip), message.extensions]
    case 'publish':
    case 'publishshard':
      return [message.channel.length]
    case 'fail':
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return []
    case 'update':
      return [message.configEpoch, packSlots(message.slots)]
    case 'module':
      return [message.moduleType]
  }
}

function tupleOfHeader(header: BusHeader): HeaderTuple {
  return [
    header.port,
    header.otherPort,
    header.busPort,
    header.currentEpoch,
    header.configEpoch,
    header.offset,
    packSlots(header.slots),
    header.masterId !== undefined,
    header.ip,
    header.flags,
    header.state === 'ok',
    header.messageFlags,
  ]
}

function headerOf(tuple: HeaderTuple, ids: Ids): BusHeader {
  return {
    sender: nextId(ids),
    port: tuple[0],
    otherPort: tuple[1],
    busPort: tuple[2],
    currentEpoch: tuple[3],
    configEpoch: tuple[4],
    offset: tuple[5],
    slots: unpackSlots(tuple[6]),
    masterId: tuple[7] ? nextId(ids) : undefined,
    ip: tuple[8],
    flags: tuple[9],
    state: tuple[10] ? 'ok' : 'fail',
    messageFlags: tuple[11],
  }
}

function tupleOfGossip(entries: readonly GossipEntry[], senderIp: string): GossipTuple {
  const tuple: GossipTuple = []
  let ip = senderIp
  for (const entry of entries) {
    tuple.push(
      entry.pingSentSeconds,
      entry.pongReceivedSeconds,
      entry.ip === ip ? 0 : entry.ip,
      entry.port,
      entry.otherPort,
      entry.busPort,
      entry.flags,
    )
    ip = entry.ip
  }
  return tuple
}

function gossipOf(tuple: GossipTuple, senderIp: string, ids: Ids): GossipEntry[] {
  const entries: GossipEntry[] = []
  let ip = senderIp
  for (let i = 0; i < tuple.length; i += GOSSIP_FIELDS) {
    const own = tuple[i + 2] as string | 0
    if (own !== 0) ip = own
    entries.push({
      id: nextId(ids),
      pingSentSeconds: tuple[i] as number,
      pongReceivedSeconds: tuple[i + 1] as number,
      ip,
      port: tuple[i + 3] as number,
      otherPort: tuple[i + 4] as number,
      busPort: tuple[i + 5] as number,
      flags: tuple[i + 6] as number,
    })
  }
  return entries
}
