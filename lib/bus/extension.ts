/**
 * What may follow the gossip entries since Redis 7.0: `clusterMsgPingExt`. Each begins with its length in bytes (itself
 * included, a multiple of 8), its type and two zeros.
 * Invariant: an extension of a known type and form is read as such, any other as `unknown`, byte for byte.
 */
import type { Buffer } from 'node:buffer'
import { assert, unreachable } from '../base/assert.ts'
import {
  NODE_ID_BYTES,
  readNodeId,
  readText,
  readUint64,
  writeNodeId,
  writeText,
  writeUint64,
} from './field.ts'
import type { PingExtension } from './message.ts'

/** Bytes before the payload. */
const EXTENSION_HEADER_BYTES = 8

const HOSTNAME = 0
const NODENAME = 1
const FORGOTTEN_NODE = 2
const SHARD_ID = 3

const FORGOTTEN_NODE_BYTES = 56
const SHARD_ID_BYTES = 48

/** Bytes that an extension takes in a message. */
export function extensionLength(extension: PingExtension): number {
  switch (extension.type) {
    case 'hostname':
      return textLength(extension.hostname)
    case 'nodename':
      return textLength(extension.nodename)
    case 'forgotten-node':
      return FORGOTTEN_NODE_BYTES
    case 'shard-id':
      return SHARD_ID_BYTES
    case 'unknown':
      return EXTENSION_HEADER_BYTES + extension.payload.length
    default:
      return unreachable(extension)
  }
}

/** Writes an extension into a buffer of zeros. */
export function writeExtension(target: Buffer, start: number, extension: PingExtension): void {
  const length = extensionLength(extension)
  assert(length % 8 === 0, 'an extension is a multiple of 8 bytes long')
  target.writeUInt32BE(length, start)
  const payload = start + EXTENSION_HEADER_BYTES
  const room = length - EXTENSION_HEADER_BYTES - 1
  switch (extension.type) {
    case 'hostname':
      target.writeUInt16BE(HOSTNAME, start + 4)
      writeText(target, payload, room, extension.hostname)
      break
    case 'nodename':
      target.writeUInt16BE(NODENAME, start + 4)
      writeText(target, payload, room, extension.nodename)
      break
    case 'forgotten-node':
      target.writeUInt16BE(FORGOTTEN_NODE, start + 4)
      writeNodeId(target, payload, extension.node)
      writeUint64(target, payload + NODE_ID_BYTES, extension.ttlSeconds)
      break
    case 'shard-id':
      target.writeUInt16BE(SHARD_ID, start + 4)
      writeNodeId(target, payload, extension.shardId)
      break
    case 'unknown':
      target.writeUInt16BE(extension.code, start + 4)
      target.set(extension.payload, payload)
      break
    default:
      unreachable(extension)
  }
}

/** The length that the extension beginning here claims; undefined if it is more than the room that is left for it. */
export function extensionLengthAt(source: Buffer, start: number, room: number): number | undefined {
  if (room < EXTENSION_HEADER_BYTES) return undefined
  const length = source.readUInt32BE(start)
  return length > room ? undefined : length
}

/** Reads an extension of so many bytes, at least its header. */
export function readExtension(source: Buffer, start: number, length: number): PingExtension {
  const code = source.readUInt16BE(start + 4)
  const payload = start + EXTENSION_HEADER_BYTES
  const room = length - EXTENSION_HEADER_BYTES
  if (code === HOSTNAME && room > 0) {
    return { type: 'hostname', hostname: readText(source, payload, room) }
  }
  if (code === NODENAME && room > 0) {
    return { type: 'nodename', nodename: readText(source, payload, room) }
  }
  if (code === SHARD_ID && length === SHARD_ID_BYTES) {
    return { type: 'shard-id', shardId: readNodeId(source, payload) }
  }
  if (code === FORGOTTEN_NODE && length === FORGOTTEN_NODE_BYTES) {
    const ttlSeconds = readUint64(source, payload + NODE_ID_BYTES)
    if (ttlSeconds !== undefined) {
      return { type: 'forgotten-node', node: readNodeId(source, payload), ttlSeconds }
    }
  }
  return {
    type: 'unknown',
    code,
    payload: new Uint8Array(source.subarray(payload, payload + room)),
  }
}

/** The text, at least one NUL, and zeros up to a multiple of 8. */
function textLength(text: string): number {
  return EXTENSION_HEADER_BYTES + Math.ceil((text.length + 1) / 8) * 8
}
