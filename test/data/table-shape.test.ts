import t from 'tap'
import { shapeOfTable } from '../../lib/data/table-shape.ts'

t.test('as many buckets as the next power of two, at least four', async (t) => {
  for (const [count, buckets] of [
    [0, 4],
    [4, 4],
    [5, 8],
    [4096, 4096],
    [4097, 8192],
  ] as const) {
    const names = Array.from({ length: count }, (_, i) => `${i}`)
    const shape = shapeOfTable(names, count)
    t.equal(shape.buckets, buckets)
    const held = shape.bucketsByLength.reduce((sum, many, length) => sum + many * length, 0)
    t.equal(held, count)
    t.equal(
      shape.bucketsByLength.reduce((sum, many) => sum + many, 0),
      buckets,
    )
  }
})
