import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import type { SlotGroup } from '../../lib/keyspace/slot-group.ts'
import { SlotTable } from '../../lib/keyspace/slot-table.ts'

function put(table: SlotTable, ...keys: string[]): void {
  for (const key of keys) table.put(table.slotOf(key), key, `value of ${key}`)
}

t.test('the slot of a key is that of the cluster, whichever key was asked before', async (t) => {
  const table = new SlotTable()
  for (const key of ['', 'a', 'b', 'a', '{a}b', 'key:{10}:111', '', 'b']) {
    t.equal(table.slotOf(key), keySlot(key), key)
  }
})

t.test('keys are counted, found and listed by slot', async (t) => {
  const table = new SlotTable()
  put(table, 'a', '{a}1', '{a}2', 'b')
  put(table, 'a')
  t.equal(table.size, 4)
  t.equal(table.countIn(keySlot('a')), 3)
  t.equal(table.countIn(0), 0)
  t.strictSame(table.keysIn(keySlot('a'), 2), ['{a}2', '{a}1'])
  t.strictSame(table.keysIn(0, 2), [])
  t.strictSame([...table.keys()].toSorted(), ['a', 'b', '{a}1', '{a}2'])
  t.equal(table.at('c'), undefined)
  const slot = table.at('b') as SlotGroup
  slot.expiries = new Map([['b', 5]])
  t.strictSame([...table.expiries()], [['b', 5]])
  t.strictSame(
    [...table.entries()].find(([key]) => key === 'b'),
    ['b', 'value of b', 5],
  )
  t.equal(table.drop('b'), true)
  t.equal(table.drop('b'), false)
  t.equal(table.size, 3)
  table.clear()
  t.equal(table.size, 0)
  t.strictSame([...table.keys()], [])
})

t.test(
  'a random key is any key with the same chance, in crowded slots and lonely ones',
  async (t) => {
    const random = new Random('random-key')
    const table = new SlotTable()
    t.equal(table.randomKey(random), undefined)
    put(table, 'a', '{b}1', '{b}2', '{b}3')
    const times = new Map<string, number>()
    for (let i = 0; i < 4000; i++) {
      const key = table.randomKey(random) as string
      times.set(key, (times.get(key) ?? 0) + 1)
    }
    t.equal(times.size, 4)
    // Expected 1000 each; six standard deviations are about 164.
    for (const [key, count] of times) t.ok(Math.abs(count - 1000) < 164, `${key}: ${count}`)
  },
)

t.test(
  'a sample has different keys, each with the same chance, whether few are wanted or most',
  async (t) => {
    for (const count of [5, 40]) {
      const random = new Random('sample')
      const table = new SlotTable()
      for (let i = 0; i < 60; i++) put(table, `{tag}${i}`)
      const times = new Map<string, number>()
      const rounds = 60_000 / count
      for (let i = 0; i < rounds; i++) {
        const keys = table.sample(random, { count, of: 'all', total: table.size })
        if (new Set(keys).size !== count) t.fail(`${keys}`)
        for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1)
      }
      t.equal(times.size, 60)
      // Expected 1000 each; six standard deviations are at most 190.
      for (const [key, found] of times) t.ok(Math.abs(found - 1000) < 190, `${key}: ${found}`)
    }
  },
)

t.test(
  'a sample goes on in the slots behind, and takes more from those that hold more',
  async (t) => {
    const random = new Random('sample')
    const table = new SlotTable()
    put(table, 'a', 'b', 'c')
    t.strictSame(table.sample(random, { count: 9, of: 'all', total: 3 }).sort(), ['a', 'b', 'c'])
    for (let i = 0; i < 997; i++) put(table, `{tag}${i}`)
    let crowded = 0
    for (let i = 0; i < 1000; i++) {
      const [key = ''] = table.sample(random, { count: 1, of: 'all', total: table.size })
      if (key.startsWith('{tag}')) crowded++
    }
    t.ok(crowded > 980, `${crowded}`)
  },
)

t.test('a scan aims at the count and ends', async (t) => {
  const table = new SlotTable()
  t.strictSame(table.scan(0, 10), { cursor: 0, keys: [] })
  for (let i = 0; i < 500; i++) put(table, `k${i}`)
  for (let i = 0; i < 300; i++) put(table, `{tag}${i}`)
  const found: string[] = []
  let cursor = 0
  let steps = 0
  do {
    const step = table.scan(cursor, 10)
    steps++
    t.ok(step.keys.length < 40, `${step.keys.length}`)
    t.ok(Number.isSafeInteger(step.cursor))
    found.push(...step.keys)
    cursor = step.cursor
  } while (cursor !== 0)
  t.equal(found.length, 800)
  t.equal(new Set(found).size, 800)
  t.ok(steps < 90, `${steps} steps of about 10`)
  t.strictSame(table.scan(2 ** 60, 10), { cursor: 0, keys: [] })
})

t.test('a scan returns every key that stays, whatever comes and goes', async (t) => {
  const seed = process.env.SEED ?? 'slot-table'
  const random = new Random(seed)
  for (let run = 0; run < 10; run++) {
    const table = new SlotTable()
    const stable = [
      ...Array.from({ length: 300 }, (_, i) => `k${i}`),
      ...Array.from({ length: 700 }, (_, i) => `{t}${i}`),
    ]
    put(table, ...stable)
    const found = new Set<string>()
    let cursor = 0
    do {
      const step = table.scan(cursor, 1 + random.below(30))
      for (const key of step.keys) found.add(key)
      cursor = step.cursor
      for (let i = 0; i < 20; i++) {
        const key = random.pick(['p', '{t}p']) + random.below(2000)
        if (random.below(2) === 0) put(table, key)
        else table.drop(key)
      }
    } while (cursor !== 0)
    const missing = stable.filter((key) => !found.has(key))
    if (missing.length > 0) t.fail(`SEED=${seed} run ${run}: misses ${missing}`)
  }
  t.pass(`SEED=${seed}`)
})

t.test(
  'tables without keys share what they are made of, and keep apart what they get',
  async (t) => {
    const [one, other] = [new SlotTable(), new SlotTable()]
    const slot = keySlot('a')
    put(one, 'a')
    one.accessed(slot, 7)
    t.strictSame([one.countIn(slot), other.countIn(slot)], [1, 0])
    t.strictSame([one.lastAccessIn(slot), other.lastAccessIn(slot)], [7, 0])
    t.equal(other.valueIn(slot, 'a'), undefined)
    one.clear()
    put(other, 'a')
    t.strictSame([...one.keys()], [])
    t.strictSame([one.countIn(slot), other.countIn(slot)], [0, 1])
  },
)
