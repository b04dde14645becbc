/**
 * What every cluster client must be able to do with a cluster of three masters and three replicas.
 */
import { Buffer } from 'node:buffer'
import type { Test } from 'tap'
import {
  type ClusterUnderTest,
  type NodeUnderTest,
  startClusterUnderTest,
  underTest,
  withoutCluster,
} from '../support/cluster-under-test.ts'
import { RespClient, RespError } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'
import type { ClientDriver, Words } from './driver.ts'

const KEYS = 10_000
const MASTERS = 3
const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'

/** Runs the suite over drivers, one cluster for all of them. */
export function clientSuite(t: Test, drivers: readonly ClientDriver[]): void {
  if (withoutCluster !== false) t.comment(`SKIPPED: ${withoutCluster}`)
  t.test(`clients of the ${underTest} cluster`, { skip: withoutCluster }, async (t) => {
    const cluster = await startClusterUnderTest({ masters: MASTERS, replicas: 1 })
    t.teardown(() => cluster.stop())
    for (const driver of drivers) {
      await t.test(`${driver.name}, RESP${driver.protocol}`, (t) => runSuite(t, cluster, driver))
    }
  })
}

async function runSuite(t: Test, cluster: ClusterUnderTest, driver: ClientDriver): Promise<void> {
  const client = await driver.connect({ nodes: cluster.nodes })
  const masters = cluster.nodes.slice(0, MASTERS)
  t.beforeEach(() => flush(masters))
  const attempt = (words: Words) => client.command(...words).catch((error: unknown) => error)

  await t.test('speaks the protocol that was asked for', async (t) => {
    await client.set('spoken', 'yes')
    const spoken = await Promise.all(
      masters.map(async (node) => String(await ask(node, 'CLIENT', 'LIST', 'TYPE', 'normal'))),
    )
    const versions = spoken.flatMap((list) =>
      [...list.matchAll(/ cmd=(\S+) .* resp=(\d)/g)]
        .filter(([, command]) => command === 'set')
        .map(([, , version]) => version),
    )
    t.same(versions, [String(driver.protocol)], 'the connection that sent SET')
  })

  await t.test(`${KEYS} keys written and read`, async (t) => {
    const names = Array.from({ length: KEYS }, (_, i) => `key:${i}`)
    await inBatches(names, (name) => client.set(name, `value of ${name}`))
    const values = await inBatches(names, (name) => client.get(name))
    t.same(
      values.findIndex((value, i) => value !== `value of key:${i}`),
      -1,
      'every value read is the one written',
    )
    const sizes = await Promise.all(masters.map((node) => ask(node, 'DBSIZE')))
    t.equal(
      sizes.reduce<number>((sum, size) => sum + Number(size), 0),
      KEYS,
      `${sizes.join(' + ')} keys on the masters`,
    )
    for (const size of sizes) t.ok(Number(size) > KEYS / 4, 'spread over the masters')
    t.equal(await client.get('key:none'), null)

    const found = await client.scan('key:*')
    t.equal(found.length, KEYS, 'SCAN over all masters names each key once')
    t.equal(new Set(found).size, KEYS)
    t.same(
      (await client.scan('key:777*')).sort(),
      names.filter((n) => n.startsWith('key:777')).sort(),
    )
  })

  await t.test('pipelines answer in order, errors in their place', async (t) => {
    const writes: Words[] = Array.from({ length: 500 }, (_, i) => ['SET', `{p}${i}`, `${i}`])
    t.same(new Set(await client.pipeline(writes)), new Set(['OK']))
    const reads: Words[] = Array.from({ length: 500 }, (_, i) => ['GET', `{p}${499 - i}`])
    t.same(
      await client.pipeline(reads),
      reads.map((_, i) => `${499 - i}`),
    )
    await client.set('{p}text', 'abc')
    const mixed: Words[] = [
      ['SET', '{p}other', 'abc'],
      ['INCR', '{p}text'],
      ['HGET', '{p}text', 'field'],
      ['INCRBY', '{p}count', '5'],
      ['GET', '{p}none'],
    ]
    const answers = ['OK', 'ERR value is not an integer or out of range', WRONG_TYPE, 5, null]
    t.same((await Promise.all(mixed.map(attempt))).map(shown), answers)
    await client.command('DEL', '{p}count')
    const whole = await client.pipeline(mixed).catch((error: unknown) => error)
    if (whole instanceof Error) t.equal(whole.message, answers[1])
    else t.same((whole as unknown[]).map(shown), answers)
    t.equal(await client.get('{p}count'), '5', 'what comes after an error runs')
  })

  await t.test('transactions on one slot', async (t) => {
    t.same(
      await client.transaction([
        ['SET', '{t}a', '1'],
        ['INCR', '{t}a'],
        ['HSET', '{t}h', 'f', 'v'],
        ['GET', '{t}a'],
      ]),
      ['OK', 2, 1, '2'],
    )
    const failed = await client.transaction([
      ['SET', '{t}b', 'text'],
      ['INCR', '{t}h'],
      ['APPEND', '{t}b', '!'],
    ])
    t.same(
      failed.map(shown),
      ['OK', WRONG_TYPE, 5],
      'an error of one command leaves the others alone',
    )
    t.equal(await client.get('{t}b'), 'text!')

    const broken = client.transaction([
      ['SET', '{t}c', '1'],
      ['SET', '{t}c'],
    ])
    await t.rejects(broken, /EXECABORT|wrong number of arguments/)
    t.equal(await client.get('{t}c'), null, 'a command that cannot be queued dooms the transaction')
    t.same(await client.transaction([['GET', '{t}b']]), ['text!'], 'and the next one runs')
  })

  await t.test('many transactions at once stay whole', async (t) => {
    const rounds = Array.from({ length: 100 }, (_, i) => `{many${i % 7}}count`)
    await Promise.all(
      rounds.map(async (key) => {
        const [first, second] = await client.transaction([
          ['INCR', key],
          ['INCR', key],
        ])
        if (Number(second) - Number(first) !== 1) t.fail(`${key}: ${first}, then ${second}`)
      }),
    )
    for (let i = 0; i < 7; i++) {
      const key = `{many${i}}count`
      t.equal(Number(await client.get(key)), 2 * rounds.filter((round) => round === key).length)
    }
  })

  await t.test('errors come through as Redis words them', async (t) => {
    await client.hashSet('hash', { field: 'value' })
    await client.set('text', 'abc')
    const table: [words: Words, message: string][] = [
      [['GET', 'hash'], WRONG_TYPE],
      [['INCR', 'text'], 'ERR value is not an integer or out of range'],
      [['SET', 'text', 'x', 'NOSUCH'], 'ERR syntax error'],
      [['SET', 'text', 'x', 'EX', '0'], "ERR invalid expire time in 'set' command"],
      [['HSET', 'hash', 'odd'], "ERR wrong number of arguments for 'hset' command"],
      [['NOSUCH', 'text'], "ERR unknown command 'NOSUCH', with args beginning with: 'text' "],
      [['OBJECT', 'NOSUCH', 'text'], "ERR unknown subcommand 'NOSUCH'. Try OBJECT HELP."],
    ]
    if (!driver.refusesSlots) {
      const message = "CROSSSLOT Keys in request don't hash to the same slot"
      table.push([['RENAME', 'text', 'hash'], message], [['COPY', 'text', 'hash'], message])
    }
    for (const [words, message] of table) {
      const outcome = await attempt(words)
      t.equal(shown(outcome), message, words.join(' '))
      t.ok(outcome instanceof Error)
    }
    t.equal(await client.get('text'), 'abc')
  })

  await t.test('bytes of every kind', async (t) => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const values = [
      all,
      Buffer.alloc(0),
      Buffer.from('\r\n$3\r\nfoo\r\n'),
      Buffer.from('žluťoučký 馬 🐎'),
      Buffer.concat([all.subarray(1), Buffer.alloc(1 << 20, all)]),
    ]
    for (const [index, value] of values.entries()) {
      const key = Buffer.concat([Buffer.from(`bytes ${index} `), all])
      await client.setBytes(key, value)
      t.ok((await client.getBytes(key))?.equals(value), `${value.length} bytes`)
    }
    await client.set('žluť 馬 🐎', '🐎 kůň')
    t.equal(await client.get('žluť 馬 🐎'), '🐎 kůň', 'text is UTF-8')
    t.same(await client.getBytes(Buffer.from('žluť 馬 🐎')), Buffer.from('🐎 kůň'))
    t.equal(await client.command('STRLEN', 'žluť 馬 🐎'), Buffer.byteLength('🐎 kůň'))
  })

  await t.test('hashes', async (t) => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, `v${i}`]))
    await client.hashSet('hash', fields)
    t.same(await client.hashGetAll('hash'), fields)
    t.same(await client.hashGetAll('none'), {})
    t.equal(await client.command('HINCRBYFLOAT', 'hash', 'pi', '3.14'), '3.14')
    t.equal(await client.command('HDEL', 'hash', 'f1', 'f2', 'none'), 2)
    t.same(await client.command('HMGET', 'hash', 'f0', 'f1'), ['v0', null])
  })

  await t.test('expiry', async (t) => {
    await client.command('SET', 'short', 'v', 'EX', '100')
    const left = Number(await client.command('PTTL', 'short'))
    t.ok(left > 50_000 && left <= 100_000, `${left} ms left of 100000`)
    await client.command('PEXPIRE', 'short', '1')
    await waitFor(
      'the key to expire',
      () => client.get('short'),
      (value) => value === null,
    )
    t.equal(await client.command('TTL', 'short'), -2)
  })

  await t.test('one replica is enough to find all nodes', async (t) => {
    const other = await driver.connect({ nodes: cluster.nodes.slice(-1) })
    const names = Array.from({ length: 50 }, (_, i) => `from:one:${i}`)
    await Promise.all(names.map((name) => other.set(name, name)))
    t.same(await Promise.all(names.map((name) => client.get(name))), names)
    await other.close()
  })

  await t.test('replicas answer reads', async (t) => {
    const reader = await driver.connect({ nodes: cluster.nodes, replicaReads: true })
    const names = Array.from({ length: 300 }, (_, i) => `replicated:${i}`)
    await Promise.all(names.map((name) => reader.set(name, `at ${name}`)))
    await replicated(cluster)
    const before = await readsAt(cluster.nodes.slice(MASTERS))
    t.same(
      await Promise.all(names.map((name) => reader.get(name))),
      names.map((name) => `at ${name}`),
    )
    const reads = (await readsAt(cluster.nodes.slice(MASTERS))).map((n, i) => n - (before[i] ?? 0))
    for (const count of reads) t.ok(count > 10, `${count} reads at a replica`)
    await reader.close()
  })

  await client.close()
}

