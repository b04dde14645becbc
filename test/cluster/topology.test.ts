import t from 'tap'
import { Bot } from './bot.ts'
import { range } from './network.ts'
import { setStage } from './stage.ts'

const ME = 'm'.repeat(40)

/** We serve 0-99 and 200; a bot with a replica serves 100-199. */
function cluster() {
  const set = setStage()
  const master = new Bot(set.stage, 1).claim(1, range(100, 199)).join()
  const replica = new Bot(set.stage, 2).replicate(master.id, master.header.slots).join()
  replica.ping()
  set.machine.addSlots([...range(0, 99), 200])
  set.stage.effects.push(...set.machine.drain())
  const rename = (bot: Bot, hostname: string) =>
    bot.say({
      type: 'ping',
      header: bot.header,
      gossip: [],
      extensions: [{ type: 'hostname', hostname }],
    })
  const progress = (bot: Bot, offset: number) => {
    bot.header = { ...bot.header, offset }
    bot.ping()
  }
  return { ...set, master, replica, rename, progress }
}

t.test('CLUSTER SLOTS has one range per run of slots of one owner, in slot order', async (t) => {
  const { machine, master } = cluster()
  t.same(
    machine.describeSlots().map(({ start, end, nodes }) => [start, end, nodes[0]?.id]),
    [
      [0, 99, ME],
      [100, 199, master.id],
      [200, 200, ME],
    ],
  )
  t.same(machine.describeSlots()[0]?.nodes[0], {
    endpoint: '10.0.0.1',
    port: 7000,
    id: ME,
    metadata: [],
  })
})

t.test(
  'a replica appears in CLUSTER SLOTS once its offset is known, and unless it failed',
  async (t) => {
    const { machine, master, replica, progress } = cluster()
    const ids = () => machine.describeSlots()[1]?.nodes.map(({ id }) => id)
    t.same(ids(), [master.id])
    progress(replica, 5)
    t.same(ids(), [master.id, replica.id])
    master.say({ type: 'fail', header: master.header, node: replica.id })
    t.same(ids(), [master.id])
  },
)

t.test('endpoint and metadata follow cluster-preferred-endpoint-type', async (t) => {
  const { machine, master, rename, settings } = cluster()
  const node = () => {
    const { endpoint, metadata } = machine.describeSlots()[1]?.nodes[0] ?? {}
    return [endpoint, metadata]
  }
  rename(master, 'a.example')
  t.same(node(), ['10.0.0.9', [['hostname', 'a.example']]])
  settings.preferredEndpointType = 'hostname'
  t.same(node(), ['a.example', [['ip', '10.0.0.9']]])
  rename(master, '')
  t.same(node(), ['?', [['ip', '10.0.0.9']]])
  settings.preferredEndpointType = 'unknown-endpoint'
  t.same(node(), [undefined, [['ip', '10.0.0.9']]])
  rename(master, 'a.example')
  t.same(node(), [
    undefined,
    [
      ['ip', '10.0.0.9'],
      ['hostname', 'a.example'],
    ],
  ])
})

t.test('CLUSTER SHARDS has one shard per master, slots or not, the master first', async (t) => {
  const { stage, machine, master, replica } = cluster()
  const slotless = new Bot(stage, 3).join()
  const shards = machine.describeShards()
  t.same(
    shards.map(({ ranges, nodes }) => [ranges, nodes.map(({ id }) => id)]),
    [
      [
        [
          [0, 99],
          [200, 200],
        ],
        [ME],
      ],
      [[[100, 199]], [master.id, replica.id]],
      [[], [slotless.id]],
    ],
  )
})

t.test('CLUSTER SHARDS tells how a node is', async (t) => {
  const { machine, master, replica, progress, facts, settings } = cluster()
  facts.offset = 77
  const shards = () => machine.describeShards().map(({ nodes }) => nodes)
  t.same(shards()[0]?.[0], {
    id: ME,
    port: 7000,
    ip: '10.0.0.1',
    endpoint: '10.0.0.1',
    hostname: undefined,
    role: 'master',
    replicationOffset: 77,
    health: 'online',
  })
  t.match(shards()[1]?.[1], { role: 'replica', replicationOffset: 0, health: 'loading' })
  progress(replica, 9)
  t.match(shards()[1]?.[1], { replicationOffset: 9, health: 'online' })
  master.say({ type: 'fail', header: master.header, node: replica.id })
  t.match(shards()[1]?.[1], { health: 'fail' })
  settings.preferredEndpointType = 'hostname'
  t.match(shards()[1]?.[0], { ip: '10.0.0.9', endpoint: '?' })
  settings.preferredEndpointType = 'unknown-endpoint'
  t.match(shards()[1]?.[0], { ip: '10.0.0.9', endpoint: '' })
})

t.test('CLUSTER LINKS has the link to a node, then the link from it', async (t) => {
  const { machine, facts, master, replica } = cluster()
  facts.sendBufferBytes = 4096
  t.same(
    machine.describeLinks().map(({ direction, node }) => [direction, node]),
    [
      ['to', master.id],
      ['from', master.id],
      ['to', replica.id],
      ['from', replica.id],
    ],
  )
  t.match(machine.describeLinks()[0], {
    events: 'r',
    sendBufferAllocated: 4096,
    sendBufferUsed: 0,
    createTimeMs: machine.node(master.id)!.outbound!.createdMs,
  })
})

t.test('a link of a stranger is not listed', async (t) => {
  const { stage, machine } = setStage()
  new Bot(stage, 1).ping()
  t.same(machine.describeLinks(), [])
})
