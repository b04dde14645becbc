/**
 * A script that is debugged on a node of a cluster: the node keeps nobody but its clients waiting, and ends when it is told to.
 */
import t from 'tap'
import { startCluster } from '../../lib/index.ts'
import { DebuggerClient } from '../support/debugger-client.ts'
import { RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

const NODE_TIMEOUT_MS = 500

t.test('peers hear from a node whose clients wait for a debugger', async (t) => {
  const cluster = await startCluster({
    masters: 3,
    replicas: 1,
    failureDetection: 'timeout',
    nodeTimeout: NODE_TIMEOUT_MS,
  })
  t.teardown(() => cluster.stop())
  const node = cluster.masterFor('k')
  const peer = cluster.masters.find(({ id }) => id !== node.id)
  const client = await DebuggerClient.connect(node.port)
  t.teardown(() => client.close())
  await client.say('script debug sync')
  const source = "redis.call('set', KEYS[1], 'v')\nreturn redis.call('get', KEYS[1])"
  t.match(await client.say(['eval', source, '1', 'k']), /Stopped at 1/)
  const beganMs = Date.now()
  const observer = await RespClient.connect(peer?.port ?? 0)
  t.teardown(() => observer.close())
  const line = await waitFor(
    'a pong of the node, long after it would have been held for failed',
    async () => {
      const { raw } = await observer.command('CLUSTER', 'NODES')
      return raw.split('\n').find((text) => text.startsWith(node.id)) ?? ''
    },
    (text) => Number(text.split(' ')[5]) > beganMs + 3 * NODE_TIMEOUT_MS,
  )
  t.match(line, / master - /)
  t.equal(node.role, 'master')
  t.match(await client.say('s'), /<reply> "\+OK"/)
  t.match(await client.say('c'), /<endsession>\r\n\$1\r\nv\r\n<end>$/)
})

t.test('a node ends in the middle of a session', async (t) => {
  const cluster = await startCluster({ masters: 3, replicas: 0 })
  const clients: DebuggerClient[] = []
  for (const mode of ['yes', 'sync']) {
    const client = await DebuggerClient.connect(cluster.nodes[0]?.port ?? 0)
    clients.push(client)
    await client.say(`script debug ${mode}`)
    t.match(await client.say(['eval', 'return 1', '0']), /Stopped at 1/)
  }
  await cluster.stop()
  for (const client of clients) t.equal(await client.answer(), '<end>')
})
