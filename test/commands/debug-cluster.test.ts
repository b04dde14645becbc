import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { NodeCluster } from '../support/node-cluster.ts'

t.test('without a cluster', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['DEBUG DROP-CLUSTER-PACKET-FILTER 0', '+OK|'],
    ['DEBUG DROP-CLUSTER-PACKET-FILTER x', '-ERR value is not an integer or out of range|'],
    [
      'DEBUG CLUSTERLINK KILL to x',
      '-ERR Debug option only available for cluster mode enabled setup!|',
    ],
  ])
})

t.test('links break and are made again', async (t) => {
  const cluster = NodeCluster.start(2, 0, { 'enable-debug-command': 'yes' })
  const [one, other] = cluster.nodes
  if (one === undefined || other === undefined) throw new Error('two nodes')
  const client = one.connect()
  const id = other.node.cluster?.myId ?? ''
  const links = () =>
    one.node.cluster
      ?.describeLinks()
      .map(({ direction }) => direction)
      .sort()
  for (const [word, left] of [
    ['to', ['from']],
    ['FROM', ['to']],
    ['all', []],
  ] as const) {
    t.same(links(), ['from', 'to'])
    t.equal(one.type(client, `DEBUG CLUSTERLINK KILL ${word} ${id}`), '+OK\r\n')
    t.same(links(), left, word)
    cluster.pass(1000)
  }
  t.equal(
    one.type(client, 'DEBUG CLUSTERLINK KILL to nobody', 'DEBUG CLUSTERLINK KILL up x'),
    "-ERR Unknown node nobody\r\n-ERR unknown subcommand or wrong number of arguments for 'CLUSTERLINK'. Try DEBUG HELP.\r\n",
  )
})
