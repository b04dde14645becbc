import t from 'tap'
import { toInt64, toUint64 } from '../../lib/base/c-integer.ts'

t.test('doubles as 64-bit integers', async (t) => {
  const least = -(2n ** 63n)
  const table: [value: number, signed: bigint, unsigned: bigint][] = [
    [0, 0n, 0n],
    [1.9, 1n, 1n],
    [-1.9, -1n, 2n ** 64n - 1n],
    [-(2 ** 63), least, 2n ** 63n],
    [2 ** 63, least, 2n ** 63n],
    [2 ** 63 + 2048, least, 2n ** 63n + 2048n],
    [2 ** 64, least, 0n],
    [1e300, least, 0n],
    [-1e300, least, 2n ** 63n],
    [Number.POSITIVE_INFINITY, least, 0n],
    [Number.NaN, least, 2n ** 63n],
  ]
  for (const [value, signed, unsigned] of table) {
    t.equal(toInt64(value), signed, `${value}`)
    t.equal(toUint64(value), unsigned, `${value}`)
  }
})
