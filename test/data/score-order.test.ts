import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import { compareScored, type Scored, ScoreOrder } from '../../lib/data/score-order.ts'

const seed = process.env.SEED ?? String(Date.now())
t.comment(`SEED=${seed}`)

function walked(order: ScoreOrder, rank: number, count: number): Scored[] {
  const found: Scored[] = []
  order.walk(rank, count, (member, score) => found.push([member, score]))
  return found
}

function walkedBack(order: ScoreOrder, rank: number, count: number): Scored[] {
  const found: Scored[] = []
  order.walkBack(rank, count, (member, score) => found.push([member, score]))
  return found
}

/** Compares an order with an array that holds the same elements. */
function check(t: Test, order: ScoreOrder, elements: readonly Scored[], random: Random): void {
  t.strictSame(walked(order, 0, Number.POSITIVE_INFINITY), elements)
  t.strictSame([...order.descending()], elements.toReversed())
  t.strictSame(
    [...order.members()],
    elements.map(([member]) => member),
  )
  if (elements.length === 0) return
  for (let i = 0; i < 20; i++) {
    const rank = random.below(elements.length)
    const count = random.below(elements.length)
    const [member, score] = elements[rank] as Scored
    t.equal(order.rankOf(member, score), rank)
    t.equal(
      order.countBefore((_, other) => other < score),
      elements.filter(([, other]) => other < score).length,
    )
    t.strictSame(walked(order, rank, count), elements.slice(rank, rank + count))
    t.strictSame(
      walkedBack(order, rank, count),
      elements
        .slice(0, rank + 1)
        .toReversed()
        .slice(0, count),
    )
  }
}

t.test('elements come and go at random places', async (t) => {
  const random = new Random(seed)
  for (const scores of [3, 1000]) {
    const order = new ScoreOrder()
    const held = new Map<string, number>()
    for (const goal of [0, 1, 700, 5000, 300, 2000, 0]) {
      while (held.size !== goal) {
        const member = `m${random.below(10_000)}`
        const before = held.get(member)
        if (held.size < goal && before === undefined) {
          const score = random.below(scores) - 1
          held.set(member, score)
          order.insert(member, score)
        } else if (held.size > goal) {
          const [[other, score]] = held as unknown as [Scored]
          held.delete(other)
          order.remove(other, score)
        }
      }
      check(t, order, [...held].sort(compareScored), random)
    }
  }
})

t.test('elements come in order, at either end, and go there', async (t) => {
  const random = new Random('ends')
  const count = 3000
  for (const sign of [1, -1]) {
    const order = new ScoreOrder()
    const elements = Array.from({ length: count }, (_, i): Scored => [`m${i}`, sign * i])
    for (const [member, score] of elements) order.insert(member, score)
    const sorted = elements.toSorted(compareScored)
    check(t, order, sorted, random)
    for (const [member, score] of elements.slice(0, count - 10)) order.remove(member, score)
    check(t, order, elements.slice(count - 10).sort(compareScored), random)
  }
})

t.test('elements get other scores, near and far', async (t) => {
  const random = new Random(seed)
  for (const [size, reach] of [
    [40, 3],
    [3000, 3],
    [3000, 1e6],
  ] as const) {
    const order = new ScoreOrder()
    const held = new Map(Array.from({ length: size }, (_, i) => [`m${i}`, random.below(size) * 4]))
    for (const [member, score] of held) order.insert(member, score)
    for (let i = 0; i < 3 * size; i++) {
      const member = `m${random.below(size)}`
      const before = held.get(member) as number
      const score = before + random.below(reach) - (reach >> 1)
      held.set(member, score)
      order.move(member, before, score)
    }
    check(t, order, [...held].sort(compareScored), random)
  }
})

t.test('looking for an element takes few comparisons', async (t) => {
  const random = new Random(seed)
  for (const size of [1000, 100_000]) {
    const order = new ScoreOrder()
    for (let i = 0; i < size; i++) order.insert(`m${i}`, random.below(size))
    let compared = 0
    order.countBefore((_, score) => {
      compared++
      return score < size / 3
    })
    t.ok(compared <= 2 * Math.log2(size), `${compared} comparisons among ${size}`)
  }
})

t.test('scores come first, then bytes; infinities are equal to themselves', async (t) => {
  const inOrder: Scored[] = [
    ['z', Number.NEGATIVE_INFINITY],
    ['\0', 0],
    ['', 1],
    ['B', 1],
    ['a', 1],
    ['\xff', 1],
    ['a', Number.POSITIVE_INFINITY],
    ['b', Number.POSITIVE_INFINITY],
  ]
  t.strictSame(inOrder.toReversed().sort(compareScored), inOrder)
  t.equal(compareScored(['a', 1], ['a', 1]), 0)
})