/** Runs work for each item, a thousand at once. */
async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += 1000) {
    results.push(...(await Promise.all(items.slice(start, start + 1000).map(work))))
  }
  return results
}

/** An error as its message, anything else as it is. */
function shown(outcome: unknown): unknown {
  return outcome instanceof Error ? outcome.message : outcome
}

async function ask(node: NodeUnderTest, ...argv: string[]): Promise<unknown> {
  const connection = await RespClient.connect(node.port, node.host)
  try {
    const { value } = await connection.command(...argv)
    if (value instanceof RespError) throw new Error(value.message)
    return value
  } finally {
    await connection.close()
  }
}

async function flush(masters: readonly NodeUnderTest[]): Promise<void> {
  await Promise.all(masters.map((node) => ask(node, 'FLUSHALL')))
}

/** Waits until each replica has as many keys as its master. */
async function replicated(cluster: ClusterUnderTest): Promise<void> {
  await waitFor(
    'replicas to have the keys of their masters',
    () => Promise.all(cluster.nodes.map((node) => ask(node, 'DBSIZE'))),
    (sizes) => sizes.slice(MASTERS).every((size, i) => size === sizes[i]),
  )
}

/** How many GETs each node has served. */
function readsAt(nodes: readonly NodeUnderTest[]): Promise<number[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const text = String(await ask(node, 'INFO', 'commandstats'))
      return Number(/cmdstat_get:calls=(\d+)/.exec(text)?.[1] ?? 0)
    }),
  )
}
