/**
 * The node as a server: pauses, what it does by itself, and the facts behind INFO. What a part that does not exist yet would tell is
 * what an idle server tells.
 */
import type { AccessControl } from '../acl/access-control.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { Version } from '../base/version.ts'
import type {
  MemoryPort,
  ServerActivity,
  ServerPort,
  ShutdownOptions,
} from '../commands/context.ts'
import { REPLY_PEAK_RESET_MS } from '../commands/debug-persistence.ts'
import { type CommandEntry, newStats } from '../commands/table.ts'
import type { Database } from '../keyspace/database.ts'
import type { KeyspaceStats } from '../keyspace/listener.ts'
import type { AppendOnlyFile } from './append-only/append-only-file.ts'
import type { ClientMemory } from './client-memory.ts'
import type { ClientRegistry } from './client-registry.ts'
import type { Config } from './config/config.ts'
import type { Durations } from './duration.ts'
import type { ExpiryCycle } from './expiry-cycle.ts'
import type { Functions } from './functions.ts'
import type { Holding } from './holding.ts'
import type { CommandLatency, NodeFacts } from './info/facts.ts'
import { describeInfo } from './info/info.ts'
import { keySizes } from './info/key-sizes.ts'
import { memoryReport, memoryStats } from './info/memory-stats.ts'
import type { NodeIo } from './io.ts'
import type { Loading } from './loading.ts'
import type { MemoryLimit } from './memory-limit.ts'
import { PauseLevel } from './pause.ts'
import type { Persistence } from './persistence.ts'
import type { PubSub } from './pubsub.ts'
import type { ReplicationShell } from './replication-shell.ts'
import type { Scripting } from './scripting.ts'
import type { NodePorts, Session } from './session.ts'
import type { Shutdown } from './shutdown.ts'
import type { NodeStats } from './stats.ts'
import type { TrackingTable } from './tracking.ts'

/** What the server looks at. */
export interface ServedNode
  extends Pick<NodePorts, 'clock' | 'commands' | 'databases' | 'cluster'> {
  readonly version: Version
  readonly clients: ClientRegistry
  readonly stats: NodeStats
  readonly keyspaceStats: KeyspaceStats
  readonly durations: Durations
  readonly persistence: Persistence
  readonly loading: Loading
  readonly appendOnly: AppendOnlyFile
  readonly replication: ReplicationShell
  readonly pubsub: PubSub
  readonly tracking: TrackingTable
  readonly memory: MemoryLimit
  readonly expiryCycle: ExpiryCycle
  readonly clientMemory: ClientMemory
  readonly ending: Shutdown
  readonly scripting: Pick<Scripting, 'memory'>
  readonly functions: Pick<Functions, 'memory'>
  readonly holding: Holding
  readonly blocked: {
    readonly count: number
    readonly timedCount: number
    keyCount(what: 'all' | 'ends'): number
  }
  readonly acl: AccessControl
  readonly inFlight: { readonly linkCount: number }
}

/** The server of one node. */
export class Server implements ServerPort {
  readonly activity: ServerActivity = {
    expires: true,
    runsCron: true,
    deniesScripts: true,
    verifiesChecksums: true,
    replyBuffers: { resizes: true, peakResetMs: REPLY_PEAK_RESET_MS },
  }
  readonly #node: ServedNode
  readonly #config: Config
  readonly #io: NodeIo
  readonly #startedMs: number
  readonly #runId: string
  readonly #buildId: string
  readonly memory: MemoryPort

