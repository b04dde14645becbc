import t from 'tap'
import { timingOf } from '../../lib/cluster/timing.ts'
import { defaultSettings } from './network.ts'

t.test("with timeouts the delays are Redis' own", async (t) => {
  t.same(timingOf({ ...defaultSettings(), nodeTimeoutMs: 15_000 }), {
    startupDelayMs: 2000,
    rejoinDelayMs: 5000,
    failClearMs: 30_000,
    voteIntervalMs: 30_000,
    electionTimeoutMs: 30_000,
    electionRetryMs: 60_000,
    electionDelayMs: 500,
    electionJitterMs: 500,
    rankDelayMs: 1000,
    turnDelayMs: 0,
  })
  t.match(timingOf({ ...defaultSettings(), nodeTimeoutMs: 100 }), {
    rejoinDelayMs: 500,
    failClearMs: 200,
    electionTimeoutMs: 2000,
    electionRetryMs: 4000,
  })
})

t.test('instant delays do not depend on the node timeout, and keep their order', async (t) => {
  const instant = (nodeTimeoutMs: number) =>
    timingOf({ ...defaultSettings(), failureDetection: 'instant', nodeTimeoutMs })
  t.same(instant(100), instant(60_000))
  const timing = instant(15_000)
  t.equal(timing.startupDelayMs, 0)
  t.ok(timing.electionDelayMs + timing.electionJitterMs < timing.rankDelayMs)
  t.ok(timing.rankDelayMs < timing.electionTimeoutMs)
  t.ok(timing.voteIntervalMs <= timing.electionRetryMs, 'the next attempt may be voted for')
})

t.test('the start of a formed cluster needs no delay in either mode', async (t) => {
  t.equal(timingOf({ ...defaultSettings(), startupDelayMs: 0 }).startupDelayMs, 0)
})
