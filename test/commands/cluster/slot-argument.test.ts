import t from 'tap'
import { integerOf, isSlot, slotOf } from '../../../lib/commands/cluster/slot-argument.ts'

t.test('slots and integers among arguments', async (t) => {
  t.equal(slotOf('16383'), 16_383)
  for (const text of [undefined, '', 'x', '-1', '16384', '1.5', '99999999999999999999']) {
    t.throws(() => slotOf(text), { message: 'ERR Invalid or out of range slot' }, `${text}`)
  }
  t.equal(integerOf('-5'), -5)
  for (const text of [undefined, 'x', '1.5']) {
    t.throws(() => integerOf(text), { message: 'ERR value is not an integer or out of range' })
  }
  t.same([-1, 0, 16_383, 16_384].map(isSlot), [false, true, true, false])
})
