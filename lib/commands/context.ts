/**
 * What a handler sees of the node: ports, one per question it may ask. The node room implements them; handlers never
 * reach further. One Context per client, so running a command allocates nothing.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import type { Version } from '../base/version.ts'
import type { DurationHistogram } from '../data/duration-histogram.ts'
import type { ValueType } from '../data/stored-object.ts'
import type { Database } from '../keyspace/database.ts'
import type { ReplyError } from '../resp/reply-error.ts'
import type { Protocol, ReplySink } from '../resp/reply-sink.ts'
import type { AclPort } from './acl-port.ts'
import type { ClusterPort } from './cluster-port.ts'
import type { Command } from './command.ts'
import type { FunctionPort } from './function-port.ts'
import type { ScriptPromise } from './script-variant.ts'
import type { CommandEntry, CommandTable } from './table.ts'

/** Everything a handler may use. */
export interface Context {
  readonly reply: ReplySink
  /** The selected database. */
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly client: ClientPort
  readonly clients: ClientsPort
  readonly transaction: TransactionPort
  readonly server: ServerPort
  readonly slowLog: SlowLogPort
  readonly latency: LatencyPort
  readonly durations: DurationPort
  readonly debugging: DebuggingPort
  readonly persistence: PersistencePort
  readonly appendOnly: AppendOnlyPort
  readonly config: ConfigPort
  readonly listening: ListeningPort
  readonly replication: ReplicationPort
  /** Undefined on a standalone node. */
  readonly cluster: ClusterPort | undefined
  readonly acl: AclPort
  readonly propagation: PropagationPort
  readonly pubsub: PubSubPort
  readonly tracking: TrackingPort
  readonly blocking: BlockingPort
  readonly migration: MigrationPort
  readonly scripting: ScriptingPort
  readonly functions: FunctionPort
  readonly commands: CommandTable
}

/** What replaces or joins the command itself in the replication stream, the append-only file and MULTI's body. */
export interface PropagationPort {
  /** Propagates these words instead of the command as sent. */
  replaceWith(argv: readonly Bytes[]): void
  /** Propagates one more command, after those already asked for, instead of or beside the command itself. */
  also(argv: readonly Bytes[], audience?: 'all' | 'replicas' | 'log'): void
  /** Propagates nothing for this command, whatever it changed. */
  prevent(): void
  /** Propagates the command although it changed no key. */
  force(): void
}

/** What a client waits for that waits for keys. */
export interface KeyWait {
  readonly keys: readonly Bytes[]
  /** What else serving the client changes. */
  readonly destination?: Bytes
  /** Only a key that holds this serves the client. */
  readonly type: ValueType
  /** When it has waited long enough, Unix ms; undefined: never. It is answered a null array then. */
  readonly untilMs: number | undefined
  /**
   * One of the keys may have what the client waits for: takes it, says with `propagation` what replicas hear, and writes
   * the reply; or returns false to wait on. A ReplyError ends the wait, too.
   */
  serve(key: Bytes): boolean
  /** One of the keys was signalled and is gone or holds another type: as `serve`. Without it the client waits on. */
  lost?(key: Bytes): boolean
}

/** Where something is on disk: here, on so many replicas. */
export interface DiskCount {
  readonly local: number
  readonly replicas: number
}

/** Waiting, for the client that runs the command. What it sends meanwhile waits, too. */
export interface BlockingPort {
  /** Within a transaction or a script nobody waits: the command answers as if its time were over. */
  readonly allowed: boolean
  /** A script runs the command. */
  readonly isScript: boolean
  /** The client waits, answered nothing now: `serve` runs after the command that makes a key ready. */
  awaitKeys(wait: KeyWait): void
  /** The client waits until so many replicas have all it wrote; then, or at a time (Unix ms), it is told how many. */
  awaitReplicas(count: number, untilMs: number | undefined): void
  /** The client waits for the node to end; it is told if that does not happen. */
  awaitShutdown(): void
  /** How many replicas are known to have all that the client wrote. */
  acknowledgedReplicas(): number
  /** The client waits until all it wrote is on the disks that are asked for; then, or at a time, it is told which have it. */
  awaitDisks(wanted: DiskCount, untilMs: number | undefined): void
  /** Which disks are known to have all that the client wrote. */
  countDisks(): DiskCount
  /** Ends the wait of a client, as if its time were over or with an error; false when it does not wait. */
  unblock(id: number, reply: 'timeout' | 'error'): boolean
}

