import t from 'tap'
import { interleave, median, medianOf } from './sample.ts'

t.test('contestants take turns', async (t) => {
  const order: string[] = []
  const take = (name: string) => async () => order.push(name)
  const samples = await interleave({ a: take('a'), b: take('b') }, 3)
  t.same(order, ['a', 'b', 'a', 'b', 'a', 'b'])
  t.same(samples, { a: [1, 3, 5], b: [2, 4, 6] })
})

t.test('the median is the middle by size', async (t) => {
  t.equal(median([10, 9, 100]), 10)
  t.equal(median([100, 2, 10, 4]), 7)
  t.ok(Number.isNaN(median([])), 'there is none of nothing')
  t.equal(
    medianOf([{ ms: 3 }, { ms: 1 }, { ms: 2 }], ({ ms }) => ms),
    2,
  )
})
