/**
 * A whole Node in the test's own thread, on a virtual clock and a world made of arrays: what it asks for is written
 * down, what happens to it is a call. No sockets, no time, no chance.
 */
import { Buffer } from 'node:buffer'
import { Random } from '../../lib/base/random.ts'
import { Field, SharedMemory } from '../../lib/base/shared-layout.ts'
import { Version } from '../../lib/base/version.ts'
import type { BusMessage } from '../../lib/bus/message.ts'
import type { NodeEvent } from '../../lib/control/event.ts'
import { Config, type ConfigFile } from '../../lib/node/config/config.ts'
import type { ConfigKeeping, LogLevel, NodeIo, PeerIo, SnapshotDraft } from '../../lib/node/io.ts'
import { Node } from '../../lib/node/node.ts'
import type { Session } from '../../lib/node/session.ts'
import { SharedView } from '../../lib/node/shared-view.ts'
import { BufferSource, type RdbSource } from '../../lib/rdb/source.ts'
import { MemoryFiles } from '../../lib/runtime/memory-files.ts'
import { compiledLua } from './lua.ts'

/** How the node under test differs from the ordinary. */
export interface HarnessOptions {
  /** 7.0 unless given: what most tests know was seen there. */
  readonly version?: string
  /** Directives by name; `cluster-enabled` is no unless given. */
  readonly config?: Readonly<Record<string, string>>
  /** `user` lines of the configuration. */
  readonly users?: readonly string[]
  /** What `rename-command` lines of the configuration say. */
  readonly renames?: readonly string[]
  /** Files there are, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** What its directory holds already; the files of an earlier life. */
  readonly disk?: MemoryFiles
  /** Where CONFIG REWRITE writes. */
  readonly file?: ConfigFile
  readonly clusterConfig?: string
  /** `instant` unless given. */
  readonly failureDetection?: 'instant' | 'timeout'
  /** `clusterConfig` is the plan of a new cluster. */
  readonly isPlanned?: boolean
  readonly port?: number
  readonly id?: string
  /** No unless given. */
  readonly isOwnServer?: boolean
  /** What was saved before it starts. */
  readonly snapshot?: Buffer
  /** When it starts, Unix ms. */
  readonly nowMs?: number
}

/** Connections to other servers that write down what the node has them do. */
export class RecordedPeers implements PeerIo {
  readonly opened: { peer: number; host: string; port: number }[] = []
  readonly sent: { peer: number; bytes: string }[] = []
  readonly closed: number[] = []
  /** Bytes that they hold back. */
  backlog = 0

  connect(peer: number, host: string, port: number): void {
    this.opened.push({ peer, host, port })
  }

  send(peer: number, bytes: string): void {
    this.sent.push({ peer, bytes })
  }

  backlogBytes(): number {
    return this.backlog
  }

  close(peer: number): void {
    this.closed.push(peer)
  }
}

/** What a node asked its world for. */
export class RecordedIo implements NodeIo {
  readonly logs: [level: LogLevel, text: string][] = []
  readonly events: NodeEvent[] = []
  readonly links: { link: number; ip: string; busPort: number }[] = []
  readonly sent: { link: number; message: BusMessage }[] = []
  readonly masterConnections: { host: string; port: number }[] = []
  readonly toMaster: string[] = []
  /** The connection to the master is wanted. */
  followsMaster = false
  readonly closedLinks: number[] = []
  readonly peers = new RecordedPeers()
  readonly closed: Session[] = []
  /** Closed sessions whose end the node has not heard of yet. */
  readonly ended: Session[] = []
  readonly output = new Map<Session, string>()
  readonly host = {
    system: 'Test 1.0 test',
    processId: 1,
    executable: '/node',
    allocator: 'v8',
    configFile: '',
  }
  clusterConfig = ''
  /** Why nothing can be kept. */
  diskFailure: string | undefined
  shutdowns = 0
  /** Why the node could not load what was saved. */
  loadFailure: string | undefined
  savesToDisk = true
  /** The files of its directory. */
  files = new MemoryFiles()
  /** The RDB file that was saved last. */
  snapshot: Buffer | undefined
  /** Lets the clock go on while the node is held up. */
  readonly compileLua = compiledLua
  /** What clients say in the middle of a turn. */
  pollClients: () => void = () => {}
  sleep: (milliseconds: number) => void = () => {}
  /** How often memory was to be given back. */
  releases = 0
  /** Lets the clock show how long that was. */
  readClock: () => void = () => {}
  /** What time it is in the middle of a turn, Unix microseconds. */
  microsecondsByNow: () => number = () => 0
  /** What runs when all clients are read, in a test that has real ones. */
  afterReading?: (action: () => void) => boolean

