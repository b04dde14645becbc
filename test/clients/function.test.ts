/** Functions in a cluster of threads: replicas have them, by the stream and by a whole copy, and they outlive a node's life. */
import t from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import type { RespError } from '../support/resp-client.ts'
import { ask, startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

const library = (name: string, answer: string) =>
  `#!lua name=${name}\nredis.register_function{function_name='${name}', callback=function(keys) return '${answer}' end, flags={'no-writes'}}`

/** The names of libraries that a node has. */
async function librariesOf(node: ClusterNode): Promise<string[]> {
  const list = (await ask(node, 'FUNCTION', 'LIST')) as [string, string][]
  return list.map(([, name]) => name).sort()
}

function has(node: ClusterNode, expected: readonly string[]) {
  return waitFor(
    `the libraries ${expected}`,
    () => librariesOf(node),
    (names) => names.join() === expected.join(),
  )
}

t.test('what changes functions goes to the replicas', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [master, replica] = cluster.nodes as [ClusterNode, ClusterNode]
  await ask(master, 'FUNCTION', 'LOAD', library('one', 'first'))
  await has(replica, ['one'])
  await ask(master, 'FUNCTION', 'LOAD', 'REPLACE', library('one', 'second'))
  // What comes last tells that the rest has come.
  await ask(master, 'FUNCTION', 'LOAD', library('two', 'x'))
  await has(replica, ['one', 'two'])
  t.equal(await ask(replica, 'FCALL', 'one', '0'), 'second')
  t.equal(await ask(replica, 'FCALL_RO', 'one', '0'), 'second')
  const refused = await ask(replica, 'FUNCTION', 'LOAD', library('three', 'x'))
  t.match((refused as RespError).message, /^READONLY /)
  const payload = (await ask(master, 'FUNCTION', 'DUMP')) as string
  await ask(master, 'FUNCTION', 'DELETE', 'one')
  await has(replica, ['two'])
  await ask(master, 'FUNCTION', 'FLUSH')
  await has(replica, [])
  t.equal(await ask(master, 'FUNCTION', 'RESTORE', payload), 'OK')
  await has(replica, ['one', 'two'])
})

t.test('a replica that comes later has them, and the one that takes over calls them', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 1 })
  const [master, replica] = cluster.nodes as [ClusterNode, ClusterNode]
  await cluster.kill(replica)
  await ask(master, 'FUNCTION', 'LOAD', library('one', 'kept'))
  await cluster.restart(replica)
  await has(replica, ['one'])
  await cluster.failover(replica)
  t.equal(await ask(replica, 'FCALL', 'one', '0'), 'kept')
})

t.test('they outlive a restart of the server that saved them', async (t) => {
  const config = { 'cluster-enabled': 'no' }
  const cluster = await startForTest(t, { masters: 1, replicas: 0, config })
  const [node] = cluster.nodes as [ClusterNode]
  await ask(node, 'FUNCTION', 'LOAD', library('one', 'saved'))
  t.equal(await ask(node, 'SAVE'), 'OK')
  await cluster.kill(node)
  await cluster.restart(node)
  t.equal(await ask(node, 'FCALL', 'one', '0'), 'saved')
})
