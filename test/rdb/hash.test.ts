/** Hashes as RDB bytes; those with ends are what Redis 8.0 dumped. */
import type { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import {
  decodeHashWithEnds,
  decodeListpackHashWithEnds,
  decodePlainHash,
  encodeHash,
  packedHash,
} from '../../lib/rdb/hash.ts'
import { encodeListpack } from '../../lib/rdb/listpack.ts'
import type { HashRecord } from '../../lib/rdb/record.ts'

const FIRST = 1_900_000_000_000
const SECOND = 2_000_000_000_000

/** The earliest end as a real server writes it. */
const FIRST_BYTES = '0038d360ba010000'

function record(packed: boolean, ends: Record<string, number> | undefined): HashRecord {
  const fields = new Map([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  const known = ends && { earliestMs: FIRST, of: (field: string) => ends[field] }
  return { type: 'hash', packed, size: 3, ends: known, entries: () => fields }
}

function written(hash: HashRecord): Buffer {
  const encoder = new RdbEncoder({ compress: false })
  encodeHash(encoder, hash)
  return encoder.take()
}

const told = ({ ends, entries }: HashRecord) =>
  [...entries()].map(([field, value]) => [field, value, ends?.of(field)])

t.test('a hash comes back in each form', async (t) => {
  const ends = { a: FIRST, b: SECOND }
  const plain = [
    ['a', '1', undefined],
    ['b', '2', undefined],
    ['c', '3', undefined],
  ]
  const timed = [
    ['a', '1', FIRST],
    ['b', '2', SECOND],
    ['c', '3', undefined],
  ]
  t.same(told(decodePlainHash(new RdbCursor(written(record(false, undefined))))), plain)
  t.same(told(packedHash(['a', '1', 'b', '2', 'c', '3'])), plain)
  t.same(told(decodeHashWithEnds(new RdbCursor(written(record(false, ends))))), timed)
  t.same(told(decodeListpackHashWithEnds(new RdbCursor(written(record(true, ends))))), timed)
})

t.test('the ends of a packed hash are third members', async (t) => {
  const bytes = written(record(true, { a: FIRST, b: SECOND }))
  const listpack = encodeListpack([
    'a',
    '1',
    String(FIRST),
    'b',
    '2',
    String(SECOND),
    'c',
    '3',
    '0',
  ])
  t.equal(bytes.subarray(0, 8).toString('hex'), FIRST_BYTES, 'the earliest end')
  t.same(bytes.subarray(9), listpack)
})

t.test('other ends are told from the earliest on, counted from 1', async (t) => {
  const bytes = written(record(false, { b: FIRST + 5 }))
  t.equal(bytes.toString('hex'), `${FIRST_BYTES}03000161c001060162c002000163c003`)
})

t.test('what is broken is refused', async (t) => {
  const packed = (...elements: string[]) => {
    const encoder = new RdbEncoder()
    encoder.int64(0)
    encoder.stringBlob(encodeListpack(elements))
    return new RdbCursor(encoder.take())
  }
  t.throws(() => packedHash(['a']), {
    message: 'Hash integrity check failed: a field without a value',
  })
  t.throws(() => packedHash(['a', '1', 'a', '2']), {
    message: 'Hash integrity check failed: a field twice',
  })
  t.throws(() => decodeListpackHashWithEnds(packed('a', '1')), {
    message: 'a packed hash has a field without an end',
  })
  for (const end of ['x', '-1', '1.5']) {
    t.throws(() => decodeListpackHashWithEnds(packed('a', '1', end)), {
      message: 'the end of a field is no time',
    })
  }
})
