import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { type ElementRange, SortedSetValue } from '../../lib/data/sorted-set.ts'

function setOf(...pairs: readonly (readonly [string, number])[]): SortedSetValue {
  return new SortedSetValue(defaultEncodingLimits(), new Map(pairs))
}

function numbered(size: number): SortedSetValue {
  return setOf(...Array.from({ length: size }, (_, i) => [`m${i}`, i] as const))
}

function scoresBetween(min: number, max: number): ElementRange {
  return { isBelow: (_, score) => score < min, isAbove: (_, score) => score > max }
}

t.test('members get scores, other scores, and go', async (t) => {
  const set = setOf()
  t.equal(set.set('b', 2), true)
  t.equal(set.set('a', 3), true)
  t.equal(set.set('a', 1), false)
  t.equal(set.scoreOf('a'), 1)
  t.equal(set.scoreOf('none'), undefined)
  t.strictSame([...set.names()], ['a', 'b'])
  t.strictSame(
    [...set.descending()],
    [
      ['b', 2],
      ['a', 1],
    ],
  )
  t.equal(set.rankOf('b'), 1)
  t.equal(set.rankOf('none'), undefined)
  t.equal(set.delete('a'), true)
  t.equal(set.delete('a'), false)
  t.equal(set.size, 1)
  t.equal(set.rankOf('b'), 0)
})

t.test('ranges are ranks, empty ones too', async (t) => {
  const set = setOf(['a', 1], ['b', 2], ['c', 2], ['d', 3])
  t.strictSame(set.ranksIn(scoresBetween(2, 2)), { start: 1, end: 3 })
  t.strictSame(set.ranksIn(scoresBetween(-5, 5)), { start: 0, end: 4 })
  t.strictSame(set.ranksIn(scoresBetween(4, 5)), { start: 4, end: 4 })
  t.strictSame(set.ranksIn(scoresBetween(3, 1)), { start: 3, end: 3 })
  t.strictSame(setOf().ranksIn(scoresBetween(0, 1)), { start: 0, end: 0 })
  set.deleteRanks({ start: 1, end: 3 })
  t.strictSame([...set.names()], ['a', 'd'])
})

t.test('it is a listpack of up to 128 short members and never again', async (t) => {
  const set = numbered(128)
  t.equal(set.encoding(), 'listpack')
  set.set('m5', 7)
  t.equal(set.encoding(), 'listpack')
  set.set('one more', 1)
  t.equal(set.encoding(), 'skiplist')
  set.delete('one more')
  t.equal(set.encoding(), 'skiplist')
  t.equal(set.copy().encoding(), 'skiplist')
  t.equal(numbered(129).encoding(), 'skiplist')
  const long = setOf(['x'.repeat(64), 1])
  t.equal(long.encoding(), 'listpack')
  long.set('x'.repeat(65), 1)
  t.equal(long.encoding(), 'skiplist')
  t.equal(setOf(['x'.repeat(65), 1]).encoding(), 'skiplist')
})

t.test('zero has a sign in a skiplist only', async (t) => {
  const isNegativeZero = (score: number | undefined) => Object.is(score, -0)
  const small = setOf(['a', -0])
  t.notOk(isNegativeZero(small.scoreOf('a')))
  small.set('b', -0)
  t.notOk(isNegativeZero(small.scoreOf('b')))
  const large = setOf(['x'.repeat(65), 1], ['a', -0])
  t.ok(isNegativeZero(large.scoreOf('a')))
  large.set('b', -0)
  t.ok(isNegativeZero(large.scoreOf('b')))
  const shrunk = setOf(['x'.repeat(65), 1], ['c', -0])
  shrunk.delete('x'.repeat(65))
  t.ok(isNegativeZero(shrunk.copy().scoreOf('c')))
})

t.test('a copy shares nothing', async (t) => {
  const set = setOf(['a', 1])
  const copy = set.copy()
  copy.set('a', 2)
  copy.set('b', 3)
  t.strictSame([...set.descending()], [['a', 1]])
  t.equal(copy.rankOf('b'), 1)
})

t.test('a listpack is scanned at once, in order; a skiplist in steps', async (t) => {
  t.strictSame(setOf(['b', 1], ['a', 2]).scan(0, 1), { position: 0, names: ['b', 'a'] })
  const set = numbered(1000)
  const found = new Set<string>()
  let position = 0
  do {
    const step = set.scan(position, 10)
    for (const name of step.names) found.add(name)
    set.set(`new${found.size}`, 1)
    set.delete(`new${found.size - 1}`)
    position = step.position
  } while (position !== 0)
  for (let i = 0; i < 1000; i++) if (!found.has(`m${i}`)) t.fail(`m${i}`)
  t.ok(set.has(set.randomName(new Random('zset')) ?? ''))
})
