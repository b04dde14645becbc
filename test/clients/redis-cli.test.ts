/** The real redis-cli on a running cluster: `-c` follows redirections as the Redis documentation shows them. */
import t from 'tap'
import { cliTest } from '../support/cli-test.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import { redisCli, redisCliOutput } from '../support/redis-cli.ts'

const SLOTS: [key: string, slot: number][] = [
  ['key:{10}:111', 247],
  ['key:{test}:111', 6918],
  ['key:{hu}:111', 11441],
]

cliTest(t, 'redis-cli -c', { masters: 3, replicas: 1, buses: 'one' }, async (t, { nodes }) => {
  const [first, second, third, ...replicas] = nodes as readonly [
    NodeUnderTest,
    NodeUnderTest,
    NodeUnderTest,
    ...NodeUnderTest[],
  ]
  const port = (node: NodeUnderTest) => ['-p', String(node.port)]
  const moved = (slot: number, node: NodeUnderTest) =>
    `-> Redirected to slot [${slot}] located at ${node.host}:${node.port}`

  await t.test('CLUSTER KEYSLOT', async (t) => {
    for (const [key, slot] of SLOTS) {
      t.equal(
        await redisCliOutput(['-c', ...port(first), 'CLUSTER', 'KEYSLOT', key]),
        `(integer) ${slot}`,
      )
    }
  })

  await t.test('a session hops from node to node', async (t) => {
    const typed = SLOTS.map(([key]) => `set ${key} ${key.replace('key', 'value')}`)
    t.same((await redisCliOutput(['-c', ...port(first)], { typed })).split('\n'), [
      'OK',
      moved(6918, second),
      'OK',
      moved(11441, third),
      'OK',
    ])
    const reads = [...SLOTS, ...SLOTS.slice(0, 1)].map(([key]) => `get ${key}`)
    t.same((await redisCliOutput(['-c', ...port(first)], { typed: reads })).split('\n'), [
      '"value:{10}:111"',
      moved(6918, second),
      '"value:{test}:111"',
      moved(11441, third),
      '"value:{hu}:111"',
      moved(247, first),
      '"value:{10}:111"',
    ])
  })

  await t.test('from any node, replicas too', async (t) => {
    for (const node of [second, third, ...replicas]) {
      t.same((await redisCliOutput(['-c', ...port(node), 'get', 'key:{10}:111'])).split('\n'), [
        '"value:{10}:111"',
      ])
      const typed = ['get key:{10}:111']
      t.same((await redisCliOutput(['-c', ...port(node)], { typed })).split('\n'), [
        moved(247, first),
        '"value:{10}:111"',
      ])
    }
  })

  await t.test('without -c the redirection is an error', async (t) => {
    const { output } = await redisCli([...port(first), 'get', 'key:{hu}:111'])
    t.equal(output.trimEnd(), `(error) MOVED 11441 ${third.host}:${third.port}`)
  })

  await t.test('RESP3, and the protocol in capitals', async (t) => {
    const typed = ['HSET {hu}h f1 v1 f2 v2', 'HGETALL {hu}h', 'hgetall {hu}none']
    t.same((await redisCliOutput(['-c', '-3', ...port(first)], { typed })).split('\n'), [
      moved(11441, third),
      '(integer) 2',
      '1# "f1" => "v1"',
      '2# "f2" => "v2"',
      '(empty hash)',
    ])
  })

  await t.test('transactions stay on the node they were redirected to', async (t) => {
    const typed = ['set {hu}n 1', 'multi', 'incr {hu}n', 'incr {hu}n', 'exec']
    t.same((await redisCliOutput(['-c', ...port(first)], { typed })).split('\n'), [
      moved(11441, third),
      'OK',
      'OK',
      'QUEUED',
      'QUEUED',
      '1) (integer) 2',
      '2) (integer) 3',
    ])
  })

  await t.test('--scan and --bigkeys read a node to its end', async (t) => {
    const names = Array.from({ length: 500 }, (_, i) => `{hu}scan:${i}`)
    const typed = names.map((name) => `set ${name} x`)
    await redisCliOutput([...port(third)], { typed })
    const found = await redisCliOutput(['--scan', '--pattern', '{hu}scan:*', ...port(third)])
    t.same(
      found
        .split('\n')
        .map((line) => line.replaceAll('"', ''))
        .sort(),
      names.sort(),
    )
    const summary = await redisCliOutput(['--bigkeys', ...port(third)])
    t.match(summary, /Sampled 50\d keys in the keyspace!/)
  })
})
