/** A cluster with a directory and an append-only file loses nothing it acknowledged, whoever is killed, and goes on from it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { nodeDirectory } from '../support/node-directory.ts'
import { RespClient } from '../support/resp-client.ts'
import { ask, startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

const config = { appendonly: 'yes', appendfsync: 'always' }

function clientOf(t: Test, cluster: Cluster): InstanceType<typeof Redis.Cluster> {
  const client = new Redis.Cluster([...cluster.addresses], { clusterRetryStrategy: () => 50 })
  // It says so when nobody answers for a moment.
  client.on('error', () => {})
  t.teardown(() => client.disconnect())
  return client
}

async function missing(
  client: InstanceType<typeof Redis.Cluster>,
  written: ReadonlyMap<string, string>,
): Promise<string[]> {
  const found = await Promise.all(
    [...written].map(async ([key, value]) => ((await client.get(key)) === value ? [] : [key])),
  )
  return found.flat()
}

t.test('masters that are killed come back with all they had', async (t) => {
  const dir = nodeDirectory(t)
  const written = new Map<string, string>()
  const cluster = await startForTest(t, { masters: 3, replicas: 0, dir, config })
  const client = clientOf(t, cluster)
  for (const [round, master] of cluster.masters.entries()) {
    await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const [key, value] = [`key:${i}`, `${round}:${i}`]
        await client.set(key, value)
        written.set(key, value)
      }),
    )
    await cluster.kill(master)
    await cluster.restart(master)
    t.ok(master.log.some(({ text }) => text.startsWith('DB loaded from append only file')))
    t.same(await missing(client, written), [], `round ${round}`)
  }
  await cluster.stop()
  const next = await startForTest(t, { masters: 3, replicas: 0, dir, config })
  t.same(await missing(clientOf(t, next), written), [], 'a cluster of the same directory goes on')
})

t.test('replicas have files of their own', async (t) => {
  const dir = nodeDirectory(t)
  const cluster = await startForTest(t, { masters: 1, replicas: 1, dir, config })
  const [master, replica] = cluster.nodes as [ClusterNode, ClusterNode]
  const client = await RespClient.connect(master.port)
  t.equal((await client.command('SET', 'a', '1')).value, 'OK')
  t.same((await client.command('WAITAOF', '1', '1', '0')).value, [1, 1])
  await client.close()
  const log = join(dir, `node-${replica.index}`, 'appendonlydir')
  const manifest = readFileSync(join(log, 'appendonly.aof.manifest'), 'latin1')
  const [, last = ''] = /file (\S+) seq \d+ type i\n$/.exec(manifest) ?? []
  t.match(readFileSync(join(log, last), 'latin1'), /SET\r\n\$1\r\na\r\n\$1\r\n1\r\n/)
  await cluster.failover(replica)
  await ask(replica, 'SET', 'a', '2')
  await cluster.kill(master)
  await cluster.kill(replica)
  await cluster.restart(replica)
  t.equal(await ask(replica, 'GET', 'a'), '2')
})

t.test(
  'without a directory nothing touches the disk, and the file is there all the same',
  async (t) => {
    const cluster = await startForTest(t, { masters: 1, replicas: 0, config })
    const [node] = cluster.nodes as [ClusterNode]
    await ask(node, 'SET', 'a', '1')
    t.same(await ask(node, 'WAITAOF', '1', '0', '0'), [1, 0])
    t.equal(await ask(node, 'BGREWRITEAOF'), 'Background append only file rewriting started')
    await waitFor(
      'the end of the rewriting',
      async () => String(await ask(node, 'INFO', 'persistence')),
      (info) => info.includes('aof_rewrites:1\r') && info.includes('aof_rewrite_in_progress:0\r'),
    )
    t.notOk(existsSync('appendonlydir'))
    await cluster.kill(node)
    await cluster.restart(node)
    t.equal(await ask(node, 'GET', 'a'), null, 'it lives as long as the thread')
  },
)
