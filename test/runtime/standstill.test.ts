import { performance } from 'node:perf_hooks'
import t from 'tap'
import { standStill } from '../../lib/runtime/standstill.ts'

t.test('nothing goes on in a thread that stands still', async (t) => {
  let went = false
  setImmediate(() => {
    went = true
  })
  const begunMs = performance.now()
  standStill(20)
  t.ok(performance.now() - begunMs >= 19, 'it has been so long')
  t.equal(went, false)
})
