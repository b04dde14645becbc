import t, { type Test } from 'tap'
import { RunningCluster } from '../../../lib/host/cluster.ts'
import { LeverContext, stateError, stoppedError, undo } from '../../../lib/host/lever/lever.ts'
import { resolveOptions } from '../../../lib/host/options.ts'
import { Reachability } from '../../../lib/host/reachability.ts'
import { Roster } from '../../../lib/host/roster.ts'
import { faultyPool } from '../../support/test-threads.ts'

/** A context over nodes that were never started, and the way to stop it. */
function scene(t: Test, nodes = 1) {
  const options = resolveOptions({ masters: 1, replicas: 0 })
  const { host, announcedHost, bus, failureDetection, version } = options
  const roster = new Roster({
    planned: nodes,
    pool: faultyPool(t),
    listener: { ended() {}, log() {}, told() {} },
    common: {
      seed: 1,
      host,
      announcedHost,
      bus,
      failureDetection,
      version,
      directives: [],
      log: 'nothing',
    },
  })
  for (let i = 0; i < nodes; i++) {
    roster.add({ id: `${i}`.padStart(40, 'a'), port: 7000 + i, directory: undefined })
  }
  const closing = new AbortController()
  const reachability = new Reachability(roster.shared, roster.runners, true)
  const context = new LeverContext({ options, roster, reachability, closing: closing.signal })
  return { context, roster, stop: () => closing.abort(stoppedError()) }
}

t.test('what is undone is undone once', async (t) => {
  const { context } = scene(t)
  let healed = 0
  {
    await using fault = undo(context, async () => void healed++)
    await Promise.all([fault.heal(), fault.heal()])
    t.equal(healed, 1)
  }
  t.equal(healed, 1)
})

t.test('healing fails where it fails, but not for a cluster that is gone', async (t) => {
  const { context, stop } = scene(t)
  const failing = async () => {
    throw new Error('no')
  }
  await t.rejects(undo(context, failing).heal(), { message: 'no' })
  const late = undo(context, async () => {
    stop()
    throw stoppedError()
  })
  await late.heal()
  let healed = 0
  await undo(context, async () => void healed++).heal()
  t.equal(healed, 0)
})

t.test('waits end with a change, or when the cluster is stopped', async (t) => {
  const { context, roster, stop } = scene(t)
  let isDone = false
  const waiting = context.waitUntil(() => isDone, 'nothing happened')
  isDone = true
  roster.shared.announce(0)
  await waiting
  const never = t.rejects(
    context.waitUntil(() => false, 'nothing happened'),
    { code: 'ERR_STOPPED' },
  )
  const work = t.rejects(context.inTime(new Promise(() => {}), 'nothing happened'), {
    code: 'ERR_STOPPED',
  })
  context.checkRunning()
  stop()
  await Promise.all([never, work])
  t.throws(() => context.checkRunning(), { code: 'ERR_STOPPED' })
})

t.test('errors say what was seen', async (t) => {
  const { context, roster } = scene(t)
  const [node] = roster.nodes
  t.match(context.lateError('node 0 was not back', 'ERR_TIMEOUT'), {
    code: 'ERR_TIMEOUT',
    message: /^node 0 was not back in 30 s; .*Last seen:\n {2}node 0 127\.0\.0\.1:7000 stopped/,
  })
  if (node !== undefined) {
    t.match(stateError(node, 'killed', 'it is not running'), {
      code: 'ERR_NODE_STATE',
      message: "node 0 cannot be killed: it is not running (its state is 'stopped')",
    })
  }
})

t.test('many nodes have longer', async (t) => {
  const { context } = scene(t, 100)
  t.match(context.lateError('the cluster was not ready', 'ERR_START_TIMEOUT'), {
    message: /^the cluster was not ready in 150 s; /,
  })
})

t.test('an error reply to a command is an error', async (t) => {
  const pool = faultyPool(t)
  const config = { fault: 'refuses-commands@2' }
  const cluster = await RunningCluster.start(resolveOptions({ config }), pool)
  t.teardown(() => cluster.stop())
  await t.rejects(cluster.flush(), {
    code: 'ERR_COMMAND',
    message: 'node 2 answered FLUSHALL with: ERR no',
  })
})