  constructor(parts: {
    readonly node: ServedNode
    readonly config: Config
    readonly io: NodeIo
    readonly random: Random
  }) {
    this.#node = parts.node
    this.#config = parts.config
    this.#io = parts.io
    this.#startedMs = parts.node.clock.now
    this.#runId = parts.random.nodeId()
    this.#buildId = parts.random.nodeId().slice(0, 16)
    this.memory = {
      stats: () => memoryStats(this.#memoryFacts(), this.version),
      report: () =>
        memoryReport(
          this.#memoryFacts(),
          this.#clientFacts(),
          [...this.#node.clients.all()].filter(({ kind }) => kind === 'replica').length,
        ),
      allocator: () => this.#describeAllocator(),
      purge: () => this.#io.releaseMemory(),
    }
  }

  get version(): Version {
    return this.#node.version
  }

  microsecondsByNow(): number {
    return this.#io.microsecondsByNow()
  }

  get databases(): readonly Database[] {
    return this.#node.databases
  }

  info(sections: readonly Bytes[]): Bytes {
    return describeInfo(this.#describe(), sections)
  }

  shutdown(options: ShutdownOptions): 'ends' | 'waits' | 'fails' {
    return this.#node.ending.begin(options)
  }

  abortShutdown(): boolean {
    return this.#node.ending.abort()
  }

  keepClusterConfig(text: Bytes): string | undefined {
    return this.#io.keepClusterConfig(text)
  }

  pause(what: 'writes' | 'all', untilMs: number): void {
    this.#node.holding.pause('command', PauseLevel[what], untilMs)
  }

  unpause(): void {
    this.#node.holding.unpause('command')
  }

  resetStats(): void {
    const { stats, keyspaceStats, commands } = this.#node
    stats.reset()
    this.#node.memory.resetStats()
    this.#node.expiryCycle.resetStats()
    this.#node.clientMemory.evicted = 0
    Object.assign(this.#node.replication.machine.stats, {
      full: 0,
      partialOk: 0,
      partialRefused: 0,
    })
    Object.assign(this.#node.acl.denials, { auth: 0, command: 0, key: 0, channel: 0 })
    Object.assign(keyspaceStats, {
      hits: 0,
      misses: 0,
      expired: 0,
      expiredFields: 0,
      evicted: 0,
      lazyFreed: 0,
    })
    for (const entry of commands.all()) Object.assign(entry.stats, newStats())
  }

  #describe(): NodeFacts {
    return {
      clusterEnabled: this.#config.boolean('cluster-enabled'),
      version: this.version,
      server: () => ({
        version: this.version.text,
        buildId: this.#buildId,
        system: this.#io.host.system,
        pointerBits: 64,
        polling: 'epoll',
        processId: this.#io.host.processId,
        runId: this.#runId,
        port: this.#config.number('port'),
        nowMs: this.#node.clock.now,
        nowMicroseconds: this.#node.clock.microseconds,
        startedMs: this.#startedMs,
        shutdownInMs: this.#node.ending.remainingMs,
        hz: this.#config.number('hz'),
        configuredHz: this.#config.number('hz'),
        executable: this.#io.host.executable,
        configFile: this.#io.host.configFile,
        listeners: this.#listeners(),
      }),
      clients: () => this.#clientFacts(),
      memory: () => this.#memoryFacts(),
      persistence: () => this.#persistenceFacts(),
      stats: () => this.#statsFacts(),
      replication: () =>
        this.#node.replication.machine
          .info(this.#node.clock.now)
          .map(([name, value]) => `${name}:${value}`),
      processor: () => {
        const { systemMicroseconds, userMicroseconds } = this.#io.resources()
        return { systemSeconds: systemMicroseconds / 1e6, userSeconds: userMicroseconds / 1e6 }
      },
      commands: () => this.#commands(),
      errors: () => this.#node.stats.errors,
      latencies: () => this.#latencies(),
      keyspace: () => this.#keyspaceFacts(),
      keySizes: () => this.#node.databases.flatMap(keySizes),
      threads: () => {
        const { readsProcessed: reads, writesProcessed: writes } = this.#node.stats
        return { clients: this.#node.clients.count, reads, writes }
      },
    }
  }

  #listeners(): string[] {
    const addresses = this.#config.text('bind').split(' ').filter(Boolean)
    const path = this.#config.text('unixsocket')
    const bound = addresses.map((address) => `bind=${address},`).join('')
    return [
      ...(addresses.length === 0 ? [] : [`name=tcp,${bound}port=${this.#config.number('port')}`]),
      ...(path === '' ? [] : [`name=unix,bind=${path}`]),
    ]
  }

  /** All commands, with statistics that are up to date. */
  #commands(): CommandEntry[] {
    const { commands, durations } = this.#node
    const entries = [...commands.all()]
    for (const entry of entries) durations.complete(entry)
    return entries
  }

  #latencies(): CommandLatency[] {
    const percentages = this.#config.text('latency-tracking-info-percentiles').split(' ')
    if (!this.#config.boolean('latency-tracking') || percentages[0] === '') return []
    return this.#commands().flatMap(({ command, stats: { durations } }) => {
      if (durations === undefined) return []
      const percentiles = percentages.map(
        (each) => [each, durations.percentile(Number(each))] as const,
      )
      return [{ fullName: command.fullName, percentiles }]
    })
  }

