/**
 * Fields of hashes that end, as of 7.4 and 8.0, as somebody with ioredis or node-redis would use them; their times travel
 * with a full synchronization and to another node.
 */
import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import t from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { RespClient } from '../support/resp-client.ts'
import { ask, startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

t.test('ioredis: a session whose fields end by themselves', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 0, version: '8.0' })
  const redis = new Cluster([...cluster.addresses])
  t.teardown(() => redis.disconnect())
  const call = (...words: string[]) => redis.call(words[0] as string, words.slice(1))
  await redis.hset('session', { user: 'ada', token: 'x', cart: '3' })
  t.same(await call('HEXPIRE', 'session', '100', 'FIELDS', '2', 'token', 'none'), [1, -2])
  t.same(await call('HEXPIRE', 'session', '50', 'GT', 'FIELDS', '1', 'token'), [0])
  t.same(await call('HTTL', 'session', 'FIELDS', '2', 'token', 'user'), [100, -1])
  t.same(await call('HPERSIST', 'session', 'FIELDS', '1', 'token'), [1])
  t.same(await call('HGETEX', 'session', 'PX', '1', 'FIELDS', '1', 'cart'), ['3'])
  await waitFor(
    'the field to end',
    () => redis.hexists('session', 'cart'),
    (exists) => exists === 0,
  )
  t.same(await redis.hgetall('session'), { user: 'ada', token: 'x' })
  t.same(await call('HGETDEL', 'session', 'FIELDS', '1', 'token'), ['x'])
})

t.test('node-redis: its own methods', async (t) => {
  const cluster = await startForTest(t, { masters: 2, replicas: 0, version: '8.0' })
  const redis = createCluster({ rootNodes: cluster.urls.map((url) => ({ url })) })
  await redis.connect()
  t.teardown(() => redis.destroy())
  await redis.hSet('session', { user: 'ada', token: 'x', cart: '3' })
  t.same(await redis.hExpire('session', ['token', 'none'], 100), [1, -2])
  t.same(await redis.hTTL('session', ['token', 'user']), [100, -1])
  t.same(await redis.hpTTL('session', 'user'), [-1])
  const [endSeconds] = (await redis.hExpireTime('session', 'token')) as [number]
  t.ok(endSeconds > Date.now() / 1000)
  t.same(await redis.hPersist('session', 'token'), [1])
  t.same(await redis.hpExpire('session', 'cart', 1), [1])
  await waitFor(
    'the field to end',
    () => redis.hExists('session', 'cart'),
    (exists) => Number(exists) === 0,
  )
  t.same({ ...(await redis.hGetAll('session')) }, { user: 'ada', token: 'x' })
})

t.test(
  'ends of fields reach a replica by a full synchronization, and the new owner of a slot',
  async (t) => {
    const cluster = await startForTest(t, { masters: 2, replicas: 0 })
    const [owner, other] = cluster.masters as [ClusterNode, ClusterNode]
    // Slot 5061: of the first master.
    await ask(owner, 'HSET', 'bar', 'ends', '1', 'stays', '2')
    await ask(owner, 'HEXPIRE', 'bar', '1000', 'FIELDS', '1', 'ends')
    const end = (node: ClusterNode) =>
      ask(node, 'HPEXPIRETIME', 'bar', 'FIELDS', '2', 'ends', 'stays')
    const wanted = await end(owner)
    t.match(wanted, [/^\d{13}$/, -1])
    const replica = await cluster.addNode({ replicaOf: owner })
    const reader = await RespClient.connect(replica.port)
    await reader.command('READONLY')
    const { value } = await reader.command('HPEXPIRETIME', 'bar', 'FIELDS', '2', 'ends', 'stays')
    t.same(value, wanted)
    await reader.close()
    await cluster.migrateSlots({ slots: [5061], to: other })
    t.same(await end(other), wanted)
    t.equal(await ask(other, 'HGET', 'bar', 'ends'), '1')
  },
)
