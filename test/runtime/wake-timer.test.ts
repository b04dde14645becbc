/** A timer that knows one time only. */
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import t, { type Test } from 'tap'
import { WakeTimer } from '../../lib/runtime/wake-timer.ts'

/** A timer, how often it went off, and the next time it does. */
function start(t: Test) {
  const target = new EventTarget()
  const state = { wakes: 0 }
  const timer = new WakeTimer(() => {
    state.wakes++
    target.dispatchEvent(new Event('wake'))
  })
  t.teardown(() => timer.stop())
  return { timer, state, wake: () => once(target, 'wake') }
}

/** Lets all go off that is due at once. */
const round = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

t.test('what is due is due after what has come from the sockets', async (t) => {
  const { timer, state } = start(t)
  timer.set(0)
  await Promise.resolve()
  t.equal(state.wakes, 0, 'not within the turn')
  await round()
  t.equal(state.wakes, 1)
  timer.set(-5)
  await round()
  t.equal(state.wakes, 2)
})

t.test('a later wish replaces the earlier', async (t) => {
  const { timer, state, wake } = start(t)
  timer.set(0)
  timer.set(1)
  const begunAt = performance.now()
  timer.set(30)
  await wake()
  t.ok(performance.now() - begunAt > 28)
  await round()
  t.equal(state.wakes, 1)
  timer.set(1)
  timer.set(0)
  timer.stop()
  await new Promise((resolve) => setTimeout(resolve, 10))
  t.equal(state.wakes, 1, 'and none is the last')
})

t.test('a time that no timer can wait for is not now', async (t) => {
  const { timer, state } = start(t)
  timer.set(2 ** 40)
  await new Promise((resolve) => setTimeout(resolve, 10))
  t.equal(state.wakes, 0)
})