/** Keys that are to move to another server. */
export interface MigrationRequest {
  /** MIGRATE as it was sent. */
  readonly argv: readonly Bytes[]
  readonly host: Bytes
  readonly port: number
  /** The database there. */
  readonly databaseIndex: number
  /** They are here, in the client's database. */
  readonly keys: readonly Bytes[]
  /** How long the target may be silent. */
  readonly timeoutMs: number
  /** The keys stay here, too. */
  readonly copy: boolean
  /** They take the place of what is there. */
  readonly replace: boolean
  /** What AUTH is told there: password, or user and password, or nothing. */
  readonly credentials: readonly Bytes[]
}

/** Moving keys to other servers. */
export interface MigrationPort {
  /** Sends keys away. The command goes on in a later turn, with its reply; what the client sends meanwhile waits. */
  start(request: MigrationRequest): void
}

/** A script to be run. */
export interface ScriptRequest {
  /** Source text, or a digest in any case. */
  readonly script: Bytes
  readonly byDigest: boolean
  /** It may not write. */
  readonly isReadonly: boolean
  readonly keys: readonly Bytes[]
  readonly args: readonly Bytes[]
  /** The command as it was sent. */
  readonly argv: readonly Bytes[]
}

/** Lua scripts, for the client that runs the command. */
export interface ScriptingPort {
  /** Runs a script, which writes the reply; one that takes long goes on in a later turn. Throws ReplyError. */
  evaluate(request: ScriptRequest): void
  /** The client's scripts are debugged. */
  readonly isDebugged: boolean
  /** Debugs a script, EVAL as it was sent: the client talks to the debugger until it is over. Throws ReplyError. */
  debug(request: Pick<ScriptRequest, 'argv' | 'byDigest' | 'isReadonly'>): void
  /**
   * How the client's scripts are debugged from now on: on a copy of the data, or so that nobody else is served. Throws ReplyError,
   * also when there is no such way.
   */
  chooseDebugging(mode: 'fork' | 'sync' | 'no' | undefined): void
  /** What a script says of itself; undefined when it says nothing, or is not known. */
  promiseOf(script: Bytes, byDigest: boolean): ScriptPromise | undefined
  /** Gets to know a script and returns its digest. Throws ReplyError. */
  load(source: Bytes): Bytes
  knows(digest: Bytes): boolean
  /** Forgets all scripts. */
  flush(): void
  /** What clients are told while a script takes long; undefined while none does. */
  readonly busy: ReplyError | undefined
  /** Ends what runs, soon. Throws ReplyError when nothing runs, it is of the other kind, or it has written. */
  kill(kind: 'script' | 'function'): void
}

/** By what a client logs in. */
export interface Credentials {
  /** The default user's unless given. */
  readonly userName?: Bytes
  readonly password: Bytes
  /** The command that logs in, as it was sent. */
  readonly command: Bytes
}

/** The client that runs the command. */
export interface ClientPort {
  readonly id: number
  name: Bytes
  libraryName: Bytes
  libraryVersion: Bytes
  /** It has logged in, or came when nobody had to. */
  readonly authenticated: boolean
  /** As whom it acts. */
  readonly userName: Bytes
  /** READONLY was sent: reads of the master's slots are served on a replica. */
  readonlyMode: boolean
  /** ASKING was sent: holds for the next command. */
  asking: boolean
  noEvict: boolean
  noTouch: boolean
  /** It has subscriptions: in RESP2 it may do little else. */
  readonly subscribed: boolean
  /** It hears of every command that runs. */
  monitoring: boolean
  replyMode: 'on' | 'off' | 'skip-next' | 'skip'
  readonly databaseIndex: number
  /** Sessions of the replication link apply the master's stream and are never refused. */
  readonly isMasterLink: boolean
  /** The payloads of its RESTORE need no closer look where `sanitize-dump-payload` is about clients. */
  readonly trustsPayloads: boolean
  /** More waits for it than its hard limit allows: it will be closed after this command, and nobody reads the rest. */
  readonly isFlooded: boolean
  /** It came over the loopback interface. */
  readonly isLocal: boolean
  selectDatabase(index: number): void
  setProtocol(protocol: Protocol): void
  /** Acts as a user from now on; false when the password is wrong, or there is no such user. */
  logIn(credentials: Credentials): boolean
  /** The user may run this command with any key to read that it comes upon. */
  readsEveryKey(argv: readonly Bytes[]): boolean
  /** Back to what a fresh connection is (RESET). */
  reset(): void
  /** Closes once the replies written so far are sent. */
  closeAfterReply(): void
  /** Goes on with this command, which writes its reply then, when all is read that others have sent by now. */
  afterReading(argv: readonly Bytes[], finish: () => void): void
  /** A line of CLIENT LIST; `running` is the command that asks for its own client. */
  describe(running?: readonly Bytes[]): Bytes
}

