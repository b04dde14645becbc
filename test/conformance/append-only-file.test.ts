/**
 * Append-only files between ours and a real server: the same commands make the same bytes, each starts from what the other
 * left, with equal data, and redis-check-aof finds nothing wrong.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import { nodeDirectory } from '../support/node-directory.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import type { RespClient, RespValue } from '../support/resp-client.ts'
import { startServerProcess } from '../support/server-process.ts'
import { waitFor } from '../support/wait.ts'

const CHECKER = 'redis-check-aof'
const withoutChecker =
  withoutRealRedis70 !== false || spawnSync(CHECKER).error === undefined
    ? withoutRealRedis70
    : `${CHECKER} is not installed`

/** Servers are killed here, and by `everysec` either may put off what it writes while the disk is busy. */
const LOG = [
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--enable-debug-command',
  'yes',
] as const

/** An hour beyond any clock this runs on. */
const FAR_MS = 4_000_000_000_000

/** One command of any type, with nothing left to the time or to chance. */
function randomCommand(random: Random): string[] {
  const pick = (words: readonly string[]) => words[random.below(words.length)] as string
  const key = (type: string) => `${type}:${random.below(6)}`
  const member = () =>
    random.below(2) === 0 ? `${random.below(50)}` : random.bytes(1 + random.below(12))
  const number = () => `${random.below(2000) - 1000}`
  const many = (words: () => string[]) => Array.from({ length: 1 + random.below(8) }, words).flat()
  const id = `${1 + random.below(500)}-${random.below(3)}`
  const templates: (() => string[])[] = [
    () => [
      'SET',
      key('s'),
      random.bytes(random.below(200)),
      'PXAT',
      `${FAR_MS + random.below(1000)}`,
    ],
    () => ['SET', key('s'), number()],
    () => ['INCRBYFLOAT', key('n'), `${random.below(100) / 8}`],
    () => ['SETRANGE', key('s'), `${random.below(300)}`, random.bytes(5)],
    () => ['SETBIT', key('s'), `${random.below(500)}`, pick(['0', '1'])],
    () => ['GETEX', key('s'), 'PXAT', `${FAR_MS}`],
    () => [pick(['RPUSH', 'LPUSH']), key('l'), ...many(() => [member()])],
    () => [pick(['LPOP', 'RPOP']), key('l'), `${1 + random.below(3)}`],
    () => ['LMOVE', key('l'), key('l'), 'LEFT', 'RIGHT'],
    () => ['LMPOP', '2', key('l'), key('l'), 'LEFT', 'COUNT', '2'],
    () => ['SADD', key('set'), ...many(() => [member()])],
    () => ['SREM', key('set'), ...many(() => [member()])],
    () => ['SUNIONSTORE', key('set'), key('set'), key('set')],
    () => ['ZADD', key('z'), ...many(() => [`${random.below(1000) / 7}`, member()])],
    () => ['ZINCRBY', key('z'), number(), member()],
    () => [pick(['ZPOPMIN', 'ZPOPMAX']), key('z')],
    () => ['ZMPOP', '1', key('z'), 'MIN', 'COUNT', '2'],
    () => ['HSET', key('h'), ...many(() => [member(), random.bytes(random.below(80))])],
    () => ['HINCRBYFLOAT', key('hn'), 'f', `${random.below(100) / 4}`],
    () => ['HDEL', key('h'), member()],
    () => ['XADD', key('x'), id, ...many(() => [pick(['f', 'g']), member()])],
    () => ['XTRIM', key('x'), 'MAXLEN', '~', '20'],
    () => ['XDEL', key('x'), id],
    () => ['XGROUP', 'CREATE', key('x'), pick(['g', 'h']), '0'],
    () => ['XGROUP', 'CREATECONSUMER', key('x'), 'g', pick(['ann', 'bob'])],
    () => ['PFADD', key('p'), ...many(() => [member()])],
    () => ['GEOADD', key('geo'), '13.4', '52.5', member()],
    () => ['EXPIREAT', key(pick(['l', 'set', 'z', 'h', 'x'])), `${FAR_MS / 1000}`],
    () => ['EXPIRE', key('s'), '-1'],
    () => ['PERSIST', key(pick(['l', 'set']))],
    () => ['DEL', key(pick(['s', 'l', 'set', 'z', 'h', 'x']))],
    () => ['RENAME', key('s'), key('s')],
    () => ['COPY', key('z'), key('z'), 'REPLACE'],
    () => ['SORT', key('set'), 'ALPHA', 'STORE', key('l')],
    () => ['SELECT', pick(['0', '3'])],
    () => ['SWAPDB', '0', '3'],
    () => ['GET', key('s')],
  ]
  return (templates[random.below(templates.length)] as () => string[])()
}

