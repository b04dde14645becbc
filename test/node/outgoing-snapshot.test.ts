import { Buffer } from 'node:buffer'
import t from 'tap'
import { Alarm } from '../../lib/node/alarm.ts'
import { Config } from '../../lib/node/config/config.ts'
import { chunksOf, OutgoingSnapshot } from '../../lib/node/outgoing-snapshot.ts'
import type { Session } from '../../lib/node/session.ts'
import type { ReplicationInput } from '../../lib/replication/input.ts'
import { NodeHarness } from '../support/node-harness.ts'

const MEGABYTE = 1024 * 1024

/** Data of two megabytes on its way to one session, of which the test says how much waits for it. */
function stage({ values = 20 } = {}) {
  const harness = new NodeHarness({ config: { rdbcompression: 'no' } })
  const client = harness.connect()
  for (let i = 0; i < values; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
  const { clock } = harness
  const alarm = new Alarm(clock, () => {})
  const inputs: ReplicationInput[] = []
  const output = { waitingBytes: 0 }
  const state = { ended: 0 }
  const outgoing = new OutgoingSnapshot(harness.node.dataset.write('all', []), 3, {
    clock,
    alarm,
    config: new Config(),
    microseconds: () => 0,
    takers: () => [{ id: 9, output } as unknown as Session],
    step: (input) => inputs.push(input),
    ended: () => state.ended++,
  })
  const pass = (milliseconds: number) => {
    clock.now += milliseconds
    alarm.ring()
  }
  const bytes = () =>
    inputs.reduce((sum, input) => sum + (input.type === 'chunk' ? input.bytes.length : 0), 0)
  return { outgoing, inputs, output, state, pass, bytes }
}

t.test('it goes as fast as it is read', async (t) => {
  const { outgoing, inputs, output, state, pass, bytes } = stage()
  const first = bytes()
  t.ok(first > 100_000 && first < MEGABYTE, `a slice: ${first}`)
  output.waitingBytes = MEGABYTE
  for (let i = 0; i < 100; i++) pass(5)
  t.equal(bytes(), first)
  output.waitingBytes = 0
  for (let i = 0; i < 100; i++) pass(5)
  t.ok(bytes() > 2_000_000)
  t.strictSame(inputs.at(-1), { type: 'chunks-ended', transfer: 3 })
  t.equal(state.ended, 1)
  t.ok(outgoing.isOver)
})

t.test('who reads nothing for too long is told of', async (t) => {
  const { inputs, output, pass } = stage()
  output.waitingBytes = MEGABYTE
  pass(60_000)
  t.notOk(inputs.some(({ type }) => type === 'snapshot-stuck'))
  pass(5)
  t.strictSame(inputs.at(-1), { type: 'snapshot-stuck', client: 9 })
})

t.test('a file goes in chunks', async (t) => {
  const file = Buffer.from('x'.repeat(150_000))
  const source = chunksOf(file)
  const chunks: Buffer[] = []
  for (let next = source.next(); next.done !== true; next = source.next()) chunks.push(next.value)
  t.same(
    chunks.map(({ length }) => length),
    [65_536, 65_536, 18_928],
  )
  t.ok(Buffer.concat(chunks).equals(file))
  t.equal(chunksOf(Buffer.alloc(0)).next().done, true)
})

t.test('given up, nothing more comes', async (t) => {
  const { outgoing, inputs, pass } = stage()
  const { length } = inputs
  outgoing.cancel()
  for (let i = 0; i < 10; i++) pass(5)
  t.equal(inputs.length, length)
})
