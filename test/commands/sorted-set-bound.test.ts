import t from 'tap'
import { parseNameRange, parseRange, parseScoreRange } from '../../lib/commands/sorted-set-bound.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { type ElementRange, SortedSetValue } from '../../lib/data/sorted-set.ts'

function setOf(size: number): SortedSetValue {
  const scores = new Map(Array.from({ length: size }, (_, i) => [`m${i}`, i] as const))
  return new SortedSetValue(defaultEncodingLimits(), scores)
}

t.test('ranks count from either end', async (t) => {
  const set = setOf(5)
  const rows: [start: string, stop: string, up: [number, number], down: [number, number]][] = [
    ['0', '-1', [0, 5], [0, 5]],
    ['1', '2', [1, 3], [2, 4]],
    ['-2', '100', [3, 5], [0, 2]],
    ['-100', '0', [0, 1], [4, 5]],
  ]
  for (const [start, stop, up, down] of rows) {
    const rangeOf = parseRange('rank', start, stop)
    t.strictSame(rangeOf(set, false), { start: up[0], end: up[1] }, `${start} ${stop}`)
    t.strictSame(rangeOf(set, true), { start: down[0], end: down[1] }, `${start} ${stop} down`)
  }
  for (const [start, stop] of [
    ['3', '1'],
    ['5', '9'],
    ['0', '-100'],
  ] as const) {
    const range = parseRange('rank', start, stop)(set, false)
    t.equal(range.end - range.start, 0, `${start} ${stop}`)
  }
  t.throws(() => parseRange('rank', 'x', '1'), {
    message: 'ERR value is not an integer or out of range',
  })
})

function within(range: ElementRange, ...elements: readonly (string | number)[]) {
  return elements.filter((element) => {
    const [member, score] = typeof element === 'string' ? [element, 0] : ['', element]
    return !range.isBelow(member, score) && !range.isAbove(member, score)
  })
}

t.test('scores lie between bounds that are in or out', async (t) => {
  t.strictSame(within(parseScoreRange('1', '3'), 0, 1, 2, 3, 4), [1, 2, 3])
  t.strictSame(within(parseScoreRange('(1', '(3'), 0, 1, 2, 3, 4), [2])
  t.strictSame(within(parseScoreRange('(1', '1'), 0, 1, 2), [])
  t.strictSame(within(parseScoreRange('-inf', '(inf'), 0, Number.POSITIVE_INFINITY), [0])
  for (const bad of ['x', '(x', 'nan', '((1', '1 ']) {
    t.throws(() => parseScoreRange(bad, '1'), { message: 'ERR min or max is not a float' }, bad)
    t.throws(() => parseScoreRange('1', bad), { message: 'ERR min or max is not a float' }, bad)
  }
})

t.test('names lie between bounds that are in or out, or the ends', async (t) => {
  const names = ['', 'a', 'b', 'bb', 'c', '\xff']
  t.strictSame(within(parseNameRange('[a', '[bb'), ...names), ['a', 'b', 'bb'])
  t.strictSame(within(parseNameRange('(a', '(bb'), ...names), ['b'])
  t.strictSame(within(parseNameRange('-', '+'), ...names), names)
  t.strictSame(within(parseNameRange('+', '-'), ...names), [])
  t.strictSame(within(parseNameRange('-', '-'), ...names), [])
  t.strictSame(within(parseNameRange('[', '+\0x'), ...names), names)
  for (const bad of ['', 'a', '-x', '+x']) {
    t.throws(
      () => parseNameRange(bad, '+'),
      { message: 'ERR min or max not valid string range item' },
      bad,
    )
  }
})
