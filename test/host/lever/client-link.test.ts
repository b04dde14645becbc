import t from 'tap'
import type { ClusterNode } from '../../../lib/host/handle.ts'
import { RespClient } from '../../support/resp-client.ts'
import { ask, startForTest } from '../../support/started-cluster.ts'

t.test(
  'a node that is cut from its clients hears them later, old and new ones, and does not mind',
  async (t) => {
    const cluster = await startForTest(t, { masters: 1, replicas: 1 })
    const [master, replica] = cluster.nodes as [ClusterNode, ClusterNode]
    const early = await RespClient.connect(master.port)
    t.teardown(() => early.close())
    t.equal((await early.command('PING')).value, 'PONG')
    const gone = await RespClient.connect(master.port)
    t.equal((await gone.command('PING')).value, 'PONG')

    const cut = await cluster.clientLink(master).cut()
    const late = await RespClient.connect(master.port)
    t.teardown(() => late.close())
    const answers = [
      early.command('APPEND', 'k', 'a'),
      early.command('APPEND', 'k', 'b'),
      late.command('ECHO', 'c'),
    ]
    await gone.close()
    await cluster.restart(replica)
    t.match(replica, { inSync: true, clusterOk: true }, 'a replica is no client')
    t.equal(await ask(replica, 'DBSIZE'), 0)
    await cut.heal()
    const values = (await Promise.all(answers)).map(({ value }) => value)
    t.strictSame(values, [1, 2, 'c'])
    t.equal((await early.command('GET', 'k')).value, 'ab')
  },
)

t.test('a delay works both ways', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 0 })
  const [node] = cluster.nodes as [ClusterNode]
  const client = await RespClient.connect(node.port)
  t.teardown(() => client.close())
  const slow = await cluster.clientLink(node).delay(30)
  const begunMs = performance.now()
  const replies = await client.pipeline([
    ['SET', 'a', '1'],
    ['INCR', 'a'],
    ['GET', 'a'],
  ])
  t.ok(performance.now() - begunMs >= 55)
  t.strictSame(
    replies.map(({ value }) => value),
    ['OK', 2, '2'],
  )
  const hurried = client.command('GET', 'a')
  await slow.heal()
  t.equal((await hurried).value, '2')
})
