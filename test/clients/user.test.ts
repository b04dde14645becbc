/**
 * Users over three masters and three replicas: cluster clients log in by name at every node they come to, may do what their
 * user may do on whatever node, and find out when that changes. Replicas log in by name, too.
 */
import { Cluster } from 'ioredis'
import { createClient, createCluster } from 'redis'
import t, { type Test } from 'tap'
import type { Cluster as ClusterHandle, ClusterNode } from '../../lib/host/handle.ts'
import { startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

const KEYS = Array.from({ length: 30 }, (_, i) => `app:${i}`)

const config = {
  user: [
    'default off',
    'app on >sécret ~app:* &app:* +@all -@dangerous +cluster|slots +cluster|shards +info',
    'replication on >other +psync +replconf +ping ~* +restore-asking +select',
  ],
  masteruser: 'replication',
  masterauth: 'other',
}

function startWithUsers(t: Test): Promise<ClusterHandle> {
  return startForTest(t, { masters: 3, replicas: 1, config })
}

/** A client as both libraries make one. */
interface Client {
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  flushdb(): Promise<unknown>
}

async function useAsApp(t: Test, client: Client): Promise<void> {
  for (const key of KEYS) await client.set(key, key)
  for (const key of KEYS) t.equal(await client.get(key), key)
  await t.rejects(
    client.get('other'),
    /NOPERM this user has no permissions to access one of the keys/,
  )
  await t.rejects(
    client.flushdb(),
    /NOPERM this user has no permissions to run the 'flushdb' command/,
  )
}

t.test('ioredis', async (t) => {
  const cluster = await startWithUsers(t)
  const client = new Cluster([...cluster.addresses], {
    redisOptions: { username: 'app', password: 'sécret' },
  })
  t.teardown(() => client.disconnect())
  await useAsApp(t, {
    set: (key, value) => client.set(key, value),
    get: (key) => client.get(key),
    flushdb: () => client.flushdb(),
  })
  await t.test('a slot moves, a master fails: its clients log in at the next', async (t) => {
    const [from, to] = cluster.masters as [ClusterNode, ClusterNode]
    const key = KEYS.find((name) => cluster.masterFor(name) === from) as string
    await cluster.migrateSlots({ slots: [cluster.slotOf(key)], to })
    t.equal(await client.get(key), key)
    await cluster.kill(to)
    await waitFor(
      'the key is served by the replica',
      () => client.get(key).catch(String),
      (value) => value === key,
    )
  })
})

t.test('node-redis', async (t) => {
  const cluster = await startWithUsers(t)
  const client = createCluster({
    rootNodes: cluster.urls.map((url) => ({ url })),
    defaults: { username: 'app', password: 'sécret' },
  })
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => client.disconnect())
  await useAsApp(t, {
    set: (key, value) => client.set(key, value),
    get: (key) => client.get(key),
    flushdb: () => client.sendCommand(undefined, false, ['FLUSHDB']),
  })
})

t.test('a wrong password, a user that is not there', async (t) => {
  const cluster = await startForTest(t, { masters: 1, replicas: 0, config: { user: config.user } })
  for (const [username, password] of [
    ['app', 'wrong'],
    ['nobody', 'sécret'],
  ] as const) {
    const client = createClient({
      url: cluster.urls[0] as string,
      username,
      password,
      socket: { reconnectStrategy: false },
    })
    client.on('error', () => {})
    await t.rejects(client.connect(), /^WRONGPASS /, username)
  }
})
