/**
 * Scripts by defineCommand of ioredis: one by one, in pipelines and transactions, pipelined by itself, and when a node has
 * forgotten them. A connection sends a script once and then its name; a server that does not know the name is told again.
 */
import type { Cluster, ClusterOptions, Redis } from 'ioredis'
import t from 'tap'
import { ask } from '../support/started-cluster.ts'
import { ioredisAt, type Place, tryLibrary } from './library.ts'

const scripts = {
  multiplyBy: {
    numberOfKeys: 1,
    lua: `local value = tonumber(redis.call('GET', KEYS[1]) or ARGV[2] or '1') * ARGV[1]
      redis.call('SET', KEYS[1], value)
      return value`,
  },
  transfer: {
    numberOfKeys: 2,
    lua: `if redis.call('DECRBY', KEYS[1], ARGV[1]) < 0 then
        redis.call('INCRBY', KEYS[1], ARGV[1])
        return redis.error_reply('POOR ' .. KEYS[1] .. ' has not got ' .. ARGV[1])
      end
      return {redis.call('INCRBY', KEYS[2], ARGV[1]), ARGV[1], false, {ok = 'DONE'}}`,
  },
  look: { numberOfKeys: 1, readOnly: true, lua: `return redis.call('GET', KEYS[1])` },
  echoAll: { lua: 'return {#KEYS, #ARGV, KEYS[1], ARGV[1]}' },
} satisfies ClusterOptions['scripts']

type Call = (...words: (string | number | Buffer)[]) => Promise<unknown>
/** A client with those commands; each is also there with replies as bytes. */
type Scripted = (Redis | Cluster) & Record<keyof typeof scripts | 'echoAllBuffer', Call>

function define(client: Redis | Cluster): Scripted {
  for (const [name, script] of Object.entries(scripts)) client.defineCommand(name, script)
  return client as Scripted
}

/** How often the nodes have been asked for a script by its name, and did not know it. */
async function forgotten({ nodes }: Place): Promise<number> {
  let count = 0
  for (const node of nodes) {
    const text = String(await ask(node, 'INFO', 'errorstats'))
    count += Number(/errorstat_NOSCRIPT:count=(\d+)/.exec(text)?.[1] ?? 0)
  }
  return count
}

tryLibrary(t, 'ioredis', async (t, place) => {
  const redis = define(ioredisAt(t, place))

  await t.test('one by one', async (t) => {
    t.equal(await redis.multiplyBy('n', 3, 2), 6)
    t.equal(await redis.multiplyBy('n', 7), 42)
    t.equal(await redis.look('n'), '42')
    await redis.set('{ab}a', 10)
    t.same(await redis.transfer('{ab}a', '{ab}b', 4), [4, '4', null, 'DONE'])
    await t.rejects(redis.transfer('{ab}a', '{ab}b', 7), { message: /^POOR \{ab\}a has not got 7/ })
    t.same(await redis.mget('{ab}a', '{ab}b'), ['6', '4'])
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    t.same(await redis.echoAllBuffer(1, bytes, bytes), [1, 1, bytes, bytes])
    t.same(await redis.echoAll(0, 'word'), [0, 1], 'a nil ends an array')
  })

  await t.test('in a pipeline and in a transaction', async (t) => {
    const call = <T>(chain: T) =>
      chain as T & Record<keyof typeof scripts, (...words: unknown[]) => T>
    t.same(
      await call(call(redis.pipeline()).multiplyBy('{p}n', 2, 2))
        .multiplyBy('{p}n', 5)
        .get('{p}n')
        .exec(),
      [
        [null, 4],
        [null, 20],
        [null, '20'],
      ],
    )
    t.same(await call(redis.multi().set('{p}n', 3)).multiplyBy('{p}n', 5).exec(), [
      [null, 'OK'],
      [null, 15],
    ])
  })

  await t.test('many at once, pipelined by itself', async (t) => {
    const automatic = define(ioredisAt(t, place, { enableAutoPipelining: true }))
    const names = Array.from({ length: 300 }, (_, i) => `auto:${i}`)
    const products = await Promise.all(names.map((name, i) => automatic.multiplyBy(name, i, 2)))
    t.same(
      products,
      names.map((_, i) => 2 * i),
    )
  })

  await t.test('forgotten by all nodes, and told again', async (t) => {
    const names = Array.from({ length: 30 }, (_, i) => `flush:${i}`)
    const all = () => Promise.all(names.map((name) => redis.multiplyBy(name, 2, 1)))
    await all()
    for (const node of place.nodes) await ask(node, 'SCRIPT', 'FLUSH')
    const before = await forgotten(place)
    t.same(
      await all(),
      names.map(() => 4),
    )
    t.ok((await forgotten(place)) > before, 'they had to be told')
    for (const node of place.nodes) await ask(node, 'SCRIPT', 'FLUSH')
    const pipeline = redis.pipeline() as unknown as Scripted & { exec(): Promise<unknown> }
    await pipeline.multiplyBy('flush:0', 2)
    t.same(await pipeline.exec(), [[null, 8]])
  })

  await t.test('EVAL, EVALSHA and SCRIPT by hand', async (t) => {
    const key = 'by hand'
    t.equal(await redis.eval(`return KEYS[1] .. ARGV[1]`, 1, key, '!'), 'by hand!')
    const sha = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'
    for (const node of place.nodes) t.equal(await ask(node, 'SCRIPT', 'LOAD', 'return 1'), sha)
    t.equal(await redis.evalsha(sha, 1, key), 1)
    t.same(await redis.script('EXISTS', sha, sha.replace('e', 'f')), [1, 0])
    await t.rejects(redis.eval('return nonsense', 1, key), {
      message: /nonexistent global variable 'nonsense'/,
    })
    if (place.kind === 'cluster') {
      await t.rejects(redis.eval(`return redis.call('GET', 'other')`, 1, key), {
        message: /Script attempted to access a non local key in a cluster node/,
      })
    }
  })
})
