/**
 * The 2256 bytes that every bus message begins with: `clusterMsg` up to its data, filled by `clusterBuildMessageHdr`.
 * Invariant: a header that is written reads back equal; of the bytes nobody uses, written ones are zero, read ones ignored.
 */
import type { Buffer } from 'node:buffer'
import {
  IP_BYTES,
  NODE_ID_BYTES,
  readNodeId,
  readSlots,
  readText,
  readUint64,
  writeNodeId,
  writeSlots,
  writeText,
  writeUint64,
} from './field.ts'
import { type BusHeader, HeaderFlag } from './message.ts'

/** Bytes of a header: the body, if there is one, begins here. */
export const HEADER_BYTES = 2256

/** Bytes that tell whether a message begins here, and how long it is. */
export const FRAME_BYTES = 8

/** The only version of the protocol. */
const VERSION = 1

/** `RCmb` */
const SIGNATURE = 0x52436d62

const At = {
  signature: 0,
  length: 4,
  version: 8,
  port: 10,
  type: 12,
  gossipCount: 14,
  currentEpoch: 16,
  configEpoch: 24,
  offset: 32,
  sender: 40,
  slots: 80,
  masterId: 2128,
  ip: 2168,
  extensionCount: 2214,
  otherPort: 2246,
  busPort: 2248,
  flags: 2250,
  state: 2252,
  messageFlags: 2253,
} as const

/** What a message of one type puts into its header besides what the sender says of itself. */
export interface Envelope {
  /** The type's number on the wire. */
  readonly type: number
  /** Bytes of the whole message. */
  readonly length: number
  readonly gossipCount: number
  readonly extensionCount: number
}

/** Writes a header to the start of a buffer of zeros. */
export function writeHeader(target: Buffer, envelope: Envelope, header: BusHeader): void {
  target.writeUInt32BE(SIGNATURE, At.signature)
  target.writeUInt32BE(envelope.length, At.length)
  target.writeUInt16BE(VERSION, At.version)
  target.writeUInt16BE(header.port, At.port)
  target.writeUInt16BE(envelope.type, At.type)
  target.writeUInt16BE(envelope.gossipCount, At.gossipCount)
  writeUint64(target, At.currentEpoch, header.currentEpoch)
  writeUint64(target, At.configEpoch, header.configEpoch)
  writeUint64(target, At.offset, header.offset)
  writeNodeId(target, At.sender, header.sender)
  writeSlots(target, At.slots, header.slots)
  if (header.masterId !== undefined) writeNodeId(target, At.masterId, header.masterId)
  writeText(target, At.ip, IP_BYTES, header.ip)
  target.writeUInt16BE(envelope.extensionCount, At.extensionCount)
  target.writeUInt16BE(header.otherPort, At.otherPort)
  target.writeUInt16BE(header.busPort, At.busPort)
  target.writeUInt16BE(header.flags, At.flags)
  target.writeUInt8(header.state === 'ok' ? 0 : 1, At.state)
  const extended = envelope.extensionCount > 0 ? HeaderFlag.extensions : 0
  target.writeUInt8(header.messageFlags | extended, At.messageFlags)
}

/** The length that a frame beginning with these 8 bytes claims, or undefined if no frame begins so. */
export function frameLength(source: Buffer, start: number): number | undefined {
  if (source.readUInt32BE(start + At.signature) !== SIGNATURE) return undefined
  const length = source.readUInt32BE(start + At.length)
  return length < HEADER_BYTES ? undefined : length
}

/** Whether the version is the one that is spoken here. */
export function isKnownVersion(source: Buffer, start: number): boolean {
  return source.readUInt16BE(start + At.version) === VERSION
}

/** The type's number on the wire. */
export function messageTypeAt(source: Buffer, start: number): number {
  return source.readUInt16BE(start + At.type)
}

/** Gossip entries that follow a PING's header. */
export function gossipCountAt(source: Buffer, start: number): number {
  return source.readUInt16BE(start + At.gossipCount)
}

/** Extensions that follow the gossip entries; 0 without the flag that announces them. */
export function extensionCountAt(source: Buffer, start: number): number {
  const announced = source.readUInt8(start + At.messageFlags) & HeaderFlag.extensions
  return announced === 0 ? 0 : source.readUInt16BE(start + At.extensionCount)
}

/** Reads a header; undefined if an epoch or the offset is beyond 2^53 - 1. */
export function readHeader(source: Buffer, start: number): BusHeader | undefined {
  const currentEpoch = readUint64(source, start + At.currentEpoch)
  const configEpoch = readUint64(source, start + At.configEpoch)
  const offset = readUint64(source, start + At.offset)
  if (currentEpoch === undefined || configEpoch === undefined || offset === undefined) {
    return undefined
  }
  return {
    sender: readNodeId(source, start + At.sender),
    port: source.readUInt16BE(start + At.port),
    otherPort: source.readUInt16BE(start + At.otherPort),
    busPort: source.readUInt16BE(start + At.busPort),
    currentEpoch,
    configEpoch,
    offset,
    slots: readSlots(source, start + At.slots),
    masterId: isZero(source, start + At.masterId, NODE_ID_BYTES)
      ? undefined
      : readNodeId(source, start + At.masterId),
    ip: readText(source, start + At.ip, IP_BYTES),
    flags: source.readUInt16BE(start + At.flags),
    state: source.readUInt8(start + At.state) === 0 ? 'ok' : 'fail',
    messageFlags: source.readUInt8(start + At.messageFlags),
  }
}

function isZero(source: Buffer, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (source[i] !== 0) return false
  return true
}
