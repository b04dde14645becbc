/** @socket.io/redis-streams-adapter between two servers; who was away hears what was said meanwhile. */
import { once } from 'node:events'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import t, { type Test } from 'tap'
import { ask } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'
import { ioredisAt, nodeRedisAt, type Place, tryLibrary } from './library.ts'
import { type AdapterOf, startPair, tryPair } from './socket-io-pair.ts'

const blockTimeInMs = 100

/** Waits for the adapters' own clients, which read to the end of their time; without a server they would try for ever. */
async function readersGone({ nodes }: Place): Promise<void> {
  await waitFor(
    'the readers to end',
    () => Promise.all(nodes.map((node) => ask(node, 'CLIENT', 'LIST', 'TYPE', 'normal'))),
    (lists) => lists.every((list) => !String(list).includes('cmd=xread')),
  )
}

async function tryRecovery(t: Test, adapterOf: AdapterOf): Promise<void> {
  const [one, two] = await startPair(t, adapterOf, { connectionStateRecovery: {} })
  one.server.emit('first')
  await waitFor(
    'the first message',
    () => two.heard,
    (heard) => heard.length === 1,
  )
  const { id } = two.client
  const away = once(two.client as never, 'disconnect')
  two.client.io.engine.close()
  await away
  one.server.emit('second')
  await waitFor(
    'the second message',
    () => two.heard,
    (heard) => heard.length === 2,
  )
  t.ok(two.client.recovered)
  t.equal(two.client.id, id)
  t.same(
    two.heard.map(([name]) => name),
    ['first', 'second'],
  )
}

tryLibrary(t, '@socket.io/redis-streams-adapter', async (t, place) => {
  const adapters: Readonly<Record<string, (t: Test) => AdapterOf>> = {
    ioredis: (t) => () => createAdapter(ioredisAt(t, place), { blockTimeInMs, streamName: 'i' }),
    'node-redis': (t) => async () =>
      createAdapter(await nodeRedisAt(t, place), { blockTimeInMs, streamName: 'n' }),
    'node-redis, four streams and sharded channels': (t) => async () =>
      createAdapter(await nodeRedisAt(t, place), {
        blockTimeInMs,
        streamName: 'm',
        streamCount: 4,
        useShardedPubSub: true,
      }),
  }
  for (const [name, adapterOf] of Object.entries(adapters)) {
    await t.test(name, (t) => {
      t.teardown(() => readersGone(place))
      return tryPair(t, adapterOf(t))
    })
    await t.test(`${name}: recovery`, (t) => {
      t.teardown(() => readersGone(place))
      return tryRecovery(t, adapterOf(t))
    })
  }
})
