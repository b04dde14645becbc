import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { FieldExpiries } from '../../lib/data/field-expiry.ts'
import { HashValue } from '../../lib/data/hash.ts'

function hashOf(size: number, value = 'v'): HashValue {
  const hash = new HashValue(defaultEncodingLimits())
  for (let i = 0; i < size; i++) hash.set(`f${i}`, `${value}${i}`)
  return hash
}

t.test('fields are set, found, replaced and removed', async (t) => {
  const hash = hashOf(0)
  t.equal(hash.set('a', '1'), true)
  t.equal(hash.set('a', '2'), false)
  t.equal(hash.set('b', ''), true)
  t.equal(hash.get('a'), '2')
  t.equal(hash.get('b'), '')
  t.equal(hash.has('c'), false)
  t.equal(hash.size, 2)
  t.strictSame(
    [...hash.entries()],
    [
      ['a', '2'],
      ['b', ''],
    ],
  )
  t.equal(hash.delete('a'), true)
  t.equal(hash.delete('a'), false)
  t.strictSame([...hash.names()], ['b'])
  t.strictSame([...hash.values()], [''])
})

t.test('it is compact up to 512 fields of 64 bytes and never again', async (t) => {
  const byCount = hashOf(512)
  t.equal(byCount.encoding(), 'listpack')
  byCount.set('f0', 'again')
  t.equal(byCount.encoding(), 'listpack')
  byCount.set('one more', '')
  t.equal(byCount.encoding(), 'hashtable')
  byCount.delete('one more')
  t.equal(byCount.encoding(), 'hashtable')
  for (const [field, value] of [
    ['f'.repeat(65), ''],
    ['', 'v'.repeat(65)],
  ] as const) {
    const hash = hashOf(1)
    hash.set('f'.repeat(64), 'v'.repeat(64))
    t.equal(hash.encoding(), 'listpack')
    hash.set(field, value)
    t.equal(hash.encoding(), 'hashtable')
  }
})

t.test('one made of fields at hand has the encoding that fits', async (t) => {
  const limits = defaultEncodingLimits()
  t.equal(new HashValue(limits, new Map([['f', 'v']])).encoding(), 'listpack')
  t.equal(new HashValue(limits, new Map([['f', 'v'.repeat(65)]])).encoding(), 'hashtable')
  const many = new Map(Array.from({ length: 513 }, (_, i) => [`f${i}`, '']))
  t.equal(new HashValue(limits, many).encoding(), 'hashtable')
})

t.test('a copy is equal in encoding too and shares nothing', async (t) => {
  const hash = hashOf(513)
  for (let i = 1; i < 513; i++) hash.delete(`f${i}`)
  const copy = hash.copy()
  t.equal(copy.encoding(), 'hashtable')
  copy.set('g', '')
  t.equal(hash.size, 1)
  hash.delete('f0')
  t.equal(copy.get('f0'), 'v0')
})

t.test('a compact hash is scanned whole, a big one in steps', async (t) => {
  const small = hashOf(512)
  t.strictSame(small.scan(0, 1), { position: 0, names: [...small.names()] })
  const big = hashOf(2000)
  const found = new Set<string>()
  let position = 0
  let steps = 0
  do {
    const step = big.scan(position, 10)
    for (const field of step.names) found.add(field)
    position = step.position
    steps++
  } while (position !== 0)
  t.equal(found.size, 2000)
  t.ok(steps > 50, `${steps} steps`)
})

t.test('a scan finds what stays, whatever else is set and removed meanwhile', async (t) => {
  const seed = process.env.SEED ?? 'hash-scan'
  const random = new Random(seed)
  const hash = hashOf(1500)
  const found = new Set<string>()
  let position = 0
  do {
    const step = hash.scan(position, 10)
    for (const field of step.names) found.add(field)
    position = step.position
    for (let i = 0; i < 40; i++) {
      if (random.below(2) === 0) hash.set(`p${random.below(5000)}`, '')
      else hash.delete(`p${random.below(5000)}`)
    }
  } while (position !== 0)
  for (let i = 0; i < 1500; i++) if (!found.has(`f${i}`)) t.fail(`SEED=${seed}: misses f${i}`)
  t.pass(`SEED=${seed}`)
})

