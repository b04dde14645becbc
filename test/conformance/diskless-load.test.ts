/**
 * A replica that loads what its master sends as it comes (repl-diskless-load), ours and a redis-server side by side, both of one
 * real master that sends as slowly as the test wants: what clients are told meanwhile, what is there when the link breaks
 * half-way and when all has come, and what the log says.
 */
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { RespError } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

t.setTimeout(300_000)

if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)
const skip = withoutRealRedis70

async function say(server: RealRedis, ...lines: string[]): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const line of lines) {
    const { value } = await server.command(...line.split(' '))
    answers.push(value instanceof RespError ? `-${value.message}` : value)
  }
  return answers
}

async function info(server: RealRedis, field: string): Promise<Bytes | undefined> {
  const { value } = await server.command('INFO')
  return new RegExp(`^${field}:(.*)\r$`, 'm').exec(String(value))?.[1]
}

function untilInfo(server: RealRedis, field: string, wanted: string): Promise<unknown> {
  return waitFor(
    `${field} to be ${wanted}`,
    () => info(server, field),
    (value) => value === wanted,
  )
}

/** The replica can go on nowhere: the master has forgotten what it sent last. */
async function loseTrack(master: RealRedis): Promise<void> {
  await say(master, 'CONFIG SET repl-backlog-size 16384', 'MULTI', 'CLIENT KILL TYPE replica')
  for (let i = 0; i < 10; i++) await master.command('SET', `${i}`, 'x'.repeat(16384))
  await say(master, 'EXEC')
}

const QUESTIONS = [
  'GET mine',
  'SET other 2',
  'DBSIZE',
  'CONFIG SET appendonly no',
  'REPLICAOF NO ONE',
  'SAVE',
  'SELECT 1',
  'SELECT 0',
]

interface Situation {
  readonly name: string
  readonly directive: string
  /** What the replica holds before. */
  readonly before: 'nothing' | 'foreign data' | 'older data'
}

const situations: readonly Situation[] = [
  { name: 'where nothing is', directive: 'on-empty-db', before: 'nothing' },
  { name: 'beside foreign data', directive: 'swapdb', before: 'foreign data' },
  { name: 'beside older data of the same', directive: 'swapdb', before: 'older data' },
]

const LINES =
  /^(MASTER <-> REPLICA sync: |Discarding|Done loading|Failed trying|Reconnecting|Connection with)/

/** What the replica said in this time, its numbers and reasons apart. */
function linesSince(replica: RealRedis, count: number): string[] {
  return replica.log
    .slice(count)
    .map((line) => line.replace(/^.*? [*#] /, ''))
    .filter((line) => LINES.test(line))
    .map((line) => line.replace(/127\.0\.0\.1:\d+|loaded: \d+/, '').replace(/socket: .*/, 'socket'))
}

async function observe(
  t: Test,
  start: typeof startRealRedis,
  situation: Situation,
): Promise<unknown> {
  const fast = ['--repl-diskless-sync-delay', '0', '--rdbcompression', 'no']
  const master = await startRealRedis({ args: [...fast, '--enable-debug-command', 'yes'] })
  t.teardown(() => master.stop())
  const replica = await start({
    args: [
      ...['--repl-diskless-load', situation.directive, '--replica-read-only', 'no'],
      // A redis-server that loads hears its clients no more often.
      ...['--loading-process-events-interval-bytes', '65536'],
    ],
  })
  t.teardown(() => replica.stop())
  await say(master, 'DEBUG POPULATE 100 key 50000')
  const follow = `REPLICAOF 127.0.0.1 ${master.port}`
  if (situation.before === 'older data') {
    await say(replica, follow)
    await untilInfo(replica, 'master_link_status', 'up')
  }
  if (situation.before !== 'nothing') await say(replica, 'SET mine 1')
  const logged = replica.log.length
  await say(master, 'CONFIG SET rdb-key-save-delay 50000')
  if (situation.before === 'older data') await loseTrack(master)
  else await say(replica, follow)
  const loading = situation.before === 'older data' ? 'async_loading' : 'loading'
  await untilInfo(replica, loading, '1')
  const during = [
    await info(replica, 'loading'),
    await info(replica, 'async_loading'),
    await say(replica, ...QUESTIONS),
  ]
  await say(master, 'CONFIG SET repl-diskless-sync-delay 5', 'CLIENT KILL TYPE replica')
  await untilInfo(replica, loading, '0')
  const afterwards = await say(replica, 'GET mine', 'DBSIZE', 'CONFIG SET appendonly no')
  const failed = linesSince(replica, logged)
  await say(master, 'CONFIG SET rdb-key-save-delay 0', 'CONFIG SET repl-diskless-sync-delay 0')
  await untilInfo(replica, 'master_link_status', 'up')
  const atLast = await say(replica, 'GET mine', 'GET other', 'DBSIZE')
  const end = linesSince(replica, logged).slice(-6)
  return { during, afterwards, failed, atLast, end }
}

for (const situation of situations) {
  t.test(`loaded as it comes, ${situation.name}`, { skip }, async (t) => {
    const [real, ours] = await Promise.all([
      observe(t, startRealRedis, situation),
      observe(t, startNodeProcess, situation),
    ])
    t.same(ours, real)
  })
}
