/** The start of a node: in which order it speaks, loads and meets others, and what becomes of it when it cannot load. */
import t from 'tap'
import { UnusableLogError } from '../../lib/node/append-only/chain.ts'
import { Config } from '../../lib/node/config/config.ts'
import { Startup, type StartupParts } from '../../lib/node/startup.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { NodeHarness } from '../support/node-harness.ts'

/** A start that writes down its steps; of a cluster node with `cluster`. */
function start(directives: readonly (readonly [string, string])[], cluster: boolean) {
  const did: string[] = []
  const config = new Config()
  config.loadPairs(directives)
  /** What loading comes to. */
  const disk: { hasLog: boolean; loading?: Error; opening?: Error } = { hasLog: false }
  const load = (what: string) => (done: () => void, failed: (error: Error) => void) => {
    did.push(`load ${what}`)
    if (disk.loading === undefined) done()
    else failed(disk.loading)
  }
  const master = { machine: { master: undefined as { port: number } | undefined } }
  const shell = {
    machine: { role: 'replica' },
    settle: () => did.push('say who'),
    step: ({ type }: { type: string }) => did.push(type),
  } as unknown as NonNullable<StartupParts['cluster']>
  const startup = new Startup({
    node: {
      appendOnly: {
        isToLoad: () => disk.hasLog,
        load: load('log'),
        open: () => {
          did.push('open log')
          if (disk.opening !== undefined) throw disk.opening
        },
      },
      persistence: { load: load('snapshot') },
      replication: {
        ...master,
        followMaster: (followed) => {
          did.push(`follow ${followed.ip} ${followed.port}`)
          master.machine.master = followed
        },
      },
    },
    config,
    cluster: cluster ? shell : undefined,
    cron: { start: () => did.push('tick') },
    view: { publishLoneNode: (port) => did.push(`lone node after ${port}`) },
  })
  const run = () =>
    startup.load(
      () => did.push('done'),
      (error) => did.push(`failed: ${error.message}`),
    )
  return { startup, did, disk, run }
}

t.test(
  'a node of a cluster says who it is before it loads, and meets the others after',
  async (t) => {
    const { startup, did, run } = start([], true)
    t.equal(startup.initialRole, 'replica', 'as its nodes.conf says')
    run()
    t.same(did.splice(0), ['say who', 'load snapshot', 'open log', 'done'])
    t.notOk(startup.isOver)
    startup.start()
    t.same(did, ['data-loaded', 'tick'])
    t.ok(startup.isOver)
  },
)

t.test('a node by itself follows the master of its configuration', async (t) => {
  const { startup, did } = start([['replicaof', 'there 7001']], false)
  t.equal(startup.initialRole, 'replica')
  startup.start()
  t.same(did, ['tick', 'follow there 7001', 'lone node after 7001'])
  const alone = start([], false)
  t.equal(alone.startup.initialRole, 'master')
  alone.startup.start()
  t.same(alone.did, ['tick', 'lone node after undefined'])
})

t.test(
  'a log that cannot be used fails the start, what nobody foresees ends the node',
  async (t) => {
    const { did, disk, run } = start([], false)
    disk.hasLog = true
    disk.loading = new UnusableLogError('spoiled')
    run()
    t.same(did.splice(0), ['load log', 'failed: spoiled'])
    disk.hasLog = false
    delete disk.loading
    disk.opening = new UnusableLogError('no room')
    run()
    t.same(did.splice(0), ['load snapshot', 'open log', 'failed: no room'])
    disk.opening = new TypeError('a fault')
    t.throws(run, disk.opening)
    t.same(did, ['load snapshot', 'open log'])
  },
)

t.test('what it says of itself is there before its data', async (t) => {
  const harness = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
  t.ok(harness.node.startup.isOver)
  t.match(harness.io.clusterConfig, /myself,master/)
  const [master, replica] = NodeCluster.start(1, 1).nodes as [NodeHarness, NodeHarness]
  t.same(
    [master, replica].map(({ node }) => node.startup.initialRole),
    ['master', 'replica'],
  )
})
