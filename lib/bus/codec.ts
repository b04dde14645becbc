/**
 * The binary form of bus messages: what the `clusterSend...` functions build and the first half of `clusterProcessPacket`
 * checks.
 * Invariant: `decodeMessage` of what `encodeMessage` gives is an equal value, and no bytes make it throw. Epochs and offsets
 * beyond 2^53 - 1, which no cluster reaches in its life, are refused as invalid rather than rounded.
 */
import { Buffer } from 'node:buffer'
import { assert, unreachable } from '../base/assert.ts'
import { extensionLength, readExtension, writeExtension } from './extension.ts'
import {
  NODE_ID_BYTES,
  readBytes,
  readNodeId,
  readSlots,
  readUint64,
  writeNodeId,
  writeSlots,
  writeUint64,
} from './field.ts'
import { GOSSIP_BYTES, readGossip, writeGossip } from './gossip.ts'
import {
  extensionCountAt,
  gossipCountAt,
  HEADER_BYTES,
  isKnownVersion,
  messageTypeAt,
  readHeader,
  writeHeader,
} from './header.ts'
import { lengthError, MODULE_BYTES, messageLength, PUBLISH_BYTES } from './length.ts'
import {
  type BusHeader,
  type BusMessage,
  type GossipEntry,
  MESSAGE_TYPES,
  type PingExtension,
  type PingMessage,
  type PublishMessage,
} from './message.ts'

/** Why a whole message was dropped: its version, its type, a length that does not fit the type, a number too great. */
export type InvalidReason = 'version' | 'type' | 'length' | 'number'

/** A message that is dropped; its link stays open. */
export interface InvalidMessage {
  readonly kind: 'invalid'
  readonly reason: InvalidReason
  /** The type's number on the wire: it is counted as received all the same, if there is such a type. */
  readonly typeNumber: number
  /** Redis' log line, undefined where it drops silently. */
  readonly text: string | undefined
}

/** A message that is well formed. */
export interface ValidMessage {
  readonly kind: 'message'
  readonly message: BusMessage
}

const TYPE_NUMBER = new Map<BusMessage['type'], number>(MESSAGE_TYPES.map((type, i) => [type, i]))

/** The binary form, in memory of its own. */
export function encodeMessage(message: BusMessage): Buffer {
  const isPing = 'gossip' in message
  const target = Buffer.alloc(messageLength(message))
  const envelope = {
    type: TYPE_NUMBER.get(message.type) as number,
    length: target.length,
    gossipCount: isPing ? message.gossip.length : 0,
    extensionCount: isPing ? message.extensions.length : 0,
  }
  writeHeader(target, envelope, message.header)
  writeBody(target, message)
  return target
}

function writeBody(target: Buffer, message: BusMessage): void {
  switch (message.type) {
    case 'ping':
    case 'pong':
    case 'meet':
      writePing(target, message)
      break
    case 'fail':
      writeNodeId(target, HEADER_BYTES, message.node)
      break
    case 'publish':
    case 'publishshard':
      writePublish(target, message)
      break
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      break
    case 'update':
      writeUint64(target, HEADER_BYTES, message.configEpoch)
      writeNodeId(target, HEADER_BYTES + 8, message.node)
      writeSlots(target, HEADER_BYTES + 8 + NODE_ID_BYTES, message.slots)
      break
    case 'module':
      assert(message.moduleId.length === 8, 'a module id has 8 bytes')
      target.write(message.moduleId, HEADER_BYTES, 'latin1')
      target.writeUInt32BE(message.payload.length, HEADER_BYTES + 8)
      target.writeUInt8(message.moduleType, HEADER_BYTES + 12)
      target.write(message.payload, HEADER_BYTES + MODULE_BYTES, 'latin1')
      break
    default:
      unreachable(message)
  }
}

function writePing(target: Buffer, message: PingMessage): void {
  let at = HEADER_BYTES
  for (const entry of message.gossip) {
    writeGossip(target, at, entry)
    at += GOSSIP_BYTES
  }
  for (const extension of message.extensions) {
    writeExtension(target, at, extension)
    at += extensionLength(extension)
  }
}

function writePublish(target: Buffer, message: PublishMessage): void {
  const { channel, payload } = message
  target.writeUInt32BE(channel.length, HEADER_BYTES)
  target.writeUInt32BE(payload.length, HEADER_BYTES + 4)
  target.write(channel, HEADER_BYTES + PUBLISH_BYTES, 'latin1')
  target.write(payload, HEADER_BYTES + PUBLISH_BYTES + channel.length, 'latin1')
}

/**
 * Reads the message of `length` bytes (at least a header, as {@link frameLength} saw to it) that begins at `start`. The
 * value shares no memory with the source.
 */
export function decodeMessage(
  source: Buffer,
  start: number,
  length: number,
): ValidMessage | InvalidMessage {
  const typeNumber = messageTypeAt(source, start)
  const invalid = (reason: InvalidReason, text?: string): InvalidMessage => {
    return { kind: 'invalid', reason, typeNumber, text }
  }
  if (!isKnownVersion(source, start)) return invalid('version')
  const type = MESSAGE_TYPES[typeNumber]
  if (type === undefined) return invalid('type', `Received unknown packet type: ${typeNumber}`)
  const wrong = lengthError(source, start, length, type)
  if (wrong !== undefined) return invalid('length', wrong)
  const header = readHeader(source, start)
  const message = header && readBody(source, start, type, header)
  if (message === undefined)
    return invalid('number', `Received ${type} packet with a number out of range`)
  return { kind: 'message', message }
}

function readBody(
  source: Buffer,
  start: number,
  type: BusMessage['type'],
  header: BusHeader,
): BusMessage | undefined {
  const body = start + HEADER_BYTES
  switch (type) {
    case 'ping':
    case 'pong':
    case 'meet':
      return { type, header, ...readPing(source, start) }
    case 'fail':
      return { type, header, node: readNodeId(source, body) }
    case 'publish':
    case 'publishshard': {
      const channelLength = source.readUInt32BE(body)
      const channel = readBytes(source, body + PUBLISH_BYTES, channelLength)
      const payloadLength = source.readUInt32BE(body + 4)
      const payload = readBytes(source, body + PUBLISH_BYTES + channelLength, payloadLength)
      return { type, header, channel, payload }
    }
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return { type, header }
    case 'update': {
      const configEpoch = readUint64(source, body)
      if (configEpoch === undefined) return undefined
      const node = readNodeId(source, body + 8)
      return { type, header, node, configEpoch, slots: readSlots(source, body + 8 + NODE_ID_BYTES) }
    }
    case 'module': {
      const moduleId = readBytes(source, body, 8)
      const payload = readBytes(source, body + MODULE_BYTES, source.readUInt32BE(body + 8))
      return { type, header, moduleId, moduleType: source.readUInt8(body + 12), payload }
    }
    default:
      return unreachable(type)
  }
}

function readPing(source: Buffer, start: number): Pick<PingMessage, 'gossip' | 'extensions'> {
  let at = start + HEADER_BYTES
  const gossip: GossipEntry[] = []
  for (let left = gossipCountAt(source, start); left > 0; left--) {
    gossip.push(readGossip(source, at))
    at += GOSSIP_BYTES
  }
  const extensions: PingExtension[] = []
  for (let left = extensionCountAt(source, start); left > 0; left--) {
    const length = source.readUInt32BE(at)
    extensions.push(readExtension(source, at, length))
    at += length
  }
  return { gossip, extensions }
}
