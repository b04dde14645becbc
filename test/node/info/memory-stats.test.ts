/** MEMORY STATS and DOCTOR from plain facts. */
import t from 'tap'
import { Version } from '../../../lib/base/version.ts'
import { memoryReport, memoryStats, overheadOf } from '../../../lib/node/info/memory-stats.ts'
import { nodeFacts } from '../../support/node-facts.ts'

const facts = nodeFacts().memory()
const MEGABYTE = 2 ** 20
const old = new Version('7.0')

t.test('figures that follow from each other', async (t) => {
  const stats = new Map(memoryStats(facts, old))
  t.equal(stats.get('total.allocated'), 5_000_000)
  t.equal(stats.get('overhead.total'), overheadOf(facts))
  t.equal(stats.get('dataset.bytes'), 5_000_000 - overheadOf(facts))
  t.equal(stats.get('keys.count'), 100)
  t.equal(stats.get('keys.bytes-per-key'), 10_000)
  t.same(stats.get('peak.percentage'), { ratio: 62.5 })
  t.same(stats.get('db.0'), [
    ['overhead.hashtable.main', 5024],
    ['overhead.hashtable.expires', 368],
    ['overhead.hashtable.slot-to-keys', 0],
  ])
})

t.test('tables of slots are told of since 7.4, and links no more', async (t) => {
  const names = (version: string) => memoryStats(facts, new Version(version)).map(([name]) => name)
  const later = [
    'overhead.db.hashtable.lut',
    'overhead.db.hashtable.rehashing',
    'db.dict.rehashing.count',
    'allocator.muzzy',
  ]
  t.same(names('7.2'), names('7.0'))
  t.same(
    names('7.4').filter((name) => !names('7.2').includes(name)),
    later,
  )
  const stats = new Map(memoryStats(facts, new Version('8.0')))
  t.same(stats.get('db.0'), [
    ['overhead.hashtable.main', 5024],
    ['overhead.hashtable.expires', 368],
  ])
  const lut = Number(stats.get('overhead.db.hashtable.lut'))
  t.ok(lut > 0 && lut < 5024 + 368, `${lut}`)
  const untimed = facts.databases.map((one) => ({ ...one, keys: 1, expiring: 0 }))
  t.equal(
    new Map(memoryStats({ ...facts, databases: untimed }, new Version('8.0'))).get(
      'overhead.db.hashtable.lut',
    ),
    32,
    'nothing for keys with a time where there are none',
  )
})

t.test('a server without keys has no database to tell of, and divides by nothing', async (t) => {
  const stats = memoryStats(
    { ...facts, usedBytes: 0, peakBytes: 0, startupBytes: 0, databases: [] },
    old,
  )
  t.notMatch(JSON.stringify(stats), /null|db\.0/)
  t.equal(new Map(stats).get('keys.bytes-per-key'), 0)
})

t.test('the doctor names what is wrong', async (t) => {
  const report = (change: Partial<typeof facts>) =>
    memoryReport(
      { ...facts, usedBytes: 50 * MEGABYTE, peakBytes: 50 * MEGABYTE, ...change },
      { connected: 2 },
      1,
    )
  t.match(report({ usedBytes: MEGABYTE }), /^Hi Sam, this instance is empty/)
  t.match(report({}), /^Hi Sam, I can't find any memory issue/)
  t.match(report({ peakBytes: 80 * MEGABYTE }), / \* Peak memory: /)
  t.match(report({ normalClientBytes: MEGABYTE }), / \* Big client buffers: /)
  t.match(report({ replicaClientBytes: 11 * MEGABYTE }), / \* Big replica buffers: .*\n\nI'm here/)
})
