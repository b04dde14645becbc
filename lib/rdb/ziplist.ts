/**
 * Ziplists: the block of bytes that small collections were until Redis 7.0 (ziplist.c). Read only. Total bytes (u32),
 * offset of the last entry (u32), number of entries (u16), entries each led by the size of the one before, 0xFF.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import { RdbError } from './format.ts'

const HEAD_BYTES = 10
const END = 0xff
const LARGE_PREVIOUS = 0xfe
const COUNT_UNKNOWN = 0xffff

/** Where an entry's content lies, and its value if that is in the encoding byte or behind it. */
interface Entry {
  readonly start: number
  readonly length: number
  readonly integer: Bytes | undefined
}

/** The entries of a ziplist, called so in errors. Throws {@link RdbError} on a broken one. */
export function decodeZiplist(block: Buffer, name = 'Ziplist'): Bytes[] {
  const broken = (what: string) => new RdbError(`${name} integrity check failed: ${what}`)
  const end = block.length - 1
  if (
    block.length < HEAD_BYTES + 1 ||
    block.readUInt32LE(0) !== block.length ||
    block[end] !== END
  ) {
    throw broken('wrong total size')
  }
  const elements: Bytes[] = []
  let at = HEAD_BYTES
  let last = at
  let previousBytes = 0
  while (at < end) {
    if (previousSize(block, at, end) !== previousBytes) {
      throw broken(`size before entry ${elements.length}`)
    }
    last = at
    at += block[at] === LARGE_PREVIOUS ? 5 : 1
    const entry = at < end ? readEntry(block, at) : undefined
    if (entry === undefined || entry.start + entry.length > end) {
      throw broken(`entry ${elements.length}`)
    }
    at = entry.start + entry.length
    previousBytes = at - last
    elements.push(entry.integer ?? bytesIn(block, entry.start, at))
  }
  const count = block.readUInt16LE(8)
  if (count !== COUNT_UNKNOWN && count !== elements.length) throw broken('wrong count')
  const tail = block.readUInt32LE(4)
  if (elements.length > 0 ? tail !== last : tail > end) throw broken('wrong tail')
  return elements
}

/** How large an entry says the one before it is. */
function previousSize(block: Buffer, at: number, end: number): number | undefined {
  if (block[at] !== LARGE_PREVIOUS) return block[at]
  return at + 5 > end ? undefined : block.readUInt32LE(at + 1)
}

function readEntry(block: Buffer, at: number): Entry | undefined {
  const first = block[at] as number
  const left = block.length - at
  switch (first >>> 6) {
    case 0:
      return { start: at + 1, length: first & 63, integer: undefined }
    case 1:
      return {
        start: at + 2,
        length: ((first & 63) << 8) | (block[at + 1] as number),
        integer: undefined,
      }
    case 2:
      return left < 5
        ? undefined
        : { start: at + 5, length: block.readUInt32BE(at + 1), integer: undefined }
    default:
      return readInteger(block, at, first, left)
  }
}

function readInteger(block: Buffer, at: number, first: number, left: number): Entry | undefined {
  const start = at + 1
  const of = (length: number, read: () => number | bigint): Entry | undefined =>
    left < 1 + length ? undefined : { start, length, integer: String(read()) }
  switch (first) {
    case 0xc0:
      return of(2, () => block.readInt16LE(start))
    case 0xd0:
      return of(4, () => block.readInt32LE(start))
    case 0xe0:
      return of(8, () => block.readBigInt64LE(start))
    case 0xf0:
      return of(3, () => block.readIntLE(start, 3))
    case 0xfe:
      return of(1, () => block.readInt8(start))
    default:
      return first >= 0xf1 && first <= 0xfd ? of(0, () => (first & 15) - 1) : undefined
  }
}
