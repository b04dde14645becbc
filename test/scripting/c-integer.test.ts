import t from 'tap'
import { toLong, toUnsignedLong } from '../../lib/scripting/c-integer.ts'

t.test('a double cast to long', async (t) => {
  const table: [value: number, long: number | bigint][] = [
    [3.99, 3],
    [-3.99, -3],
    [-0, 0],
    [-0.5, 0],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [2 ** 62, 2n ** 62n],
    [-(2 ** 63), -(2n ** 63n)],
    [2 ** 63, -(2n ** 63n)],
    [1e300, -(2n ** 63n)],
    [Number.NaN, -(2n ** 63n)],
    [Number.NEGATIVE_INFINITY, -(2n ** 63n)],
  ]
  for (const [value, long] of table) t.strictSame(toLong(value), long, String(value))
})

t.test('a double cast to unsigned long', async (t) => {
  const table: [value: number, long: bigint][] = [
    [3.99, 3n],
    [-1, 2n ** 64n - 1n],
    [2 ** 63, 2n ** 63n],
    [2 ** 64, 0n],
    [Number.NaN, 2n ** 63n],
  ]
  for (const [value, long] of table) t.equal(toUnsignedLong(value), long, String(value))
})
