import t from 'tap'
import { slopeOf } from './trend.ts'

t.test('the slope of a line, and of what lies around it', async (t) => {
  t.equal(
    slopeOf([
      { at: 10, figure: 5 },
      { at: 12, figure: 9 },
    ]),
    2,
  )
  t.equal(slopeOf([0, 1, 2, 3].map((at) => ({ at, figure: 7 }))), 0)
  const around = [0, 1, 2, 3].map((at) => ({ at, figure: -at + (at % 3 === 0 ? 0.5 : -0.5) }))
  t.equal(slopeOf(around), -1)
})

t.test('one point in time has no slope', async (t) => {
  t.throws(() => slopeOf([]), RangeError)
  t.throws(
    () =>
      slopeOf([
        { at: 1, figure: 1 },
        { at: 1, figure: 2 },
      ]),
    RangeError,
  )
})
