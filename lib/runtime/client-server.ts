/**
 * The client port: connections in, sessions out. What commands reply piles up in their session and leaves in one write, after
 * all clients that could be read were (beforeSleep). Invariant: a session and its socket end together.
 */
import { Buffer } from 'node:buffer'
import { readSync } from 'node:fs'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Bytes } from '../base/bytes.ts'
import type { Node } from '../node/node.ts'
import type { Session } from '../node/session.ts'
import { FaultyConnection } from './faulty-connection.ts'
import { ListeningSockets } from './listening-sockets.ts'
import { readIntoSharedBuffer, reusedBuffer, startReading, stopReading } from './reused-buffer.ts'
import { type SocketWriter, writerOf } from './socket-writer.ts'
import type { Turn } from './turn.ts'
import type { Wire } from './wire.ts'

/** The greatest port that leaves room for a bus port 10000 above. */
const PORT_WITH_BUS_MAX = 55535

/** A reply longer than this costs more to keep than it saves to write together with others. */
const GATHERED_BYTES = 4096

/** A client that sends without rest is read for so long before the others are. */
const FLOOD_MS = 4

interface Connection {
  readonly socket: Socket
  readonly writer: SocketWriter
  /** What stands before both while something is wrong between clients and this node. */
  faulty: FaultyConnection | undefined
}

/** What stands between clients and this node. */
export interface ClientWires {
  /** Something is wrong in either direction. */
  isFaulty(): boolean
  /** Whether the other end of a connection, by its port, is no client but a node. */
  isNode(remotePort: number): boolean
  make(): { readonly toClient: Wire; readonly fromClient: Wire }
}

/** Serves RESP clients of one node. */
export class ClientServer {
  readonly #turn: Turn
  readonly #wires: ClientWires
  /** Where clients come in, and the way of those of this machine, which stays. */
  #listening: ListeningSockets
  readonly #local: ListeningSockets
  readonly #connections = new Map<Session, Connection>()
  readonly #waiting: [socket: Socket, path: string | undefined][] = []
  /** Who was read in this iteration of the event loop. */
  readonly #answered: Session[] = []
  /** A client that is read twice in a row is alone, and answered at once. */
  #lastRead: Session | undefined
  #node: Node | undefined
  #isHeld = false
  #isPolling = false
  /** Since when nobody but one client is read, as far as is known. */
  #floodedAt: number | undefined
  /** What is to be done when the rest is read. */
  readonly #afterReading: (() => void)[] = []
  #descriptors = 8

  constructor(turn: Turn, wires: ClientWires) {
    this.#turn = turn
    this.#wires = wires
    this.#listening = this.#newSockets()
    this.#local = this.#newSockets()
  }