t.test('random fields are fields, different ones where that is asked', async (t) => {
  const random = new Random(1)
  for (const size of [1, 5, 64, 65, 3000]) {
    const hash = hashOf(size)
    t.ok(hash.has(hash.randomName(random) as string))
    for (const count of [1, 3, Math.ceil(size / 2), size, size + 1]) {
      const fields = hash.randomNames(count, random)
      t.equal(fields.length, Math.min(count, size))
      t.equal(new Set(fields).size, fields.length)
      t.ok(fields.every((field) => hash.has(field)))
      const draw = hash.nameDraw(count, random)
      for (let i = 0; i < 10; i++) t.ok(hash.has(draw() as string))
    }
  }
  const empty = hashOf(0)
  t.equal(empty.randomName(random), undefined)
  t.strictSame(empty.randomNames(3, random), [])
  t.equal(empty.nameDraw(3, random)(), undefined)
})

t.test('a removed field is never drawn again', async (t) => {
  const random = new Random(2)
  const hash = hashOf(100)
  for (let left = 100; left > 0; left--) {
    const field = hash.randomName(random) as string
    if (!hash.delete(field)) t.fail(`${field} was gone already`)
  }
  t.equal(hash.size, 0)
})

t.test(
  'fields that end stand in front, the earliest first, an equal end before those that were there',
  async (t) => {
    const hash = new HashValue(defaultEncodingLimits())
    for (const field of ['a', 'b', 'c', 'd']) hash.set(field, '1')
    const order = () => [...hash.names()].join('')
    t.equal(hash.nextExpiryMs, Number.POSITIVE_INFINITY)
    hash.expire('c', 20)
    t.equal(order(), 'cabd')
    hash.expire('b', 10)
    t.equal(order(), 'bcad')
    hash.expire('a', 20)
    t.equal(order(), 'bacd')
    t.equal(hash.encoding(), 'listpackex')
    hash.set('c', '2')
    t.equal(order(), 'badc', 'what is set anew does not end')
    t.equal(hash.setKeepingExpiry('a', '3'), false)
    t.equal(order(), 'badc')
    t.equal(hash.persist('b'), true)
    t.equal(hash.persist('b'), false)
    t.equal(order(), 'adcb')
    t.same([hash.nextExpiryMs, hash.expiries?.size], [10, 1])
  },
)

t.test('fields whose time is over are taken together', async (t) => {
  const hash = new HashValue(defaultEncodingLimits())
  for (const field of ['a', 'b', 'c']) hash.set(field, '1')
  hash.expire('a', 10)
  hash.expire('b', 10)
  hash.expire('c', 20)
  const shown = hash.withoutDue(15)
  t.same([...shown.names()], ['c'])
  t.equal(hash.size, 3, 'looking removes nothing')
  t.same(hash.takeDue(10), [])
  t.same(hash.takeDue(15), ['b', 'a'])
  t.same([hash.size, hash.nextExpiryMs], [1, 20])
  t.equal(hash.delete('c'), true)
  t.same(hash.takeDue(25), [], 'a field that was removed does not end')
})

t.test('ends stay with a copy, and in a hashtable', async (t) => {
  const limits = { ...defaultEncodingLimits(), hashMaxListpackEntries: 2 }
  const hash = new HashValue(limits)
  hash.set('a', '1')
  hash.expire('a', 10)
  const copy = hash.copy()
  t.same([copy.encoding(), copy.expiries?.of('a')], ['listpackex', 10])
  copy.set('b', '1')
  copy.set('c', '1')
  t.same([copy.encoding(), copy.expiries?.of('a'), hash.size], ['hashtable', 10, 1])
})

t.test('a hash of a file is put in order', async (t) => {
  const fields = new Map([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  const ends = new FieldExpiries(
    new Map([
      ['c', 10],
      ['b', 5],
    ]),
  )
  const hash = new HashValue(defaultEncodingLimits(), fields, ends)
  t.same([...hash.names()], ['b', 'c', 'a'])
})

t.test('many fields are held as few are, and so by a copy', async (t) => {
  const hash = new HashValue(defaultEncodingLimits())
  for (let i = 0; i < 1000; i++) hash.set(`f${i}`, `${i}`)
  t.equal(hash.encoding(), 'hashtable')
  for (let i = 0; i < 1000; i += 2) t.equal(hash.delete(`f${i}`), true)
  t.equal(hash.set('f1', 'one'), false)
  t.equal(hash.set('f0', 'zero'), true)
  const copy = hash.copy()
  hash.set('f3', 'three')
  t.strictSame(
    [copy.get('f1'), copy.get('f3'), copy.get('f2'), copy.size],
    ['one', '3', undefined, 501],
  )
  t.strictSame([...copy.names()].slice(0, 3), ['f1', 'f3', 'f5'])
  t.strictSame([...copy.values()].slice(0, 3), ['one', '3', '5'])
  t.strictSame([...copy.entries()].at(-1), ['f0', 'zero'])
})
