/**
 * FAILOVER between ours and a real redis-server 7.0: what it answers, and that each takes over from the other with nothing
 * but what was missing.
 */
import t, { type Test } from 'tap'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { RespError, type RespValue } from '../support/resp-client.ts'
import { ask, startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

/** What nobody does, with a replica or without or as one; PORT stands for the replica's. */
const LINES = [
  'FAILOVER ABORT',
  'FAILOVER foo',
  'FAILOVER TO',
  'FAILOVER TO 127.0.0.1',
  'FAILOVER TO 127.0.0.1 x',
  'FAILOVER TO 127.0.0.1 1',
  'FAILOVER TO 127.0.0.1 -1',
  'FAILOVER TO localhost PORT',
  'FAILOVER TO 127.0.0.1 PORT FORCE',
  'FAILOVER TO 127.0.0.1 PORT TIMEOUT 0',
  'FAILOVER TO 127.0.0.1 PORT TO 127.0.0.1 PORT',
  'FAILOVER TO 127.0.0.1 99999999999999999999',
  'FAILOVER FORCE',
  'FAILOVER FORCE FORCE',
  'FAILOVER FORCE TIMEOUT 100',
  'FAILOVER TIMEOUT',
  'FAILOVER TIMEOUT x',
  'FAILOVER TIMEOUT -1 foo',
  'FAILOVER TIMEOUT 1 ABORT',
  'FAILOVER TIMEOUT 1 TIMEOUT 1',
  'FAILOVER ABORT ABORT',
]

/** A server of either kind. */
interface Server {
  readonly port: number
  command(...argv: string[]): Promise<RespValue>
}

function real(server: RealRedis): Server {
  return { port: server.port, command: async (...argv) => (await server.command(...argv)).value }
}

async function startReal(t: Test): Promise<RealRedis> {
  const server = await startRealRedis({ args: ['--repl-diskless-sync-delay', '0'] })
  t.teardown(() => server.stop())
  return server
}

async function startOurs(t: Test): Promise<Server> {
  const config = { 'cluster-enabled': 'no' } as const
  const { nodes } = await startForTest(t, { replicas: 0, config, version: '7.0' })
  const [node] = nodes
  if (node === undefined) throw new Error('no node came up')
  return { port: node.port, command: (...argv) => ask(node, ...argv) }
}

/** A field of INFO. */
async function field({ command }: Server, name: string): Promise<string | undefined> {
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(String(await command('INFO')))?.[1]
}

/** The replica follows and has acknowledged all there is. */
async function follow(replica: Server, master: Server): Promise<void> {
  await replica.command('REPLICAOF', '127.0.0.1', String(master.port))
  await master.command('SET', 'key', 'first')
  await inStep(master)
}

function inStep(master: Server): Promise<unknown> {
  return waitFor(
    'the replica to have acknowledged everything',
    async () => [await field(master, 'slave0'), await field(master, 'master_repl_offset')],
    ([replica, offset]) => replica?.includes(`state=online,offset=${offset},`) ?? false,
  )
}

/** What a server says to all lines. */
async function answers(server: Server, replica: Server): Promise<string[]> {
  const heard: string[] = []
  for (const line of LINES) {
    const reply = await server.command(...line.replaceAll('PORT', `${replica.port}`).split(' '))
    heard.push(`${line} -> ${reply instanceof RespError ? reply.message : `not refused: ${reply}`}`)
  }
  return heard
}

t.test('what FAILOVER refuses', { skip: withoutRealRedis70 }, async (t) => {
  const [theirs, ours] = await Promise.all([startReal(t).then(real), startOurs(t)])
  t.same(await answers(ours, theirs), await answers(theirs, ours), 'without replicas')
  t.same(await ours.command('FAILOVER'), await theirs.command('FAILOVER'))

  await follow(ours, theirs)
  const expected = { master: await answers(theirs, ours) }
  const asReplica = await answers(ours, theirs)
  await ours.command('REPLICAOF', 'NO', 'ONE')
  await follow(theirs, ours)
  t.same(await answers(ours, theirs), expected.master, 'with a replica')
  t.same(asReplica, await answers(theirs, ours), 'as a replica')
  t.notOk([...expected.master, ...asReplica].some((line) => line.includes('not refused')))
})

t.test('ours and theirs take over from each other', { skip: withoutRealRedis70 }, async (t) => {
  const [server, ours] = await Promise.all([startReal(t), startOurs(t)])
  const theirs = real(server)
  await follow(theirs, ours)
  for (const [master, replica] of [
    [ours, theirs],
    [theirs, ours],
    [ours, theirs],
  ] as const) {
    const partial = Number(await field(replica, 'sync_partial_ok'))
    const full = Number(await field(replica, 'sync_full'))
    await master.command('SET', 'key', `from ${master.port}`)
    t.equal(await master.command('FAILOVER', 'TO', '127.0.0.1', `${replica.port}`), 'OK')
    await waitFor(
      'the end of the handover',
      () => field(master, 'master_failover_state'),
      (state) => state === 'no-failover',
    )
    t.equal(await field(replica, 'role'), 'master')
    t.equal(await field(master, 'role'), 'slave')
    t.equal(await field(master, 'master_replid'), await field(replica, 'master_replid'))
    t.equal(await replica.command('GET', 'key'), `from ${master.port}`)
    t.equal(Number(await field(replica, 'sync_partial_ok')), partial + 1)
    t.equal(Number(await field(replica, 'sync_full')), full)
    await replica.command('SET', 'key', 'later')
    await inStep(replica)
    t.equal(await master.command('GET', 'key'), 'later')
  }
})

t.test('a replica that does not answer', { skip: withoutRealRedis70 }, async (t) => {
  const [server, ours] = await Promise.all([startReal(t), startOurs(t)])
  const theirs = real(server)
  await follow(theirs, ours)
  process.kill(server.pid, 'SIGSTOP')
  t.teardown(() => process.kill(server.pid, 'SIGCONT'))
  await ours.command('SET', 'key', 'missed')
  const target = ['TO', '127.0.0.1', `${theirs.port}`]
  t.equal(await ours.command('FAILOVER', ...target), 'OK')
  t.same(
    [
      await ours.command('FAILOVER', ...target),
      await ours.command('REPLICAOF', 'NO', 'ONE'),
      await ours.command('SYNC'),
      await ours.command('PSYNC', '?', '-1', 'FAILOVER'),
      await field(ours, 'master_failover_state'),
    ],
    [
      new RespError('ERR FAILOVER already in progress.'),
      new RespError('ERR REPLICAOF not allowed while failing over.'),
      new RespError("NOMASTERLINK Can't SYNC while failing over"),
      new RespError("ERR PSYNC FAILOVER can't be sent to a master."),
      'waiting-for-sync',
    ],
  )
  t.equal(await ours.command('FAILOVER', 'ABORT'), 'OK')
  t.equal(await ours.command('SET', 'key', 'taken'), 'OK')

  t.equal(await ours.command('FAILOVER', ...target, 'TIMEOUT', '50', 'FORCE'), 'OK')
  await waitFor(
    'patience to end',
    () => field(ours, 'master_failover_state'),
    (state) => state === 'failover-in-progress',
  )
  t.equal(await field(ours, 'role'), 'slave')
  process.kill(server.pid, 'SIGCONT')
  await waitFor(
    'the handover',
    () => field(ours, 'master_link_status'),
    (status) => status === 'up',
  )
  t.equal(await field(theirs, 'role'), 'master')
  t.equal(await theirs.command('GET', 'key'), 'taken', 'its writes were on their way')
})

t.test('a replica that refuses', { skip: withoutRealRedis70 }, async (t) => {
  const [server, ours] = await Promise.all([startReal(t), startOurs(t)])
  const theirs = real(server)
  await follow(theirs, ours)
  await theirs.command('ACL', 'SETUSER', 'default', '-psync')
  t.equal(await ours.command('FAILOVER'), 'OK')
  await waitFor(
    'the end of the handover',
    () => field(ours, 'master_failover_state'),
    (state) => state === 'no-failover',
  )
  t.equal(await field(ours, 'role'), 'master')
  t.equal(await ours.command('SET', 'key', 'taken'), 'OK')
  await inStep(ours)
  t.equal(await theirs.command('GET', 'key'), 'taken')
  t.equal(await field(ours, 'sync_partial_ok'), '1')
})
