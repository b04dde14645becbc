/**
 * Moving 1000 slots with 100,000 small keys from one master of 3 + 3 to another: by `migrateSlots` here, by `redis-cli
 * --cluster reshard` at a cluster of real servers. Invariant: a run counts only if all keys have arrived.
 */
import { performance } from 'node:perf_hooks'
import { keySlot } from '../../lib/base/crc16.ts'
import { startCluster } from '../../lib/index.ts'
import { RespClient } from '../support/resp-client.ts'
import type { Plan } from './plan.ts'
import { startRealCluster, stopAll } from './real-cluster.ts'
import { missingTool, runTool } from './real-tool.ts'
import { interleave, median } from './sample.ts'
import type { Row } from './table.ts'

const SLOTS = 1000
const KEYS = 100_000
/** Requests on their way at once while keys are written. */
const PIPELINE = 1000

/** Measures the move. */
export async function* benchReshard({ quick }: Plan): AsyncGenerator<Row> {
  const what = `move ${SLOTS} slots with ${KEYS} keys`
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what, reason }
    return
  }
  const found = await interleave<'ours' | 'real', number>(
    { ours: ourMove, real: realMove },
    quick ? 1 : 3,
  )
  yield {
    what,
    unit: 'ms',
    ours: median(found.ours),
    other: { name: 'redis-cli, 6 redis-server', figure: median(found.real) },
    target: { of: 'ratio', atMost: 1 },
  }
}

async function ourMove(): Promise<number> {
  await using cluster = await startCluster()
  const [from, to] = cluster.masters
  if (from === undefined || to === undefined) throw new Error('a master is missing')
  await fill(from.port)
  const startAt = performance.now()
  await cluster.migrateSlots({ slots: { start: 0, end: SLOTS - 1 }, to })
  const tookMs = performance.now() - startAt
  await checkArrived(to.port)
  return tookMs
}

async function realMove(): Promise<number> {
  const servers = await startRealCluster()
  try {
    const [from, to] = servers
    if (from === undefined || to === undefined) throw new Error('a server is missing')
    await fill(from.port)
    const ids: string[] = []
    for (const server of [from, to])
      ids.push(String((await server.command('CLUSTER', 'MYID')).value))
    const [fromId = '', toId = ''] = ids
    const route = ['--cluster-from', fromId, '--cluster-to', toId]
    const startAt = performance.now()
    await runTool('redis-cli', [
      ...['--cluster', 'reshard', `127.0.0.1:${from.port}`],
      ...route,
      ...['--cluster-slots', String(SLOTS), '--cluster-yes'],
    ])
    const tookMs = performance.now() - startAt
    await checkArrived(to.port)
    return tookMs
  } finally {
    await stopAll(servers)
  }
}

async function fill(port: number): Promise<void> {
  const client = await RespClient.connect(port)
  const keys = keysThatMove()
  for (let i = 0; i < keys.length; i += PIPELINE) {
    const some = keys.slice(i, i + PIPELINE)
    await Promise.all(some.map((key) => client.command('SET', key, 'value')))
  }
  await client.close()
}

/** So many keys in the slots that move. */
function keysThatMove(): string[] {
  const keys: string[] = []
  for (let i = 0; keys.length < KEYS; i++) if (keySlot(`key:${i}`) < SLOTS) keys.push(`key:${i}`)
  return keys
}

async function checkArrived(port: number): Promise<void> {
  const client = await RespClient.connect(port)
  const { value } = await client.command('DBSIZE')
  await client.close()
  if (value !== KEYS) throw new Error(`${value} of ${KEYS} keys arrived`)
}