  /** When the node wants to be woken, Unix ms. */
  wakeAtMs = Number.POSITIVE_INFINITY

  /** Drafts that wait for the disk, in a test whose disk takes its time. */
  syncs: ((failure: Error | undefined) => void)[] | undefined

  draftSnapshot(): SnapshotDraft {
    const chunks: Uint8Array[] = []
    return {
      append: (chunk) => chunks.push(chunk),
      finishLater: (done) => {
        if (this.syncs === undefined) done(undefined)
        else this.syncs.push(done)
      },
      discard: () => {},
      publish: () => {
        if (this.diskFailure !== undefined) throw new Error(this.diskFailure)
        this.snapshot = Buffer.concat(chunks)
      },
    }
  }

  readSnapshot(): RdbSource | undefined {
    return this.snapshot && new BufferSource(this.snapshot)
  }

  connectLink(link: number, ip: string, busPort: number): void {
    this.links.push({ link, ip, busPort })
  }

  sendOnLink(link: number, message: BusMessage): void {
    this.sent.push({ link, message })
  }

  closeLink(link: number): void {
    this.closedLinks.push(link)
  }

  linkBacklogBytes(): number {
    return 0
  }

  connectMaster(host: string, port: number): void {
    this.masterConnections.push({ host, port })
    this.followsMaster = true
  }

  sendToMaster(bytes: string): void {
    this.toMaster.push(bytes)
  }

  closeMaster(): void {
    this.followsMaster = false
  }

  /** Where the node wants to listen. */
  readonly listeningAt: { addresses: readonly string[]; port: number }[] = []

  listen(addresses: readonly string[], port: number): void {
    this.listeningAt.push({ addresses, port })
  }

  flush(session: Session): void {
    this.beforeFlush()
    const text = session.reply.take()
    this.output.set(session, (this.output.get(session) ?? '') + text)
    this.sentFrom(session, text.length)
  }

  /** The node keeps what replies may tell of. */
  beforeFlush: () => void = () => {}

  /** The node hears how much left. */
  sentFrom: (session: Session, bytes: number) => void = () => {}

  releaseMemory(): void {
    this.releases++
  }

  close(session: Session): void {
    session.closing = 'now'
    this.closed.push(session)
    this.ended.push(session)
  }

  saveClusterConfig(describe: () => string, _how: ConfigKeeping): void {
    this.clusterConfig = describe()
  }

  keepClusterConfig(text: string): string | undefined {
    if (this.diskFailure === undefined) this.clusterConfig = text
    return this.diskFailure
  }

  tell(event: NodeEvent): void {
    this.events.push(event)
  }

  readFile(path: string): string {
    return this.files.read(path).toString('latin1')
  }

  replaceFile(path: string, text: string): void {
    if (path.startsWith('/proc/')) throw new Error('Permission denied')
    this.files.replace(path, text)
  }

  log(level: LogLevel, text: string): void {
    this.logs.push([level, text])
  }

  wakeAt(atMs: number): void {
    this.wakeAtMs = atMs
  }

  shutdown(): void {
    this.shutdowns++
  }

  resources(): ReturnType<NodeIo['resources']> {
    return {
      heapUsedBytes: 1_000_000,
      heapTotalBytes: 2_000_000,
      residentBytes: 3_000_000,
      totalSystemBytes: 8_000_000,
      userMicroseconds: 0,
      systemMicroseconds: 0,
    }
  }
}

/** A node and the levers to drive it. */
export class NodeHarness {
  readonly clock = { now: 1_700_000_000_000, microseconds: 0 }
  readonly io = new RecordedIo()
  readonly shared = new SharedMemory(4)
  readonly config: Config
  readonly node: Node
  /** So much time goes by on the steady clock whenever the node looks at it. */
  lookMicroseconds = 0
  #lookedMicroseconds = 0
  #clients = 0
  /** How long the node was held up without looking at the clock. */
  #sleptMs = 0

