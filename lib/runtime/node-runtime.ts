/**
 * A node in its thread: the sockets, timers and files around a pure Node. Everything enters through a turn; nothing is
 * decided here. Life: listen, become the node the host planned (`form`), serve, stop and leave nothing behind.
 */
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { MessagePort } from 'node:worker_threads'
import { threadId } from 'node:worker_threads'
import { type Bytes, bytesOf, textOf } from '../base/bytes.ts'
import { useCrc16Table } from '../base/crc16.ts'
import { Random } from '../base/random.ts'
import { Field, SharedMemory } from '../base/shared-layout.ts'
import { Version } from '../base/version.ts'
import type { ClusterInput } from '../cluster/input.ts'
import type { NodeEvent } from '../control/event.ts'
import { isLoggedAt } from '../control/log-line.ts'
import type { FailureCode, HostMessage, NodeBoot, PeerMessage } from '../control/message.ts'
import { unpackFromHost } from '../control/pack.ts'
import type { Config } from '../node/config/config.ts'
import { ConfigError } from '../node/config/config-text.ts'
import type { NodeFiles } from '../node/files.ts'
import type {
  ConfigKeeping,
  HostFacts,
  LogLevel,
  NodeIo,
  ResourceUsage,
  SnapshotDraft,
} from '../node/io.ts'
import { Node } from '../node/node.ts'
import type { Session } from '../node/session.ts'
import { SharedView } from '../node/shared-view.ts'
import type { RdbSource } from '../rdb/source.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { CompiledLua } from '../scripting/lua-binary.ts'
import { Beat } from './beat.ts'
import { tellFailure } from './boot-failure.ts'
import type { BusListener } from './bus-transport.ts'
import { ChannelBus } from './channel-bus.ts'
import { ClientServer } from './client-server.ts'
import { ClusterConfigFile } from './cluster-config-file.ts'
import { ClusterConfigKeeper } from './cluster-config-keeper.ts'
import { DiskFiles } from './disk-files.ts'
import { FaultScope } from './fault-scope.ts'
import { FaultyBus } from './faulty-bus.ts'
import { hostFacts, resourceUsage } from './host-facts.ts'
import { HostLine } from './host-line.ts'
import { LogFile } from './log-file.ts'
import { compileLuaFile } from './lua-file.ts'
import { MemoryFiles } from './memory-files.ts'
import { MemorySnapshot } from './memory-snapshot.ts'
import { busPortAbove, type NodeSetup, setUp } from './node-setup.ts'
import { collectThread, ParkedHeap } from './parked-heap.ts'
import { PeerConnection } from './peer-connection.ts'
import { PeerConnections } from './peer-connections.ts'
import { PidFile } from './pid-file.ts'
import { processScore } from './process-score.ts'
import { draftSnapshot, readSnapshot } from './snapshot-file.ts'
import { standStill } from './standstill.ts'
import { type ListenError, StartLog } from './start-log.ts'
import { reasonOf } from './system-error.ts'
import { TcpBus } from './tcp-bus.ts'
import { readTextFile, replaceTextFile } from './text-file.ts'
import { Turn, TurnClock } from './turn.ts'
import { WakeTimer } from './wake-timer.ts'

type FormMessage = Extract<HostMessage, { readonly type: 'form' }>

/** Of this thread. */
const heap = new ParkedHeap()

