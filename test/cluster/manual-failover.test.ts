import t from 'tap'
import { Bot } from './bot.ts'
import { agree, formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

t.test(
  'CLUSTER FAILOVER pauses the master, waits for the offset, and swaps the roles',
  async (t) => {
    for (const failureDetection of ['timeout', 'instant'] as const) {
      const network = new Network('graceful', { failureDetection })
      const nodes = formCluster(network, 3, 1)
      const [master, replica] = [nodes[0]!, nodes[3]!]
      network.run(5000)
      master.offset = 66
      network.tell(replica, (machine) => machine.failover('graceful'))
      network.run(2)
      t.ok(master.writesPaused)
      const tookMs = network.until(
        'roles are swapped',
        () => agree(nodes) && replica.machine.role === 'master',
      )
      t.comment(`${failureDetection}: ${tookMs} ms`)
      t.ok(tookMs < 500)
      t.equal(master.machine.role, 'replica')
      t.equal(master.following?.id, replica.id)
      t.notOk(master.writesPaused)
      const logs = replica.logs
        .slice(replica.logs.indexOf('Manual failover user request accepted.'))
        .filter((line) => !line.startsWith('Currently unable'))
      const epoch = replica.machine.record().configEpoch
      t.same(logs.slice(0, 7), [
        'Manual failover user request accepted.',
        'Received replication offset for paused master manual failover: 66',
        'All master replication stream processed, manual failover can start.',
        'Start of election delayed for 0 milliseconds (rank #0, offset 66).',
        `Starting a failover election for epoch ${epoch}.`,
        "Failover election won: I'm the new master.",
        `configEpoch set to ${epoch} after successful failover`,
      ])
      t.ok(master.logged(`Manual failover requested by replica ${replica.id}.`))
    }
  },
)

t.test('it runs out after five seconds and the master takes writes again', async (t) => {
  const { stage, machine } = setStage()
  const replica = new Bot(stage, 1).replicate(machine.myId).join()
  replica.ping()
  machine.addSlots([1])
  stage.effects.push(...machine.drain())
  replica.say({ type: 'mfstart', header: replica.header })
  t.same(stage.effectsOf('pause-writes'), [{ type: 'pause-writes', untilMs: stage.now + 10_000 }])
  const answer = replica.heard().at(-1)
  t.match(answer, { type: 'ping', header: { messageFlags: 1 } }, 'the ping says: paused')
  replica.pong()
  const before = replica.heard().length
  stage.run(500)
  t.equal(
    replica
      .heard()
      .slice(before)
      .filter(({ type }) => type === 'ping').length,
    5,
  )
  t.same(stage.effectsOf('resume-writes'), [])
  stage.run(4600)
  t.equal(stage.effectsOf('resume-writes').length, 1)
  t.ok(stage.logged('Manual failover timed out.'))
  replica.ping()
  t.match(replica.heard().at(-1), { header: { messageFlags: 0 } })
})

t.test('only our own replica can make us pause', async (t) => {
  const { stage } = setStage()
  const master = new Bot(stage, 1).join()
  master.say({ type: 'mfstart', header: master.header })
  const replica = new Bot(stage, 2).replicate(master.id).join()
  replica.ping()
  replica.say({ type: 'mfstart', header: replica.header })
  t.same(stage.effectsOf('pause-writes'), [])
})

t.test('the election waits until the replica has all that the master wrote', async (t) => {
  const { stage, machine, facts } = setStage()
  const bots = [1, 2, 3].map((i) => new Bot(stage, i).claim(i, [i]).join()) as [Bot, Bot, Bot]
  machine.replicate(bots[0].id)
  stage.effects.push(...machine.drain())
  facts.offset = 50
  machine.failover('graceful')
  stage.effects.push(...machine.drain())
  t.equal(bots[0].heard().at(-1)?.type, 'mfstart')
  bots[0].header = { ...bots[0].header, messageFlags: 1, offset: 52 }
  bots[0].ping()
  bots[0].header = { ...bots[0].header, offset: 60 }
  bots[0].ping()
  t.ok(stage.logged('Received replication offset for paused master manual failover: 52'))
  stage.run(500)
  t.notOk(stage.logged('manual failover can start'))
  facts.offset = 52
  stage.run(100)
  t.ok(stage.logged('All master replication stream processed, manual failover can start.'))
  t.ok(stage.logged('Starting a failover election for epoch 4.'))
  const request = bots[1].heard().at(-1)
  t.match(request, { type: 'auth-req', header: { messageFlags: 2 } }, 'with FORCEACK')
})
