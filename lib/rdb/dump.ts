/**
 * The payload of DUMP and RESTORE (createDumpPayload, verifyDumpPayload): kind, value, RDB version (u16) and a CRC64 over
 * all of it. Invariant: a payload that verifies was written whole by a server not newer than our format.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bufferOf, bytesIn } from '../base/bytes.ts'
import { Crc64 } from '../base/crc64.ts'
import { RdbCursor } from './cursor.ts'
import { RdbEncoder } from './encoder.ts'
import { RDB_VERSION, RdbError } from './format.ts'
import type { RdbValue } from './record.ts'
import { decodeValue, encodeValue, isEmpty } from './value.ts'

const FOOTER_BYTES = 10

/** The bytes with version and checksum behind them. */
export function withDumpFooter(body: Buffer, version = RDB_VERSION): Bytes {
  const payload = Buffer.allocUnsafe(body.length + FOOTER_BYTES)
  body.copy(payload, 0)
  payload.writeUInt16LE(version, body.length)
  new Crc64().update(payload, 0, body.length + 2).writeTo(payload, body.length + 2)
  return bytesIn(payload)
}

/**
 * The payload, or undefined if its version is later than `latest` or its checksum is wrong, which without `checksum` nobody
 * looks at. It keeps both: a string that claims to be longer than it is reads on into them, as in Redis.
 */
export function verifiedDump(
  payload: Bytes,
  {
    latest = RDB_VERSION,
    checksum = true,
  }: { readonly latest?: number; readonly checksum?: boolean } = {},
): Buffer | undefined {
  const buffer = bufferOf(payload)
  const end = buffer.length - FOOTER_BYTES
  if (end < 0 || buffer.readUInt16LE(end) > latest) return undefined
  if (!checksum) return buffer
  if (!new Crc64().update(buffer, 0, end + 2).equals(buffer, end + 2)) return undefined
  return buffer
}

/** A value as DUMP returns it, in version 10 and with long strings compressed unless told otherwise. */
export function encodeDump(
  value: RdbValue,
  {
    version = RDB_VERSION,
    ...options
  }: { readonly compress?: boolean; readonly version?: number } = {},
): Bytes {
  const encoder = new RdbEncoder(options)
  encodeValue(encoder, value, { version })
  return withDumpFooter(encoder.take(), version)
}

/** The value in a payload; bytes behind it are ignored. Throws {@link RdbError} if there is none. */
export function decodeDump(payload: Buffer): RdbValue {
  return decodeDumpAt(new RdbCursor(payload))
}

/** The value at a cursor, which says how closely to look at it. Throws {@link RdbError} if there is none. */
export function decodeDumpAt(cursor: RdbCursor): RdbValue {
  const value = decodeValue(cursor, cursor.byte())
  if (isEmpty(value)) throw new RdbError('an empty collection')
  return value
}
