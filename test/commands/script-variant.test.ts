import t from 'tap'
import { variantFor } from '../../lib/commands/script-variant.ts'
import { evaluate, evaluateReadonly } from '../../lib/commands/scripting.ts'

const nothing = { noWrites: false, allowsOom: false, allowsStale: false }

t.test('a script is to the gates what it says of itself', async (t) => {
  const writer = variantFor(evaluate, nothing)
  t.same([writer.isWrite, writer.has('denyoom'), writer.has('stale')], [true, true, false])
  const reader = variantFor(evaluate, { noWrites: true, allowsOom: false, allowsStale: true })
  t.same([reader.isWrite, reader.has('denyoom'), reader.has('stale')], [false, false, true])
  const greedy = variantFor(evaluate, { ...nothing, allowsOom: true })
  t.same([greedy.isWrite, greedy.has('denyoom')], [true, false])
  // It writes, and that is what is refused: a command that only reads does not make it another one.
  const readonly = variantFor(evaluateReadonly, nothing)
  t.same([readonly.isWrite, readonly.isReadonly], [true, false])
  const harmless = variantFor(evaluateReadonly, { ...nothing, noWrites: true })
  t.same([harmless.isWrite, harmless.isReadonly], [false, true])
})

t.test('all else stays, and it is made once', async (t) => {
  const variant = variantFor(evaluate, nothing)
  t.equal(variantFor(evaluate, { ...nothing }), variant)
  t.equal(variant.fullName, 'eval')
  t.equal(variant.movableKeys, true)
  t.equal(variant.has('skip_monitor') && variant.has('noscript'), true)
})
