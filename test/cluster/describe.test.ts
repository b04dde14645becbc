import t from 'tap'
import { Bot } from './bot.ts'
import { START_MS, setStage } from './stage.ts'

const ME = 'm'.repeat(40)

t.test('a node alone does not know its ip', async (t) => {
  const { machine } = setStage()
  t.equal(machine.describeNodes(), `${ME} :7000@17000 myself,master - 0 0 0 connected\n`)
})

t.test(
  'CLUSTER NODES is a line per node with flags, master, times, epoch, link and slots',
  async (t) => {
    const { stage, machine } = setStage()
    const master = new Bot(stage, 1).claim(3, [1, 2, 3, 7, 9, 10]).join()
    const replica = new Bot(stage, 2).replicate(master.id, master.header.slots).join()
    replica.ping()
    const [mine, ofMaster, ofReplica] = machine.describeNodes().split('\n')
    t.equal(mine, `${ME} 10.0.0.1:7000@17000 myself,master - 0 0 0 connected`)
    const masterPong = START_MS + 100
    t.equal(
      ofMaster,
      `${master.id} 10.0.0.9:8001@18001 master - 0 ${masterPong} 3 connected 1-3 7 9-10`,
    )
    t.equal(
      ofReplica,
      `${replica.id} 10.0.0.9:8002@18002 slave ${master.id} 0 ${masterPong + 100} 3 connected`,
      "a replica shows its master's epoch",
    )
  },
)

t.test('a hostname follows the bus port', async (t) => {
  const { stage, machine } = setStage({ settings: { announceHostname: 'node-a.example' } })
  const bot = new Bot(stage, 1).join()
  const say = (extensions: { type: 'hostname'; hostname: string }[]) =>
    bot.say({ type: 'ping', header: bot.header, gossip: [], extensions })
  say([{ type: 'hostname', hostname: 'node-b.example' }])
  t.match(machine.describeNodes(), ' 10.0.0.1:7000@17000,node-a.example myself,master ')
  t.match(machine.describeNodes(), ' 10.0.0.9:8001@18001,node-b.example master ')
  say([])
  t.match(machine.describeNodes(), ' 10.0.0.9:8001@18001 master ', 'no extension: no hostname')
})

t.test('flags are printed in one order', async (t) => {
  const { stage, machine } = setStage({
    settings: { failureDetection: 'instant', replicaNoFailover: true },
  })
  const bot = new Bot(stage, 1).join()
  stage.step({ type: 'unreachable', node: bot.id })
  t.match(machine.describeNodes(), / myself,master,nofailover /)
  t.match(machine.describeNodes(), / master,fail\? /)
  const other = new Bot(stage, 2).join()
  other.say({ type: 'fail', header: other.header, node: bot.id })
  t.match(machine.describeNodes(), / master,fail /)
})

t.test('open slots are on our own line, in order, the migration before the import', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(1, [9]).join()
  machine.addSlots([20, 3])
  machine.setSlotMigrating(20, bot.id)
  machine.setSlotImporting(9, bot.id)
  machine.setSlotMigrating(3, bot.id)
  const [mine] = machine.describeNodes().split('\n')
  t.match(mine, ` connected 3 20 [3->-${bot.id}] [9-<-${bot.id}] [20->-${bot.id}]`)
})

t.test('a link that is down is told, and a pending ping with its time', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  stage.run(1100)
  const line = () => machine.describeNodes().split('\n')[1]!.split(' ')
  t.equal(line()[4], `${machine.node(bot.id)!.pingSentMs}`)
  t.not(line()[4], '0')
  stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
  t.equal(line()[7], 'disconnected')
})

t.test('CLUSTER INFO of a node alone', async (t) => {
  const { machine } = setStage()
  t.equal(
    machine.describeInfo(),
    [
      'cluster_state:fail',
      'cluster_slots_assigned:0',
      'cluster_slots_ok:0',
      'cluster_slots_pfail:0',
      'cluster_slots_fail:0',
      'cluster_known_nodes:1',
      'cluster_size:1',
      'cluster_current_epoch:0',
      'cluster_my_epoch:0',
      'cluster_stats_messages_sent:0',
      'cluster_stats_messages_received:0',
      'total_cluster_links_buffer_limit_exceeded:0',
      '',
    ].join('\r\n'),
  )
})

t.test('CLUSTER INFO counts slots by the health of their owner and messages by type', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  machine.addSlots([0, 1, 2])
  const bots = [1, 2].map((i) => new Bot(stage, i).claim(i, [10 * i, 10 * i + 1]).join())
  stage.step({ type: 'unreachable', node: bots[0]!.id })
  bots[0]!.say({ type: 'fail', header: bots[0]!.header, node: bots[1]!.id })
  stage.step({ type: 'dropped', messageType: 0 })
  stage.step({ type: 'dropped', messageType: 11 })
  const info = machine.describeInfo()
  t.match(info, 'cluster_slots_ok:3\r\ncluster_slots_pfail:2\r\ncluster_slots_fail:2\r\n')
  const counters = info.split('\r\n').filter((line) => /messages/.test(line))
  const received = counters.filter((line) => /received/.test(line))
  t.same(received, [
    'cluster_stats_messages_ping_received:3',
    'cluster_stats_messages_pong_received:2',
    'cluster_stats_messages_meet_received:2',
    'cluster_stats_messages_fail_received:1',
    'cluster_stats_messages_received:8',
  ])
  const sent = stage.effectsOf('send').length
  t.ok(counters.includes(`cluster_stats_messages_sent:${sent}`))
})

t.test('CLUSTER REPLICAS are the lines of the replicas of a master', async (t) => {
  const { stage, machine } = setStage()
  const master = new Bot(stage, 1).join()
  const replica = new Bot(stage, 2).replicate(master.id).join()
  replica.ping()
  t.same(machine.describeReplicas(machine.myId), [])
  const lines = machine.describeReplicas(master.id)
  t.equal(lines.length, 1)
  t.ok(machine.describeNodes().includes(`${lines[0]}\n`))
  t.throws(() => machine.describeReplicas('zz'), { message: 'ERR Unknown node zz' })
  t.throws(() => machine.describeReplicas(replica.id), {
    message: 'ERR The specified node is not a master',
  })
})
