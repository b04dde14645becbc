/**
 * How long a bus message is: the lengths that `clusterProcessPacket` insists on, to the byte.
 * Invariant: `lengthError` finds nothing wrong with a message as long as `messageLength` says; bytes that pass it can be read
 * without leaving the message.
 */
import type { Buffer } from 'node:buffer'
import { unreachable } from '../base/assert.ts'
import { extensionLength, extensionLengthAt } from './extension.ts'
import { NODE_ID_BYTES } from './field.ts'
import { GOSSIP_BYTES } from './gossip.ts'
import { extensionCountAt, gossipCountAt, HEADER_BYTES } from './header.ts'
import { type BusMessage, SLOT_BITMAP_BYTES } from './message.ts'

/** Bytes of a FAIL's body. */
const FAIL_BYTES = NODE_ID_BYTES

/** Bytes of a PUBLISH's body before channel and payload. */
export const PUBLISH_BYTES = 8

/** Bytes of an UPDATE's body. */
const UPDATE_BYTES = 8 + NODE_ID_BYTES + SLOT_BITMAP_BYTES

/** Bytes of a MODULE's body before its payload. */
export const MODULE_BYTES = 13

/** Bytes of a message in its binary form. */
export function messageLength(message: BusMessage): number {
  switch (message.type) {
    case 'ping':
    case 'pong':
    case 'meet': {
      const gossip = message.gossip.length * GOSSIP_BYTES
      return message.extensions.reduce((sum, e) => sum + extensionLength(e), HEADER_BYTES + gossip)
    }
    case 'fail':
      return HEADER_BYTES + FAIL_BYTES
    case 'publish':
    case 'publishshard':
      return HEADER_BYTES + PUBLISH_BYTES + message.channel.length + message.payload.length
    case 'auth-req':
    case 'auth-ack':
    case 'mfstart':
      return HEADER_BYTES
    case 'update':
      return HEADER_BYTES + UPDATE_BYTES
    case 'module':
      return HEADER_BYTES + MODULE_BYTES + message.payload.length
    default:
      return unreachable(message)
  }
}

/** What is wrong with the length of a message, in Redis' words; undefined if it is what its type and counts ask for. */
export function lengthError(
  source: Buffer,
  start: number,
  length: number,
  type: BusMessage['type'],
): string | undefined {
  let expected = HEADER_BYTES
  const body = start + HEADER_BYTES
  const has = (bytes: number) => length >= HEADER_BYTES + bytes
  switch (type) {
    case 'ping':
    case 'pong':
    case 'meet': {
      const count = gossipCountAt(source, start)
      expected += count * GOSSIP_BYTES
      if (expected > length) {
        return `Received invalid ${type} packet with gossip count ${count} that exceeds total packet length (${length})`
      }
      for (let left = extensionCountAt(source, start); left > 0; left--) {
        const claimed = extensionLengthAt(source, start + expected, length - expected)
        if (claimed === undefined) {
          return `Received invalid ${type} packet with extension data that exceeds total packet length (${length})`
        }
        if (claimed % 8 !== 0 || claimed === 0) {
          return `Received a ${type} packet without proper padding (${claimed} bytes)`
        }
        expected += claimed
      }
      break
    }
    case 'fail':
      expected += FAIL_BYTES
      break
    case 'publish':
    case 'publishshard':
      expected += PUBLISH_BYTES
      if (has(PUBLISH_BYTES)) expected += source.readUInt32BE(body) + source.readUInt32BE(body + 4)
      break
    case 'update':
      expected += UPDATE_BYTES
      break
    case 'module':
      expected += MODULE_BYTES
      if (has(MODULE_BYTES)) expected += source.readUInt32BE(body + 8)
      break
  }
  if (length === expected) return undefined
  return `Received invalid ${type} packet of length ${length} but expected length ${expected}`
}
