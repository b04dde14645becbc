/**
 * REPLCONF as a replica uses it to introduce itself (replconfCommand). Invariant: options take effect in the order given,
 * up to the first that is wrong.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Integer, parseInteger } from '../base/numbers.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { ReplicaPeer } from './replica-peer.ts'

const IP_MAX = 255

/** Applies an option that describes the replica. Throws {@link ReplyError} on one that is unknown or has a wrong value. */
export function applyOption(peer: ReplicaPeer, option: Bytes, value: Bytes): void {
  switch (option.toLowerCase()) {
    case 'listening-port':
      peer.port = Number(integer(value))
      break
    case 'ip-address':
      if (value.length > IP_MAX) {
        throw new ReplyError(
          `ERR REPLCONF ip-address provided by replica instance is too long: ${value.length} bytes`,
        )
      }
      peer.ip = value
      break
    case 'capa':
      if (value.toLowerCase() === 'eof') peer.takesEof = true
      else if (value.toLowerCase() === 'psync2') peer.knowsPsync2 = true
      break
    case 'rdb-only':
      peer.snapshotOnly = flag(value)
      break
    case 'rdb-filter-only':
      peer.include = included(value)
      break
    default:
      throw new ReplyError(`ERR Unrecognized REPLCONF option: ${option}`)
  }
}

/** An argument that must be an integer. */
export function integer(text: Bytes): Integer {
  const value = parseInteger(text)
  if (value === undefined) throw errors.notInteger
  return value
}

function flag(text: Bytes): boolean {
  const value = integer(text)
  if (value === 0) return false
  if (value === 1) return true
  throw new ReplyError('ERR value is out of range, value must between 0 and 1')
}

function included(filter: Bytes): 'functions' | 'nothing' {
  let include: 'functions' | 'nothing' = 'nothing'
  for (const word of filter.split(' ')) {
    if (word === '') continue
    if (word.toLowerCase() !== 'functions') {
      throw new ReplyError(`ERR Unsupported rdb-filter-only option: ${word}`)
    }
    include = 'functions'
  }
  return include
}
