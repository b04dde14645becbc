/**
 * redis-server processes and processes of ours in one cluster that `redis-cli --cluster create` forms over the TCP bus: one
 * kind has the masters, the other their replicas. Masters are killed, replicas elected by the votes of the other kind, slots
 * moved between the kinds with keys of all types in them, while a client writes on; nothing that WAIT 1 acknowledged is lost.
 *
 * ROUNDS=50 plays as many on one cluster, SEED=... says which.
 */
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { keySlot } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import { AcknowledgedWriter } from '../support/acknowledged-writer.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import { census, contentOf, writeSamples } from '../support/key-census.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { redisCliOutput, withoutRedisCli } from '../support/redis-cli.ts'
import { RespError } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

const seed = process.env.SEED ?? `${Date.now()}`
const rounds = Number(process.env.ROUNDS ?? 1)
const skip = withoutRealRedis70 || withoutRedisCli
if (skip !== false) t.comment(`SKIPPED: ${skip}`)

t.setTimeout(120_000 + rounds * 60_000)

const SHARDS = 3
const MOVED_SLOTS = 12
const PATIENCE_MS = 40_000

const ARGS = Object.entries({
  'cluster-node-timeout': '2000',
  'enable-debug-command': 'yes',
  'repl-diskless-sync-delay': '0',
  'repl-ping-replica-period': '1',
}).flatMap(([name, value]) => [`--${name}`, value])

const starters = { real: startRealRedis, ours: startNodeProcess } as const

/** A member of the cluster. */
interface Member {
  readonly kind: keyof typeof starters
  readonly server: RealRedis
  readonly id: Bytes
}

/** A master and its replica, of two kinds; each may take the other's place. */
interface Shard {
  master: Member
  replica: Member
}

async function say({ server }: Member, ...argv: Bytes[]): Promise<string> {
  const { value } = await server.command(...argv)
  if (value instanceof RespError) throw new Error(`${argv.join(' ')}: ${value.message}`)
  return String(value)
}

async function startMembers(t: Test, kind: Member['kind']): Promise<Member[]> {
  const members: Member[] = []
  for (let i = 0; i < SHARDS; i++) {
    const server = await starters[kind]({ cluster: true, args: ARGS })
    t.teardown(() => server.stop())
    const { value } = await server.command('CLUSTER', 'MYID')
    members.push({ kind, server, id: String(value) })
  }
  return members
}

const addressOf = ({ server }: Member): string => `127.0.0.1:${server.port}`

/** Resolves when each of these sees the cluster as the shards say, and all of it is well. */
async function agreement(shards: readonly Shard[], seenBy: readonly Member[]): Promise<void> {
  for (const member of seenBy) {
    await waitFor(
      `${member.kind} ${member.server.port} to see every master with its replica`,
      async () => [await say(member, 'CLUSTER', 'NODES'), await say(member, 'CLUSTER', 'INFO')],
      ([nodes = '', info = '']) =>
        info.includes('cluster_state:ok') &&
        !/fail|handshake|disconnected/.test(nodes) &&
        shards.every(
          ({ master, replica }) =>
            new RegExp(`^${master.id} \\S+ (myself,)?master - `, 'm').test(nodes) &&
            new RegExp(`^${replica.id} \\S+ (myself,)?slave ${master.id} `, 'm').test(nodes),
        ),
      PATIENCE_MS,
    )
  }
}

const membersOf = (shards: readonly Shard[]): Member[] =>
  shards.flatMap(({ master, replica }) => [master, replica])

/** Waits until a replica has all that its master has. */
function inStep({ master, replica }: Shard): Promise<unknown> {
  return waitFor(
    `${replica.kind} ${replica.server.port} to be in step with ${master.server.port}`,
    async () => [
      /^master_link_status:(\w+)/m.exec(await say(replica, 'INFO', 'replication'))?.[1],
      await say(master, 'DEBUG', 'DIGEST'),
      await say(replica, 'DEBUG', 'DIGEST'),
    ],
    ([link, wanted, found]) => link === 'up' && wanted === found,
    PATIENCE_MS,
  )
}

/** What a server has logged since then. */
async function logged(member: Member, since: number, pattern: RegExp): Promise<void> {
  await waitFor(
    `${member.kind} ${member.server.port} to log ${pattern}`,
    () => member.server.log.slice(since).join('\n'),
    (log) => pattern.test(log),
    PATIENCE_MS,
  )
}

