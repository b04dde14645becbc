/**
 * Zipmaps: small hashes as Redis wrote them before 2.6 (zipmap.c). Read only. A byte of size, then field and value in
 * turn, each led by its length; a value's length is followed by the number of unused bytes after it. 0xFF ends it. The
 * first byte is the number of fields unless there are too many for it; an empty zipmap is a broken one
 * (zipmapValidateIntegrity).
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import { RdbError } from './format.ts'

const END = 0xff
const LARGE = 0xfe

/** Fields and values in turn. Throws {@link RdbError} on a broken zipmap. */
export function decodeZipmap(block: Buffer): Bytes[] {
  const end = block.length - 1
  if (block.length < 2 || block[end] !== END)
    throw new RdbError('Zipmap integrity check failed: no end')
  const elements: Bytes[] = []
  let at = 1
  while (at < end) {
    const isValue = elements.length % 2 === 1
    const [start, length] = readLength(block, at)
    const content = isValue ? start + 1 : start
    if (start + length > end || content + length > end) {
      throw new RdbError(`Zipmap integrity check failed: element ${elements.length}`)
    }
    elements.push(bytesIn(block, content, content + length))
    at = content + length + (isValue ? (block[start] as number) : 0)
  }
  if (at !== end || elements.length % 2 === 1)
    throw new RdbError('Zipmap integrity check failed: odd')
  const size = block[0] as number
  if (elements.length === 0 || (size !== LARGE && size !== elements.length / 2))
    throw new RdbError('Zipmap integrity check failed: size')
  return elements
}

/** Where what follows the length begins, and the length. */
function readLength(block: Buffer, at: number): [start: number, length: number] {
  const first = block[at] as number
  if (first < LARGE) return [at + 1, first]
  if (first === END || at + 5 > block.length)
    throw new RdbError('Zipmap integrity check failed: length')
  return [at + 5, block.readUInt32LE(at + 1)]
}
