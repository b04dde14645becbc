import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { OrderedMap } from '../../lib/data/ordered-map.ts'

t.test('a map that keeps its keys in order, whatever happens to it', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const map = new OrderedMap<number>()
  const model = new Map<string, number>()
  for (let step = 0; step < 6000; step++) {
    // First mostly ascending, as ids come; then anywhere; then fewer and fewer.
    const key = step < 2000 ? `${10_000 + step}` : `${10_000 + random.below(3000)}`
    if (random.below(10) < (step < 4000 ? 2 : 7)) {
      if (map.delete(key) !== model.delete(key)) t.fail(`step ${step}`)
    } else {
      map.set(key, step)
      model.set(key, step)
    }
    if (step % 500 !== 0) continue
    const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
    const bound = `${10_000 + random.below(3100)}`
    const tail = sorted.filter(([name]) => name >= bound)
    t.strictSame([...map.entries()], sorted, `all after ${step} steps`)
    t.strictSame([...map.from(bound)], tail)
    t.strictSame(
      [...map.values()],
      sorted.map(([, value]) => value),
    )
    t.strictSame(
      [map.size, map.firstKey(), map.lastKey(), map.keyFrom(bound)],
      [sorted.length, sorted[0]?.[0], sorted.at(-1)?.[0], tail[0]?.[0]],
    )
    const after = tail[0]?.[0] === bound ? tail[1] : tail[0]
    t.equal(map.keyAfter(bound), after?.[0])
    t.equal(map.get(bound), model.get(bound))
    t.equal(map.has(bound), model.has(bound))
  }
})

t.test('an empty map', async (t) => {
  const map = new OrderedMap<number>()
  t.equal(map.size, 0)
  t.equal(map.firstKey(), undefined)
  t.equal(map.lastKey(), undefined)
  t.equal(map.keyFrom(''), undefined)
  t.strictSame([...map.entries()], [])
  t.equal(map.delete('a'), false)
  map.set('a', 1)
  map.delete('a')
  t.strictSame([...map.from('')], [])
})
