/**
 * Reads an RDB file (rdbLoadRioWithLoadingCtx) item by item; where the bytes end within one, it is read anew when there are
 * more. Invariant: items come in the order of the file, and the generator ends without throwing only if the file was whole
 * and its checksum right or switched off.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { Crc64 } from '../base/crc64.ts'
import type { RdbCursor } from './cursor.ts'
import { Opcode, RDB_VERSION_MAX, RdbError, RdbTruncatedError } from './format.ts'
import type { RdbRecord } from './record.ts'
import { inputOf, type RdbInput, type RdbSource } from './source.ts'
import { decodeValue, isEmpty } from './value.ts'

const HEAD_BYTES = 9
const CHECKSUM_SINCE = 5

/** What a file says, piece by piece. */
export type RdbItem =
  | { readonly type: 'auxiliary'; readonly name: Bytes; readonly value: Bytes }
  /** The keys that follow belong to this database. */
  | { readonly type: 'database'; readonly index: number }
  /** A hint: how many keys the database has, and how many with an expiry. */
  | { readonly type: 'size'; readonly keys: number; readonly expiring: number }
  | { readonly type: 'function'; readonly source: Bytes }
  | { readonly type: 'record'; readonly record: RdbRecord }
  /** A key whose collection is empty: not a key. */
  | { readonly type: 'empty'; readonly key: Bytes }
  /** The file was written without a checksum. */
  | { readonly type: 'unchecked' }

/**
 * The items of a file; stops after its end, where other bytes may follow. An item is to be used before the next is asked for.
 * An input tells how far it is. Throws {@link RdbError}.
 */
export function* readRdb(file: Buffer | RdbSource | RdbInput): Generator<RdbItem, void> {
  const input = 'cursor' in file ? file : inputOf(file)
  const crc = new Crc64()
  const version = reading(input, readHead, crc)
  for (;;) {
    const item = reading(input, readItem, crc)
    if (item === 'end') break
    if (item !== undefined) yield item
  }
  if (version < CHECKSUM_SINCE) return
  const sum = reading(input, (cursor) => cursor.blob(8))
  if (sum.every((byte) => byte === 0)) yield { type: 'unchecked' }
  else if (!crc.equals(sum, 0)) throw new RdbError('RDB CRC error')
}

/** What is read at the cursor, as soon as all its bytes are there; they count for the checksum. */
function reading<Result>(
  input: RdbInput,
  read: (cursor: RdbCursor) => Result,
  crc?: Crc64,
): Result {
  const { cursor } = input
  for (;;) {
    const start = cursor.position
    try {
      const result = read(cursor)
      crc?.update(cursor.bytes, start, cursor.position)
      return result
    } catch (error) {
      if (!(error instanceof RdbTruncatedError)) throw error
      cursor.position = start
      if (!input.more()) throw error
    }
  }
}

function readHead(cursor: RdbCursor): number {
  const head = cursor.text(HEAD_BYTES)
  if (!head.startsWith('REDIS')) throw new RdbError('wrong signature: not an RDB file')
  const version = /^\d{4}$/.test(head.slice(5)) ? Number(head.slice(5)) : 0
  if (version < 1 || version > RDB_VERSION_MAX) {
    throw new RdbError(`cannot handle RDB format version ${head.slice(5)}`)
  }
  return version
}

/** One item; undefined for what only a real server needs. Says of what is wrong within it where it begins. */
function readItem(cursor: RdbCursor): RdbItem | 'end' | undefined {
  const start = cursor.offset
  const opcode = cursor.byte()
  if (opcode === Opcode.end) return 'end'
  try {
    return readItemOf(opcode, cursor)
  } catch (error) {
    if (error instanceof RdbError) error.message += `, in the record at offset ${start}`
    throw error
  }
}

function readItemOf(opcode: number, cursor: RdbCursor): RdbItem | undefined {
  switch (opcode) {
    case Opcode.auxiliary:
      return { type: 'auxiliary', name: cursor.string(), value: cursor.string() }
    case Opcode.selectDatabase:
      return { type: 'database', index: cursor.length() }
    case Opcode.resize:
      return { type: 'size', keys: cursor.length(), expiring: cursor.length() }
    case Opcode.function:
      return { type: 'function', source: cursor.string() }
    case Opcode.slotInfo:
      for (let i = 0; i < 3; i++) cursor.length()
      return undefined
    case Opcode.functionPreview:
      throw new RdbError('functions of a Redis 7.0 preview cannot be read')
    case Opcode.moduleAuxiliary:
      throw new RdbError('data of modules cannot be read')
    default:
      return readRecord(cursor, opcode)
  }
}

/** A key, led by what is known about it. */
function readRecord(cursor: RdbCursor, opcode: number): RdbItem {
  let expiryMs: number | undefined
  const access: { idleSeconds?: number; frequency?: number } = {}
  let kind = opcode
  for (;;) {
    if (kind === Opcode.expiryMs) expiryMs = cursor.int64()
    else if (kind === Opcode.expirySeconds) expiryMs = cursor.int32() * 1000
    else if (kind === Opcode.idle) access.idleSeconds = cursor.length()
    else if (kind === Opcode.frequency) access.frequency = cursor.byte()
    else break
    kind = cursor.byte()
  }
  const key = cursor.string()
  const value = decodeValue(cursor, kind)
  if (isEmpty(value)) return { type: 'empty', key }
  return { type: 'record', record: { key, value, expiryMs, ...access } }
}
