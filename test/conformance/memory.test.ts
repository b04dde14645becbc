/**
 * The memory of keys as a real server reckons it and as we do: near enough that a limit tried here means the same there, for
 * single keys (MEMORY USAGE) and for the growth of what is used. Figures that cannot be equal - Redis rehashes in steps, draws
 * the levels of its skiplists - are within a quarter.
 */
import t from 'tap'
import type { ClusterUnderTest } from '../support/cluster-under-test.ts'
import { RespClient } from '../support/resp-client.ts'
import { startContestants, withoutBoth } from './contestant.ts'

const NEAR = 0.25

/** What a server said, as a number. */
async function numberOf(client: RespClient, ...words: string[]): Promise<number> {
  return Number((await client.command(...words)).value)
}

async function usedMemory(client: RespClient): Promise<number> {
  const { value } = await client.command('INFO', 'memory')
  return Number(/\r\nused_memory:(\d+)/.exec(String(value))?.[1] ?? Number.NaN)
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Commands that make the key `k`, by what it is. */
const shapes: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'an empty string': [['SET', 'k', '']],
  'a short string': [['SET', 'k', 'v'.repeat(32)]],
  'a string of 45 bytes': [['SET', 'k', 'v'.repeat(45)]],
  'a string of 100000 bytes': [['SET', 'k', 'v'.repeat(100_000)]],
  'an integer': [['SET', 'k', '12345678901']],
  'a string that was appended to': [
    ['APPEND', 'k', 'abc'],
    ['APPEND', 'k', 'def'],
  ],
  'a string that was stretched': [['SETRANGE', 'k', '100000', 'x']],
  'a key with an expiry': [['SET', 'k', 'v', 'EX', '1000']],
  ...Object.fromEntries(
    [1, 10, 100, 1000, 10_000].flatMap((count) => [
      [`a hash of ${count}`, [['HSET', 'k', ...numbers(count).flatMap((i) => [`f${i}`, `v${i}`])]]],
      [`a set of ${count}`, [['SADD', 'k', ...numbers(count).map((i) => `member:${i}`)]]],
      [`a set of ${count} integers`, [['SADD', 'k', ...numbers(count).map((i) => `${i}`)]]],
      [
        `a sorted set of ${count}`,
        [['ZADD', 'k', ...numbers(count).flatMap((i) => [`${i}`, `m${i}`])]],
      ],
      [`a list of ${count}`, [['RPUSH', 'k', ...numbers(count).map((i) => `element:${i}`)]]],
    ]),
  ),
  'a hash with long values': [
    ['HSET', 'k', ...numbers(200).flatMap((i) => [`f${i}`, 'v'.repeat(70)])],
  ],
  'a list of long elements': [['RPUSH', 'k', ...numbers(200).map(() => 'v'.repeat(1000))]],
  'a list of very long elements': [['RPUSH', 'k', ...numbers(20).map(() => 'v'.repeat(10_000))]],
  'scores with digits': [['ZADD', 'k', ...numbers(100).flatMap((i) => [`${i}.25`, `m${i}`])]],
  'a short stream': numbers(5).map((i) => ['XADD', 'k', `${i + 1}-1`, 'f', 'v']),
  'a stream of 1000': numbers(1000).map((i) => ['XADD', 'k', `${i + 1}-1`, 'f', `v${i}`, 'g', 'w']),
  'a stream with a group': [
    ...numbers(300).map((i) => ['XADD', 'k', `${1_700_000_000_000 + i * 7}-0`, 'f', `v${i}`]),
    ['XGROUP', 'CREATE', 'k', 'g', '0'],
    ['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', '200', 'STREAMS', 'k', '>'],
  ],
}

t.test(
  'what a real server says of its memory is about what we say',
  { skip: withoutBoth },
  async (t) => {
    const { real, ours } = await startContestants(t, { masters: 1, replicas: 0 })
    const connect = async ({ nodes }: ClusterUnderTest): Promise<RespClient> => {
      const client = await RespClient.connect(nodes[0]?.port ?? 0)
      t.teardown(() => client.close())
      return client
    }
    const clients = await Promise.all([connect(real), connect(ours)])

    await t.test('MEMORY USAGE', async (t) => {
      for (const [what, commands] of Object.entries(shapes)) {
        const [theirs, own] = (await Promise.all(
          clients.map(async (client) => {
            await client.command('FLUSHALL')
            await client.pipeline(commands)
            return numberOf(client, 'MEMORY', 'USAGE', 'k', 'SAMPLES', '0')
          }),
        )) as [number, number]
        t.ok(Math.abs(own / theirs - 1) <= NEAR, `${what}: ${own}, there ${theirs}`)
      }
    })

    await t.test('used_memory grows alike', async (t) => {
      for (const [what, count, value] of [
        ['small values', 20_000, (i: number) => `value:${i}`.padEnd(32, 'x')],
        ['large values', 500, () => 'v'.repeat(20_000)],
      ] as const) {
        const [theirs, own] = (await Promise.all(
          clients.map(async (client) => {
            await client.command('FLUSHALL')
            const before = await usedMemory(client)
            await client.pipeline(
              numbers(count).map((i) => ['SET', `key:${i}`.padEnd(16, 'k'), value(i)]),
            )
            return (await usedMemory(client)) - before
          }),
        )) as [number, number]
        t.ok(Math.abs(own / theirs - 1) <= NEAR, `${what}: ${own}, there ${theirs}`)
      }
    })
  },
)