/** Commands, some of them as transactions. */
function randomCommands(random: Random, count: number): string[][] {
  return Array.from({ length: count }, () => {
    if (random.below(8) > 0) return [randomCommand(random)]
    const body = Array.from({ length: random.below(4) }, () => randomCommand(random))
    return [['MULTI'], ...body, ['EXEC']]
  }).flat()
}

async function rewrite(client: RespClient): Promise<void> {
  const asked = await client.command('BGREWRITEAOF')
  if (asked.value !== 'Background append only file rewriting started') {
    throw new Error(`BGREWRITEAOF: ${asked.raw}`)
  }
  const isOver = (info: string) =>
    /aof_rewrite_in_progress:0\r[\s\S]*aof_last_bgrewrite_status:ok/.test(info)
  const info = async () => String((await client.command('INFO', 'persistence')).value)
  await waitFor('the end of a rewriting', info, isOver)
}

/** What there is: the digest of all data, and of each key by its database. */
async function digests(client: RespClient): Promise<Record<string, RespValue>> {
  const found: Record<string, RespValue> = { all: (await client.command('DEBUG', 'DIGEST')).value }
  for (const database of ['0', '3']) {
    await client.command('SELECT', database)
    for (const key of (await client.command('KEYS', '*')).value as string[]) {
      const [digest] = (await client.command('DEBUG', 'DIGEST-VALUE', key)).value as string[]
      const expiry = (await client.command('PEXPIRETIME', key)).value
      found[`${database} ${key}`] = `${digest} ${expiry}`
    }
  }
  return found
}

function check(t: Test, directory: string): void {
  const manifest = join(directory, 'appendonlydir', 'appendonly.aof.manifest')
  const { stdout } = spawnSync(CHECKER, [manifest], { encoding: 'latin1' })
  t.match(stdout, 'All AOF files and manifest are valid')
}

function seeded(t: Test): { seed: string; random: Random } {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  return { seed, random: new Random(seed) }
}

t.test('the same commands make the same bytes', { skip: withoutRealRedis70 }, async (t) => {
  const { seed, random } = seeded(t)
  const commands = randomCommands(random, 1500)
  const [ours, theirs] = [t.testdir({ ours: {}, theirs: {} })].flatMap((root) => [
    join(root, 'ours'),
    join(root, 'theirs'),
  ]) as [string, string]
  const process_ = await startServerProcess(t, ours, ...LOG)
  const real = await startRealRedis({ args: ['--dir', theirs, ...LOG] })
  t.teardown(() => real.stop())
  const [one, other] = await Promise.all([process_.connect(), real.connect()])
  await Promise.all([one.pipeline(commands), other.pipeline(commands)])
  const path = join('appendonlydir', 'appendonly.aof.1.incr.aof')
  const [written, expected] = [ours, theirs].map((directory) =>
    readFileSync(join(directory, path), 'latin1').split(/(?=\*\d+\r\n\$)/),
  ) as [string[], string[]]
  const at = expected.findIndex((command, i) => command !== written[i])
  t.ok(expected.length > 500)
  t.equal(
    at,
    -1,
    `seed ${seed}: ${JSON.stringify([written.slice(at, at + 3), expected.slice(at, at + 3)])}`,
  )
  t.equal(written.length, expected.length)
  check(t, ours)
})

for (const preamble of ['yes', 'no'] as const) {
  t.test(
    `each starts from what the other left, preamble ${preamble}`,
    { skip: withoutChecker },
    async (t) => {
      const { random } = seeded(t)
      const directory = nodeDirectory(t)
      const args = [...LOG, '--aof-use-rdb-preamble', preamble, '--aof-timestamp-enabled', 'yes']
      for (let round = 0; round < 2; round++) {
        const ours = await startServerProcess(t, directory, ...args)
        const client = await ours.connect()
        await client.pipeline(randomCommands(random, 1500))
        await client.command('XREADGROUP', 'GROUP', 'g', 'ann', 'COUNT', '3', 'STREAMS', 'x:1', '>')
        await rewrite(client)
        await client.pipeline(randomCommands(random, 500))
        const left = await digests(client)
        await ours.kill()
        check(t, directory)

        const real = await startRealRedis({ args: ['--dir', directory, ...args] })
        const other = await real.connect()
        t.same(await digests(other), left, 'a real server has the same')
        await other.pipeline(randomCommands(random, 1500))
        await rewrite(other)
        await other.pipeline(randomCommands(random, 500))
        const theirs = await digests(other)
        await other.close()
        await real.stop()

        const again = await startServerProcess(t, directory, ...args)
        const reader = await again.connect()
        t.same(await digests(reader), theirs, 'and so have we')
        await rewrite(reader)
        t.equal((await reader.command('DEBUG', 'LOADAOF')).value, 'OK')
        t.same(await digests(reader), theirs)
        await again.kill()
      }
    },
  )
}
