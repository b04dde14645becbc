import { Buffer } from 'node:buffer'
import t from 'tap'
import { type RdbItem, readRdb } from '../../lib/rdb/reader.ts'
import type { RdbRecord } from '../../lib/rdb/record.ts'
import { type RdbContents, writeRdb } from '../support/rdb-file.ts'

const fileOf = (contents: RdbContents) => Buffer.concat([...writeRdb(contents)])

function record(key: string, text: string, expiryMs?: number): RdbRecord {
  return { key, value: { type: 'string', bytes: text }, expiryMs }
}

t.test('an empty file', async (t) => {
  const file = fileOf({ auxiliary: [], databases: [], checksum: false })
  t.equal(file.toString('latin1'), `REDIS0010\xff${'\0'.repeat(8)}`)
  t.strictSame([...readRdb(file)], [{ type: 'unchecked' }])
})

t.test('the order of a file', async (t) => {
  const file = fileOf({
    auxiliary: [['redis-ver', '7.0.15']],
    functions: ['#!lua name=x\n'],
    databases: [
      { index: 0, keys: 0, expiring: 0, records: [] },
      {
        index: 3,
        keys: 4,
        expiring: 2,
        records: [
          record('a', '1'),
          record('b', 'x', 1_700_000_000_123),
          { ...record('idle', 'x', 5), idleSeconds: 70_000 },
          { ...record('used', 'x'), frequency: 255 },
        ],
      },
    ],
  })
  const expected: RdbItem[] = [
    { type: 'auxiliary', name: 'redis-ver', value: '7.0.15' },
    { type: 'function', source: '#!lua name=x\n' },
    { type: 'database', index: 3 },
    { type: 'size', keys: 4, expiring: 2 },
    { type: 'record', record: record('a', '1') },
    { type: 'record', record: record('b', 'x', 1_700_000_000_123) },
    { type: 'record', record: { ...record('idle', 'x', 5), idleSeconds: 70_000 } },
    { type: 'record', record: { ...record('used', 'x'), frequency: 255 } },
  ]
  t.strictSame([...readRdb(file)], expected)
})

t.test('records are drawn as the chunks are', async (t) => {
  let drawn = 0
  function* records() {
    for (let i = 0; i < 10_000; i++) {
      drawn++
      yield record(`key:${i}`, `value-${i}-`.repeat(4))
    }
  }
  const chunks: Buffer[] = []
  const drawnAt: number[] = []
  for (const chunk of writeRdb({
    auxiliary: [],
    databases: [{ index: 0, keys: 10_000, expiring: 0, records: records() }],
    compress: false,
  })) {
    chunks.push(chunk)
    drawnAt.push(drawn)
  }
  t.ok(chunks.length > 5, `${chunks.length} chunks`)
  t.ok(
    drawnAt[0] !== undefined && drawnAt[0] < 3000,
    'the first chunk needs the first records only',
  )
  t.ok(Math.max(...chunks.map((chunk) => chunk.length)) < 66_000, 'chunks of about 64 KiB')
  const items = [...readRdb(Buffer.concat(chunks))]
  t.equal(items.filter((item) => item.type === 'record').length, 10_000)
})
