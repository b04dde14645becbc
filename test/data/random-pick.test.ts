import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { elementAt, pickDistinct } from '../../lib/data/random-pick.ts'

t.test('distinct elements come in their order, as many as wanted or there are', async (t) => {
  const random = new Random(1)
  const elements = ['a', 'b', 'c', 'd', 'e']
  for (let count = 0; count <= 7; count++) {
    const picked = pickDistinct(elements, elements.length, count, random)
    t.equal(picked.length, Math.min(count, elements.length))
    t.strictSame(
      picked,
      elements.filter((element) => picked.includes(element)),
    )
  }
  t.strictSame(pickDistinct([], 0, 3, random), [])
})

t.test('every element has the same chance', async (t) => {
  const random = new Random('chance')
  const times = new Map<number, number>()
  const rounds = 20_000
  for (let i = 0; i < rounds; i++) {
    for (const n of pickDistinct([0, 1, 2, 3, 4], 5, 2, random))
      times.set(n, (times.get(n) ?? 0) + 1)
  }
  // Expected 8000 each; six standard deviations are about 416.
  for (const [n, count] of times) t.ok(Math.abs(count - 8000) < 416, `${n}: ${count}`)
})

t.test('the element at an index', async (t) => {
  t.equal(elementAt(new Set(['a', 'b']), 1), 'b')
  t.equal(elementAt(['a'], 1), undefined)
})
