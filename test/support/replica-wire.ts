/**
 * The connection between a replica and its master, both nodes in the test's own thread: bytes go over when the test says
 * so, all at once or cut into pieces. Invariant: a wire carries nothing by itself.
 */
import { Buffer } from 'node:buffer'
import type { Session } from '../../lib/node/session.ts'
import type { NodeHarness } from './node-harness.ts'

/** Somebody's end of a connection that is open. */
interface Connection {
  readonly master: NodeHarness
  readonly session: Session
}

/** One replica's way to whatever master it follows. */
export class ReplicaWire {
  readonly #find: (port: number) => NodeHarness | undefined
  readonly #replica: NodeHarness
  #connection: Connection | undefined
  /** Connections the replica has asked for so far. */
  #asked = 0
  /** All that masters have sent, over this connection and those before it. */
  received = ''

  /** `find` gives the node that listens on a port. */
  constructor(replica: NodeHarness, find: (port: number) => NodeHarness | undefined) {
    this.#replica = replica
    this.#find = find
  }

  /** The master's end of the open connection. */
  get session(): Session {
    if (this.#connection === undefined) throw new Error('the wire is not connected')
    return this.#connection.session
  }

  /** The open connection goes to this node. */
  leadsTo(harness: NodeHarness): boolean {
    return this.#connection?.master === harness
  }

  /** Carries bytes both ways, in pieces of so many, until nobody has anything to say. */
  pump(pieceBytes = Number.POSITIVE_INFINITY): void {
    for (let round = 0; round < 100; round++) {
      if (!this.carry(pieceBytes)) return
    }
    throw new Error('master and replica never fall silent')
  }

  /** The network breaks: both ends hear of it. */
  cut(): void {
    if (this.#connection === undefined) return
    this.#hangUp()
    this.#replica.io.followsMaster = false
    this.#replica.turn(() => this.#replica.node.masterClosed('Connection reset by peer'))
  }

  /** What there is to carry now; false when that is nothing. */
  carry(pieceBytes = Number.POSITIVE_INFINITY): boolean {
    const { io, node } = this.#replica
    if (io.masterConnections.length > this.#asked) {
      this.#connect()
      return true
    }
    if (this.#connection === undefined) return false
    const { master, session } = this.#connection
    if (!io.followsMaster) {
      this.#hangUp()
      return true
    }
    if (session.closing === 'now') {
      this.cut()
      return true
    }
    const said = io.toMaster.splice(0).join('')
    const answered = said === '' ? master.take(session) : master.send(session, said)
    this.received += answered
    for (let at = 0; at < answered.length; at += pieceBytes) {
      const piece = Buffer.from(answered.slice(at, at + pieceBytes), 'latin1')
      this.#replica.turn(() => node.masterData(piece))
    }
    return said !== '' || answered !== ''
  }

  #connect(): void {
    const { io, node } = this.#replica
    this.#hangUp()
    this.#asked = io.masterConnections.length
    if (!io.followsMaster) return
    const master = this.#find(io.masterConnections.at(-1)?.port ?? 0)
    if (master === undefined) {
      io.followsMaster = false
      this.#replica.turn(() => node.masterClosed('Connection refused'))
      return
    }
    this.#connection = { master, session: master.connect() }
    this.#replica.turn(() => node.masterConnected())
  }

  /** The connection ends at the master; the replica knows already. */
  #hangUp(): void {
    const connection = this.#connection
    this.#connection = undefined
    this.#replica.io.toMaster.length = 0
    if (connection === undefined) return
    connection.master.take(connection.session)
    connection.master.disconnect(connection.session)
  }
}

/** The replica follows the master, and all that is to be said before the stream is said. */
export function wire(master: NodeHarness, replica: NodeHarness): ReplicaWire {
  const port = master.config.text('port')
  const connection = new ReplicaWire(replica, (asked) =>
    asked === Number(port) ? master : undefined,
  )
  replica.run(replica.connect(), 'REPLICAOF', '127.0.0.1', port)
  connection.pump()
  return connection
}
