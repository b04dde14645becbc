import { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import { Kind, RdbError, RdbTruncatedError } from '../../lib/rdb/format.ts'
import type { HashRecord, RdbValue } from '../../lib/rdb/record.ts'
import { decodeValue, encodeValue } from '../../lib/rdb/value.ts'

function encoded(value: RdbValue): Buffer {
  const encoder = new RdbEncoder()
  encodeValue(encoder, value)
  return encoder.take()
}

function decoded(hex: string): RdbValue {
  const cursor = new RdbCursor(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  return decodeValue(cursor, cursor.byte())
}

function hash(packed: boolean, fields: Readonly<Record<string, string>>): HashRecord {
  const entries = Object.entries(fields)
  return { type: 'hash', packed, size: entries.length, entries: () => entries }
}

function fieldsOf(value: RdbValue): Record<string, string> | undefined {
  return value.type === 'hash' ? Object.fromEntries(value.entries()) : undefined
}

t.test('a string', async (t) => {
  const bytes = encoded({ type: 'string', bytes: '12' })
  t.equal(bytes.toString('hex'), '00c00c')
  t.strictSame(decoded('00c00c'), { type: 'string', bytes: '12' })
})

t.test('a small hash is a listpack, a large one fields and values', async (t) => {
  const fields = { f: 'v', g: '2' }
  const packed = encoded(hash(true, fields))
  t.equal(
    packed.toString('hex'),
    '10 12 12000000 0400 816602 817602 816702 0201 ff'.replaceAll(' ', ''),
  )
  const plain = encoded(hash(false, fields))
  t.equal(plain.toString('hex'), '04 02 0166 0176 0167 c002'.replaceAll(' ', ''))
  for (const [bytes, isPacked] of [
    [packed, true],
    [plain, false],
  ] as const) {
    const value = decoded(bytes.toString('hex'))
    t.strictSame(fieldsOf(value), fields)
    t.match(value, { type: 'hash', packed: isPacked, size: 2 })
  }
})

t.test('hashes of older servers', async (t) => {
  t.strictSame(fieldsOf(decoded('09 07 01 01 61 01 00 62 ff')), { a: 'b' })
  t.strictSame(fieldsOf(decoded('0d 10 10000000 0d000000 0200 00 0161 03 f5 ff')), { a: '4' })
})

t.test('what cannot be read says so', async (t) => {
  t.throws(() => decoded('04 02 0166 0176 0166 0177'), /dup elements/)
  t.throws(() => decoded('10 0a 0a000000 0100 816602 ff'), /without a value/)
  t.throws(() => decoded('07'), {
    name: 'RdbError',
    message: 'values of kind 7 (module-2) cannot be read',
  })
  t.throws(() => decodeValue(new RdbCursor(Buffer.alloc(0)), 200), RdbError)
  t.throws(() => decodeValue(new RdbCursor(Buffer.alloc(0)), Kind.hash), RdbTruncatedError)
})
