import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { RdbError, RdbTruncatedError } from '../../lib/rdb/format.ts'
import { readRdb } from '../../lib/rdb/reader.ts'
import type { KeyAccess } from '../../lib/rdb/record.ts'
import { BufferSource, inputOf } from '../../lib/rdb/source.ts'
import { writeRdb } from '../support/rdb-file.ts'

/** A file without a checksum around these bytes. */
function file(hex: string, version = '0010', tail = 'ff0000000000000000'): Buffer {
  return Buffer.concat([
    Buffer.from(`REDIS${version}`),
    Buffer.from(hex.replaceAll(' ', '') + tail, 'hex'),
  ])
}

const items = (bytes: Buffer) => [...readRdb(bytes)].filter((item) => item.type !== 'unchecked')

const string = (key: string, bytes: string, expiryMs?: number) => ({
  type: 'record',
  record: { key, value: { type: 'string', bytes }, expiryMs },
})

function used(item: ReturnType<typeof string>, access: KeyAccess) {
  return { ...item, record: { ...item.record, ...access } }
}

t.test('what may stand before a key', async (t) => {
  t.strictSame(items(file('fc 8000000000000000 00 016b 0176')), [string('k', 'v', 128)])
  t.strictSame(items(file('fd 02000000 00 016b 0176')), [string('k', 'v', 2000)])
  t.strictSame(items(file('fc 8000000000000000 f8 05 00 016b 0176')), [
    used(string('k', 'v', 128), { idleSeconds: 5 }),
  ])
  t.strictSame(items(file('f9 05 00 016b 0176')), [used(string('k', 'v'), { frequency: 5 })])
})

t.test('hints of later servers are passed over', async (t) => {
  t.strictSame(items(file('f4 4001 02 03 00 016b 0176', '0012')), [string('k', 'v')])
})

t.test('an empty collection is no key', async (t) => {
  t.strictSame(items(file('04 016b 00')), [{ type: 'empty', key: 'k' }])
})

t.test('old files have no checksum', async (t) => {
  t.strictSame(items(file('00 016b 0176', '0003', 'ff')), [string('k', 'v')])
})

t.test('where it ends other bytes may begin', async (t) => {
  const whole = file('00 016b 0176')
  const bytes = Buffer.concat([whole, Buffer.from('*1')])
  for (const file of [bytes, new BufferSource(bytes)]) {
    const input = inputOf(file, { windowBytes: 4 })
    t.equal([...readRdb(input)].length, 2)
    t.equal(input.cursor.offset, whole.length)
  }
})

t.test('what cannot be read says so', async (t) => {
  const table: [what: string, bytes: Buffer, message: RegExp][] = [
    ['no RDB file', Buffer.from('RADIS0010\xff'), /wrong signature/],
    ['a later format', file('', '0013'), /format version 0013/],
    ['no version', file('', '00x1'), /format version/],
    ['module data', file('f7'), /modules/],
    ['functions of a preview', file('f6'), /preview/],
    ['a type without a decoder', file('07 016b'), /kind 7 \(module-2\)/],
    ['a wrong checksum', file('', '0010', 'ff0000000000000001'), /^RDB CRC error$/],
  ]
  for (const [what, bytes, message] of table) {
    t.throws(() => items(bytes), { name: 'RdbError', message }, what)
  }
  t.throws(() => items(Buffer.from('REDIS')), RdbTruncatedError)
})

t.test('a file cut anywhere is truncated, a file changed anywhere is refused', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const entries: [string, string][] = [
    ['f', '1'],
    ['g', 'x'.repeat(40)],
  ]
  const whole = Buffer.concat([
    ...writeRdb({
      auxiliary: [['redis-ver', '7.0.15']],
      databases: [
        {
          index: 0,
          keys: 3,
          expiring: 1,
          records: [
            { key: 'a', value: { type: 'string', bytes: 'abc'.repeat(30) }, expiryMs: 5 },
            {
              key: 'b',
              value: { type: 'hash', packed: true, size: 2, entries: () => entries },
              expiryMs: undefined,
            },
            {
              key: 'c',
              value: { type: 'hash', packed: false, size: 2, entries: () => entries },
              expiryMs: undefined,
            },
          ],
        },
      ],
    }),
  ])
  t.equal(items(whole).length, 6)
  for (let length = 0; length < whole.length; length++) {
    t.throws(() => items(whole.subarray(0, length)), RdbTruncatedError, `${length} bytes`)
  }
  for (let round = 0; round < 2000; round++) {
    const changed = Buffer.from(whole)
    const at = random.below(changed.length)
    const before = changed[at] as number
    changed[at] = before ^ (1 + random.below(255))
    try {
      items(changed)
      t.fail(`byte ${at} changed to ${changed[at]} unnoticed, seed ${seed}`)
    } catch (error) {
      if (!(error instanceof RdbError)) throw error
    }
  }
})