  #persistenceFacts(): ReturnType<NodeFacts['persistence']> {
    const { persistence, appendOnly } = this.#node
    return {
      loading: this.#node.loading.progress,
      nowMs: this.#node.clock.now,
      changesSinceSave: persistence.changesSinceSave,
      lastSaveMs: persistence.lastSaveMs,
      saves: persistence.saves,
      lastSaveWasGood: persistence.lastWasGood,
      lastSaveSeconds: persistence.lastSeconds,
      currentSaveSeconds: persistence.running?.seconds,
      background: persistence.running ?? appendOnly.progress,
      appendOnly: appendOnly.facts,
      loadedKeys: persistence.loadedKeys,
      loadedKeysExpired: persistence.loadedKeysExpired,
    }
  }

  #clientFacts(): ReturnType<NodeFacts['clients']> {
    const sessions = [...this.#node.clients.all()]
    const largest = (sizeOf: (session: Session) => number): number =>
      sessions.reduce((size, session) => Math.max(size, sizeOf(session)), 0)
    return {
      connected: sessions.filter(({ kind }) => kind !== 'replica').length,
      clusterConnections: this.#node.cluster?.describeLinks().length ?? 0,
      maxClients: this.#config.number('maxclients'),
      recentMaxInputBytes: largest(({ query }) => query.memoryBytes),
      recentMaxOutputBytes: largest(({ outputBytes }) => outputBytes),
      tracking: this.#node.tracking.clientCount,
      // Redis has those that a pause holds among the blocked.
      blocked: this.#node.blocked.count + this.#node.holding.waitingCount,
      blockedForTime: this.#node.blocked.timedCount,
      subscribed: sessions.filter(({ subscribed }) => subscribed).length,
      watching: sessions.filter(({ transaction }) => transaction.watchedCount > 0).length,
      watchedKeys: sessions.reduce((sum, { transaction }) => sum + transaction.watchedCount, 0),
      awaitedKeys: this.#node.blocked.keyCount('all'),
      awaitedKeysOrEnds: this.#node.blocked.keyCount('ends'),
    }
  }

  #memoryFacts(): ReturnType<NodeFacts['memory']> {
    const resources = this.#io.resources()
    const { memory, clientMemory, databases } = this.#node
    const { machine } = this.#node.replication
    const usedBytes = memory.usedBytes()
    return {
      usedBytes,
      peakBytes: memory.peakBytes,
      startupBytes: memory.startupBytes,
      heapBytes: resources.heapUsedBytes,
      committedBytes: resources.heapTotalBytes,
      residentBytes: resources.residentBytes,
      systemBytes: resources.totalSystemBytes,
      maxBytes: this.#config.number('maxmemory'),
      policy: this.#config.text('maxmemory-policy'),
      allocator: this.#io.host.allocator,
      backlogBytes: machine.backlogBytes - machine.backlogExcessBytes,
      replicationBufferBytes: Math.max(machine.backlogBytes, clientMemory.streamBytes),
      replicaClientBytes: clientMemory.replicaBytes + machine.backlogExcessBytes,
      normalClientBytes: clientMemory.bytes,
      clusterLinkBytes: 0,
      uncountedBytes: memory.uncountedBytes,
      lazyFreed: this.#node.keyspaceStats.lazyFreed,
      scripts: { ...this.#node.scripting.memory, ...this.#node.functions.memory },
      databases: databases
        .filter(({ size }) => size > 0)
        .map(({ index, size, expiring }) => ({
          index,
          keys: size,
          expiring,
          hasSlotLinks: this.#config.boolean('cluster-enabled'),
        })),
    }
  }

  #describeAllocator(): Bytes {
    const { heapUsedBytes, heapTotalBytes, residentBytes } = this.#io.resources()
    return `${this.#io.host.allocator}\nheap in use: ${heapUsedBytes}\nheap: ${heapTotalBytes}\nresident: ${residentBytes}\n`
  }

  #statsFacts(): ReturnType<NodeFacts['stats']> {
    const { stats, keyspaceStats, replication, pubsub, tracking } = this.#node
    const syncs = replication.machine.stats
    const { memory, expiryCycle } = this.#node
    const exceeded = memory.exceededMilliseconds
    const used = this.#io.resources()
    return {
      connections: stats.connectionsReceived,
      commands: stats.commands,
      commandsPerSecond: stats.commandRate.perSecond,
      inputBytes: stats.bytesIn,
      outputBytes: stats.bytesOut,
      replicationInputBytes: stats.replicationBytesIn,
      replicationOutputBytes: stats.replicationBytesOut,
      inputBytesPerSecond: stats.bytesInRate.perSecond,
      outputBytesPerSecond: stats.bytesOutRate.perSecond,
      replicationInputBytesPerSecond: stats.replicationBytesInRate.perSecond,
      replicationOutputBytesPerSecond: stats.replicationBytesOutRate.perSecond,
      rejectedConnections: stats.connectionsRejected,
      fullSyncs: syncs.full,
      partialSyncsAccepted: syncs.partialOk,
      partialSyncsRefused: syncs.partialRefused,
      expiredKeys: keyspaceStats.expired,
      expiredFields: keyspaceStats.expiredFields,
      staleShare: expiryCycle.staleShare,
      expiryCyclesCutShort: expiryCycle.cutShort,
      expiryMicroseconds: expiryCycle.microseconds,
      evictedKeys: keyspaceStats.evicted,
      evictedClients: this.#node.clientMemory.evicted,
      totalExceededMilliseconds: exceeded.total,
      currentExceededMilliseconds: exceeded.current,
      hits: keyspaceStats.hits,
      misses: keyspaceStats.misses,
      channels: pubsub.count('channel'),
      trackedKeys: tracking.keyCount,
      trackedItems: tracking.itemCount,
      trackedPrefixes: tracking.prefixCount,
      patterns: pubsub.count('pattern'),
      shardChannels: pubsub.count('shard'),
      errorReplies: stats.errorReplies,
      unexpectedErrorReplies: stats.unexpectedErrorReplies,
      reads: stats.readsProcessed,
      writes: stats.writesProcessed,
      sanitizedBlocks: stats.sanitizedBlocks,
      replyBufferShrinks: stats.replyBufferShrinks,
      replyBufferExpands: stats.replyBufferExpands,
      outputLimitDisconnections: stats.outputLimitDisconnections,
      turns: stats.turns,
      turnsPerSecond: stats.turnRate.perSecond,
      busyMicroseconds: Math.round(used.userMicroseconds + used.systemMicroseconds),
      commandMicroseconds: Math.round(
        this.#commands().reduce((sum, entry) => sum + entry.stats.microseconds, 0),
      ),
      denied: this.#node.acl.denials,
      migrationLinks: this.#node.inFlight.linkCount,
      forks: this.#node.persistence.forks + this.#node.appendOnly.facts.rewrites,
    }
  }

  #keyspaceFacts(): ReturnType<NodeFacts['keyspace']> {
    return this.#node.databases
      .filter(({ size }) => size > 0)
      .map((database) => ({
        index: database.index,
        keys: database.size,
        expiring: database.expiring,
        averageTtlMs: database.averageTtl(),
      }))
  }
}
