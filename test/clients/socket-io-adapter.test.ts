/** @socket.io/redis-adapter between two servers, by channels of all nodes and by sharded ones. */
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter'
import t from 'tap'
import { ioredisAt, nodeRedisAt, tryLibrary } from './library.ts'
import { tryPair } from './socket-io-pair.ts'

tryLibrary(t, '@socket.io/redis-adapter', async (t, place) => {
  await t.test('ioredis', (t) =>
    tryPair(t, () => createAdapter(ioredisAt(t, place), ioredisAt(t, place))),
  )
  await t.test('node-redis', (t) =>
    tryPair(t, async () => createAdapter(await nodeRedisAt(t, place), await nodeRedisAt(t, place))),
  )
  for (const subscriptionMode of ['static', 'dynamic'] as const) {
    await t.test(`sharded, ${subscriptionMode}`, (t) =>
      tryPair(t, async () =>
        createShardedAdapter(await nodeRedisAt(t, place), await nodeRedisAt(t, place), {
          subscriptionMode,
        }),
      ),
    )
  }
})
