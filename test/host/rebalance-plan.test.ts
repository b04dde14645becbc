import t from 'tap'
import { planRebalance, shares } from '../../lib/host/rebalance-plan.ts'
import { splitSlots } from '../../lib/host/topology.ts'

const range = (start: number, end: number) => [{ start, end }]
const moved = (moves: ReturnType<typeof planRebalance<string>>) =>
  moves.map(({ from, to, slots }) => `${slots.length} from ${from} to ${to}`)

t.test('an even cluster is left alone', async (t) => {
  const masters = splitSlots(3).map((slots, i) => ({ node: `${i}`, slots: [slots], weight: 1 }))
  t.strictSame(planRebalance(masters), [])
  t.strictSame(
    planRebalance([
      { node: 'a', slots: range(0, 8300), weight: 1 },
      { node: 'b', slots: range(8301, 16383), weight: 1 },
    ]),
    [],
    'within two percent',
  )
})

t.test('an empty master gets its share, the first slots of each', async (t) => {
  const masters = [...splitSlots(3), undefined].map((slots, i) => {
    return { node: `${i}`, slots: slots === undefined ? [] : [slots], weight: 1 }
  })
  const moves = planRebalance(masters)
  t.same(moved(moves).sort(), ['1365 from 0 to 3', '1365 from 2 to 3', '1366 from 1 to 3'])
  for (const { from, slots } of moves) t.equal(slots[0], splitSlots(3)[Number(from)]?.start)
})

t.test('weights: shares in proportion, none for zero', async (t) => {
  const masters = [
    { node: 'a', slots: range(0, 5460), weight: 2 },
    { node: 'b', slots: range(5461, 10922), weight: 1 },
    { node: 'c', slots: range(10923, 16383), weight: 0 },
  ]
  const counts: Record<string, number> = { a: 5461, b: 5462, c: 5461 }
  for (const { from, to, slots } of planRebalance(masters)) {
    counts[from] = (counts[from] ?? 0) - slots.length
    counts[to] = (counts[to] ?? 0) + slots.length
  }
  t.strictSame(counts, { a: 10923, b: 5461, c: 0 })
})

t.test('slots are shared out so that all have alike, in runs', async (t) => {
  const heirs = [
    { node: 'a', slots: range(100, 109) },
    { node: 'b', slots: range(200, 203) },
    { node: 'c', slots: [] },
  ]
  const slots = Array.from({ length: 11 }, (_, i) => i)
  t.strictSame(shares(slots, heirs), [
    { to: 'b', slots: slots.slice(0, 4) },
    { to: 'c', slots: slots.slice(4) },
  ])
  t.strictSame(shares([], heirs), [])
})
