/**
 * What INFO needs to know of a node, as plain values: one question per section, asked only when the section is wanted.
 * The node answers them; nothing in this folder looks further. Times are Unix milliseconds, sizes bytes.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Version } from '../../base/version.ts'
import type { CommandEntry } from '../../commands/table.ts'

/** Where INFO gets its values. */
export interface NodeFacts {
  server(): ServerFacts
  clients(): ClientFacts
  memory(): MemoryFacts
  persistence(): PersistenceFacts
  stats(): StatsFacts
  /** The lines of the replication section, `name:value` each. */
  replication(): readonly Bytes[]
  processor(): ProcessorFacts
  /** All commands with their statistics, subcommands after their containers. */
  commands(): Iterable<CommandEntry>
  /** Counts of error replies by their first word. */
  errors(): Iterable<readonly [word: Bytes, count: number]>
  latencies(): Iterable<CommandLatency>
  readonly clusterEnabled: boolean
  keyspace(): Iterable<KeyspaceFacts>
  keySizes(): Iterable<KeySizeFacts>
  threads(): ThreadFacts
  /** What the node passes for. */
  readonly version: Version
}

/** The thread that reads and writes; there is one. */
export interface ThreadFacts {
  readonly clients: number
  readonly reads: number
  readonly writes: number
}

/** How large the values of one type are in one database. */
export interface KeySizeFacts {
  readonly index: number
  /** `strings_sizes`: bytes; `lists_items` and its kin: elements. */
  readonly what: string
  /** How many values have so many bits in their size: the first are empty. */
  readonly counts: readonly number[]
}

/** The process, its address and its age. */
export interface ServerFacts {
  readonly version: string
  /** Sixteen hexadecimal digits that tell builds apart. */
  readonly buildId: string
  /** Name, release and machine: `Linux 6.1.0 x86_64`. */
  readonly system: string
  readonly pointerBits: number
  /** `epoll`, `kqueue`: how sockets are waited for. */
  readonly polling: string
  readonly processId: number
  /** Forty hexadecimal digits, new at every start. */
  readonly runId: string
  readonly port: number
  readonly nowMs: number
  /** Microseconds within that millisecond. */
  readonly nowMicroseconds: number
  readonly startedMs: number
  /** How long its end waits for replicas; undefined while it does not. */
  readonly shutdownInMs: number | undefined
  /** Turns of the cron per second. */
  readonly hz: number
  readonly configuredHz: number
  readonly executable: string
  /** Path of redis.conf; empty without one. */
  readonly configFile: string
  /** Where it listens, each in INFO's words. */
  readonly listeners: readonly string[]
}

/** The connections. */
export interface ClientFacts {
  /** Clients without replicas. */
  readonly connected: number
  /** Bus links of the cluster. */
  readonly clusterConnections: number
  readonly maxClients: number
  readonly recentMaxInputBytes: number
  readonly recentMaxOutputBytes: number
  readonly blocked: number
  /** Clients that track. */
  readonly tracking: number
  /** Clients that are subscribed to anything. */
  readonly subscribed: number
  readonly watching: number
  /** Keys, each as often as clients watch it. */
  readonly watchedKeys: number
  /** Keys that clients wait for, and those whose end would tell them, too. */
  readonly awaitedKeys: number
  readonly awaitedKeysOrEnds: number
  /** Of these, those that wait for a limited time. */
  readonly blockedForTime: number
}

/** Memory as a Redis with this data would use it; of the node's thread, and of its process, where it says so. */
export interface MemoryFacts {
  readonly usedBytes: number
  readonly peakBytes: number
  /** Of a server that holds nothing. */
  readonly startupBytes: number
  /** Heap of the thread in use. */
  readonly heapBytes: number
  /** Heap the thread has taken from the system. */
  readonly committedBytes: number
  /** Resident memory of the whole process. */
  readonly residentBytes: number
  readonly systemBytes: number
  /** `maxmemory`; 0 is no limit. */
  readonly maxBytes: number
  readonly policy: string
  /** Who hands out the memory: `v8-11.3`. */
  readonly allocator: string
  readonly backlogBytes: number
  /** The backlog with what it keeps for replicas beyond its size. */
  readonly replicationBufferBytes: number
  readonly replicaClientBytes: number
  readonly normalClientBytes: number
  readonly clusterLinkBytes: number
  /** Used for replicas, and no reason for keys to go. */
  readonly uncountedBytes: number
  /** Large values whose memory was to be freed later. */
  readonly lazyFreed: number
  readonly databases: readonly DatabaseMemoryFacts[]
  readonly scripts: ScriptMemory
}

/** What Lua takes, and for how much. */
export interface ScriptMemory {
  /** The Lua state that runs scripts, and the one that runs functions. */
  readonly scriptVmBytes: number
  readonly functionVmBytes: number
  /** Scripts that are known, and functions. */
  readonly scriptBytes: number
  readonly functionBytes: number
  readonly scriptCount: number
  readonly functionCount: number
  readonly libraryCount: number
}

