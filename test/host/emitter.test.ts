import t from 'tap'
import { ClusterEmitter } from '../../lib/host/emitter.ts'

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

t.test('a listener that waits for one event keeps the process alive, others do not', async (t) => {
  const emitter = new ClusterEmitter()
  const before = timers()
  const state = { ok: true, node: undefined }
  const heard: unknown[] = []
  const listener = (event: unknown) => heard.push(event)
  emitter.on('state', listener)
  t.equal(timers(), before)
  emitter.once('state', listener).once('role', listener)
  t.equal(timers(), before + 1)
  emitter.emit('state', state)
  t.strictSame(heard, [state, state])
  t.equal(timers(), before + 1, 'one still waits')
  emitter.off('role', listener)
  t.equal(timers(), before)
  emitter.emit('state', state)
  t.equal(heard.length, 3)
})
