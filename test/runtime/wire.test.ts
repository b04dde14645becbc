import t from 'tap'
import type { PathFault } from '../../lib/base/fault-matrix.ts'
import { Random } from '../../lib/base/random.ts'
import { Wire } from '../../lib/runtime/wire.ts'
import { CUT, poor } from '../support/fault-stage.ts'
import { waitFor } from '../support/wait.ts'

/** A wire, what is wrong with it, and what came through. */
function wired(fault?: PathFault) {
  const scene = { fault, arrived: [] as number[] }
  const wire = new Wire(() => scene.fault, new Random(1))
  return Object.assign(scene, { wire, pass: (n: number) => wire.pass(() => scene.arrived.push(n)) })
}

t.test('nothing wrong, nothing waits', async (t) => {
  const { arrived, pass, wire } = wired()
  pass(1)
  t.strictSame(arrived, [1])
  t.equal(wire.underWay, 0)
})

t.test('a cut holds all back until it is healed, and then it is in order', async (t) => {
  const scene = wired()
  const { arrived, pass, wire } = scene
  scene.fault = CUT
  pass(1)
  pass(2)
  wire.look()
  t.strictSame(arrived, [])
  t.equal(wire.underWay, 2)
  scene.fault = undefined
  // What is sent before the node has looked comes after what waits.
  wire.pass(() => {
    arrived.push(3)
    pass(4)
  })
  t.strictSame(arrived, [1, 2, 3, 4])
})

t.test('a delay is one, drawn for each, and keeps the order', async (t) => {
  const { arrived, pass, wire } = wired(poor({ minMs: 1, maxMs: 30 }))
  const begunMs = performance.now()
  for (let i = 1; i <= 20; i++) pass(i)
  t.strictSame(arrived, [])
  await waitFor(
    'all',
    () => arrived.length,
    (length) => length === 20,
  )
  t.ok(performance.now() - begunMs >= 1)
  t.strictSame(
    arrived,
    Array.from({ length: 20 }, (_, i) => i + 1),
  )
  t.equal(wire.underWay, 0)
})

t.test('a cut in the middle of a delay holds what is under way', async (t) => {
  const scene = wired(poor({ minMs: 5, maxMs: 5 }))
  const { arrived, pass, wire } = scene
  pass(1)
  scene.fault = CUT
  wire.look()
  const other = wired(poor({ minMs: 20, maxMs: 20 }))
  other.pass(1)
  await waitFor(
    'the slower wire',
    () => other.arrived.length,
    (length) => length === 1,
  )
  t.strictSame(arrived, [])
  scene.fault = undefined
  wire.look()
  t.strictSame(arrived, [1])
})

t.test('a lost piece of a stream is sent again, and what follows waits for it', async (t) => {
  const scene = wired(poor({ dropProbability: 1 }))
  const { arrived, pass } = scene
  const begunMs = performance.now()
  pass(1)
  scene.fault = poor({})
  pass(2)
  t.strictSame(arrived, [])
  await waitFor(
    'both',
    () => arrived.length,
    (length) => length === 2,
  )
  t.ok(performance.now() - begunMs >= 195)
  t.strictSame(arrived, [1, 2])
})

t.test('what is under way can be lost', async (t) => {
  const scene = wired(CUT)
  scene.pass(1)
  scene.wire.clear()
  scene.fault = undefined
  scene.wire.look()
  scene.pass(2)
  t.strictSame(scene.arrived, [2])
})