  #newSockets(): ListeningSockets {
    return new ListeningSockets({ noDelay: true, pauseOnConnect: true }, (socket, path) =>
      this.#connected(socket, path),
    )
  }

  /** Binds the port at addresses as `bind` spells them; 0 lets the system pick one. Rejects with Node's error. */
  async listen(addresses: readonly string[], port: number): Promise<void> {
    await this.#listening.open(addresses, port)
    for (let attempt = 0; port === 0 && this.port > PORT_WITH_BUS_MAX && attempt < 100; attempt++) {
      await this.#listening.close()
      await this.#listening.open(addresses, 0)
    }
  }

  /** Binds another port or other addresses, and the former no longer. If it rejects, with Node's error, all is as before. */
  async move(addresses: readonly string[], port: number, former: readonly string[]): Promise<void> {
    const leaving = this.#listening
    const formerPort = leaving.port
    // Some of the addresses may be the same.
    const isAddressChange = port === formerPort
    if (isAddressChange) leaving.abandon()
    const next = this.#newSockets()
    try {
      await next.open(addresses, port)
    } catch (error) {
      if (isAddressChange) await leaving.open(former, formerPort)
      throw error
    }
    leaving.abandon()
    this.#listening = next
  }

  /** Binds a socket in the file system, see {@link ListeningSockets.openPath}. */
  listenAtPath(path: string, mode: number): Promise<void> {
    return this.#local.openPath(path, mode)
  }

  /** The port that was bound. */
  get port(): number {
    return this.#listening.port
  }

  /** Gives the connections, those that came early too, to the node. */
  serve(node: Node): void {
    this.#node = node
    this.#takeWaiting()
  }

  /** Reads nothing from anybody until {@link release}. */
  hold(): void {
    this.#isHeld = true
    for (const { socket } of this.#connections.values()) socket.pause()
  }

  /** Reads again, and takes the connections that came meanwhile. */
  release(): void {
    this.#isHeld = false
    for (const [session, { socket }] of this.#connections) {
      if (session.closing === 'no') socket.resume()
    }
    this.#takeWaiting()
  }

  #takeWaiting(): void {
    for (const [socket, path] of this.#waiting.splice(0)) this.#connected(socket, path)
  }

  /** The faults may have changed: connections of clients go behind wires, or come out again. */
  look(): void {
    const isFaulty = this.#wires.isFaulty()
    for (const [session, connection] of this.#connections) {
      connection.faulty?.look()
      if (isFaulty) this.#putBehindWires(session, connection)
      else if (connection.faulty !== undefined) bringOut(session, connection)
    }
  }

  /** Writes what the session has to say. */
  flush(session: Session): void {
    const connection = this.#connections.get(session)
    if (connection !== undefined) this.#flush(session, connection)
  }

  #flush(session: Session, connection: Connection): void {
    const socket = connection.faulty ?? connection.socket
    const writer = connection.faulty ?? connection.writer
    this.#node?.checkOutputLimit(session)
    const parts = session.reply.takeParts()
    const text = session.reply.take()
    if (session.closing === 'now') {
      // Not even what it was to be told this turn is written.
      socket.destroy()
      return
    }
    if (text !== '') {
      // A reply may tell of a write, and is not to outlive it.
      this.#node?.keepWrites()
      for (const part of parts) this.#write(session, writer, part)
      this.#write(session, writer, text)
    }
    if (session.closing === 'after-reply') {
      // The end goes out with the reply: whoever has read that and asks again is not to find a connection still open.
      if (writer.waitingBytes === 0) socket.destroy()
      else {
        connection.socket.pause()
        socket.destroySoon()
      }
    }
  }

  #write(session: Session, writer: SocketWriter, text: Bytes): void {
    writer.write(text)
    this.#node?.sent(session, text.length)
  }

  /**
   * Takes what has come on connections, without the event loop, and answers. Where the system does not let us read a
   * connection by its descriptor, what has come waits.
   */
  poll(): void {
    const node = this.#node
    if (node === undefined) return
    this.#answer()
    this.#isPolling = true
    for (const action of this.#afterReading.splice(0)) action()
    for (const [session, connection] of this.#connections) {
      if (connection.faulty !== undefined) continue
      for (
        let length = readNow(connection.socket);
        length !== NOTHING;
        length = readNow(connection.socket)
      ) {
        if (length === AT_END) {
          session.line?.hangUp()
          break
        }
        if (session.closing !== 'no') break
        node.receive(session, polled, length)
        this.#flush(session, connection)
      }
    }
    this.#isPolling = false
    for (const session of node.takeUnflushed()) this.flush(session)
  }

  /** Runs something as a turn when all connections are read that can be; false, and does not, while they are polled. */
  afterReading(action: () => void): boolean {
    if (this.#isPolling) return false
    if (this.#afterReading.push(action) === 1) setImmediate(this.#allRead)
    return true
  }

  readonly #allRead = (): void => {
    for (const action of this.#afterReading.splice(0)) this.#turn.run(action)
  }

  /** Closes the port and all connections. */
  async stop(): Promise<void> {
    this.#answer()
    // Whoever hears that its connection is gone finds the port closed.
    const closed = Promise.all([this.#listening.close(), this.#local.close()])
    for (const [socket] of this.#waiting.splice(0)) socket.destroy()
    for (const { socket, faulty } of this.#connections.values()) {
      faulty?.abandon()
      socket.destroy()
    }
    await closed
  }

  #connected(accepted: Socket, path: string | undefined): void {
    const node = this.#node
    if (node === undefined || this.#isHeld) {
      accepted.on('error', () => {})
      this.#waiting.push([accepted, path])
      return
    }
    this.#turn.begin()
    const session = node.openSession({
      address: `${path ?? plain(accepted.remoteAddress)}:${accepted.remotePort ?? 0}`,
      localAddress: `${path ?? plain(accepted.localAddress)}:${accepted.localPort ?? 0}`,
      descriptor: this.#descriptors++,
    })
    const socket = readIntoSharedBuffer(accepted, (buffer, length) => {
      if (connection.faulty === undefined) {
        this.#read(node, session, buffer, length)
        if (length === reusedBuffer.length) this.#giveWay(session, connection)
        else this.#floodedAt = undefined
      } else this.#readLater(node, session, connection, Buffer.from(buffer.subarray(0, length)))
    })
    const connection: Connection = { socket, writer: writerOf(socket), faulty: undefined }
    session.output = connection.writer
    this.#connections.set(session, connection)
    socket.on('error', () => {})
    socket.on('close', () => this.#arrived(session, connection, () => this.#closed(node, session)))
    if (this.#wires.isFaulty()) this.#putBehindWires(session, connection)
    // A refused connection has its reply waiting already.
    this.#flush(session, connection)
    this.#turn.end()
  }

  /**
   * More has come from a client than one read takes. libuv reads on, up to 2 MB in one go: 300 ms of small commands, in which
   * nobody else is heard and nothing that is due happens. When it has taken its time, what is left comes with the next
   * iteration of the event loop; of a long value all comes at once.
   */
  #giveWay(session: Session, { socket }: Connection): void {
    const now = performance.now()
    this.#floodedAt ??= now
    if (now - this.#floodedAt < FLOOD_MS || session.decoder.largeBulkBytes > 0) return
    if (session.closing !== 'no') return
    stopReading(socket)
    setImmediate(() => {
      this.#floodedAt = undefined
      if (session.closing === 'no' && !this.#isHeld) startReading(socket)
    })
  }

  #read(node: Node, session: Session, buffer: Buffer, length: number): void {
    if (session.closing !== 'no') return
    this.#turn.begin()
    node.receive(session, buffer, length)
    if (session === this.#lastRead || session.reply.length > GATHERED_BYTES) {
      this.flush(session)
      this.#turn.end()
    } else {
      this.#lastRead = session
      session.reply.flatten?.()
      // Writing is when a client in another process is woken up: it finds all the replies there are, not one after the other.
      if (this.#answered.push(session) === 1) setImmediate(this.#endTurn)
    }
  }

  /** Writes what the session has to say beside what it was asked: not before the answer to who made it say so. */
  tell(session: Session): void {
    if (this.#answered.length > 0) this.#answered.push(session)
    else this.flush(session)
  }

  /** All who were read in this iteration share its turn: what there is to do before they are answered is done once. */
  readonly #endTurn = (): void => {
    this.#turn.end()
    this.#answer()
  }

  #answer(): void {
    for (const session of this.#answered.splice(0)) this.flush(session)
  }

  #readLater(node: Node, session: Session, connection: Connection, chunk: Buffer): void {
    this.#arrived(session, connection, () => this.#read(node, session, chunk, chunk.length))
  }

  #closed(node: Node, session: Session): void {
    this.#connections.delete(session)
    if (session === this.#lastRead) this.#lastRead = undefined
    this.#turn.begin()
    node.closeSession(session)
    this.#turn.end()
  }

  #putBehindWires(session: Session, connection: Connection): void {
    const { socket, writer, faulty } = connection
    if (faulty !== undefined || this.#isNode(socket)) return
    connection.faulty = new FaultyConnection(socket, writer, this.#wires.make())
    session.output = connection.faulty
  }

  #isNode({ remotePort }: Socket): boolean {
    return remotePort !== undefined && this.#wires.isNode(remotePort)
  }

  /** Something came from a client: it counts when it is through the wire, if there is one. */
  #arrived(session: Session, connection: Connection, take: () => void): void {
    // A node tells which port is its own when it is connected, which may be after we have accepted.
    if (connection.faulty !== undefined && this.#isNode(connection.socket)) {
      bringOut(session, connection)
    }
    if (connection.faulty === undefined) take()
    else connection.faulty.receive(take)
  }
}

function bringOut(session: Session, connection: Connection): void {
  connection.faulty = undefined
  session.output = connection.writer
}

/** What {@link ClientServer.poll} reads into: the shared buffer may be in use by the turn that is under way. */
const polled = Buffer.allocUnsafeSlow(16 * 1024)

/** What {@link readNow} says where it has read nothing. */
const NOTHING = -1
const AT_END = 0

/** Reads what has come on a socket: how much, if there was something. The event loop will find the end, too. */
function readNow(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } }
  const descriptor = handle?.fd ?? -1
  if (descriptor < 0) return NOTHING
  try {
    return readSync(descriptor, polled)
  } catch {
    return NOTHING
  }
}

function plain(address: string | undefined): string {
  return (address ?? '?').replace(/^::ffff:/, '')
}