  constructor(options: HarnessOptions = {}) {
    const port = options.port ?? 7000
    const id = options.id ?? '0123456789abcdef0123456789abcdef01234567'
    const version = new Version(options.version ?? '7.0')
    this.config = new Config(options.file, version)
    this.config.loadPairs((options.users ?? []).map((user) => ['user', user]))
    this.config.loadPairs((options.renames ?? []).map((words) => ['rename-command', words]))
    this.config.loadPairs(Object.entries({ 'cluster-enabled': 'no', ...options.config }))
    if (options.disk !== undefined) this.io.files = options.disk
    for (const [path, text] of Object.entries(options.files ?? {}))
      this.io.files.replace(path, text)
    this.config.assign('port', String(port))
    this.io.sleep = (milliseconds) => {
      this.#sleptMs += milliseconds
    }
    this.io.readClock = () => {
      this.clock.now += this.#sleptMs
      this.#sleptMs = 0
    }
    this.io.microsecondsByNow = () => this.clock.now * 1000 + this.clock.microseconds
    this.clock.now = options.nowMs ?? this.clock.now
    this.io.snapshot = options.snapshot
    this.shared.setId(0, id)
    this.shared.set(0, Field.life, 2)
    this.node = new Node({
      isOwnServer: options.isOwnServer ?? false,
      version,
      identity: { id, ip: '127.0.0.1', port, busPort: port + 10_000 },
      config: this.config,
      clock: this.clock,
      random: new Random(`harness ${id}`),
      failureDetection: options.failureDetection ?? 'instant',
      clusterConfig: options.clusterConfig,
      isPlanned: options.isPlanned ?? false,
      view: new SharedView(this.shared, 0),
      io: this.io,
      microseconds: () => {
        this.#lookedMicroseconds += this.lookMicroseconds
        return this.clock.now * 1000 + this.#lookedMicroseconds
      },
    })
    this.io.beforeFlush = () => this.node.keepWrites()
    this.io.sentFrom = (session, bytes) => {
      if (bytes > 0) this.node.sent(session, bytes)
    }
    this.node.startup.load(
      () => this.node.startup.start(),
      ({ message }) => {
        this.io.loadFailure = message
      },
    )
    this.node.settle()
  }

  /** Throws what the node gave up with, if it could not load what there is. */
  checkLoaded(): void {
    const { loadFailure } = this.io
    if (loadFailure !== undefined) throw new Error(loadFailure)
  }

  /** A new client. */
  connect(): Session {
    this.#clients++
    return this.node.openSession({
      address: `127.0.0.1:${50_000 + this.#clients}`,
      localAddress: '127.0.0.1:7000',
      descriptor: 7 + this.#clients,
    })
  }

  /** Runs something as a turn of its own. */
  turn(action: () => void): void {
    this.io.readClock()
    action()
    this.node.settle()
    for (const session of this.node.takeUnflushed()) this.io.flush(session)
    for (const session of this.io.ended.splice(0)) this.disconnect(session)
  }

  /** Sends raw bytes as one turn; returns all the client has to read. */
  send(session: Session, bytes: string): string {
    const buffer = Buffer.from(bytes, 'latin1')
    this.turn(() => {
      this.node.receive(session, buffer, buffer.length)
      this.io.flush(session)
    })
    return this.take(session)
  }

  /** All the client has to read, without its asking. */
  take(session: Session): string {
    const output = this.io.output.get(session) ?? ''
    this.io.output.delete(session)
    return output
  }

  /** Sends lines as a person types them, as one turn; returns all the client has to read. */
  type(session: Session, ...lines: string[]): string {
    return this.send(session, `${lines.join('\r\n')}\r\n`)
  }

  /** The connection of a client ends. */
  disconnect(session: Session): void {
    this.turn(() => this.node.closeSession(session))
  }

  /** Runs one command given as words, as one turn. */
  run(session: Session, ...words: string[]): string {
    const bulks = words.map((word) => `$${word.length}\r\n${word}\r\n`)
    return this.send(session, `*${words.length}\r\n${bulks.join('')}`)
  }

  /** From now on there is a replica, as far as the stream goes; returns what it has heard since the last call, a command each. */
  hearReplicas(): () => string[] {
    const told: string[] = []
    const { propagation, replication } = this.node
    Object.defineProperty(replication.machine, 'isFeeding', { get: () => true })
    propagation.active = true
    replication.feed = (index, argv) => told.push(`${index}: ${argv.join(' ')}`)
    return () => told.splice(0)
  }

  /** Lets time pass, a cron at a time. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      this.clock.now += Math.min(100, left)
      this.turn(() => this.node.cron())
      this.wake()
    }
  }

  /** Wakes the node if it wanted that by now. */
  wake(): void {
    if (this.io.wakeAtMs > this.clock.now) return
    this.io.wakeAtMs = Number.POSITIVE_INFINITY
    this.turn(() => this.node.wake())
  }
}