/** Hosts one node. */
export class NodeRuntime implements NodeIo, BusListener {
  readonly host: HostFacts
  readonly files: NodeFiles
  readonly peers: PeerConnections
  readonly #boot: NodeBoot
  readonly #setup: NodeSetup
  readonly #version: Version
  readonly #control: MessagePort
  readonly #shared: SharedMemory
  readonly #view: SharedView
  readonly #clock: TurnClock
  readonly #turn: Turn
  readonly #server: ClientServer
  readonly #master: PeerConnection
  readonly #config: Config
  readonly #clusterConfig: ClusterConfigKeeper
  readonly #logFile: LogFile | undefined
  readonly #startLog: StartLog
  #pidFile: PidFile | undefined
  readonly #hostLine: HostLine
  /** The last words of a node that breaks. */
  readonly #onCrash = (): void => this.#hostLine.send()
  /** The RDB file of a node without a directory. */
  readonly #memorySnapshot: MemorySnapshot
  readonly #faults: FaultScope
  #channels: ChannelBus | undefined
  #bus: FaultyBus | undefined
  #busPort = 0
  /** Where clients are listened for, as `bind` spells it. */
  #addresses: readonly string[]
  #node: Node | undefined
  /** It has its data, and is one of the cluster. */
  #isFormed = false
  /** What the bus and the host brought before the node was formed: they may be quicker, and say a thing once. */
  #early: ClusterInput[] = []
  readonly #beat: Beat
  readonly #wakeTimer = new WakeTimer(() => this.#turn.run(() => this.#node?.wake()))
  #stopping: Promise<void> | undefined