/** A database with keys, as far as its memory goes. */
export interface DatabaseMemoryFacts {
  readonly index: number
  readonly keys: number
  readonly expiring: number
  /** It keeps for each slot which keys it has. */
  readonly hasSlotLinks: boolean
}

/** The append-only file, and what became of it. Times in seconds, undefined where there was none. */
export interface AppendOnlyFacts {
  readonly isEnabled: boolean
  readonly isRewriting: boolean
  readonly isScheduled: boolean
  readonly lastRewriteSeconds: number | undefined
  readonly currentRewriteSeconds: number | undefined
  readonly lastRewriteWasGood: boolean
  readonly rewrites: number
  readonly consecutiveFailures: number
  /** What is written is kept. */
  readonly isWritable: boolean
  readonly currentBytes: number
  /** When it was written anew. */
  readonly baseBytes: number
  /** Not written yet. */
  readonly bufferBytes: number
  readonly syncsRunning: number
  /** Writes that the disk had no time for. */
  readonly delayedSyncs: number
}

/** What is saved, and whether it is. */
export interface PersistenceFacts {
  /** The load that is under way. */
  readonly loading: LoadingFacts | undefined
  readonly nowMs: number
  readonly changesSinceSave: number
  readonly lastSaveMs: number
  /** The last save in the background came to an end, or there was none. */
  readonly lastSaveWasGood: boolean
  /** How long it took; undefined when there was none. */
  readonly lastSaveSeconds: number | undefined
  /** How long the save has been that is under way; undefined when none is. */
  readonly currentSaveSeconds: number | undefined
  /** What is written in the background: how many keys it has, the part that is done. */
  readonly background: { readonly keys: number; readonly part: number } | undefined
  /** Snapshots written since the start. */
  readonly saves: number
  readonly appendOnly: AppendOnlyFacts
  readonly loadedKeys: number
  readonly loadedKeysExpired: number
}

/** How far a load is. */
export interface LoadingFacts {
  /** It comes beside data that is served. */
  readonly isAsync: boolean
  readonly startedMs: number
  readonly totalBytes: number
  readonly loadedBytes: number
  /** What the data took where the file was written. */
  readonly usedBytes: number
}

/** Counters since the start or CONFIG RESETSTAT. */
export interface StatsFacts {
  readonly connections: number
  readonly commands: number
  readonly commandsPerSecond: number
  /** Clients' bytes, without those of replication. */
  readonly inputBytes: number
  readonly outputBytes: number
  readonly replicationInputBytes: number
  readonly replicationOutputBytes: number
  readonly inputBytesPerSecond: number
  readonly outputBytesPerSecond: number
  readonly replicationInputBytesPerSecond: number
  readonly replicationOutputBytesPerSecond: number
  readonly rejectedConnections: number
  readonly fullSyncs: number
  readonly partialSyncsAccepted: number
  readonly partialSyncsRefused: number
  readonly expiredKeys: number
  readonly expiredFields: number
  /** The share of expiring keys that are over and still there, 0 to 1. */
  readonly staleShare: number
  readonly expiryCyclesCutShort: number
  readonly expiryMicroseconds: number
  readonly evictedKeys: number
  readonly evictedClients: number
  /** For how long more was used than is allowed. */
  readonly totalExceededMilliseconds: number
  readonly currentExceededMilliseconds: number
  readonly hits: number
  readonly misses: number
  readonly channels: number
  readonly trackedKeys: number
  /** Keys, each as often as clients read it. */
  readonly trackedItems: number
  readonly trackedPrefixes: number
  readonly patterns: number
  readonly shardChannels: number
  readonly errorReplies: number
  /** To the stream of a master. */
  readonly unexpectedErrorReplies: number
  readonly reads: number
  readonly writes: number
  /** Blocks of payloads that were checked to the last byte. */
  readonly sanitizedBlocks: number
  readonly replyBufferShrinks: number
  readonly replyBufferExpands: number
  readonly outputLimitDisconnections: number
  readonly turns: number
  readonly turnsPerSecond: number
  /** What the thread has worked in all, and for commands. */
  readonly busyMicroseconds: number
  readonly commandMicroseconds: number
  /** Refusals by access control. */
  readonly denied: Readonly<Record<'auth' | 'command' | 'key' | 'channel', number>>
  /** Connections that MIGRATE keeps. */
  readonly migrationLinks: number
  /** Works that began in the background, for which a Redis forks. */
  readonly forks: number
}

/** Processor time, seconds: of the node's thread, which is its process as far as it matters here. */
export interface ProcessorFacts {
  readonly systemSeconds: number
  readonly userSeconds: number
}

/** How long a command took. */
export interface CommandLatency {
  readonly fullName: Bytes
  /** Percentiles as configured, with the microseconds below which so many calls stayed. */
  readonly percentiles: readonly (readonly [percentile: string, microseconds: number])[]
}

/** A database with keys. */
export interface KeyspaceFacts {
  readonly index: number
  readonly keys: number
  readonly expiring: number
  /** Average time to live of the keys that expire; 0 when it is not known. */
  readonly averageTtlMs: number
}
