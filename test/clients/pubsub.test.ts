/**
 * Publish and subscribe by real cluster clients over three masters and three replicas, on both buses: messages arrive
 * whole and in order from wherever they were published, those of a shard at its subscribers alone.
 */
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import t, { type Test } from 'tap'
import {
  type ClusterUnderTest,
  startClusterUnderTest,
  underTest,
  withoutCluster,
} from '../support/cluster-under-test.ts'
import { RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

const MESSAGES = 200
/** Bytes that are no text. */
const BINARY = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

if (withoutCluster !== false) t.comment(`SKIPPED: ${withoutCluster}`)

for (const bus of underTest === 'real' ? (['tcp'] as const) : (['channel', 'tcp'] as const)) {
  t.test(`${underTest} cluster, ${bus} bus`, { skip: withoutCluster }, async (t) => {
    const cluster = await startClusterUnderTest({ masters: 3, replicas: 1, bus })
    t.teardown(() => cluster.stop())
    await t.test('every node hears every node, in order', (t) => everyNode(t, cluster))
    await t.test('ioredis', (t) => withIoredis(t, cluster))
    await t.test('node-redis', (t) => withNodeRedis(t, cluster))
  })
}

/** Resolves when so many are there. */
function arrived(what: string, heard: readonly unknown[], count: number): Promise<unknown> {
  return waitFor(
    `${count} messages ${what}`,
    () => heard.length,
    (length) => length >= count,
  )
}

const numbers = Array.from({ length: MESSAGES }, (_, i) => `${i}`)

async function everyNode(t: Test, cluster: ClusterUnderTest): Promise<void> {
  const listeners = await Promise.all(cluster.nodes.map(({ port }) => RespClient.connect(port)))
  const publishers = await Promise.all(cluster.nodes.map(({ port }) => RespClient.connect(port)))
  const channel = BINARY.toString('latin1')
  await Promise.all(listeners.map((listener) => listener.command('SUBSCRIBE', channel)))
  await Promise.all(
    publishers.map((publisher, from) =>
      publisher.pipeline(numbers.map((n) => ['PUBLISH', channel, `${from} ${n}`])),
    ),
  )
  for (const [i, listener] of listeners.entries()) {
    const heard = new Map<string, string[]>()
    for (let left = MESSAGES * publishers.length; left > 0; left--) {
      const { value } = await listener.read()
      const [word, name, payload] = value as [string, string, string]
      if (word !== 'message' || name !== channel) throw new Error(`${word} on ${name}`)
      const [from = '', number = ''] = payload.split(' ')
      heard.set(from, [...(heard.get(from) ?? []), number])
    }
    for (const [from, received] of heard) t.same(received, numbers, `node ${i} heard node ${from}`)
  }
  await Promise.all([...listeners, ...publishers].map((connection) => connection.close()))
}

async function withIoredis(t: Test, cluster: ClusterUnderTest): Promise<void> {
  const options = { shardedSubscribers: true, clusterRetryStrategy: () => null }
  const connect = async () => {
    const addresses = cluster.nodes.map(({ host, port }) => ({ host, port }))
    const client = new Cluster(addresses, options)
    await once(client, 'ready')
    return client
  }
  const [subscriber, publisher] = await Promise.all([connect(), connect()])
  const heard: string[] = []
  const binary: Buffer[] = []
  const sharded: string[] = []
  subscriber.on('message', (channel, message) => heard.push(`${channel} ${message}`))
  subscriber.on('pmessageBuffer', (_pattern, _channel, message) => binary.push(message as Buffer))
  subscriber.on('smessage', (channel, message) => sharded.push(`${channel} ${message}`))

  t.equal(await subscriber.subscribe('news', 'weather'), 2)
  await Promise.all(numbers.map((n) => publisher.publish('news', n)))
  await publisher.publish('sport', 'nobody hears this')
  await publisher.publish('weather', 'last')
  await arrived('on two channels', heard, MESSAGES + 1)
  t.same(new Set(heard), new Set([...numbers.map((n) => `news ${n}`), 'weather last']))

  t.equal(await subscriber.psubscribe('bin*'), 3)
  await publisher.publish('binary', BINARY)
  await arrived('on a pattern', binary, 1)
  t.ok(binary[0]?.equals(BINARY), 'bytes arrive as they are')

  // One channel of each shard.
  const channels = ['{10}', '{test}', '{hu}']
  for (const channel of channels) await subscriber.ssubscribe(channel)
  for (const channel of channels) t.equal(await publisher.spublish(channel, 'hello'), 1)
  await arrived('on channels of shards', sharded, 3)
  t.same(sharded.toSorted(), channels.map((channel) => `${channel} hello`).toSorted())
  await subscriber.sunsubscribe('{10}')
  t.equal(await publisher.spublish('{10}', 'hello'), 0)

  await Promise.all(
    [subscriber, publisher].map(async (client) => {
      const ended = once(client, 'end')
      client.disconnect()
      await ended
    }),
  )
}

async function withNodeRedis(t: Test, cluster: ClusterUnderTest): Promise<void> {
  const client = createCluster({
    rootNodes: cluster.nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })),
    defaults: { socket: { reconnectStrategy: false } },
  })
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  await client.connect()
  const heard: string[] = []
  const sharded: string[] = []
  const binary: Buffer[] = []

  await client.subscribe(['news', 'weather'], (message, channel) => {
    heard.push(`${channel} ${message}`)
  })
  await client.pSubscribe('bin*', (message) => binary.push(message), true)
  for (const n of numbers) await client.publish('news', n)
  await client.publish('weather', 'last')
  await client.publish('binary', BINARY)
  await arrived('on two channels', heard, MESSAGES + 1)
  await arrived('on a pattern', binary, 1)
  t.same(new Set(heard), new Set([...numbers.map((n) => `news ${n}`), 'weather last']))
  t.ok(binary[0]?.equals(BINARY), 'bytes arrive as they are')

  const channels = ['{10}', '{test}', '{hu}']
  for (const channel of channels) {
    await client.sSubscribe(channel, (message, name) => {
      sharded.push(`${name} ${message}`)
    })
  }
  for (const channel of channels) t.equal(await client.sPublish(channel, 'hello'), 1)
  await arrived('on channels of shards', sharded, 3)
  t.same(sharded.toSorted(), channels.map((channel) => `${channel} hello`).toSorted())
  await client.sUnsubscribe('{10}')
  t.equal(await client.sPublish('{10}', 'hello'), 0)
  await client.unsubscribe()
  await client.pUnsubscribe()
  await client.close()
  t.same(errors, [])
}
