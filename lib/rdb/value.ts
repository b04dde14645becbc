/**
 * Values as RDB bytes, kind by kind (rdbSaveObject, rdbLoadObject). A new type of value adds its line to `decoders` and
 * to `encodeValue`. Invariant: what is encoded decodes to an equal value.
 */
import type { Bytes } from '../base/bytes.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { Kind, kindName, RdbError } from './format.ts'
import {
  decodeListNodes,
  decodePlainList,
  decodeZiplistList,
  decodeZiplistNodes,
  encodeList,
} from './list.ts'
import { decodeListpack, encodeListpack } from './listpack.ts'
import type { HashRecord, RdbValue } from './record.ts'
import { decodeIntsetSet, decodeListpackSet, decodePlainSet, encodeSet } from './set.ts'
import {
  decodeBinarySortedSet,
  decodeListpackSortedSet,
  decodeTextSortedSet,
  decodeZiplistSortedSet,
  encodeSortedSet,
} from './sorted-set.ts'
import { encodeStream, streamDecoder } from './stream.ts'
import { decodeZiplist } from './ziplist.ts'
import { decodeZipmap } from './zipmap.ts'

/** The kind byte and the value: with `key` between them as in a file, or without as DUMP has it. */
export function encodeValue(encoder: RdbEncoder, value: RdbValue, key?: Bytes): void {
  encoder.byte(kindOf(value))
  if (key !== undefined) encoder.string(key)
  switch (value.type) {
    case 'string':
      encoder.string(value.bytes)
      break
    case 'hash':
      encodeHash(encoder, value)
      break
    case 'list':
      encodeList(encoder, value)
      break
    case 'set':
      encodeSet(encoder, value)
      break
    case 'zset':
      encodeSortedSet(encoder, value)
      break
    case 'stream':
      encodeStream(encoder, value)
      break
  }
}

/** Whether nothing is in a value. A stream is still something then. */
export function isEmpty(value: RdbValue): boolean {
  return value.type !== 'string' && value.type !== 'stream' && value.size === 0
}

function kindOf(value: RdbValue): number {
  if (value.type === 'string') return Kind.string
  if (value.type === 'list') return Kind.listQuicklist2
  if (value.type === 'stream') return Kind.streamListpacks2
  if (value.type === 'set') return value.packed ? Kind.setIntset : Kind.set
  if (value.type === 'zset') return value.packed ? Kind.sortedSetListpack : Kind.sortedSet
  return value.packed ? Kind.hashListpack : Kind.hash
}

function encodeHash(encoder: RdbEncoder, hash: HashRecord): void {
  if (hash.packed) {
    const elements: Bytes[] = []
    for (const [field, value] of hash.entries()) elements.push(field, value)
    encoder.stringBlob(encodeListpack(elements))
    return
  }
  encoder.length(hash.size)
  for (const [field, value] of hash.entries()) {
    encoder.string(field)
    encoder.string(value)
  }
}

const decoders: Readonly<Record<number, (cursor: RdbCursor) => RdbValue>> = {
  [Kind.string]: (cursor) => ({ type: 'string', bytes: cursor.string() }),
  [Kind.list]: decodePlainList,
  [Kind.listZiplist]: decodeZiplistList,
  [Kind.listQuicklist]: decodeZiplistNodes,
  [Kind.listQuicklist2]: decodeListNodes,
  [Kind.set]: decodePlainSet,
  [Kind.setIntset]: decodeIntsetSet,
  [Kind.setListpack]: decodeListpackSet,
  [Kind.sortedSetText]: decodeTextSortedSet,
  [Kind.sortedSet]: decodeBinarySortedSet,
  [Kind.sortedSetZiplist]: decodeZiplistSortedSet,
  [Kind.sortedSetListpack]: decodeListpackSortedSet,
  [Kind.streamListpacks]: streamDecoder(15),
  [Kind.streamListpacks2]: streamDecoder(19),
  [Kind.streamListpacks3]: streamDecoder(21),
  [Kind.hash]: decodeHash,
  [Kind.hashZipmap]: (cursor) => packedHash(decodeZipmap(cursor.stringBlob())),
  [Kind.hashZiplist]: (cursor) => packedHash(decodeZiplist(cursor.stringBlob())),
  [Kind.hashListpack]: (cursor) => packedHash(decodeListpack(cursor.stringBlob())),
}

/** The value of a kind at the cursor. Throws {@link RdbError} on broken bytes and on kinds that have no decoder. */
export function decodeValue(cursor: RdbCursor, kind: number): RdbValue {
  const decode = decoders[kind]
  if (decode === undefined) {
    throw new RdbError(`values of kind ${kind} (${kindName(kind)}) cannot be read`)
  }
  return decode(cursor)
}

function decodeHash(cursor: RdbCursor): RdbValue {
  const size = cursor.length()
  const fields = new Map<Bytes, Bytes>()
  for (let i = 0; i < size; i++) fields.set(cursor.string(), cursor.string())
  return hashRecord(fields, size, false)
}

function packedHash(elements: readonly Bytes[]): RdbValue {
  if (elements.length % 2 === 1) throw new RdbError('a packed hash has a field without a value')
  const fields = new Map<Bytes, Bytes>()
  for (let i = 0; i + 1 < elements.length; i += 2) {
    fields.set(elements[i] as Bytes, elements[i + 1] as Bytes)
  }
  return hashRecord(fields, elements.length / 2, true)
}

function hashRecord(fields: Map<Bytes, Bytes>, size: number, packed: boolean): RdbValue {
  if (fields.size !== size) throw new RdbError('a hash has a field twice')
  return { type: 'hash', packed, size, entries: () => fields }
}