  private constructor(boot: NodeBoot) {
    this.#boot = boot
    this.#setup = setUp(boot)
    this.#version = new Version(boot.version)
    this.#control = boot.control
    this.host = hostFacts(boot.server?.configPath ?? '')
    this.#shared = new SharedMemory(boot.capacity, boot.shared)
    useCrc16Table(this.#shared.crcTable)
    this.#view = new SharedView(this.#shared, boot.index)
    this.#hostLine = new HostLine(boot.control, this.#view)
    this.#clock = new TurnClock(this.#shared.clock)
    this.#turn = new Turn(
      this.#clock,
      () => this.#settle(),
      () => this.#node?.enter(),
    )
    this.#faults = new FaultScope(this.#shared, boot.index, {
      hosts: [boot.announcedHost, boot.host, '127.0.0.1'],
      random: new Random(`${boot.seed}:${boot.index}`).fork('faults'),
    })
    this.#server = new ClientServer(this.#turn, this.#faults.clients)
    this.#master = new PeerConnection(
      {
        connected: (localPort) => {
          this.#shared.set(boot.index, Field.replicationPort, localPort)
          this.#turn.run(() => this.#node?.masterConnected())
        },
        data: (chunk) => this.#turn.run(() => this.#node?.masterData(chunk)),
        closed: (reason) => {
          this.#shared.set(boot.index, Field.replicationPort, 0)
          this.#turn.run(() => this.#node?.masterClosed(reason))
        },
      },
      this.#faults,
    )
    this.peers = new PeerConnections(
      {
        connected: (peer, localPort) => {
          this.#shared.set(boot.index, Field.migrationPort, localPort)
          this.#turn.run(() => this.#node?.peerConnected(peer))
        },
        data: (peer, chunk) => this.#turn.run(() => this.#node?.peerData(peer, chunk)),
        closed: (peer, wasFound) => this.#turn.run(() => this.#node?.peerClosed(peer, wasFound)),
      },
      this.#faults,
    )
    this.#config = this.#setup.config
    const { addresses, bus, directory } = this.#setup
    this.#addresses = addresses
    this.files =
      directory === undefined
        ? new MemoryFiles()
        : new DiskFiles(
            (path) => resolve(directory, this.#config.text('dir'), textOf(path)),
            (action) => this.#turn.run(action),
          )
    this.#memorySnapshot = new MemorySnapshot((snapshot) =>
      this.#hostLine.post({ type: 'snapshot', snapshot }),
    )
    const log = (level: LogLevel, text: string): void => this.log(level, text)
    this.#clusterConfig = new ClusterConfigKeeper({
      file:
        directory === undefined || bus === 'none'
          ? undefined
          : new ClusterConfigFile(resolve(directory, this.#config.text('cluster-config-file'))),
      giveToHost: (text) => this.#hostLine.post({ type: 'config', text }),
      log,
    })
    this.#logFile = this.#openLogFile()
    this.#startLog = new StartLog({
      log,
      config: this.#config,
      version: this.#version,
      processId: this.host.processId,
    })
    const runtime = this
    this.#beat = new Beat({
      beat: (skipped) => this.#cron(skipped),
      get idleTicks() {
        return runtime.#node?.idleTicks ?? 0
      },
    })
  }

  #cron(skipped: number): void {
    this.#hostLine.endArrival()
    this.#turn.run(() => this.#node?.cron(skipped))
    this.#clusterConfig.saveDue()
  }

  #openLogFile(): LogFile | undefined {
    const { log } = this.#setup
    if (log === undefined) return undefined
    try {
      return new LogFile(log)
    } catch (error) {
      const line = { line: 0, text: `logfile ${this.#config.text('logfile')}`, words: [] }
      const isServer = this.#boot.server !== undefined
      throw new ConfigError(
        `Can't open the log file: ${reasonOf(error)}`,
        isServer ? undefined : line,
      )
    }
  }

  /** Boots a node; resolves when it listens or has told the host why it cannot. */
  static async start(boot: NodeBoot): Promise<void> {
    heap.leave()
    let runtime: NodeRuntime
    try {
      runtime = new NodeRuntime(boot)
    } catch (error) {
      tellFailure(boot, 'ERR_BAD_DIRECTIVE', error)
      return
    }
    try {
      await runtime.#listen()
    } catch (error) {
      await runtime.#release()
      const code = (error as NodeJS.ErrnoException).code
      tellFailure(boot, code === 'EADDRINUSE' ? 'ERR_PORT_TAKEN' : 'ERR_LISTEN', error)
    }
  }

  async #listen(): Promise<void> {
    const { addresses, port, unixSocket } = this.#setup
    this.#view.publishLife(1)
    if (this.#boot.server !== undefined) this.#beginServer()
    await this.#server
      .listen(addresses, port)
      .catch((error) => this.#cannotListen(error, port, 'TCP'))
    if (unixSocket !== undefined) {
      await this.#server
        .listenAtPath(unixSocket.path, unixSocket.mode)
        .catch((error) => this.#cannotOpen(error))
    }
    if (addresses.length === 0 && unixSocket === undefined) this.#cannotBeReached()
    await this.#listenOnBus()
    this.#view.publishAddress(this.#server.port, this.#busPort)
    // A server that has a Unix socket alone may get a port later.
    if (this.#server.port !== 0) this.#config.assign('port', String(this.#server.port))
    this.#view.publishLife(2)
    this.#control.on('message', (frame: Uint8Array | PeerMessage) => this.#told(frame))
    this.#hostLine.post({
      type: 'listening',
      port: this.#server.port,
      busPort: this.#busPort,
      threadId,
    })
  }

  #beginServer(): void {
    this.#startLog.begin()
    const { pidFile } = this.#setup
    if (pidFile !== undefined) this.#pidFile = PidFile.create(pidFile, this.host.processId)
  }

  #cannotListen(error: ListenError, port: number, service: 'TCP' | 'cluster'): never {
    this.#startLog.cannotListen(error, port, service)
    throw error
  }

  #cannotBeReached(): never {
    this.#startLog.listensNowhere()
    throw new Error('no port and no Unix socket to listen on')
  }

  #cannotOpen(error: Error): never {
    this.#startLog.cannotOpen(error)
    throw error
  }

  async #listenOnBus(): Promise<void> {
    const { bus, addresses } = this.#setup
    if (bus === 'none') return
    const { announcedHost } = this.#boot
    const { matrix, self, random } = this.#faults
    const faulty = new FaultyBus(this, { matrix, self, random, book: this.#faults })
    this.#bus = faulty
    this.#busPort = this.#setup.busPort ?? busPortAbove(this.#server.port)
    if (bus === 'tcp') {
      // A port that the system picked promises nothing about the one 10000 above.
      const tcp = await TcpBus.listen(faulty, addresses, this.#busPort).catch((error: Error) => {
        if (this.#setup.port !== 0) this.#cannotListen(error, this.#busPort, 'cluster')
        return TcpBus.listen(faulty, addresses, 0)
      })
      faulty.surround(tcp)
      this.#busPort = tcp.port
      return
    }
    const find = (ip: string, busPort: number) => this.#faults.listeningAt(ip, busPort)
    const directory = { find, addressOf: () => announcedHost }
    this.#channels = new ChannelBus(faulty, directory, announcedHost)
    for (const { index, port } of this.#boot.peers) this.#channels.addPeer(index, port)
    faulty.surround(this.#channels)
  }

  #told(frame: Uint8Array | PeerMessage): void {
    if (!(frame instanceof Uint8Array)) {
      this.#channels?.addPeer(frame.index, frame.port)
      return
    }
    const message: HostMessage = unpackFromHost(frame)
    switch (message.type) {
      case 'form':
        this.#tryToForm(message)
        break
      case 'commands':
        this.#turn.run(() => {
          const { request, commands } = message
          const answer = (replies: readonly string[]) => {
            this.#node?.keepWrites()
            this.#hostLine.post({ type: 'result', request, replies })
          }
          if (this.#node === undefined) answer([])
          else this.#node.runForHost(commands, answer)
        })
        break
      case 'unreachable':
      case 'reachable':
        this.#clusterInput(message)
        break
      case 'hear':
        this.#bus?.look()
        this.#faults.look()
        this.#master.look()
        this.peers.look()
        this.#server.look()
        this.#hostLine.post({ type: 'heard', request: message.request })
        break
      case 'pause':
        this.#sleep()
        break
      case 'signal':
        this.log('warning', `Received ${message.name} scheduling shutdown...`)
        if (this.#node === undefined) void this.#stop()
        else this.#turn.run(() => this.#node?.ending.signalled(message.name))
        break
      case 'stop':
        this.#saveBeforeEnd()
        void this.#stop(frame)
        break
    }
  }

  /**
   * Stops here as SIGSTOP stops a process. What peers and host have said meanwhile waits in sockets and ports, as does
   * what clients said: it comes first, before clients are served and timers act on what was true when we fell asleep.
   */
  #sleep(): void {
    this.#shared.sleep(this.#boot.index)
    this.#server.hold()
    this.#stopTimers()
    // Everything that waits is read in one round of the event loop: the one between these two.
    setImmediate(() => setImmediate(() => this.#goOn()))
  }

  #goOn(): void {
    if (this.#stopping !== undefined) return
    this.#server.release()
    if (this.#node === undefined) return
    this.#startTimers()
    this.#turn.run(() => this.#node?.wake())
  }

  #tryToForm({ clusterConfig, isPlanned, snapshot }: FormMessage): void {
    try {
      if (snapshot !== undefined) this.#memorySnapshot.restore(snapshot)
      this.#form(this.#clusterConfig.restore(clusterConfig), isPlanned)
    } catch (error) {
      if (error instanceof ConfigError) {
        this.#giveUp('ERR_BAD_DIRECTIVE', error)
        return
      }
      if (this.#setup.directory === undefined) throw error
      this.#giveUp('ERR_BAD_DIRECTORY', error)
    }
  }

  #form(clusterConfig: string | undefined, isPlanned: boolean): void {
    const { id, seed, index, lives, announcedHost } = this.#boot
    if (isPlanned) this.#hostLine.beginArrival()
    this.#turn.begin()
    const node = new Node({
      version: this.#version,
      identity: {
        id,
        // A blank node learns its address from the first who meets it.
        ip: clusterConfig === undefined ? '' : announcedHost,
        port: this.#server.port,
        busPort: this.#busPort,
      },
      config: this.#config,
      clock: this.#clock,
      random: new Random(`${seed}:${index}:${lives}`),
      failureDetection: this.#boot.failureDetection,
      clusterConfig,
      isPlanned,
      view: this.#view,
      io: this,
      microseconds: () => performance.now() * 1000,
      isOwnServer: this.#boot.server !== undefined,
      processScore: this.#boot.server === undefined ? undefined : processScore,
    })
    this.#startLog.initialized(
      this.#setup.bus === 'none' ? 'standalone' : 'cluster',
      this.#server.port,
    )
    this.#node = node
    this.#startTimers()
    node.startup.load(
      () => this.#loaded(node),
      (error) => this.#giveUp('ERR_BAD_DIRECTORY', error),
    )
    // What could only be loaded by half is served to nobody.
    if (this.#node === node) this.#server.serve(node)
    this.#turn.end()
  }

  /** All data is there: the node meets the others. */
  #loaded(node: Node): void {
    this.#isFormed = true
    node.startup.start()
    for (const input of this.#early.splice(0)) node.clusterInput(input)
    this.#startLog.ready({
      tcp: this.#boot.server === undefined || this.#server.port !== 0,
      unixSocket: this.#setup.unixSocket !== undefined,
    })
    this.#hostLine.add({ type: 'formed' })
  }

  #giveUp(code: FailureCode, error: unknown): void {
    this.#hostLine.send()
    void this.#release().then(() => tellFailure(this.#boot, code, error))
  }

  #startTimers(): void {
    process.on('uncaughtExceptionMonitor', this.#onCrash)
    this.#beat.start()
  }

  #stopTimers(): void {
    process.off('uncaughtExceptionMonitor', this.#onCrash)
    this.#beat.stop()
    this.#wakeTimer.stop()
  }

  /** What the turn left to say goes out. */
  #settle(): void {
    const node = this.#node
    if (node === undefined) return
    node.settle()
    for (const session of node.takeUnflushed()) this.#server.tell(session)
    this.#hostLine.settle()
    this.#beat.look()
  }

  /** `lastFrame` is what told it to, if anything did. */
  #stop(lastFrame?: Uint8Array): Promise<void> {
    const node = this.#node
    this.#stopping ??= this.#release().then(() => {
      this.#hostLine.post({ type: 'stopped' })
      this.#control.close()
      heap.park(node, lastFrame)
    })
    return this.#stopping
  }

  /** Whoever stops a node means no harm to its data, as whoever sends SIGTERM to a server. */
  #saveBeforeEnd(): void {
    this.#node?.appendOnly.finish({ isForced: true })
    const persistence = this.#node?.persistence
    if (persistence === undefined || !persistence.isAutomatic) return
    persistence.kill()
    try {
      if (persistence.changesSinceSave > 0) persistence.saveNow()
    } catch (error) {
      // It is in the log, and the node ends all the same.
      if (!(error instanceof ReplyError)) throw error
    }
  }

  async #release(): Promise<void> {
    this.#stopTimers()
    this.#master.close()
    this.peers.stop()
    this.#faults.stop()
    this.#clusterConfig.saveLast()
    this.#pidFile?.remove()
    // It may have a file open.
    this.#node?.loading.abandon()
    this.#node = undefined
    await Promise.all([this.#server.stop(), this.#bus?.stop()])
    this.#view.publishLife(3)
    this.#view.announce()
  }

  // The bus, as its transport reports it.

  accepted(link: number, remoteIp: string, localIp: string): void {
    this.#clusterInput({ type: 'link-accepted', link, remoteIp, localIp })
  }

  opened(link: number): void {
    this.#clusterInput({ type: 'link-opened', link })
  }

  failed(link: number): void {
    this.#clusterInput({ type: 'connect-failed', link })
  }

  closed(link: number): void {
    this.#clusterInput({ type: 'link-closed', link })
  }

  message(link: number, message: Parameters<BusListener['message']>[1]): void {
    this.#clusterInput({ type: 'message', link, message })
  }

  dropped(_link: number, messageType: number, log: string | undefined): void {
    if (log !== undefined) this.log('warning', log)
    this.#clusterInput({ type: 'dropped', messageType })
  }

  #clusterInput(input: ClusterInput): void {
    if (!this.#isFormed) this.#early.push(input)
    else this.#turn.run(() => this.#node?.clusterInput(input))
  }

  broken(_link: number, log: string): void {
    this.log('warning', log)
  }

  // The world, as the node asks for it.

  connectLink(link: number, ip: string, busPort: number): void {
    this.#bus?.connect(link, ip, busPort)
  }

  sendOnLink(...[link, message]: Parameters<NodeIo['sendOnLink']>): void {
    this.#bus?.send(link, message)
  }

  closeLink(link: number): void {
    this.#bus?.close(link)
  }

  linkBacklogBytes(link: number): number {
    return this.#bus?.bufferedBytes(link) ?? 0
  }

  connectMaster(host: string, port: number): void {
    this.#master.connect(host, port, this.#config.text('bind-source-addr'))
  }

  sendToMaster(bytes: string): void {
    this.#master.send(bytes)
  }

  closeMaster(): void {
    this.#master.close()
  }

  afterReading(action: () => void): boolean {
    return this.#server.afterReading(action)
  }

  listen(addresses: readonly string[], port: number): void {
    const former = this.#addresses
    this.#addresses = port === 0 ? [] : addresses
    const answer = (isMoved: boolean): void => {
      if (!isMoved) this.#addresses = former
      this.#turn.run(() => this.#node?.listened(isMoved))
    }
    this.#server.move(this.#addresses, port, former).then(
      () => answer(true),
      (error) => {
        this.#startLog.unbound(error, port)
        answer(false)
      },
    )
  }

  flush(session: Session): void {
    this.#server.flush(session)
  }

  close(session: Session): void {
    session.closing = 'now'
    this.#server.flush(session)
  }

  saveClusterConfig(describe: () => Bytes, how: ConfigKeeping): void {
    this.#clusterConfig.save(describe, how)
  }

  keepClusterConfig(text: Bytes): string | undefined {
    return this.#clusterConfig.keep(text)
  }

  readFile(path: Bytes): Bytes {
    return readTextFile(this.#pathOf(path))
  }

  replaceFile(path: Bytes, text: Bytes): void {
    replaceTextFile(this.#pathOf(path), text)
  }

  #pathOf(path: Bytes): string {
    return resolve(this.#setup.directory ?? '.', textOf(path))
  }

  log(level: LogLevel, text: string): void {
    const line = { level, timeMs: this.#clock.now, text: bytesOf(text) }
    const isDue = isLoggedAt(level, this.#config.text('loglevel') as LogLevel)
    if (isDue) this.#logFile?.write(line, this.#node?.isReplica ? 'replica' : 'master')
    if (!isDue && !isLoggedAt(level, 'notice') && !isLoggedAt(level, this.#boot.log)) return
    this.#hostLine.add({ type: 'log', ...line })
  }

  tell(event: NodeEvent): void {
    this.#hostLine.add({ type: 'event', event })
  }

  wakeAt(atMs: number): void {
    this.#wakeTimer.set(atMs - this.#clock.now)
  }

  get savesToDisk(): boolean {
    return this.#setup.directory !== undefined
  }

  draftSnapshot(options: { readonly isInBackground: boolean }): SnapshotDraft {
    const path = this.#snapshotPath()
    if (path === undefined) return this.#memorySnapshot.draft()
    return draftSnapshot(path, { ...options, turn: (action) => this.#turn.run(action) })
  }

  readSnapshot(): RdbSource | undefined {
    const path = this.#snapshotPath()
    return path === undefined ? this.#memorySnapshot.read() : readSnapshot(path)
  }

  #snapshotPath(): string | undefined {
    const { directory } = this.#setup
    if (directory === undefined) return undefined
    return resolve(directory, this.#config.text('dir'), this.#config.text('dbfilename'))
  }

  pollClients(): void {
    this.#server.poll()
  }

  compileLua(): CompiledLua | undefined {
    return compileLuaFile()
  }

  releaseMemory(): void {
    collectThread()
  }

  sleep(milliseconds: number): void {
    standStill(milliseconds)
  }

  readClock(): void {
    this.#clock.read()
  }

  microsecondsByNow(): number {
    return this.#clock.microsecondsByNow()
  }

  shutdown(): void {
    const { pidFile, unixSocket } = this.#setup
    this.#startLog.end({ pidFile: pidFile !== undefined, unixSocket: unixSocket !== undefined })
    this.#hostLine.post({ type: 'shutdown' })
    setImmediate(() => void this.#stop())
  }

  resources(): ResourceUsage {
    return resourceUsage()
  }
}
