/**
 * @valkey/valkey-glide, a client whose core is a native library: as its documentation uses it, in both protocols. Where its
 * binary does not load, this says so.
 */

import type { GlideClient, GlideClusterClient } from '@valkey/valkey-glide'
import t, { type Test } from 'tap'
import { waitFor } from '../support/wait.ts'
import { addresses, type Place, tryLibrary } from './library.ts'

type Glide = typeof import('@valkey/valkey-glide')
type Client = GlideClient | GlideClusterClient

const glide = await import('@valkey/valkey-glide').catch((error: unknown) => String(error))

async function connect(
  t: Test,
  { GlideClient, GlideClusterClient }: Glide,
  place: Place,
  options: object,
): Promise<Client> {
  const configuration = { addresses: addresses(place), requestTimeout: 10_000, ...options }
  const client =
    place.kind === 'cluster'
      ? await GlideClusterClient.createClient(configuration)
      : await GlideClient.createClient(configuration)
  t.teardown(() => client.close())
  return client
}

async function tryKeys(t: Test, client: Client): Promise<void> {
  const names = Array.from({ length: 200 }, (_, i) => `key:${i}`)
  await Promise.all(names.map((name, i) => client.set(name, `${i}`)))
  t.same(
    await client.mget(names),
    names.map((_, i) => `${i}`),
  )
  t.equal(await client.get('none'), null)
  t.equal(await client.incrBy('key:1', 41), 42)
  await t.rejects(client.customCommand(['HGET', 'key:1', 'f']), { message: /WRONGTYPE/ })
  t.equal(await client.hset('hash', { field: 'value', other: '1' }), 2)
  t.same(await client.hget('hash', 'field'), 'value')
  t.equal(await client.zadd('scores', { ann: 1.5, bob: 2 }), 2)
  t.equal(await client.zscore('scores', 'ann'), 1.5)
  t.equal(await client.sadd('set', ['a', 'b']), 2)
  t.same(await client.smembers('set'), new Set(['a', 'b']))
  t.match(await client.xadd('stream', [['field', 'value']]), /^\d+-0$/)
  t.equal(await client.del(names), names.length)
}

async function tryBatches(t: Test, client: Client, glide: Glide, place: Place): Promise<void> {
  for (const isAtomic of [true, false]) {
    const Batch = place.kind === 'cluster' ? glide.ClusterBatch : glide.Batch
    const batch = new Batch(isAtomic).set('{b}key', '1').incr('{b}key').get('{b}key')
    t.same(await client.exec(batch as never, true), ['OK', 2, '2'], isAtomic ? 'MULTI' : 'pipeline')
  }
}

async function tryScripts(t: Test, client: Client, { Script }: Glide): Promise<void> {
  const script = new Script('return { KEYS[1], ARGV[1], redis.call("INCR", KEYS[1]) }')
  for (const count of [1, 2]) {
    t.same(await client.invokeScript(script, { keys: ['counted'], args: ['bar'] }), [
      'counted',
      'bar',
      count,
    ])
  }
  await client.scriptFlush()
  t.same(await client.invokeScript(script, { keys: ['counted'], args: ['bar'] }), [
    'counted',
    'bar',
    3,
  ])
  script.release()
}

async function tryFunctions(t: Test, client: Client): Promise<void> {
  const code = `#!lua name=glide
    redis.register_function('glide_set', function(keys, args) return redis.call('SET', keys[1], args[1]) end)`
  t.equal(await client.functionLoad(code, { replace: true }), 'glide')
  t.equal(await client.fcall('glide_set', ['by function'], ['value']), 'OK')
  t.equal(await client.get('by function'), 'value')
  // Any node may be asked, replicas too, which hear of it a little later.
  await waitFor(
    'all to have the library',
    async () => JSON.stringify(await client.functionList({ libNamePattern: 'glide' })),
    (list) => list.includes('glide_set'),
  )
  t.equal(await client.functionDelete('glide'), 'OK')
  await t.rejects(client.fcall('glide_set', ['by function'], ['value']), {
    message: /Function not found/,
  })
}

async function tryChannels(t: Test, client: Client, glide: Glide, place: Place, protocol: number) {
  const heard: string[] = []
  const channelsAndPatterns = { 0: new Set(['news']), 1: new Set(['n?ws-*']) }
  const callback = ({ message }: { message: unknown }) => heard.push(String(message))
  await connect(t, glide, place, {
    protocol,
    pubsubSubscriptions: { channelsAndPatterns, callback },
  })
  const say = (message: string, channel: string) =>
    (client as { publish(...w: string[]): unknown }).publish(message, channel)
  for (const [message, channel] of [
    ['hello', 'news'],
    ['again', 'news-flash'],
  ] as const) {
    await waitFor(
      `"${message}"`,
      async () => {
        await say(message, channel)
        return heard
      },
      (heard) => heard.includes(message),
    )
  }
}

if (typeof glide === 'string') {
  t.comment(`SKIPPED: @valkey/valkey-glide does not load here: ${glide}`)
  t.skip('a native client', () => {})
} else {
  // It logs every error that it also throws.
  glide.Logger.init('off')
  tryLibrary(t, '@valkey/valkey-glide', async (t, place) => {
    for (const name of ['RESP2', 'RESP3'] as const) {
      await t.test(name, async (t) => {
        const protocol = glide.ProtocolVersion[name]
        const client = await connect(t, glide, place, { protocol, clientName: `glide-${name}` })
        await client.customCommand(['FLUSHALL'])
        await t.test('keys', (t) => tryKeys(t, client))
        await t.test('batches', (t) => tryBatches(t, client, glide, place))
        await t.test('scripts', (t) => tryScripts(t, client, glide))
        await t.test('functions', (t) => tryFunctions(t, client))
        if (name === 'RESP3') {
          await t.test('channels', (t) => tryChannels(t, client, glide, place, protocol))
        }
      })
    }
  })
}