/** Kill -9: the replica takes the master's place, elected by the masters that are left. */
async function crash(t: Test, shards: readonly Shard[], shard: Shard): Promise<void> {
  const { master, replica } = shard
  const others = shards.filter((other) => other !== shard)
  const marks = new Map(membersOf(shards).map((member) => [member, member.server.log.length]))
  await master.server.kill()
  const since = (member: Member) => marks.get(member) ?? 0
  await logged(replica, since(replica), /Failover election won: I'm the new master\./)
  // Two of three masters are a majority; with one of them dead it takes both.
  for (const { master: voter } of others) {
    await logged(voter, since(voter), new RegExp(`Failover auth granted to ${replica.id}`))
    t.pass(`${voter.kind} has voted for ${replica.kind}`)
  }
  Object.assign(shard, { master: replica, replica: master })

  // Its data is gone with it: it begins anew, as a redis-server without a file does.
  await master.server.restart()
  await logged(master, since(master), /Full resync from master: /)
  await agreement(shards, membersOf(shards))
  t.pass(`${master.kind} is back, as a replica of ${replica.kind}`)
}

/** CLUSTER FAILOVER: the replica takes over in good order, and its master goes on where it stands. */
async function handOver(t: Test, shards: readonly Shard[], shard: Shard): Promise<void> {
  const { master, replica } = shard
  const since = master.server.log.length
  await waitFor(
    'the replica to be ready to take over',
    () => say(replica, 'CLUSTER', 'FAILOVER'),
    (answer) => answer === 'OK',
    PATIENCE_MS,
  )
  await logged(master, since, /Successful partial resynchronization with master\./)
  Object.assign(shard, { master: replica, replica: master })
  await agreement(shards, membersOf(shards))
  t.pass(`${master.kind} goes on as a replica of ${replica.kind}`)
}

/** A replica that has saved its data when it went needs only what it missed. */
async function restart(t: Test, shards: readonly Shard[], { replica }: Shard): Promise<void> {
  const { server, kind } = replica
  const since = server.log.length
  const client = await server.connect()
  client.send('*2\r\n$8\r\nSHUTDOWN\r\n$4\r\nSAVE\r\n')
  await server.ended()
  await client.close()
  await server.restart()
  await logged(replica, since, /Successful partial resynchronization with master\./)
  await agreement(shards, membersOf(shards))
  t.pass(`${kind} goes on where its file ends`)
}

/** SIGSTOP: the master is silent until another has its place; what it has to ask for then depends on what it still took in. */
async function freeze(t: Test, shards: readonly Shard[], shard: Shard): Promise<void> {
  const { master, replica } = shard
  // One that has never been in sync since it is a replica is not to be elected.
  await waitFor(
    `${replica.kind} ${replica.server.port} to be linked with its master`,
    () => say(replica, 'INFO', 'replication'),
    (info) => info.includes('master_link_status:up'),
    PATIENCE_MS,
  )
  const [since, sinceMaster] = [replica.server.log.length, master.server.log.length]
  process.kill(master.server.pid, 'SIGSTOP')
  try {
    await logged(replica, since, /Failover election won: I'm the new master\./)
  } finally {
    process.kill(master.server.pid, 'SIGCONT')
  }
  Object.assign(shard, { master: replica, replica: master })
  await logged(
    master,
    sinceMaster,
    /MASTER <-> REPLICA sync: (?:Finished with success|Master accepted)/,
  )
  await agreement(shards, membersOf(shards))
  t.pass(`${master.kind} woke up and follows ${replica.kind}`)
}

/** Slots go to a master of the other kind and back, by redis-cli; their keys are what they were. */
async function reshard(t: Test, shards: readonly Shard[], from: Shard, to: Shard): Promise<void> {
  const nodes: NodeUnderTest[] = membersOf(shards).map(({ server: { port } }) => ({
    host: '127.0.0.1',
    port,
    busPort: port + 10_000,
  }))
  const before = contentOf(await census(nodes, 'sample:*'))
  for (const [source, target] of [
    [from.master, to.master],
    [to.master, from.master],
  ] as const) {
    const slots = await firstSlots(source)
    const tags = slots.map(tagOf)
    if (source === from.master) {
      await writeSamples(nodes, (type, i) => `moving:{${tags[i]}}:${type}`, MOVED_SLOTS)
    }
    const wanted = contentOf(await census(nodes, 'moving:*'))
    const output = await redisCliOutput([
      ...['--cluster', 'reshard', addressOf(source)],
      ...['--cluster-from', source.id, '--cluster-to', target.id],
      ...['--cluster-slots', `${MOVED_SLOTS}`, '--cluster-yes'],
    ])
    t.match(output, `Moving slot ${slots[0]} from ${addressOf(source)} to ${addressOf(target)}`)
    t.same(contentOf(await census(nodes, 'moving:*')), wanted, `${source.kind} -> ${target.kind}`)
  }
  t.same(contentOf(await census(nodes, 'sample:*')), before, 'the other keys are what they were')
}

/** The slots that redis-cli takes from a master first. */
async function firstSlots(member: Member): Promise<number[]> {
  const line = (await say(member, 'CLUSTER', 'NODES'))
    .split('\n')
    .find((text) => text.includes('myself'))
  const slots = (line?.split(' ').slice(8) ?? []).flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: Math.min(last - first + 1, MOVED_SLOTS) }, (_, i) => first + i)
  })
  return slots.slice(0, MOVED_SLOTS)
}

