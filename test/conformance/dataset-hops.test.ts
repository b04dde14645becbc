/**
 * 100,000 keys of all types and encodings on their way between redis-server and ours: by full synchronization, by the file
 * that is saved, and by starting from it. DEBUG DIGEST is the same at every hop, and so are encodings and ends.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { largeSamples, type Sample, smallSamples } from '../support/key-sample.ts'
import { startNodeProcess } from '../support/node-process.ts'
import {
  type RealRedis,
  type RealRedisOptions,
  startRealRedis,
  withoutRealRedis70,
} from '../support/real-redis.ts'
import type { RespValue } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

t.setTimeout(300_000)
if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)

const seed = process.env.SEED ?? `${Date.now()}`
const KEYS = Number(process.env.KEYS ?? 100_000)
/** One key in so many is a large one. */
const LARGE_SHARE = 50
const BATCH = 1000
const PATIENCE_MS = 60_000
const ARGS = ['--enable-debug-command', 'yes', '--repl-diskless-sync-delay', '0']

const starters = { real: startRealRedis, ours: startNodeProcess } as const
type Kind = keyof typeof starters

async function start(t: Test, kind: Kind, options: RealRedisOptions = {}): Promise<RealRedis> {
  const server = await starters[kind]({ args: [...ARGS, ...(options.args ?? [])] })
  t.teardown(() => server.stop())
  return server
}

/** The keys, in several databases, and the first of each kind. */
async function fill(server: RealRedis): Promise<void> {
  const random = new Random(seed)
  const client = await server.connect()
  let batch: (readonly Bytes[])[] = []
  const add = async (samples: readonly [string, Sample][], i: number) => {
    const [kind, sample] = samples[i % samples.length] as [string, Sample]
    batch.push(...sample(`${kind}:${i}`, random))
    if (batch.length < BATCH) return
    const replies = await client.pipeline(batch)
    batch = []
    const failed = replies.find(({ raw }) => raw.startsWith('-'))
    if (failed !== undefined) throw new Error(failed.raw)
  }
  const [small, large] = [Object.entries(smallSamples), Object.entries(largeSamples)]
  for (let i = 0; i < KEYS; i++) {
    if (i % (KEYS / 4) === 0) batch.push(['SELECT', `${Math.floor((i * 4) / KEYS) * 2}`])
    await add(i % LARGE_SHARE === 0 ? large : small, Math.floor(i / (LARGE_SHARE + 1)) + i)
  }
  await client.pipeline(batch)
  await client.close()
}

/** What all keys are, and of one in a thousand how they are kept and when they end. */
async function factsOf(server: RealRedis): Promise<RespValue[]> {
  const client = await server.connect()
  const facts: RespValue[] = [(await client.command('DEBUG', 'DIGEST')).value]
  for (const database of [0, 2, 4, 6]) {
    await client.command('SELECT', `${database}`)
    facts.push((await client.command('DBSIZE')).value)
    const keys = (await client.command('KEYS', '*00')).value as Bytes[]
    for (const key of keys.sort()) {
      const replies = await client.pipeline([
        ['OBJECT', 'ENCODING', key],
        ['PEXPIRETIME', key],
      ])
      // Who reads a string makes of it what it can, however it came about.
      facts.push([key, ...replies.map(({ value }) => (isString(value) ? 'string' : value))])
    }
  }
  await client.close()
  return facts
}

const isString = (encoding: RespValue) => ['raw', 'embstr', 'int'].includes(String(encoding))

/** Makes a server the replica of another and waits until it has everything. */
async function follow(replica: RealRedis, master: RealRedis): Promise<void> {
  await replica.command('REPLICAOF', '127.0.0.1', `${master.port}`)
  await waitFor(
    'the link to be up',
    async () => String((await replica.command('INFO', 'replication')).value),
    (text) => text.includes('master_link_status:up'),
    PATIENCE_MS,
  )
}

for (const [origin, other] of [
  ['real', 'ours'],
  ['ours', 'real'],
] as const) {
  t.test(`${origin} -> ${other} -> file -> ${origin}`, { skip: withoutRealRedis70 }, async (t) => {
    t.comment(`SEED=${seed}`)
    const source = await start(t, origin)
    await fill(source)
    const facts = await factsOf(source)
    t.equal(
      (facts as unknown[]).reduce(
        (sum: number, fact) => sum + (typeof fact === 'number' ? fact : 0),
        0,
      ),
      KEYS,
    )

    const replica = await start(t, other)
    await follow(replica, source)
    t.same(await factsOf(replica), facts, `${other} has what ${origin} sent`)

    t.equal((await replica.command('SAVE')).value, 'OK')
    const checked = spawnSync('redis-check-rdb', [join(replica.directory, 'dump.rdb')], {
      encoding: 'utf8',
    })
    t.equal(checked.status, 0, checked.stdout.split('\n').slice(-4).join(' '))

    const reader = await start(t, origin, { args: ['--dir', replica.directory] })
    await waitFor(
      'the data to be loaded',
      async () => String((await reader.command('INFO', 'persistence')).value),
      (text) => text.includes('\nloading:0'),
      PATIENCE_MS,
    )
    t.same(await factsOf(reader), facts, `${origin} starts from the file of ${other}`)
  })
}
