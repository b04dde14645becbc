/**
 * What it costs to write all data down: a full synchronization and DEBUG RELOAD, and what clients feel of it. A node of ours
 * and a redis-server in turns, each in a process of its own. Invariant: a run counts only if all keys have arrived.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, type RealRedisOptions, startRealRedis } from '../support/real-redis.ts'
import { RespClient } from '../support/resp-client.ts'
import type { Plan } from './plan.ts'
import { stopAll } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { interleave, medianOf } from './sample.ts'
import type { Row } from './table.ts'

const KEYS = 1_000_000
const QUICK_KEYS = 100_000
const VALUE_BYTES = 32
const MEGABYTE = 1 << 20
const IDLE_MS = 2000
const POLL_MS = 20
const PATIENCE_MS = 120_000
const OPTIONS = {
  args: ['--enable-debug-command', 'yes', '--repl-diskless-sync-delay', '0'],
} as const

/** What one life of a master and its replica tells. Latencies are 99th percentiles. */
interface Life {
  readonly idleUs: number
  readonly savingUs: number
  readonly syncingUs: number
  readonly syncMs: number
  /** Master and replica together. */
  readonly syncPeakBytes: number
  readonly reloadMs: number
  readonly reloadPeakBytes: number
}

/** Measures persistence and full synchronization. */
export async function* benchPersistence({ quick }: Plan): AsyncGenerator<Row> {
  const reason = missingTool() ?? missingProcFiles()
  if (reason !== undefined) {
    yield { what: 'persistence', reason }
    return
  }
  const keys = quick ? QUICK_KEYS : KEYS
  const { ours, real } = await interleave<'ours' | 'real', Life>(
    { ours: () => live(startNodeProcess, keys), real: () => live(startRealRedis, keys) },
    quick ? 1 : 3,
  )
  const compared = (figure: (life: Life) => number, atMost: number) => ({
    ours: medianOf(ours, figure),
    other: { name: 'redis-server', figure: medianOf(real, figure) },
    target: { of: 'ratio', atMost } as const,
  })
  const sync = `full sync of ${keys} keys`
  const reload = `DEBUG RELOAD of ${keys} keys`
  yield { what: sync, unit: 'ms', ...compared(({ syncMs }) => syncMs, 3) }
  const inMegabytes = (bytes: number) => bytes / MEGABYTE
  yield {
    what: `${sync}: peak of both`,
    unit: 'MB',
    ...compared(({ syncPeakBytes }) => inMegabytes(syncPeakBytes), 2),
  }
  yield { what: reload, unit: 'ms', ...compared(({ reloadMs }) => reloadMs, 3) }
  yield {
    what: `${reload}: peak`,
    unit: 'MB',
    ...compared(({ reloadPeakBytes }) => inMegabytes(reloadPeakBytes), 2),
  }
  const slower = (figure: (life: Life) => number) => ({
    unit: 'x' as const,
    ours: medianOf(ours, (life) => figure(life) / life.idleUs),
    other: { name: 'redis-server', figure: medianOf(real, (life) => figure(life) / life.idleUs) },
    target: { of: 'ours', atMost: 5 } as const,
  })
  yield { what: 'p99 of GET during BGSAVE, of idle', ...slower(({ savingUs }) => savingUs) }
  yield { what: 'p99 of GET during a full sync, of idle', ...slower(({ syncingUs }) => syncingUs) }
}

/** Peaks are read from there. */
function missingProcFiles(): string | undefined {
  return existsSync('/proc/self/clear_refs') ? undefined : 'skipped: no /proc/<pid>/clear_refs'
}

async function live(
  start: (options: RealRedisOptions) => Promise<RealRedis>,
  keys: number,
): Promise<Life> {
  const servers: RealRedis[] = []
  try {
    const master = await start(OPTIONS)
    servers.push(master)
    await master.command('DEBUG', 'POPULATE', `${keys}`, 'key', `${VALUE_BYTES}`)
    const idleUs = await latencyUs(master.port, delay(IDLE_MS))
    const savingUs = await latencyUs(master.port, save(master))

    const replica = await start(OPTIONS)
    servers.push(replica)
    for (const server of servers) await forgetPeak(server)
    const beginAt = performance.now()
    await replica.command('REPLICAOF', '127.0.0.1', `${master.port}`)
    const syncingUs = await latencyUs(master.port, untilSynchronized(replica))
    const syncMs = performance.now() - beginAt
    const syncPeakBytes = peakBytesOf(master.pid) + peakBytesOf(replica.pid)
    await checkHolds(replica, keys)

    await replica.stop()
    await forgetPeak(master)
    const reloadAt = performance.now()
    await master.command('DEBUG', 'RELOAD')
    const reloadMs = performance.now() - reloadAt
    await checkHolds(master, keys)
    return {
      ...{ idleUs, savingUs, syncingUs, syncMs, syncPeakBytes, reloadMs },
      reloadPeakBytes: peakBytesOf(master.pid),
    }
  } finally {
    await stopAll(servers)
  }
}

/** How long one client waits for a GET, of 100 but one at most, while something goes on. */
async function latencyUs(port: number, work: Promise<unknown>): Promise<number> {
  const client = await RespClient.connect(port)
  const samples: number[] = []
  let isOver = false
  const over = work.finally(() => {
    isOver = true
  })
  for (let i = 0; !isOver; i++) {
    const at = performance.now()
    await client.command('GET', `key:${i % QUICK_KEYS}`)
    samples.push((performance.now() - at) * 1000)
  }
  await over
  await client.close()
  samples.sort((a, b) => a - b)
  return samples[Math.floor(samples.length * 0.99)] ?? Number.NaN
}

async function save(server: RealRedis): Promise<void> {
  await server.command('BGSAVE')
  await until(server, 'persistence', 'rdb_bgsave_in_progress:0')
}

async function untilSynchronized(replica: RealRedis): Promise<void> {
  await until(replica, 'replication', 'master_link_status:up')
}

async function until(server: RealRedis, section: string, field: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const { value } = await server.command('INFO', section)
    if (String(value).includes(field)) return
    if (performance.now() > deadline) throw new Error(`no ${field}; last seen: ${value}`)
    await delay(POLL_MS)
  }
}

async function checkHolds(server: RealRedis, keys: number): Promise<void> {
  const { value } = await server.command('DBSIZE')
  if (value !== keys) throw new Error(`${value} of ${keys} keys are there`)
}

/** Resident memory at its largest since {@link forgetPeak}. */
function peakBytesOf(pid: number): number {
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return Number(kilobytes) * 1024
}

/** What came before is not counted, nor what it has left behind. */
async function forgetPeak(server: RealRedis): Promise<void> {
  await server.command('MEMORY', 'PURGE')
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
}
