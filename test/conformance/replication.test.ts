import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { readRdb } from '../../lib/rdb/reader.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { SocketNode } from '../support/socket-node.ts'

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
