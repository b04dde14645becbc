/** Size classes and texts, compared with what redis-server 7.0.15 says of its own. */
import t from 'tap'
import { allocationBytes, bucketBytes, textBytes } from '../../lib/base/allocation.ts'

t.test('requests are rounded up to the classes of the allocator', async (t) => {
  const classes = [
    [0, 8],
    [8, 8],
    [9, 16],
    [17, 32],
    [33, 48],
    [113, 128],
    [128, 128],
    [129, 160],
    [160, 160],
    [161, 192],
    [264, 320],
    [1543, 1792],
    [8039, 8192],
    [40_006, 40_960],
    [2 ** 31, 2 ** 31],
    [2 ** 33 + 1, 2 ** 33 + 1],
  ] as const
  for (const [bytes, expected] of classes) t.equal(allocationBytes(bytes), expected, `${bytes}`)
})

t.test('a text has a head that grows with it', async (t) => {
  t.equal(textBytes(1), 8)
  t.equal(textBytes(31), 48)
  t.equal(textBytes(100), 112)
  t.equal(textBytes(300), 320)
  t.equal(textBytes(40_000), 40_960)
  t.equal(textBytes(70_000), 81_920)
})

t.test('buckets double', async (t) => {
  t.same(
    [0, 4, 5, 128, 129].map((entries) => bucketBytes(entries)),
    [32, 32, 64, 1024, 2048],
  )
})
