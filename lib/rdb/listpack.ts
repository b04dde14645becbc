/**
 * Listpacks: sequences of strings and integers in one block of bytes (listpack.c), the form of small collections.
 * Total bytes (u32), number of elements (u16, 65535: unknown), elements each followed by its own size backwards, 0xFF.
 * Invariant: reading never leaves the block, and every element is a string again, integers in their canonical form.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import { backLengthBytes, EMPTY_LISTPACK_BYTES, listpackInteger } from '../base/listpack-size.ts'
import { RdbError } from './format.ts'

const HEAD_BYTES = 6
const COUNT_UNKNOWN = 0xffff
const END = 0xff
/** An element's own bytes beside its content: at most 5 of encoding and 5 of size. */
const OVERHEAD_MAX = 10

/** The listpack of these strings. */
export function encodeListpack(elements: readonly Bytes[]): Buffer {
  let capacity = EMPTY_LISTPACK_BYTES
  for (const element of elements) capacity += element.length + OVERHEAD_MAX
  const buffer = Buffer.allocUnsafe(capacity)
  let at = HEAD_BYTES
  for (const element of elements) {
    const start = at
    at = writeElement(buffer, at, element)
    at = writeBackLength(buffer, at, at - start)
  }
  buffer[at++] = END
  buffer.writeUInt32LE(at, 0)
  buffer.writeUInt16LE(Math.min(elements.length, COUNT_UNKNOWN), 4)
  return buffer.subarray(0, at)
}

function writeElement(buffer: Buffer, at: number, element: Bytes): number {
  const integer = listpackInteger(element)
  if (integer !== undefined) return writeInteger(buffer, at, integer)
  return writeString(buffer, at, element)
}

function writeInteger(buffer: Buffer, at: number, value: number | bigint): number {
  if (value >= 0 && value <= 127) return buffer.writeUInt8(Number(value), at)
  if (value >= -4096 && value <= 4095) {
    return buffer.writeUInt16BE(0xc000 | (Number(value) & 0x1fff), at)
  }
  if (value >= -0x8000 && value <= 0x7fff) {
    return buffer.writeInt16LE(Number(value), buffer.writeUInt8(0xf1, at))
  }
  if (value >= -0x80_0000 && value <= 0x7f_ffff) {
    return buffer.writeIntLE(Number(value), buffer.writeUInt8(0xf2, at), 3)
  }
  if (value >= -0x8000_0000 && value <= 0x7fff_ffff) {
    return buffer.writeInt32LE(Number(value), buffer.writeUInt8(0xf3, at))
  }
  return buffer.writeBigInt64LE(BigInt(value), buffer.writeUInt8(0xf4, at))
}

function writeString(buffer: Buffer, at: number, element: Bytes): number {
  const { length } = element
  let start: number
  if (length < 1 << 6) start = buffer.writeUInt8(0x80 | length, at)
  else if (length < 1 << 12) start = buffer.writeUInt16BE(0xe000 | length, at)
  else start = buffer.writeUInt32LE(length, buffer.writeUInt8(0xf0, at))
  return start + buffer.write(element, start, 'latin1')
}

/** The size of an element, seven bits a byte, the highest first and alone without its top bit. */
function writeBackLength(buffer: Buffer, at: number, size: number): number {
  const count = backLengthBytes(size)
  for (let i = 0; i < count; i++) buffer[at + i] = backLengthByte(size, i, count)
  return at + count
}

function backLengthByte(size: number, index: number, count: number): number {
  const group = Math.floor(size / 2 ** (7 * (count - 1 - index))) & 127
  return index === 0 ? group : group | 0x80
}

function hasBackLength(block: Buffer, at: number, size: number): boolean {
  const count = backLengthBytes(size)
  for (let i = 0; i < count; i++) {
    if (block[at + i] !== backLengthByte(size, i, count)) return false
  }
  return true
}

/** What a listpack is for, and whether what only a walk backwards needs must be right, too. */
export interface ListpackReading {
  readonly name?: string
  readonly sanitizes?: boolean
}

/** The elements of a listpack. Throws {@link RdbError} on a broken one. */
export function decodeListpack(
  block: Buffer,
  { name = 'Listpack', sanitizes = false }: ListpackReading = {},
): Bytes[] {
  const broken = (what: string) => new RdbError(`${name} integrity check failed: ${what}`)
  if (block.length < EMPTY_LISTPACK_BYTES) throw broken('too short')
  if (block.readUInt32LE(0) !== block.length) throw broken('wrong total size')
  const end = block.length - 1
  if (block[end] !== END) throw broken('no end')
  const elements: Bytes[] = []
  let at = HEAD_BYTES
  while (at < end) {
    const [size, content] = elementSize(block, at)
    const next = at + size + backLengthBytes(size)
    if (size === 0 || next > end) throw broken(`element ${elements.length}`)
    if (sanitizes && !hasBackLength(block, at + size, size)) {
      throw broken(`size behind element ${elements.length}`)
    }
    elements.push(
      content === undefined ? readInteger(block, at) : bytesIn(block, at + content, at + size),
    )
    at = next
  }
  const count = block.readUInt16LE(4)
  if (count !== COUNT_UNKNOWN && count !== elements.length) throw broken('wrong count')
  return elements
}

/** Bytes of an element, and where the content of a string begins; size 0 if it cannot be told. */
function elementSize(block: Buffer, at: number): [size: number, content: number | undefined] {
  const first = block[at] as number
  if (first < 0x80) return [1, undefined]
  if (first < 0xc0) return [1 + (first & 63), 1]
  if (first < 0xe0) return [2, undefined]
  if (first < 0xf0) return [2 + (((first & 15) << 8) | (block[at + 1] as number)), 2]
  switch (first) {
    case 0xf0:
      return at + 5 > block.length ? [0, undefined] : [5 + block.readUInt32LE(at + 1), 5]
    case 0xf1:
      return [3, undefined]
    case 0xf2:
      return [4, undefined]
    case 0xf3:
      return [5, undefined]
    case 0xf4:
      return [9, undefined]
    default:
      return [0, undefined]
  }
}

function readInteger(block: Buffer, at: number): Bytes {
  const first = block[at] as number
  if (first < 0x80) return String(first)
  if (first < 0xe0) {
    const value = block.readUInt16BE(at) & 0x1fff
    return String(value >= 0x1000 ? value - 0x2000 : value)
  }
  switch (first) {
    case 0xf1:
      return String(block.readInt16LE(at + 1))
    case 0xf2:
      return String(block.readIntLE(at + 1, 3))
    case 0xf3:
      return String(block.readInt32LE(at + 1))
    default:
      return String(block.readBigInt64LE(at + 1))
  }
}
