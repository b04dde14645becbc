/**
 * A computer with one node: the world around a pure Node, as lib/runtime is with sockets and timers. It can crash, sleep,
 * lose its disk and come back. Invariant: whatever enters the node enters through a turn, and nothing of an earlier life
 * reaches a later one.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import type { SharedMemory } from '../../lib/base/shared-layout.ts'
import { DEFAULT_RELEASE, Version } from '../../lib/base/version.ts'
import { decodeMessage, encodeMessage } from '../../lib/bus/codec.ts'
import { messageLength } from '../../lib/bus/length.ts'
import type { BusMessage, NodeId } from '../../lib/bus/message.ts'
import type { ClusterInput } from '../../lib/cluster/input.ts'
import type { ClusterMachine } from '../../lib/cluster/machine.ts'
import { Config } from '../../lib/node/config/config.ts'
import type { ConfigKeeping, LogLevel, NodeIo, PeerIo, SnapshotDraft } from '../../lib/node/io.ts'
import { Node } from '../../lib/node/node.ts'
import type { Session } from '../../lib/node/session.ts'
import { SharedView } from '../../lib/node/shared-view.ts'
import { MemoryFiles } from '../../lib/runtime/memory-files.ts'
import type { CompiledLua } from '../../lib/scripting/lua-binary.ts'
import { compiledLua } from '../support/lua.ts'
import type { EventQueue } from './event-queue.ts'
import type { End, EndListener, Letter, Machine, Network, Payload, Place } from './network.ts'

const CRON_MS = 100
const BUS_PORT_OFFSET = 10_000
const IP = '127.0.0.1'
/** What the kernel takes before a process notices that nobody reads. */
const KERNEL_BUFFER_BYTES = 2_500_000

/** A bus message on its way. */
export type Carried = Uint8Array | Letter

/** Hears everything that a checker may want to know. */
export interface Witness {
  /** A node came to life. */
  born(host: SimulatedNode): void
  /** A message leaves a node. */
  sends(host: SimulatedNode, link: number, message: BusMessage, carried: Carried): void
  logs(host: SimulatedNode, level: LogLevel, text: string): void
  /** A node threw. */
  crashed(host: SimulatedNode, error: unknown): void
}

/** Faults planted in nodes, to show that the checkers see them: each takes what is right and gives what happens instead. */
export interface Tamper {
  /** Messages that leave a node. */
  sent?(host: SimulatedNode, message: BusMessage): readonly BusMessage[]
  /** Messages that reach it. */
  received?(host: SimulatedNode, message: BusMessage): readonly BusMessage[]
  /** nodes.conf as it is kept. */
  saved?(host: SimulatedNode, text: Bytes): Bytes
  /** What a replica tells its master. */
  toldMaster?(host: SimulatedNode, bytes: Bytes): Bytes
  /** What a master's stream brings. */
  streamed?(host: SimulatedNode, bytes: Bytes): Bytes
  /** No tick is left out, however idle. */
  readonly isRestless?: boolean
  /** The seed of a life. */
  seed?(host: SimulatedNode): string
}

/** Where a node lives. */
export interface Surroundings {
  readonly queue: EventQueue
  readonly network: Network
  readonly shared: SharedMemory
  readonly witness: Witness
  readonly seed: string
  readonly tamper: Tamper
  readonly failureDetection: 'instant' | 'timeout'
  readonly bus: 'tcp' | 'channel'
  readonly directives: readonly (readonly [name: string, value: string])[]
  /** Who listens on a port. */
  placeOf(port: number): Place | undefined
}

/** What survives a life. */
export interface Disk {
  /** nodes.conf as written last. */
  written: Bytes | undefined
  /** As it would be after a power failure. */
  synced: Bytes | undefined
}