function tagOf(slot: number): string {
  for (let i = 0; ; i++) if (keySlot(`${i}`) === slot) return `${i}`
}

for (const [masterKind, replicaKind] of [
  ['real', 'ours'],
  ['ours', 'real'],
] as const) {
  t.test(`masters ${masterKind}, replicas ${replicaKind}`, { skip }, async (t) => {
    t.comment(`SEED=${seed}`)
    const random = new Random(`${seed}${masterKind}`)
    const masters = await startMembers(t, masterKind)
    const replicas = await startMembers(t, replicaKind)
    const created = await redisCliOutput([
      ...['--cluster', 'create', ...[...masters, ...replicas].map(addressOf)],
      ...['--cluster-replicas', '1', '--cluster-yes'],
    ])
    t.match(created, '[OK] All 16384 slots covered.')
    // redis-cli is done before all have heard who replicates whom.
    const text = await waitFor(
      'every master to have a replica',
      () => say(masters[0] as Member, 'CLUSTER', 'NODES'),
      (lines) => masters.every(({ id }) => lines.includes(` slave ${id} `)),
    )
    const shards = masters.map((master): Shard => {
      const replica = replicas.find(({ id }) => lineOf(text, id).includes(` slave ${master.id} `))
      if (replica === undefined) throw new Error(`a master without a replica:\n${text}`)
      return { master, replica }
    })
    await agreement(shards, membersOf(shards))
    const nodes = membersOf(shards).map(({ server: { port } }) => ({
      host: '127.0.0.1',
      port,
      busPort: 0,
    }))
    await writeSamples(nodes, (type, i) => `sample:${type}:${i}`, 3)

    const writer = new AcknowledgedWriter(nodes.map(({ port }) => port))
    writer.start()
    t.teardown(() => writer.stop())
    let last: Shard | undefined
    for (let round = 0; round < rounds; round++) {
      // A real replica that was master a moment ago takes the votes it got then for new ones, and comes with an old epoch.
      const shard = random.pick(shards.filter((one) => one !== last))
      last = shard
      const other = shards[(shards.indexOf(shard) + 1) % SHARDS] as Shard
      await crash(t, shards, shard)
      if (round === 0) await reshard(t, shards, other, shard)
      if (random.below(2) === 0 && rounds > 1)
        await freeze(t, shards, shards[random.below(SHARDS)] as Shard)
      await handOver(t, shards, shard)
      await restart(t, shards, other)
    }
    await writer.stop()
    await Promise.all(shards.map(inStep))
    t.comment(`${writer.acknowledged.size} writes were acknowledged`)
    t.ok(writer.acknowledged.size > 100, 'the client came to write')
    t.same(await writer.losses(), [], 'and nothing acknowledged is lost')
  })
}

const lineOf = (text: string, id: Bytes): string =>
  text.split('\n').find((line) => line.startsWith(id)) ?? ''
