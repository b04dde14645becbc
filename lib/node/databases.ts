/**
 * The databases of a node, and who hears of what happens to their keys: watchers, tracking and blocked clients, keyspace
 * events, and whoever is told of keys that went without a command. Their settings follow the configuration.
 */
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { Version } from '../base/version.ts'
import type { ConfigPort } from '../commands/context.ts'
import { defaultEncodingLimits, type EncodingLimits } from '../data/encoding-limit.ts'
import { Database } from '../keyspace/database.ts'
import type { KeyspaceListener, KeyspaceStats } from '../keyspace/listener.ts'
import type { BlockedClients } from './blocked-clients.ts'
import type { Config } from './config/config.ts'
import type { ExpiryCycle } from './expiry-cycle.ts'
import type { KeyspaceEvents } from './keyspace-events.ts'
import type { Propagation } from './propagation.ts'
import type { TrackingTable } from './tracking.ts'
import type { Watchers } from './transaction.ts'

/** The parts of a node that databases need. */
export interface KeyspaceNode {
  readonly version: Version
  readonly clock: Clock
  readonly random: Random
  readonly keyspaceStats: KeyspaceStats
  readonly changes: { dirty: number }
  readonly watchers: Watchers
  readonly tracking: TrackingTable
  readonly blocked: BlockedClients
  readonly events: KeyspaceEvents
  readonly propagation: Pick<Propagation, 'deleted' | 'fieldExpired' | 'endUnit'>
  readonly expiryCycle: ExpiryCycle
}

/** All databases, empty: one in a cluster. The parts of the node need not be there yet. */
export function openDatabases(node: KeyspaceNode, config: Config): Database[] {
  const inCluster = config.boolean('cluster-enabled')
  const settings = {
    clock: node.clock,
    random: node.random,
    stats: node.keyspaceStats,
    changes: node.changes,
    limits: liveEncodingLimits(config, node.version),
    frequency: liveFrequencySettings(config),
    listener: listenerOf(node, config),
    inCluster,
  }
  const count = inCluster ? 1 : config.number('databases')
  return Array.from({ length: count }, (_, index) => new Database({ ...settings, index }))
}

/** What replicas are told of a key that went without a command. */
export function wordFor(config: ConfigPort, directive: string): 'DEL' | 'UNLINK' {
  return config.boolean(directive) ? 'UNLINK' : 'DEL'
}

function listenerOf(node: KeyspaceNode, config: Config): KeyspaceListener {
  const { watchers } = node
  return {
    touched: (db, key, isExpired) => {
      if (watchers.any) watchers.touched(db, key)
      if (node.tracking.any) node.tracking.touched(key, isExpired)
      if (node.blocked.any) node.blocked.touched(db, key)
    },
    ready: (db, key) => {
      if (node.blocked.any) node.blocked.signal(db, key)
    },
    flushed: (db) => {
      watchers.flushed(db)
      if (node.tracking.any) node.tracking.flushed()
      node.blocked.flushed(db)
    },
    swapped: (db, former) => {
      watchers.swapped(db, former)
      node.blocked.swapped(db)
    },
    notify: (db, notifyClass, event, key) => {
      if (node.events.wanted) node.events.tell(db.index, notifyClass, event, key)
    },
    expired: (db, key) =>
      node.propagation.deleted(db, key, wordFor(config, 'lazyfree-lazy-expire')),
    fieldExpired: (db, key, field) => {
      node.propagation.fieldExpired(db, key, field)
      if (node.expiryCycle.isRunning) node.propagation.endUnit()
    },
  }
}

function liveEncodingLimits(config: Config, version: Version): EncodingLimits {
  const limits = defaultEncodingLimits()
  limits.listsMayBeListpacks = version.atLeast('7.2')
  for (const [limit, directive] of Object.entries(ENCODING_DIRECTIVES)) {
    // Where a version knows no such form, nothing is small enough for it.
    if (!config.knows(directive)) {
      limits[limit as EncodingNumber] = 0
      continue
    }
    const read = (): void => {
      limits[limit as EncodingNumber] = config.number(directive)
    }
    read()
    config.onChange(directive, read)
  }
  return limits
}

function liveFrequencySettings(config: Config): { logFactor: number; decayMinutes: number } {
  const frequency = { logFactor: 0, decayMinutes: 0 }
  const read = (): void => {
    frequency.logFactor = config.number('lfu-log-factor')
    frequency.decayMinutes = config.number('lfu-decay-time')
  }
  read()
  for (const name of ['lfu-log-factor', 'lfu-decay-time']) config.onChange(name, read)
  return frequency
}

type EncodingNumber = Exclude<keyof EncodingLimits, 'listsMayBeListpacks'>

/** The directive of each limit: the compiler names one that is missing. */
const ENCODING_DIRECTIVES: Readonly<Record<EncodingNumber, string>> = {
  hashMaxListpackEntries: 'hash-max-listpack-entries',
  hashMaxListpackValue: 'hash-max-listpack-value',
  listMaxListpackSize: 'list-max-listpack-size',
  setMaxIntsetEntries: 'set-max-intset-entries',
  setMaxListpackEntries: 'set-max-listpack-entries',
  setMaxListpackValue: 'set-max-listpack-value',
  zsetMaxListpackEntries: 'zset-max-listpack-entries',
  zsetMaxListpackValue: 'zset-max-listpack-value',
  streamNodeMaxBytes: 'stream-node-max-bytes',
  streamNodeMaxEntries: 'stream-node-max-entries',
}
