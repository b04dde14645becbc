/**
 * What DEBUG DIGEST says of values: equal data gives equal digests on every server, whatever its encoding and order
 * (xorObjectDigest, mixStringObjectDigest and computeDatasetDigest in debug.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble } from '../base/numbers.ts'
import { hexOf, SHA1_BYTES, sha1 } from '../base/sha1.ts'
import { formatStreamId } from '../base/stream-id.ts'
import type { RdbValue, StreamRecord } from './record.ts'

/** The numbers types have in the digest (OBJ_STRING and so on). */
const TYPE_NUMBER: Readonly<Record<RdbValue['type'], number>> = {
  string: 0,
  list: 1,
  set: 2,
  zset: 3,
  hash: 4,
  stream: 6,
}

/** A digest that grows. */
export class DataDigest {
  readonly #bytes = new Uint8Array(SHA1_BYTES)

  /** Takes part whatever the order. */
  add(bytes: Bytes): void {
    const digest = sha1(bytes)
    for (let i = 0; i < SHA1_BYTES; i++) this.#bytes[i] = this.#at(i) ^ (digest[i] as number)
  }

  /** Takes part at this place. */
  append(bytes: Bytes): void {
    this.add(bytes)
    this.#bytes.set(sha1(this.bytes()))
  }

  bytes(): Bytes {
    return String.fromCharCode(...this.#bytes)
  }

  hex(): string {
    return hexOf(this.#bytes)
  }

  #at(index: number): number {
    return this.#bytes[index] as number
  }
}

/** Adds a value to a digest, and that it will expire, if it will; not when. */
export function appendValue(digest: DataDigest, value: RdbValue, expires: boolean): void {
  digest.append(uint32(TYPE_NUMBER[value.type]))
  switch (value.type) {
    case 'string':
      digest.append(value.bytes)
      break
    case 'list':
      for (const element of value.elements()) digest.append(element)
      break
    case 'set':
      for (const member of value.members()) digest.add(member)
      break
    case 'zset':
      for (const [member, score] of value.descending()) {
        digest.add(joined([member, formatDouble(score)]))
      }
      break
    case 'hash':
      for (const pair of value.entries()) {
        const ends = value.ends?.of(pair[0]) !== undefined
        digest.add(joined(pair, ends))
      }
      break
    case 'stream':
      appendEntries(digest, value)
      break
  }
  if (expires) digest.add('!!expire!!')
}

/** The entries of a stream; its groups do not take part. */
function appendEntries(digest: DataDigest, { nodes }: StreamRecord): void {
  for (const { id, fields, values, isDeleted } of nodes.flatMap(({ entries }) => entries)) {
    if (isDeleted) continue
    digest.append(formatStreamId(id, '.'))
    for (const [i, field] of fields.entries()) {
      digest.append(field)
      digest.append(values[i] as Bytes)
    }
  }
}

/** Things that belong together and in this order, among others in any order; and that they will end, if they will. */
function joined(parts: readonly Bytes[], ends = false): Bytes {
  const digest = new DataDigest()
  for (const part of parts) digest.append(part)
  if (ends) digest.add('!!hexpire!!')
  return digest.bytes()
}

/** A number as it goes over a network: four bytes, the greatest first. */
export function uint32(value: number): Bytes {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
}