/** What CLIENT KILL and CLIENT LIST select by. */
export interface ClientFilter {
  readonly id?: number
  readonly ids?: readonly number[]
  readonly address?: Bytes
  readonly localAddress?: Bytes
  readonly type?: 'normal' | 'master' | 'replica' | 'pubsub'
  readonly user?: Bytes
  /** Connected for so many seconds, or longer. */
  readonly ageSeconds?: number
  /** Spare the caller (default yes). */
  readonly skipMe?: boolean
}

/** All clients of the node. */
export interface ClientsPort {
  readonly count: number
  /** Lines of CLIENT LIST, oldest client first; `running` is the command of the caller. */
  list(filter: ClientFilter, caller: ClientPort, running: readonly Bytes[]): Bytes[]
  /** Closes the clients that match; returns how many. The caller is closed after its reply. */
  kill(filter: ClientFilter, caller: ClientPort): number
}

/** What a client subscribes to: channels of all nodes, globs over their names, channels of a shard. */
export type SubscriptionKind = 'channel' | 'pattern' | 'shard'

/** Publish and subscribe for the client that runs the command. */
export interface PubSubPort {
  /** Subscribes the client, if it is not, and tells it so. */
  subscribe(kind: SubscriptionKind, name: Bytes): void
  /** Ends a subscription of the client, if there is one, and tells it so. */
  unsubscribe(kind: SubscriptionKind, name: Bytes): void
  /** Ends all of a kind, and tells the client of each, or that there was none. */
  unsubscribeAll(kind: SubscriptionKind): void
  /** Sends a message to all nodes; returns how many clients of this one received it. */
  publish(channel: Bytes, payload: Bytes): number
  /** Sends a message to the nodes of the shard; returns how many clients of this one received it. */
  publishToShard(channel: Bytes, payload: Bytes): number
  /** The names of a kind that clients of this node are subscribed to. */
  names(kind: SubscriptionKind): readonly Bytes[]
  subscribersOf(kind: SubscriptionKind, name: Bytes): number
}

/** How a client wants to hear of changes. */
export interface TrackingOptions {
  /** The client that hears of them instead; 0: itself. */
  readonly redirect: number
  /** It hears of all changes under prefixes, whatever it has read. */
  readonly broadcast: boolean
  /** Prefixes to hear of besides those it hears of already; none: all keys. */
  readonly prefixes: readonly Bytes[]
  /** `optin`: only what CACHING asks for is remembered; `optout`: all but that. */
  readonly mode: 'default' | 'optin' | 'optout'
  /** It does not hear of what it changes itself. */
  readonly noLoop: boolean
}

/** Options in force, and what became of them. */
export interface TrackingState extends TrackingOptions {
  /** CACHING was said: it holds for the next command. */
  caching: boolean
  /** The client to be told instead is gone. */
  isBroken: boolean
}

/** CLIENT TRACKING of the client that runs the command. */
export interface TrackingPort {
  /** Undefined while nothing is tracked. */
  readonly state: TrackingState | undefined
  clientExists(id: number): boolean
  enable(options: TrackingOptions): void
  disable(): void
  /** The opposite of the mode holds for the next command. */
  setCaching(): void
}

/** MULTI, EXEC, DISCARD, WATCH of the client that runs the command. */
export interface TransactionPort {
  readonly active: boolean
  begin(): void
  /** Runs what was queued and writes EXEC's reply. */
  execute(): void
  discard(): void
  watch(keys: readonly Bytes[]): void
  unwatch(): void
}

