/**
 * Values as RDB bytes, kind by kind (rdbSaveObject, rdbLoadObject). A new type of value adds its line to `decoders` and
 * to `encodeValue`. Invariant: what is encoded decodes to an equal value.
 */
import type { Bytes } from '../base/bytes.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { Kind, kindName, RDB_VERSION, RDB_VERSION_7_2, RdbError } from './format.ts'
import {
  decodeHashListpack,
  decodeHashWithEnds,
  decodeListpackHashWithEnds,
  decodePlainHash,
  encodeHash,
  packedHash,
} from './hash.ts'
import {
  decodeListNodes,
  decodePlainList,
  decodeZiplistList,
  decodeZiplistNodes,
  encodeList,
} from './list.ts'
import type { RdbValue, SetRecord } from './record.ts'
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

/** The kind byte and the value, in a version of the format: with `key` between them as in a file, or without as DUMP has it. */
export function encodeValue(
  encoder: RdbEncoder,
  value: RdbValue,
  { key, version = RDB_VERSION }: { readonly key?: Bytes; readonly version?: number } = {},
): void {
  const kind = kindOf(value, version)
  encoder.byte(kind)
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
      encodeSet(encoder, value, kind)
      break
    case 'zset':
      encodeSortedSet(encoder, value)
      break
    case 'stream':
      encodeStream(encoder, value, kind)
      break
  }
}

/** Whether nothing is in a value. A stream is still something then. */
export function isEmpty(value: RdbValue): boolean {
  return value.type !== 'string' && value.type !== 'stream' && value.size === 0
}

function kindOf(value: RdbValue, version: number): number {
  if (value.type === 'string') return Kind.string
  if (value.type === 'list') return Kind.listQuicklist2
  if (value.type === 'stream') {
    return version < RDB_VERSION_7_2 ? Kind.streamListpacks2 : Kind.streamListpacks3
  }
  if (value.type === 'set') return setKindOf(value, version)
  if (value.type === 'zset') return value.packed ? Kind.sortedSetListpack : Kind.sortedSet
  if (value.ends !== undefined)
    return value.packed ? Kind.hashListpackFieldEnds : Kind.hashFieldEnds
  return value.packed ? Kind.hashListpack : Kind.hash
}

function setKindOf({ packed }: SetRecord, version: number): number {
  if (packed === 'intset') return Kind.setIntset
  return packed === 'listpack' && version >= RDB_VERSION_7_2 ? Kind.setListpack : Kind.set
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
  [Kind.hash]: decodePlainHash,
  [Kind.hashZipmap]: (cursor) => packedHash(decodeZipmap(cursor.stringBlob())),
  [Kind.hashZiplist]: (cursor) => packedHash(decodeZiplist(cursor.stringBlob(), 'Hash ziplist')),
  [Kind.hashListpack]: (cursor) => packedHash(decodeHashListpack(cursor)),
  [Kind.hashFieldEnds]: decodeHashWithEnds,
  [Kind.hashListpackFieldEnds]: decodeListpackHashWithEnds,
}

/** The value of a kind at the cursor. Throws {@link RdbError} on broken bytes and on kinds that have no decoder. */
export function decodeValue(cursor: RdbCursor, kind: number): RdbValue {
  const decode = decoders[kind]
  if (decode === undefined) {
    throw new RdbError(`values of kind ${kind} (${kindName(kind)}) cannot be read`)
  }
  return decode(cursor)
}
