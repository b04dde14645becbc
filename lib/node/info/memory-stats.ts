/**
 * MEMORY STATS and MEMORY DOCTOR from the facts that INFO has (getMemoryOverheadData, getMemoryDoctorReport in object.c).
 * The doctor does not speak of fragmentation: there is none to speak of in a heap that moves its objects.
 */
import {
  bucketBytes,
  OBJECT_BYTES,
  POINTER_BYTES,
  TABLE_ENTRY_BYTES,
} from '../../base/allocation.ts'
import type { Bytes } from '../../base/bytes.ts'
import type { Version } from '../../base/version.ts'
import type { MemoryFigure } from '../../commands/context.ts'
import type { ClientFacts, DatabaseMemoryFacts, MemoryFacts } from './facts.ts'

/** What the tables of a server take that could hold functions and scripts. */
const FUNCTIONS_BYTES = 200

/** Tables of a database, without what their entries point to. */
function tablesOf({ keys, expiring, hasSlotLinks }: DatabaseMemoryFacts) {
  return [
    ['overhead.hashtable.main', keys * (TABLE_ENTRY_BYTES + OBJECT_BYTES) + bucketBytes(keys)],
    ['overhead.hashtable.expires', expiring * TABLE_ENTRY_BYTES + expiryBucketBytes(expiring)],
    ['overhead.hashtable.slot-to-keys', hasSlotLinks ? keys * 2 * POINTER_BYTES : 0],
  ] as const
}

/** A database has no table of keys with a time while there are none. */
function expiryBucketBytes(expiring: number): number {
  return expiring === 0 ? 0 : bucketBytes(expiring)
}

/** What is used for other things than keys and values. */
export function overheadOf(facts: MemoryFacts): number {
  let bytes = facts.startupBytes + FUNCTIONS_BYTES + facts.backlogBytes + facts.clusterLinkBytes
  bytes += facts.normalClientBytes + facts.replicaClientBytes
  for (const database of facts.databases) {
    for (const [, tableBytes] of tablesOf(database)) bytes += tableBytes
  }
  return Math.min(bytes, facts.usedBytes)
}

/**
 * The figures of MEMORY STATS. Since 7.4 the keys of a slot have a table of their own instead of links, and what all
 * tables take is told: no table is ever moved to a larger one here while commands run.
 */
export function memoryStats(
  facts: MemoryFacts,
  version: Version,
): readonly (readonly [name: Bytes, figure: MemoryFigure])[] {
  const { usedBytes, peakBytes, heapBytes, committedBytes, residentBytes } = facts
  const overhead = overheadOf(facts)
  const net = Math.max(usedBytes - facts.startupBytes, 1)
  const keys = facts.databases.reduce((sum, database) => sum + database.keys, 0)
  const hasTablesOfSlots = version.atLeast('7.4')
  const buckets = facts.databases.map(
    ({ keys, expiring }) => bucketBytes(keys) + expiryBucketBytes(expiring),
  )
  const since74 = (...figures: [Bytes, MemoryFigure][]) => (hasTablesOfSlots ? figures : [])
  return [
    ['peak.allocated', peakBytes],
    ['total.allocated', usedBytes],
    ['startup.allocated', facts.startupBytes],
    ['replication.backlog', facts.backlogBytes],
    ['clients.slaves', facts.replicaClientBytes],
    ['clients.normal', facts.normalClientBytes],
    ['cluster.links', facts.clusterLinkBytes],
    ['aof.buffer', 0],
    ['lua.caches', 0],
    ['functions.caches', FUNCTIONS_BYTES],
    ...facts.databases.map(
      (database) =>
        [`db.${database.index}`, tablesOf(database).slice(0, hasTablesOfSlots ? 2 : 3)] as [
          Bytes,
          MemoryFigure,
        ],
    ),
    ...since74(
      ['overhead.db.hashtable.lut', buckets.reduce((sum, bytes) => sum + bytes, 0)],
      ['overhead.db.hashtable.rehashing', 0],
    ),
    ['overhead.total', overhead],
    ...since74(['db.dict.rehashing.count', 0]),
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor(net / keys)],
    ['dataset.bytes', usedBytes - overhead],
    ['dataset.percentage', percentage(usedBytes - overhead, net)],
    ['peak.percentage', percentage(usedBytes, peakBytes)],
    ['allocator.allocated', heapBytes],
    ['allocator.active', committedBytes],
    ['allocator.resident', committedBytes],
    ...since74(['allocator.muzzy', 0]),
    ...compared('allocator-fragmentation', committedBytes, heapBytes),
    ...compared('allocator-rss', committedBytes, committedBytes),
    ...compared('rss-overhead', residentBytes, committedBytes),
    ['fragmentation', { ratio: residentBytes / Math.max(usedBytes, 1) }],
    ['fragmentation.bytes', residentBytes - usedBytes],
  ]
}

function percentage(part: number, whole: number): MemoryFigure {
  return { ratio: (part * 100) / Math.max(whole, 1) }
}

function compared(name: string, bytes: number, ofBytes: number): [Bytes, MemoryFigure][] {
  return [
    [`${name}.ratio`, { ratio: bytes / Math.max(ofBytes, 1) }],
    [`${name}.bytes`, bytes - ofBytes],
  ]
}

const MEGABYTE = 2 ** 20
/** Less is not worth looking at. */
const WORTHWHILE_BYTES = 5 * MEGABYTE
const PEAK_RATIO_MAX = 1.5
const BYTES_PER_CLIENT_MAX = 200 * 1024
const BYTES_PER_REPLICA_MAX = 10 * MEGABYTE

/** MEMORY DOCTOR's report. */
export function memoryReport(
  facts: MemoryFacts,
  clients: Pick<ClientFacts, 'connected'>,
  replicas: number,
): Bytes {
  const { usedBytes, peakBytes } = facts
  if (usedBytes < WORTHWHILE_BYTES) return NOTHING_TO_SEE
  const issues: Bytes[] = []
  if (peakBytes / usedBytes > PEAK_RATIO_MAX) issues.push(PEAK)
  if (facts.normalClientBytes / Math.max(clients.connected, 1) > BYTES_PER_CLIENT_MAX) {
    issues.push(CLIENTS)
  }
  if (facts.replicaClientBytes / Math.max(replicas, 1) > BYTES_PER_REPLICA_MAX)
    issues.push(REPLICAS)
  if (issues.length === 0) return NO_ISSUES
  return `Sam, I detected a few issues in this Redis instance memory implants:\n\n${issues.map((issue) => ` * ${issue}\n\n`).join('')}I'm here to keep you safe, Sam. I want to help you.\n`
}

const NOTHING_TO_SEE =
  "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be used in these conditions. Please, leave for your mission on Earth and fill it with some data. The new Sam and I will be back to our programming as soon as I finished rebooting.\n"
const NO_ISSUES =
  "Hi Sam, I can't find any memory issue in your instance. I can only account for what occurs on this base.\n"
const PEAK =
  'Peak memory: In the past this instance used more than 150% the memory that is currently using.'
const CLIENTS =
  'Big client buffers: The clients output buffers in this instance are greater than 200K per client (on average).'
const REPLICAS =
  'Big replica buffers: The replica output buffers in this instance are greater than 10MB for each replica (on average).'