/** A computer with one node on it. */
export class SimulatedNode implements Machine {
  readonly place: Place
  readonly port: number
  readonly disk: Disk = { written: undefined, synced: undefined }
  /** The id of a node that starts without nodes.conf. */
  freshId: NodeId
  isPowered = true
  isPaused = false
  /** Lives so far. */
  lives = 0
  /** What its clock is ahead of the world's, ms. */
  skewMs = 0
  life: Life | undefined
  readonly surroundings: Surroundings
  readonly #inbox: (() => void)[] = []

  constructor(place: Place, id: NodeId, surroundings: Surroundings) {
    this.place = place
    this.port = 7000 + place
    this.freshId = id
    this.surroundings = surroundings
    surroundings.network.settle(place, this)
  }

  get busPort(): number {
    return this.port + BUS_PORT_OFFSET
  }

  /** The living node; throws when there is none. */
  get node(): Node {
    if (this.life === undefined) throw new Error(`node ${this.place} is not alive`)
    return this.life.node
  }

  get machine(): ClusterMachine {
    return this.node.cluster as ClusterMachine
  }

  get id(): NodeId {
    return this.life === undefined ? this.freshId : this.machine.myId
  }

  /** Starts a node with what is on the disk. */
  start(): void {
    this.isPowered = true
    this.life = new Life(this, this.disk.written)
    this.lives++
    this.life.begin()
  }

  /** The process is gone; without power nobody is told. */
  crash(kind: 'process' | 'machine'): void {
    if (this.life === undefined) return
    this.life.end()
    this.life = undefined
    this.isPaused = false
    this.#inbox.length = 0
    if (kind === 'machine') {
      this.isPowered = false
      this.disk.written = this.disk.synced
    }
    this.surroundings.network.abandon(this.place)
  }

  /** What comes from now on waits. */
  pause(): void {
    if (this.life !== undefined) this.isPaused = true
  }

  /** First what the clock asks for, then what arrived, in order. */
  resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    const { life } = this
    life?.beat()
    for (const action of this.#inbox.splice(0)) {
      if (this.life !== life) return
      if (this.isPaused) this.#inbox.push(action)
      else action()
    }
  }

  enter(action: () => void): void {
    if (this.isPaused) this.#inbox.push(action)
    else action()
  }

  listensAt(port: number): boolean {
    return this.life !== undefined && (port === this.port || port === this.busPort)
  }

  accept(port: number, end: End): void {
    if (port === this.port) this.life?.acceptClient(end)
    else this.life?.acceptLink(end)
  }
}

/** One life of a node: from a start to a crash. */
export class Life implements NodeIo {
  readonly node: Node
  readonly clock: { now: number; microseconds: number }
  readonly config: Config
  readonly host = {
    system: 'Simulated 1.0 none',
    processId: 1,
    executable: '/node',
    allocator: 'v8',
    configFile: '',
  }
  readonly #computer: SimulatedNode
  readonly #view: SharedView
  readonly #links = new Map<number, End>()
  readonly #sessions = new Map<Session, End>()
  #lastInbound = 0
  #clients = 0
  #master: End | undefined
  readonly #peers = new Map<number, End>()
  readonly peers: PeerIo = {
    connect: (peer, _host, port) => this.#connectPeer(peer, port),
    send: (peer, bytes) => this.#peers.get(peer)?.send(bytes),
    backlogBytes: (peer) => this.#peers.get(peer)?.pendingBytes ?? 0,
    close: (peer) => this.#closePeer(peer),
  }
  #unsaved: (() => Bytes) | undefined
  #wakes = 0
  /** Ticks since the last one that were left out. */
  #skipped = 0
  #isOver = false

