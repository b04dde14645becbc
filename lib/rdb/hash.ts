/**
 * Hashes as RDB bytes: a listpack where the value is small, else field by field; with the ends of fields since 7.4, as
 * third members of a listpack or as distances from the earliest end.
 */
import type { Bytes } from '../base/bytes.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { RdbError } from './format.ts'
import { decodeListpack, encodeListpack } from './listpack.ts'
import type { FieldEnds, HashRecord } from './record.ts'

/** Writes a hash without its kind. */
export function encodeHash(encoder: RdbEncoder, hash: HashRecord): void {
  const { ends } = hash
  if (ends !== undefined) encoder.int64(ends.earliestMs)
  if (hash.packed) encoder.stringBlob(encodeListpack(elementsOf(hash)))
  else encodeFields(encoder, hash)
}

function elementsOf({ entries, ends }: HashRecord): Bytes[] {
  const elements: Bytes[] = []
  for (const [field, value] of entries()) {
    elements.push(field, value)
    if (ends !== undefined) elements.push(String(ends.of(field) ?? 0))
  }
  return elements
}

function encodeFields(encoder: RdbEncoder, { size, entries, ends }: HashRecord): void {
  encoder.length(size)
  for (const [field, value] of entries()) {
    if (ends !== undefined) {
      const atMs = ends.of(field)
      encoder.wideLength(BigInt(atMs === undefined ? 0 : atMs - ends.earliestMs + 1))
    }
    encoder.string(field)
    encoder.string(value)
  }
}

/** A hash field by field. Throws {@link RdbError}, as all that read. */
export function decodePlainHash(cursor: RdbCursor): HashRecord {
  const size = cursor.length()
  const fields = new Map<Bytes, Bytes>()
  for (let i = 0; i < size; i++) fields.set(cursor.string(), cursor.string())
  return hashRecord(fields, size, false)
}

/** A hash field by field, each led by its end. */
export function decodeHashWithEnds(cursor: RdbCursor): HashRecord {
  const earliestMs = cursor.int64()
  const size = cursor.length()
  const fields = new Map<Bytes, Bytes>()
  const ends = new Map<Bytes, number>()
  for (let i = 0; i < size; i++) {
    const distance = Number(cursor.wideLength())
    const field = cursor.string()
    fields.set(field, cursor.string())
    if (distance > 0) ends.set(field, earliestMs + distance - 1)
  }
  return hashRecord(fields, size, false, { earliestMs, of: (field) => ends.get(field) })
}

/** The elements of a hash in a listpack. */
export function decodeHashListpack(cursor: RdbCursor): Bytes[] {
  const block = cursor.stringBlob()
  return decodeListpack(block, { name: 'Hash listpack', sanitizes: cursor.sanitizesBlock() })
}

/** A small hash: fields and values in turn. */
export function packedHash(elements: readonly Bytes[]): HashRecord {
  if (elements.length % 2 === 1)
    throw new RdbError('Hash integrity check failed: a field without a value')
  const fields = new Map<Bytes, Bytes>()
  for (let i = 0; i + 1 < elements.length; i += 2) {
    fields.set(elements[i] as Bytes, elements[i + 1] as Bytes)
  }
  return hashRecord(fields, elements.length / 2, true)
}

/** A small hash: fields, values and ends in turn. */
export function decodeListpackHashWithEnds(cursor: RdbCursor): HashRecord {
  const earliestMs = cursor.int64()
  const elements = decodeHashListpack(cursor)
  if (elements.length % 3 !== 0) throw new RdbError('a packed hash has a field without an end')
  const fields = new Map<Bytes, Bytes>()
  const ends = new Map<Bytes, number>()
  for (let i = 0; i + 2 < elements.length; i += 3) {
    const [field, value, end] = elements.slice(i, i + 3) as [Bytes, Bytes, Bytes]
    const atMs = Number(end)
    if (!Number.isSafeInteger(atMs) || atMs < 0) throw new RdbError('the end of a field is no time')
    fields.set(field, value)
    if (atMs > 0) ends.set(field, atMs)
  }
  return hashRecord(fields, elements.length / 3, true, {
    earliestMs,
    of: (field) => ends.get(field),
  })
}

function hashRecord(
  fields: Map<Bytes, Bytes>,
  size: number,
  packed: boolean,
  ends?: FieldEnds,
): HashRecord {
  if (fields.size !== size) {
    const trouble = packed ? 'Hash integrity check failed: a field twice' : 'Hash with dup elements'
    throw new RdbError(trouble)
  }
  return { type: 'hash', packed, size, ends, entries: () => fields }
}
