/**
 * The log of a failover, line by line: a master is killed and comes back, at redis-server processes and here. What is a
 * matter of chance (ids, ports, times, who hears of it how) is blotted out; the words and their order have to be the same.
 */
import t from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { startRealCluster } from '../support/real-cluster.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

const NODE_TIMEOUT_MS = 1000

/** A log line without what differs from run to run; undefined for what only one of the two can have to say. */
function blot(line: string): string | undefined {
  if (OTHER.some((pattern) => pattern.test(line))) return undefined
  return (
    line
      .replace(/[0-9a-f]{40}/g, '<id>')
      .replace(/:\d{4,5}\b/g, ':<port>')
      .replace(/port=\d+/, 'port=<port>')
      // We keep no copy on the disk on the way.
      .replace(/ to (?:disk|parser)$/, '')
      .replace(/\d+ milliseconds/, '<n> milliseconds')
      .replace(/offset:? \d+/g, 'offset <n>')
      .replace(/(<id>):\d+/g, '$1:<n>')
      .replace(/epoch \d+/g, 'epoch <n>')
      .replace(/configEpoch set to \d+/, 'configEpoch set to <n>')
      .replace(
        /^(?:Marking node <id> as failing \(quorum reached\)|FAIL message received from <id> about <id>)\.?$/,
        '<failed>',
      )
  )
}

const OTHER = [
  // The process and its file: what a thread has not.
  /Redis is starting|Redis version=|Configuration loaded|monotonic clock|^WARNING Memory|DB loaded|Loading RDB|RDB (?:age|memory|is base)|Done loading|Reading RDB|Diskless|Background (?:RDB|saving)|Fork CoW|diskless|Concluding|RDB age/i,
  // Attempts to reach a master that is gone: as many as there is time for.
  /^(?:Connecting to MASTER|Reconnecting to MASTER|MASTER <-> REPLICA sync started|Error condition on socket for SYNC|Non blocking connect|Failed to read response from the server|Master did not respond to command)/,
  // Who noticed first, and what a tick more or less makes visible.
  /^(?:Currently unable to failover|Failover auth|Clear FAIL state|Address updated|IP address for this node)/,
]

/** The same as that of a real server, from this many lines on. */
function texts(lines: readonly string[], from: number): string[] {
  const told = lines.slice(from).flatMap((line) => blot(line) ?? [])
  // A real server whose cron runs between the failure and its beforeSleep schedules the election first.
  for (const [i, line] of told.entries()) {
    const next = told[i + 1]
    if (line.startsWith('Start of election') && next === 'Cluster state changed: fail') {
      told.splice(i, 2, next, line)
    }
  }
  return told
}

/** The text of a line of a real log. */
const textOf = (line: string): string => line.replace(/^\d+:[A-Z] .{24} . /, '')

async function realStory(): Promise<{ heir: string[]; old: string[] }> {
  const real = await startRealCluster({
    config: { 'cluster-node-timeout': String(NODE_TIMEOUT_MS) },
  })
  try {
    const [master, other, , replica] = real.servers as [RealRedis, RealRedis, RealRedis, RealRedis]
    const before = replica.log.length
    await master.kill()
    await waitFor(
      'the real replica to win',
      async () =>
        String((await replica.command('CLUSTER', 'INFO')).value) +
        String((await replica.command('ROLE')).value),
      (text) => text.includes('cluster_state:ok') && text.includes('master'),
    )
    const won = replica.log.length
    const ended = master.log.length
    await master.restart()
    await waitFor(
      'the real master to return',
      async () =>
        String((await master.command('ROLE')).value) +
        String((await other.command('CLUSTER', 'NODES')).value),
      (text) => text.startsWith('slave') && text.includes('connected'),
    )
    await waitFor(
      'the sync',
      () => master.log.join('\n'),
      (log) => log.includes('Finished with success'),
    )
    return {
      heir: texts(replica.log.slice(0, won).map(textOf), before),
      old: texts(master.log.map(textOf), ended),
    }
  } finally {
    await real.stop()
  }
}

t.test('a failover is told as redis-server tells it', { skip: withoutRealRedis70 }, async (t) => {
  const real = await realStory()
  const cluster = await startForTest(t, {
    failureDetection: 'timeout',
    nodeTimeout: NODE_TIMEOUT_MS,
    config: { 'repl-diskless-sync-delay': 0, 'repl-ping-replica-period': 1 },
  })
  const [master] = cluster.masters as [ClusterNode]
  const [replica] = cluster.replicasOf(master) as [ClusterNode]
  const linesOf = (node: ClusterNode) => node.log.map(({ text }) => text)
  // Lines of the start may still be on their way.
  await waitFor(
    'the first sync',
    () => linesOf(replica),
    (lines) => lines.includes('MASTER <-> REPLICA sync: Finished with success'),
  )
  const before = linesOf(replica).length
  await cluster.kill(master)
  await cluster.until(({ ok }) => ok && replica.role === 'master', { timeout: 20_000 })
  await waitFor(
    'its log',
    () => linesOf(replica),
    (lines) => lines.at(-1) === 'Cluster state changed: ok',
  )
  t.strictSame(texts(linesOf(replica), before), real.heir, 'the replica that wins')
  const ended = linesOf(master).length
  await cluster.restart(master)
  await waitFor(
    'the sync',
    () => linesOf(master).slice(ended),
    (lines) => lines.includes('MASTER <-> REPLICA sync: Finished with success'),
  )
  t.strictSame(texts(linesOf(master), ended), real.old, 'the old master')
})

t.test('files that stand for a server are told of', { skip: withoutRealRedis70 }, async (t) => {
  const args = ['--unixsocket', 'redis.sock', '--pidfile', 'redis.pid']
  const told = async (start: typeof startRealRedis): Promise<string[]> => {
    const server = await start({ args })
    const client = await server.connect()
    client.send('SHUTDOWN\r\n')
    await server.ended()
    await client.close()
    await server.stop()
    const texts = server.log.map(textOf)
    return texts.slice(texts.indexOf('Ready to accept connections'))
  }
  t.strictSame(await told(startNodeProcess), await told(startRealRedis))
})
