/** Ranges and steps are those of a real server, which was asked. */
import t from 'tap'
import { DurationHistogram } from '../../lib/data/duration-histogram.ts'

function of(...microseconds: number[]): DurationHistogram {
  const histogram = new DurationHistogram()
  for (const each of microseconds) histogram.add(each, 1)
  return histogram
}

t.test('the distribution has a step where it grows', async (t) => {
  const steps = of(1_100, 2_150, 3_100, 10_100, 50_200, 1_200_000).distribution()
  t.same(
    steps.map(({ microseconds, count }) => [microseconds, count]),
    [
      [2113, 1],
      [4227, 3],
      [16908, 4],
      [67633, 5],
      [1073741, 6],
    ],
  )
  t.same(of().distribution(), [])
  t.same(of(0, 0.9, 1).distribution(), [{ microseconds: 1, count: 3 }])
})

t.test('the end of a step belongs to it', async (t) => {
  t.same(of(33, 34).distribution(), [
    { microseconds: 33, count: 1 },
    { microseconds: 66, count: 2 },
  ])
})

t.test('percentiles are the ends of ranges', async (t) => {
  t.equal(of(47).percentile(50), 47.103)
  t.equal(of(28, 61).percentile(50), 28.031)
  t.equal(of(28, 61).percentile(99), 61.183)
  t.equal(of(5, 2_000_000).percentile(99.9), 1_002_438.655)
  t.equal(of(0).percentile(50), 0.001)
  t.equal(of(47).percentile(0), 46.848)
  t.equal(of(47).percentile(100), 47.103)
  t.equal(of().percentile(50), 0)
})

t.test('one duration may stand for several calls', async (t) => {
  const histogram = of(1)
  histogram.add(100, 15)
  t.equal(histogram.total, 16)
  t.same(histogram.distribution(), [
    { microseconds: 1, count: 1 },
    { microseconds: 132, count: 16 },
  ])
})