/** How a node is to end. */
export interface ShutdownOptions {
  /** `default` saves if the node saves by itself. */
  readonly save: 'default' | 'save' | 'nosave'
  /** Does not wait for replicas. */
  readonly now: boolean
  /** Ends though its data cannot be saved. */
  readonly force: boolean
}

/** The node as a server. */
export interface ServerPort {
  /** INFO's text for these section names (lower case); none means the default ones. */
  info(sections: readonly Bytes[]): Bytes
  /** Unix microseconds by now, whatever this turn takes for its time. */
  microsecondsByNow(): number
  /** Databases of the node: one in a cluster. */
  readonly databases: readonly Database[]
  /** Ends the node once this turn is over or its replicas are in step; `fails` when its data could not be saved first. */
  shutdown(options: ShutdownOptions): 'ends' | 'waits' | 'fails'
  /** The node does not end after all; false when it was not about to. */
  abortShutdown(): boolean
  /** Has nodes.conf on disk when it returns; else tells why not, in the system's words. */
  keepClusterConfig(text: Bytes): string | undefined
  /** Lets commands wait until a time, Unix ms: all, or those that may reach replicas (CLIENT PAUSE). */
  pause(what: 'writes' | 'all', untilMs: number): void
  /** Ends what {@link pause} began. */
  unpause(): void
  /** What the node passes for: commands and replies that differ by version look at it. */
  readonly version: Version
  resetStats(): void
  /** What goes on by itself, and stands still while a test wants it to (DEBUG). */
  readonly activity: ServerActivity
  readonly memory: MemoryPort
}

/** A figure about memory: bytes or a count, a ratio or percentage, or the figures of one database. */
export type MemoryFigure =
  | number
  | { readonly ratio: number }
  | readonly (readonly [name: Bytes, count: number])[]

/** What the node knows of its memory as a whole. */
export interface MemoryPort {
  /** MEMORY STATS' figures, in its order. */
  stats(): readonly (readonly [name: Bytes, figure: MemoryFigure])[]
  /** MEMORY DOCTOR's report. */
  report(): Bytes
  /** What the allocator says of itself. */
  allocator(): Bytes
  /** Gives unused memory back to the system. */
  purge(): void
}

/** What a node does unasked; each can be switched off. */
export interface ServerActivity {
  /** Deletes keys whose time is over though nobody asks for them. */
  expires: boolean
  /** Does anything at all from time to time. */
  runsCron: boolean
  /** How reply buffers change, as far as CLIENT LIST tells. */
  readonly replyBuffers: { resizes: boolean; peakResetMs: number | undefined }
  /** Scripts are denied commands that are not for them. */
  deniesScripts: boolean
  /** RESTORE takes only bytes whose checksum is right. */
  verifiesChecksums: boolean
}

/** A command that took long. */
export interface SlowLogEntry {
  readonly id: number
  readonly timeSeconds: number
  readonly microseconds: number
  /** The command as it was sent, without secrets. */
  readonly words: readonly Bytes[]
  readonly address: Bytes
  readonly clientName: Bytes
}

/** Commands that took long. */
export interface SlowLogPort {
  readonly length: number
  /** So many entries, the latest first. */
  latest(count: number): readonly SlowLogEntry[]
  clear(): void
}

/** The longest that something took within a second. */
export interface LatencySample {
  readonly timeSeconds: number
  readonly milliseconds: number
}

/** Something that took long, again and again. */
export interface LatencyEvent {
  readonly name: Bytes
  /** Oldest first; at least one. */
  readonly samples: readonly LatencySample[]
  /** The longest ever, milliseconds. */
  readonly longest: number
}

/** What took long. */
export interface LatencyPort {
  events(): readonly LatencyEvent[]
  event(name: Bytes): LatencyEvent | undefined
  /** Forgets these events, or all; returns how many there were. */
  reset(names: readonly Bytes[]): number
}

/** How long commands take. */
export interface DurationPort {
  /** Undefined when no call of the command was followed. */
  histogramOf(entry: CommandEntry): DurationHistogram | undefined
}

/** What only DEBUG asks for. */
export interface DebuggingPort {
  /** Writes a line into the log. */
  log(text: Bytes): void
  /** Holds up the whole node; with `keepsTime` what follows in this turn happens at the time there was. */
  sleep(milliseconds: number, options?: { readonly keepsTime: boolean }): void
}

