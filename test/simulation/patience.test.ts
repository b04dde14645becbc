/** What does not end is stopped; what a busy machine kept from ending begins again. */
import t from 'tap'
import { withPatience } from './patience.ts'

t.test('an endless loop is stopped and told', async (t) => {
  const loop = () => {
    for (;;);
  }
  t.throws(() => withPatience(50, loop, t.pass), { message: /a run ends/ })
})

t.test('what got no processor begins again and has longer', async (t) => {
  const limitMs = 50
  const cell = new Int32Array(new SharedArrayBuffer(4))
  let attempts = 0
  const sleepAtFirst = () => {
    if (++attempts < 3) Atomics.wait(cell, 0, 0, 40 * limitMs)
    return 'done'
  }
  let renewals = 0
  const seen = withPatience(limitMs, sleepAtFirst, () => renewals++)
  t.equal(seen, 'done')
  t.strictSame([attempts, renewals], [3, 2])
})

t.test('what it throws is thrown', async (t) => {
  const fail = () => {
    throw new RangeError('planted')
  }
  t.throws(() => withPatience(10_000, fail, t.fail), RangeError)
})
