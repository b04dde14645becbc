import t from 'tap'
import { Random } from '../../lib/base/random.ts'

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.nextUint32())
}

t.test('the same seed draws the same numbers, another one others', async (t) => {
  t.same(draws(new Random('a'), 50), draws(new Random('a'), 50))
  t.same(draws(new Random(7), 50), draws(new Random('7'), 50))
  const first = new Set(
    ['', 'a', 'b', 'ab', 'ba', 0, 1, 2, 'a/b'].map((s) => draws(new Random(s), 2).join()),
  )
  t.equal(first.size, 9)
})

t.test('the numbers of a seed never change', async (t) => {
  t.same(draws(new Random(1), 4), [2868287305, 46282779, 3062328389, 2228621723])
})

t.test('draws spread evenly', async (t) => {
  const random = new Random('even')
  const buckets = new Array<number>(10).fill(0)
  for (let i = 0; i < 10_000; i++) {
    const n = random.below(10)
    buckets[n] = (buckets[n] ?? 0) + 1
  }
  t.equal(buckets.length, 10)
  for (const count of buckets) t.ok(count > 880 && count < 1120, `${count} of 10000 in a tenth`)
  let ones = 0
  for (let i = 0; i < 1000; i++) {
    for (let bits = random.nextUint32(); bits !== 0; bits &= bits - 1) ones++
  }
  t.ok(Math.abs(ones - 16_000) < 450, `${ones} of 32000 bits set`)
})

t.test('below keeps its limits', async (t) => {
  const random = new Random('limits')
  for (let i = 0; i < 100; i++) t.equal(random.below(1), 0)
  let most = 0
  for (let i = 0; i < 1000; i++) most = Math.max(most, random.below(2 ** 32))
  t.ok(most > 2 ** 31 && most < 2 ** 32)
  t.throws(() => random.below(0), { name: 'AssertionError' })
  t.throws(() => random.below(2 ** 33), { name: 'AssertionError' })
})

t.test('fractions lie in [0, 1)', async (t) => {
  const random = new Random('fractions')
  let sum = 0
  for (let i = 0; i < 1000; i++) {
    const value = random.fraction()
    if (value < 0 || value >= 1) t.fail(`${value}`)
    sum += value
  }
  t.ok(sum > 450 && sum < 550, `mean ${sum / 1000}`)
})

t.test('node ids are 40 hexadecimal characters and differ', async (t) => {
  const random = new Random('ids')
  const ids = Array.from({ length: 1000 }, () => random.nodeId())
  for (const id of ids) if (!/^[0-9a-f]{40}$/.test(id)) t.fail(id)
  t.equal(new Set(ids).size, 1000)
})

t.test('a fork depends on seed and label, not on the draws before', async (t) => {
  const drawn = new Random('x')
  draws(drawn, 10)
  t.same(draws(drawn.fork('net'), 5), draws(new Random('x').fork('net'), 5))
  t.notSame(draws(drawn.fork('net'), 5), draws(drawn.fork('disk'), 5))
  t.notSame(draws(drawn.fork(1), 5), draws(new Random('x'), 5))
})

t.test('pick, shuffle and bytes', async (t) => {
  const random = new Random('lists')
  const picked = new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])))
  t.same([...picked].sort(), ['a', 'b', 'c'])
  t.throws(() => random.pick([]), { name: 'AssertionError' })
  const shuffled = random.shuffle(Array.from({ length: 20 }, (_, i) => i))
  t.notSame(
    shuffled,
    [...shuffled].sort((a, b) => a - b),
  )
  t.same(
    [...shuffled].sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i),
  )
  const orders = new Set(Array.from({ length: 50 }, () => random.shuffle(['a', 'b']).join()))
  t.equal(orders.size, 2, 'every order comes up')
  const bytes = random.bytes(2000)
  t.equal(bytes.length, 2000)
  t.ok(new Set(bytes).size > 250, 'all kinds of bytes')
  t.notOk(/[^\0-\xff]/.test(bytes), 'only bytes')
})