  constructor(computer: SimulatedNode, clusterConfig: Bytes | undefined) {
    const { shared, seed, tamper, directives, failureDetection, queue } = computer.surroundings
    this.#computer = computer
    this.clock = { now: queue.now + computer.skewMs, microseconds: 0 }
    this.#view = new SharedView(shared, computer.place)
    const version = new Version(DEFAULT_RELEASE)
    this.config = new Config(undefined, version)
    this.config.loadPairs([['cluster-enabled', 'yes'], ...directives])
    this.config.assign('port', String(computer.port))
    shared.setId(computer.place, computer.freshId)
    this.#view.publishAddress(computer.port, computer.busPort)
    this.#view.publishLife(2)
    this.node = new Node({
      version,
      identity: {
        id: computer.freshId,
        ip: clusterConfig === undefined ? '' : IP,
        port: computer.port,
        busPort: computer.busPort,
      },
      config: this.config,
      clock: this.clock,
      random: new Random(tamper.seed?.(computer) ?? `${seed}:${computer.place}:${computer.lives}`),
      failureDetection,
      clusterConfig,
      isPlanned: false,
      view: this.#view,
      io: this,
      microseconds: () => this.clock.now * 1000,
    })
  }

  get #queue(): EventQueue {
    return this.#computer.surroundings.queue
  }

  get #tamper(): Tamper {
    return this.#computer.surroundings.tamper
  }

  /** The node begins to act. */
  begin(): void {
    this.#computer.surroundings.witness.born(this.#computer)
    this.turn(() => this.node.startup.start())
    const phaseMs = 1 + new Random(`${this.#computer.place}/${this.#computer.lives}`).below(CRON_MS)
    this.#queue.after(phaseMs, () => this.#tick())
  }

  /** Nothing more enters. */
  end(): void {
    this.#isOver = true
    this.#view.publishLife(3)
  }

  #tick(): void {
    if (this.#isOver) return
    this.#queue.after(CRON_MS, () => this.#tick())
    if (this.#computer.isPaused) return
    if (this.node.idleTicks > this.#skipped && !this.#tamper.isRestless) this.#skipped++
    else this.beat()
  }

  /** What the node does every 100 ms, unless it can do without. */
  beat(): void {
    const skipped = this.#tamper.isRestless ? undefined : this.#skipped
    this.#skipped = 0
    this.turn(() => this.node.cron(skipped))
    this.#save(false)
  }

  /** Runs something as a turn of its own. */
  turn(action: () => void): void {
    if (this.#isOver) return
    const { witness } = this.#computer.surroundings
    this.clock.now = this.#queue.now + this.#computer.skewMs
    try {
      action()
      this.node.settle()
      for (const session of this.node.takeUnflushed()) this.flush(session)
      this.#view.announce()
    } catch (error) {
      witness.crashed(this.#computer, error)
    }
  }

  input(input: ClusterInput): void {
    this.turn(() => this.node.clusterInput(input))
  }

  /** Runs a command as the host does; answers RESP. */
  ask(...argv: string[]): Bytes {
    let answer = ''
    this.turn(() => {
      this.node.runForHost([argv], ([reply = '']) => {
        answer = reply
      })
    })
    return answer
  }

  // Who connects to us.

  acceptClient(end: End): void {
    const session = this.node.openSession({
      address: `${IP}:${50_000 + (this.#clients % 10_000)}`,
      localAddress: `${IP}:${this.#computer.port}`,
      descriptor: 8 + this.#clients,
    })
    this.#clients++
    this.#sessions.set(session, end)
    session.output = {
      get waitingBytes() {
        return Math.max(0, end.pendingBytes - KERNEL_BUFFER_BYTES)
      },
    }
    end.listener = {
      opened: () => {},
      data: (payload) => this.#receive(session, payload),
      closed: () => {
        this.#sessions.delete(session)
        this.turn(() => this.node.closeSession(session))
      },
    }
    this.turn(() => this.flush(session))
  }

  #receive(session: Session, payload: Payload): void {
    if (session.closing !== 'no') return
    const buffer = Buffer.from(payload as string, 'latin1')
    this.turn(() => {
      this.node.receive(session, buffer, buffer.length)
      this.flush(session)
    })
  }

  acceptLink(end: End): void {
    const link = --this.#lastInbound
    this.#attach(link, end)
    this.input({ type: 'link-accepted', link, remoteIp: IP, localIp: IP })
  }

  #attach(link: number, end: End): void {
    this.#links.set(link, end)
    end.listener = new LinkEnd(this, link)
  }

  /** A link is no more. */
  linkEnded(link: number, wasOpen: boolean): void {
    this.#links.delete(link)
    this.input({ type: wasOpen ? 'link-closed' : 'connect-failed', link })
  }

  takeMessage(link: number, carried: Carried): void {
    const received = 'message' in carried ? carried.message : decode(carried)
    const messages = this.#tamper.received?.(this.#computer, received) ?? [received]
    for (const message of messages) this.node.clusterInput({ type: 'message', link, message })
  }

  // The world, as the node asks for it.

  connectLink(link: number, _ip: string, busPort: number): void {
    const { network, placeOf } = this.#computer.surroundings
    const place = placeOf(busPort - BUS_PORT_OFFSET)
    if (place === undefined) {
      this.#queue.after(0, () => this.input({ type: 'connect-failed', link }))
      return
    }
    const end = network.connect(this.#computer.place, place, busPort, NOBODY)
    this.#attach(link, end)
  }

  sendOnLink(link: number, message: BusMessage): void {
    const { bus, witness } = this.#computer.surroundings
    for (const sent of this.#tamper.sent?.(this.#computer, message) ?? [message]) {
      const carried =
        bus === 'tcp' ? encodeMessage(sent) : { message: sent, length: messageLength(sent) }
      witness.sends(this.#computer, link, sent, carried)
      this.#links.get(link)?.send(carried)
    }
  }

  closeLink(link: number): void {
    const end = this.#links.get(link)
    this.#links.delete(link)
    end?.close()
  }

  linkBacklogBytes(link: number): number {
    return this.#links.get(link)?.pendingBytes ?? 0
  }

  connectMaster(_host: string, port: number): void {
    this.closeMaster()
    const { network, placeOf } = this.#computer.surroundings
    const place = placeOf(port)
    if (place === undefined) {
      this.#queue.after(0, () => this.turn(() => this.node.masterClosed('Connection refused')))
      return
    }
    const end = network.connect(this.#computer.place, place, port, {
      opened: () => this.turn(() => this.node.masterConnected()),
      data: (payload) => {
        const bytes =
          this.#tamper.streamed?.(this.#computer, payload as Bytes) ?? (payload as Bytes)
        const chunk = Buffer.from(bytes, 'latin1')
        this.turn(() => this.node.masterData(chunk))
      },
      closed: (reason) => {
        this.#master = undefined
        this.turn(() => this.node.masterClosed(reason))
      },
    })
    this.#master = end
  }

  sendToMaster(bytes: Bytes): void {
    this.#master?.send(this.#tamper.toldMaster?.(this.#computer, bytes) ?? bytes)
  }

  closeMaster(): void {
    const end = this.#master
    this.#master = undefined
    end?.close()
  }

  #connectPeer(peer: number, port: number): void {
    const { network, placeOf } = this.#computer.surroundings
    const place = placeOf(port)
    if (place === undefined) {
      this.#queue.after(0, () => this.turn(() => this.node.peerClosed(peer, true)))
      return
    }
    const end = network.connect(this.#computer.place, place, port, {
      opened: () => this.turn(() => this.node.peerConnected(peer)),
      data: (payload) => {
        const chunk = Buffer.from(payload as Bytes, 'latin1')
        this.turn(() => this.node.peerData(peer, chunk))
      },
      closed: () => {
        this.#peers.delete(peer)
        this.turn(() => this.node.peerClosed(peer, true))
      },
    })
    this.#peers.set(peer, end)
  }

  #closePeer(peer: number): void {
    const end = this.#peers.get(peer)
    this.#peers.delete(peer)
    end?.close()
  }

  flush(session: Session): void {
    const end = this.#sessions.get(session)
    if (end === undefined) return
    const text = session.reply.take()
    if (session.closing === 'now') {
      this.#hangUp(session, end)
      return
    }
    if (text !== '') {
      this.node.sent(session, text.length)
      end.send(text)
    }
    if (session.closing === 'after-reply') this.#hangUp(session, end)
    else if (session.output.waitingBytes > 0) this.node.checkOutputLimit(session)
  }

  /** The node hears of the end of a connection in another turn, as of everything. */
  #hangUp(session: Session, end: End): void {
    this.#sessions.delete(session)
    end.close()
    this.#queue.after(0, () =>
      this.#computer.enter(() => this.turn(() => this.node.closeSession(session))),
    )
  }

  close(session: Session): void {
    session.closing = 'now'
    this.flush(session)
  }

  saveClusterConfig(describe: () => Bytes, how: ConfigKeeping): void {
    this.#unsaved = describe
    if (how !== 'soon') this.#save(how === 'synced')
  }

  keepClusterConfig(text: Bytes): undefined {
    this.saveClusterConfig(() => text, 'synced')
  }

  #save(sync: boolean): void {
    if (this.#unsaved === undefined) return
    const { disk } = this.#computer
    const text = this.#unsaved()
    disk.written = this.#tamper.saved?.(this.#computer, text) ?? text
    if (sync) disk.synced = disk.written
    this.#unsaved = undefined
  }

  /** Nothing but nodes.conf is on the disk. */
  readFile(): Bytes {
    throw new Error('No such file or directory')
  }

  replaceFile(): void {
    throw new Error('Read-only file system')
  }

  log(level: LogLevel, text: string): void {
    this.#computer.surroundings.witness.logs(this.#computer, level, text)
  }

  tell(): void {
    // The checkers look at what is said on the bus and logged.
  }

  wakeAt(atMs: number): void {
    const wake = ++this.#wakes
    this.#queue.after(Math.max(1, atMs - this.clock.now), () =>
      this.#computer.enter(() => {
        if (wake === this.#wakes) this.turn(() => this.node.wake())
      }),
    )
  }

  readonly savesToDisk = false

  /** Nobody logs here. */
  readonly files = new MemoryFiles()

  /** Nobody saves here. */
  draftSnapshot(): SnapshotDraft {
    throw new Error('a simulated node has no disk')
  }

  readSnapshot(): undefined {}

  /** Time is the simulator's. */
  pollClients(): void {}

  compileLua(): CompiledLua {
    return compiledLua()
  }

  releaseMemory(): void {}

  sleep(): void {}

  readClock(): void {}

  microsecondsByNow(): number {
    return this.clock.now * 1000
  }

  listen(): void {
    throw new Error('clients of a simulated node need no port')
  }

  shutdown(): void {
    this.#queue.after(0, () => this.#computer.crash('process'))
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

/** A life's end of a bus link: an object, since many nodes have very many. */
class LinkEnd implements EndListener {
  readonly #life: Life
  readonly #link: number
  #wasOpen: boolean

  constructor(life: Life, link: number) {
    this.#life = life
    this.#link = link
    this.#wasOpen = link < 0
  }

  opened(): void {
    this.#wasOpen = true
    this.#life.input({ type: 'link-opened', link: this.#link })
  }

  data(payload: Payload): void {
    this.#life.turn(() => this.#life.takeMessage(this.#link, payload as Carried))
  }

  closed(): void {
    this.#life.linkEnded(this.#link, this.#wasOpen)
  }
}

function decode(bytes: Uint8Array): BusMessage {
  const read = decodeMessage(bytes as Buffer, 0, bytes.length)
  if (read.kind === 'message') return read.message
  throw new Error(`an invalid message was sent: ${read.text}`)
}

const NOBODY = { opened: () => {}, data: () => {}, closed: () => {} }
