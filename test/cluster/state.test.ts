import t from 'tap'
import { Bot } from './bot.ts'
import { formCluster, Network, range } from './network.ts'
import { setStage } from './stage.ts'

t.test('a fresh master with all slots is up two seconds after its start', async (t) => {
  const network = new Network('fresh')
  const node = network.add()
  network.tell(node, (machine) => machine.addSlots(range(0, 16383)))
  const upMs = network.until('ok', () => node.machine.state === 'ok')
  t.ok(upMs >= 2000 && upMs <= 2100, `${upMs} ms`)
  t.ok(node.logged('Cluster state changed: ok'))
  t.same(node.effects.at(-1), { type: 'state', state: 'ok' })
})

t.test('with startupDelayMs 0 it is up at once', async (t) => {
  const { stage, machine } = setStage()
  machine.addSlots(range(0, 16383))
  stage.effects.push(...machine.drain())
  t.equal(machine.state, 'ok')
})

t.test('the size is 1 before it was ever counted, then that of masters with slots', async (t) => {
  const { stage, machine } = setStage({ settings: { startupDelayMs: 2000 } })
  stage.run(2000)
  t.match(machine.describeInfo(), 'cluster_size:1')
  stage.run(200)
  t.match(machine.describeInfo(), 'cluster_size:0')
  new Bot(stage, 1).claim(1, [1]).join()
  t.match(machine.describeInfo(), 'cluster_size:1')
})

t.test(
  'one slot without owner is a cluster that is down, unless full coverage is not required',
  async (t) => {
    const { stage, machine, settings } = setStage()
    machine.addSlots(range(1, 16383))
    stage.effects.push(...machine.drain())
    t.equal(machine.state, 'fail')
    settings.requireFullCoverage = false
    stage.run(100)
    t.equal(machine.state, 'ok')
  },
)

t.test('a slot whose owner failed is not covered; a suspect still covers it', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  machine.addSlots(range(3, 16383))
  const bots = [1, 2, 3].map((i) => new Bot(stage, i).claim(i, [i - 1]).join())
  stage.run(300)
  t.equal(machine.state, 'ok')
  stage.step({ type: 'unreachable', node: bots[0]!.id })
  t.equal(machine.state, 'ok')
  bots[1]!.say({ type: 'fail', header: bots[1]!.header, node: bots[0]!.id })
  t.equal(machine.state, 'fail')
})

t.test(
  'whoever reaches only a minority of masters is down, even where coverage is not required',
  async (t) => {
    const { stage, machine } = setStage({
      settings: { failureDetection: 'instant', requireFullCoverage: false },
    })
    machine.addSlots([0])
    const bots = [1, 2].map((i) => new Bot(stage, i).claim(i, [i]).join())
    stage.run(300)
    t.equal(machine.state, 'ok')
    for (const bot of bots) stage.step({ type: 'unreachable', node: bot.id })
    t.equal(machine.state, 'fail')
  },
)

t.test('a master that was in a minority waits before it is up again', async (t) => {
  for (const [nodeTimeoutMs, waitMs] of [
    [100, 500],
    [2000, 2000],
    [15_000, 5000],
  ] as const) {
    const { stage, machine } = setStage({ settings: { nodeTimeoutMs } })
    stage.run(1000)
    const startMs = stage.now
    machine.addSlots(range(0, 16383))
    while (machine.state === 'fail') stage.run(100)
    t.ok(Math.abs(stage.now - startMs - waitMs) <= 100, `${stage.now - startMs} ms`)
  }
})

t.test('a replica does not wait', async (t) => {
  const { stage, machine } = setStage({ settings: { startupDelayMs: 5000 } })
  const bot = new Bot(stage, 1).claim(1, range(0, 16383)).join()
  machine.replicate(bot.id)
  stage.effects.push(...machine.drain())
  t.equal(machine.state, 'ok')
})

t.test('what is due is asked for by a wake effect', async (t) => {
  const { stage, machine } = setStage({ settings: { startupDelayMs: 2000 } })
  machine.addSlots(range(0, 16383))
  stage.effects.push(...machine.drain())
  const [wake] = stage.effectsOf('wake')
  t.equal(wake?.atMs, stage.now + 2000)
  stage.now += 2000
  stage.step({ type: 'wake' })
  t.equal(machine.state, 'ok')
})

t.test('a cluster formed from nodes.conf is up with its first tick in instant mode', async (t) => {
  const forming = new Network('formed', { failureDetection: 'instant' })
  const nodes = formCluster(forming, 3, 1)
  forming.run(1000)
  for (const node of nodes) forming.kill(node)
  forming.run(1000)
  for (const node of nodes) forming.restart(node)
  const upMs = forming.until('links and state', () =>
    nodes.every((node) => {
      const { linksIn, linksOut, stateOk, failing } = node.machine.record()
      return linksIn === 5 && linksOut === 5 && stateOk && failing === 0
    }),
  )
  t.comment(`up ${upMs} ms after the start of all`)
})
