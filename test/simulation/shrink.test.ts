import t from 'tap'
import { shrink } from './shrink.ts'

t.test('only what it takes is left, wherever it stands', async (t) => {
  const list = Array.from({ length: 20 }, (_, i) => i)
  const table: number[][] = [[7], [0, 19], [3, 4, 5], [1, 8, 9, 16], []]
  for (const needed of table) {
    const fails = (part: readonly number[]) => needed.every((i) => part.includes(i))
    t.same(shrink(list, fails), needed)
  }
})

t.test('it tries few parts', async (t) => {
  let tried = 0
  const list = Array.from({ length: 64 }, (_, i) => i)
  shrink(list, (part) => {
    tried++
    return part.includes(40)
  })
  t.ok(tried < 30, `${tried} parts tried`)
})