/** The data on disk. */
export interface PersistencePort {
  readonly lastSaveSeconds: number
  /** Saves all data. Throws ReplyError. */
  save(): void
  /** Saves all data of this instant, and goes on; with `isPatient` as soon as it can. Throws ReplyError. */
  saveInBackground(options: { readonly isPatient: boolean }): 'started' | 'scheduled'
  /** All data is gone, and what is saved or being saved is worth nothing. */
  flushed(): void
  /** A client gave bytes that are no value: the reply does not say why, the log does. */
  payloadRefused(reason: Bytes): void
  /** So many blocks of a payload were checked to the last byte. */
  sanitized(blocks: number): void
  /** Loads what was saved, over what is there. Throws ReplyError. */
  reload(options: {
    readonly save: boolean
    readonly flush: boolean
    /** Libraries of the file replace those of the same names. */
    readonly merge: boolean
  }): void
}

/** The append-only file. */
export interface AppendOnlyPort {
  readonly isEnabled: boolean
  /** Writes it anew, in the background or as soon as that can begin. Throws ReplyError. */
  rewrite(): 'started' | 'scheduled'
  /** Replaces all data by what it holds. Throws ReplyError. */
  reload(): void
  /** Holds up each write to it, for tests. */
  holdUp(milliseconds: number): void
}

/** Where the node listens. */
export interface ListeningPort {
  /** It listens where `port` and `bind` say. */
  readonly isCurrent: boolean
  /** Listens there. The command that set them goes on in a later turn, with its reply; if it cannot be, after `undo`. */
  change(argv: readonly Bytes[], undo: () => void): void
}

/** The configuration directives of the node. */
export interface ConfigPort {
  /** Names and values of all directives that match one of the globs, in Redis' text form. */
  match(globs: readonly Bytes[]): readonly (readonly [name: Bytes, value: Bytes])[]
  /**
   * Sets all or none, for a client of this machine or of another one; returns what takes it back. Throws ReplyError with
   * CONFIG SET's text.
   */
  set(
    pairs: readonly (readonly [name: Bytes, value: Bytes])[],
    options?: { readonly isLocal?: boolean },
  ): () => void
  /** Writes the configuration back to its file, defaults too for `all`. Throws ReplyError without one. */
  rewrite(options?: { readonly all?: boolean }): void
  number(name: string): number
  boolean(name: string): boolean
  text(name: string): string
}

/** What ROLE tells. */
export type RoleDescription =
  | {
      readonly role: 'master'
      readonly offset: number
      readonly replicas: readonly {
        readonly ip: string
        readonly port: number
        readonly offset: number
      }[]
    }
  | {
      readonly role: 'slave'
      readonly host: string
      readonly port: number
      readonly state: string
      readonly offset: number
    }

/** Replication as commands see it. */
export interface ReplicationPort {
  readonly role: 'master' | 'replica'
  /** ROLE's facts. */
  describeRole(): RoleDescription
  /** REPLCONF from the client that runs the command, words after the name. Writes the reply, if one is due. */
  configure(words: readonly Bytes[]): void
  /** PSYNC, words after the name, or SYNC without words: the client becomes a replica; its answer comes with the stream. */
  synchronize(words: readonly Bytes[]): void
  /** Follows a master, or stops following (REPLICAOF on a standalone node). */
  follow(master: { readonly host: string; readonly port: number } | undefined): void
  /** Goes on under a new replication id. */
  changeId(): void
  /** A replica is about to take this node's place. */
  readonly isFailingOver: boolean
  /** Begins to hand over to a replica. Throws {@link ReplyError} where that cannot be. */
  beginFailover(request: FailoverRequest): void
  /** Stays the master after all. Throws {@link ReplyError} when nothing is handed over. */
  abortFailover(): void
}

/** Who is to take over from a master, and how long that may take (FAILOVER). */
export interface FailoverRequest {
  /** The replica as INFO shows it; undefined for the first that has all writes. */
  readonly target: { readonly host: string; readonly port: number } | undefined
  /** After so long it is given up, or done whatever the replica lacks if `isForced`; undefined waits for ever. */
  readonly timeoutMs: number | undefined
  readonly isForced: boolean
}

export type { Command }
