import t from 'tap'
import { rangesIn, slotsIn, slotsText } from '../../lib/host/slot-list.ts'

t.test('a slot, a range, or a list of both; once each and in order', async (t) => {
  t.strictSame(slotsIn('slots', 7), [7])
  t.strictSame(slotsIn('slots', { start: 16382, end: 16383 }), [16382, 16383])
  t.strictSame(slotsIn('slots', [9, { start: 0, end: 2 }, 1, 9]), [0, 1, 2, 9])
})

t.test('what is no slot is refused', async (t) => {
  const bad = [
    -1,
    16384,
    1.5,
    '7',
    null,
    undefined,
    {},
    { start: 3, end: 2 },
    [1, [2]],
    { start: 1 },
  ]
  for (const list of bad) {
    t.throws(() => slotsIn('slots', list), {
      code: 'ERR_BAD_OPTION',
      message: /^`slots` must be slots: whole numbers from 0 to 16383, ranges .*; not /,
    })
  }
  t.throws(() => slotsIn('slots', []), { code: 'ERR_BAD_OPTION', message: /is empty/ })
})

t.test('slots in words', async (t) => {
  t.equal(slotsText([1, 2, 3, 7, 9, 10]), '1-3, 7, 9-10')
  t.strictSame(rangesIn([]), [])
})
