import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { readRdb } from '../../lib/rdb/reader.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { parseReply, type RespValue } from '../support/resp-client.ts'
import { SocketNode } from '../support/socket-node.ts'
import { generate as streamCommand } from './generator/stream.ts'

/** Beyond any clock this runs on. */
const FAR_MS = 4_000_000_000_000

const seed = process.env.SEED ?? `${Date.now()}`

/** Waits for a condition; fails with what it last saw. */
async function until(what: string, look: () => Promise<unknown> | unknown): Promise<void> {
  let seen: unknown
  for (let i = 0; i < 400; i++) {
    seen = await look()
    if (seen === true) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${what}: not within 10 s, last seen ${JSON.stringify(seen)}`)
}

function randomCommands(random: Random, count: number): string[][] {
  return Array.from({ length: count }, () => {
    const key = `k${random.below(40)}`
    switch (random.below(7)) {
      case 0:
        return ['SET', key, random.bytes(random.below(200))]
      case 1:
        return [
          'SET',
          key,
          String(random.below(1_000_000)),
          'PXAT',
          `${FAR_MS + random.below(1000)}`,
        ]
      case 2:
        return ['DEL', key]
      case 3:
        return ['HSET', `h${key}`, `f${random.below(600)}`, 'v'.repeat(random.below(100))]
      case 4:
        return ['HSET', `big${key}`, ...Array.from({ length: 1200 }, (_, i) => `${i}`)]
      case 5:
        return ['PEXPIREAT', `h${key}`, `${FAR_MS}`]
      default:
        return ['APPEND', key, 'x'.repeat(random.below(30))]
    }
  })
}

/** All keys of a real server, in the form of `ReplicatingNode.contents`. */
async function contentsOf(server: RealRedis): Promise<string[]> {
  const client = await server.connect()
  const found: string[] = []
  for (const key of (await client.command('KEYS', '*')).value as string[]) {
    const isHash = (await client.command('TYPE', key)).value === 'hash'
    const reply = (await client.command(isHash ? 'HGETALL' : 'GET', key)).value
    const expiry = Number((await client.command('PEXPIRETIME', key)).value)
    const content = isHash ? pairsOf(reply as string[]).sort() : reply
    found.push(JSON.stringify([0, key, content, expiry < 0 ? undefined : expiry]))
  }
  await client.close()
  return found.sort()
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return flat.flatMap((word, i): [string, string][] =>
    i % 2 === 0 ? [[word, flat[i + 1] ?? '']] : [],
  )
}

async function infoOf(server: RealRedis): Promise<Map<string, string>> {
  const text = (await server.command('INFO', 'replication')).value as string
  return new Map(text.split('\r\n').map((line) => line.split(':') as [string, string]))
}

for (const diskless of ['yes', 'no']) {
  t.test(
    `we follow a real master, diskless sync ${diskless}`,
    { skip: withoutRealRedis70 },
    async (t) => {
      t.comment(`SEED=${seed}`)
      const random = new Random(seed)
      const master = await startRealRedis({
        args: ['--repl-diskless-sync', diskless, '--repl-diskless-sync-delay', '0'],
      })
      t.teardown(() => master.stop())
      for (const argv of randomCommands(random, 200)) await master.command(...argv)
      const replica = await SocketNode.start()
      t.teardown(() => replica.stop())
      const { node } = replica
      node.follow('127.0.0.1', master.port)
      await until('the link is up', () => node.machine.linkState === 'connected' || node.log)
      t.strictSame(node.contents(), await contentsOf(master), 'after the full synchronization')

      for (const argv of randomCommands(random, 200)) await master.command(...argv)
      await master.command('MULTI')
      await master.command('SET', 'in', 'transaction')
      await master.command('INCR', 'counter')
      await master.command('EXEC')
      // WAIT makes the master ask for an acknowledgement.
      t.equal((await master.command('WAIT', '1', '5000')).value, 1, 'we acknowledge when asked')
      const inStep = async () => {
        const offset = Number((await infoOf(master)).get('master_repl_offset'))
        return offset === node.machine.offset || [offset, node.machine.offset, node.log]
      }
      await until('the offsets are equal', inStep)
      t.strictSame(node.contents(), await contentsOf(master), 'after the stream')
      const slave = (await infoOf(master)).get('slave0')
      t.match(slave, `port=${replica.port},state=online,offset=`)

      await master.command('CLIENT', 'KILL', 'TYPE', 'replica')
      await master.command('SET', 'while', 'away')
      await until('the link is up again', () => node.runner.run('GET while') === '$4\r\naway\r\n')
      await until('in step again', inStep)
      t.strictSame(node.contents(), await contentsOf(master), 'after a partial resynchronization')
      const stats = (await master.command('INFO', 'stats')).value as string
      t.match(stats, 'sync_full:1\r\n')
      t.match(stats, 'sync_partial_ok:1\r\n')
      t.ok(node.log.includes('* Successful partial resynchronization with master.'))
    },
  )
}

for (const diskless of [true, false]) {
  t.test(
    `a real replica follows us, diskless sync ${diskless}`,
    { skip: withoutRealRedis70 },
    async (t) => {
      t.comment(`SEED=${seed}`)
      const random = new Random(seed)
      const master = await SocketNode.start({ disklessSync: diskless, pingPeriodMs: 1000 }, seed)
      t.teardown(() => master.stop())
      const { node } = master
      for (const argv of randomCommands(random, 200)) node.execute(argv)
      const replica = await startRealRedis({ args: ['--repl-diskless-load', 'disabled'] })
      t.teardown(() => replica.stop())
      await replica.command('REPLICAOF', '127.0.0.1', `${master.port}`)
      const inStep = async () => {
        const info = await infoOf(replica)
        const offset = Number(info.get('slave_repl_offset'))
        return (
          (info.get('master_link_status') === 'up' && offset === node.machine.offset) || [
            ...info,
            node.log,
          ]
        )
      }
      await until('the replica is in step', inStep)
      t.strictSame(await contentsOf(replica), node.contents(), 'after the full synchronization')
      for (const argv of randomCommands(random, 200)) node.execute(argv)
      await until('the replica is in step', inStep)
      t.strictSame(await contentsOf(replica), node.contents(), 'after the stream')
      const [, first] = node.machine.info(node.now).find(([name]) => name === 'slave0') ?? []
      t.match(first, `port=${replica.port},state=online,`)
      await until('it acknowledged everything', () => {
        const [, line] = node.machine.info(node.now).find(([name]) => name === 'slave0') ?? []
        return String(line).includes(`offset=${node.machine.offset},`) || line
      })
      t.equal(node.machine.goodReplicas(10, node.now), 1)

      await replica.command('CLIENT', 'KILL', 'TYPE', 'master')
      node.execute(['SET', 'while', 'away'])
      await until('it is in step again', inStep)
      t.strictSame(await contentsOf(replica), node.contents(), 'after a partial resynchronization')
      t.match(node.machine.stats, { full: 1, partialOk: 1 })
    },
  )
}

/** Stream commands of which a replica hears all: reading what pends again counts on the master alone. */
function* streamCommands(random: Random, count: number): Generator<string[]> {
  while (count > 0) {
    const argv = streamCommand(random)
    const readsAgain = argv[0] === 'XREADGROUP' && argv.slice(-2).some((word) => word !== '>')
    if (readsAgain || argv[0] === 'XREAD' || argv[0] === 'SET') continue
    yield argv
    count--
  }
}

const STREAM_KEYS = ['{k}x0', '{k}x1', '{k}x2', '{k}plain0', '{k}plain1']

/** XINFO STREAM FULL without what a master does not tell its replicas. */
function replicated(reply: RespValue | undefined): unknown {
  if (!Array.isArray(reply)) return String(reply)
  const untold = ['seen-time', 'entries-read', 'lag']
  return reply
    .filter((item, i) => !untold.includes(String(item)) && !untold.includes(String(reply[i - 1])))
    .map(replicated)
}

/** Digest of all data and what the streams of a server are. */
async function streamFacts(
  ask: (...argv: string[]) => Promise<RespValue | undefined> | RespValue | undefined,
): Promise<unknown[]> {
  const facts: unknown[] = [await ask('DEBUG', 'DIGEST')]
  for (const key of STREAM_KEYS) {
    facts.push(replicated(await ask('XINFO', 'STREAM', key, 'FULL', 'COUNT', '0')))
  }
  return facts
}

for (const leader of ['real', 'ours'] as const) {
  t.test(`streams, the master is ${leader}`, { skip: withoutRealRedis70 }, async (t) => {
    t.comment(`SEED=${seed}`)
    const random = new Random(seed)
    const args = ['--enable-debug-command', 'yes', '--repl-diskless-sync-delay', '0']
    const real = await startRealRedis({ args })
    t.teardown(() => real.stop())
    const client = await real.connect()
    t.teardown(() => client.close())
    const ours = await SocketNode.start({ pingPeriodMs: 1000 }, seed)
    t.teardown(() => ours.stop())
    const { node } = ours
    const askReal = async (...argv: string[]) => (await client.command(...argv)).value
    const askOurs = (...argv: string[]) => parseReply(node.runner.execute(argv))?.value
    const run = async (count: number) => {
      for (const argv of streamCommands(random, count)) {
        if (leader === 'real') await askReal(...argv)
        else node.execute(argv)
      }
    }
    const inStep = async () => {
      const field = leader === 'real' ? 'master_repl_offset' : 'slave_repl_offset'
      const info = await infoOf(real)
      const isLinked =
        leader === 'real'
          ? node.machine.linkState === 'connected'
          : info.get('master_link_status') === 'up'
      return (isLinked && Number(info.get(field)) === node.machine.offset) || [...info]
    }
    await run(500)
    if (leader === 'real') node.follow('127.0.0.1', real.port)
    else await askReal('REPLICAOF', '127.0.0.1', `${ours.port}`)
    await until('in step', inStep)
    t.strictSame(await streamFacts(askOurs), await streamFacts(askReal), 'after the snapshot')
    await run(3000)
    await until('in step again', inStep)
    t.strictSame(await streamFacts(askOurs), await streamFacts(askReal), 'after the stream')
  })
}

t.test('redis-cli takes a snapshot from us', { skip: withoutRealRedis70 }, async (t) => {
  const master = await SocketNode.start({}, seed)
  t.teardown(() => master.stop())
  master.node.execute(['SET', 'a', '1'])
  const directory = mkdtempSync(join(tmpdir(), 'rdb-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'taken.rdb')
  // Its own process: it blocks until the file is there, and our server must go on meanwhile.
  const child = spawn('redis-cli', ['-p', `${master.port}`, '--rdb', file])
  const status = await new Promise((resolve) => child.once('exit', resolve))
  t.equal(status, 0)
  const keys = [...readRdb(readFileSync(file))].flatMap((item) =>
    item.type === 'record' ? [item.record.key] : [],
  )
  t.strictSame(keys, ['a'])
  t.equal(spawnSync('redis-check-rdb', [file]).status, 0)
})

t.test(
  'INFO and ROLE have the fields of a real server',
  { skip: withoutRealRedis70 },
  async (t) => {
    const realMaster = await startRealRedis({ args: ['--repl-diskless-sync-delay', '0'] })
    t.teardown(() => realMaster.stop())
    const realReplica = await startRealRedis()
    t.teardown(() => realReplica.stop())
    const master = await SocketNode.start({}, seed)
    t.teardown(() => master.stop())
    const replica = await SocketNode.start({}, seed)
    t.teardown(() => replica.stop())
    const compare = async (what: string) => {
      for (const [real, ours] of [[realMaster, master] as const, [realReplica, replica] as const]) {
        const { node } = ours
        const names = [...(await infoOf(real)).keys()].filter((name) => !/^(#.*)?$/.test(name))
        t.strictSame(
          node.machine.info(node.now).map(([name]) => name),
          names,
          what,
        )
      }
    }
    await compare('alone')
    await realReplica.command('REPLICAOF', '127.0.0.1', '1')
    replica.node.follow('127.0.0.1', 1)
    await compare('without a link')
    await realReplica.command('REPLICAOF', '127.0.0.1', `${realMaster.port}`)
    replica.node.follow('127.0.0.1', master.port)
    const isUp = async () => (await infoOf(realReplica)).get('master_link_status') === 'up'
    await until('the real link is up', isUp)
    await until('our link is up', () => replica.node.machine.linkState === 'connected')
    await compare('in step')
    const shape = (role: unknown) => JSON.stringify(role).replace(/\d+/g, 'N')
    const { role, ...rest } = replica.node.machine.describeRole()
    t.equal(shape([role, ...Object.values(rest)]), shape((await realReplica.command('ROLE')).value))
  },
)
