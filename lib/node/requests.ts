/**
 * From a client's bytes to the commands in them: requests run in the order they came until one has to wait, and a long
 * pipeline lets its replies out on the way (readQueryFromClient, processInputBuffer).
 */
import type { Buffer } from 'node:buffer'
import { bytesIn } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import { REPLY_BUFFER_BYTES } from './client-buffers.ts'
import type { Dispatcher } from './dispatch.ts'
import type { NodeIo } from './io.ts'
import type { MemoryLimit } from './memory-limit.ts'
import type { OutputLimits } from './output-limit.ts'
import { describeUnexpectedError } from './replication-shell.ts'
import type { Session } from './session.ts'
import type { NodeStats } from './stats.ts'

/** A reply this long leaves before the rest of its pipeline has run. */
const FLUSH_BYTES = 256 * 1024

/** The parts of a node that serve requests. */
export interface RequestedNode {
  readonly clock: Clock
  readonly stats: NodeStats
  readonly dispatcher: Dispatcher
  readonly memory: MemoryLimit
}

/** What it is made of. */
export interface RequestsOptions {
  readonly node: RequestedNode
  readonly io: Pick<NodeIo, 'log' | 'close' | 'flush'>
  readonly outputLimits: OutputLimits
}

/** The requests of all clients. */
export class Requests {
  readonly #node: RequestedNode
  readonly #io: RequestsOptions['io']
  readonly #outputLimits: OutputLimits

  constructor({ node, io, outputLimits }: RequestsOptions) {
    this.#node = node
    this.#io = io
    this.#outputLimits = outputLimits
  }

  /** Takes a client's bytes and runs the requests they complete. */
  receive(session: Session, buffer: Buffer, length: number): void {
    const { stats, clock, memory } = this.#node
    stats.bytesIn += length
    stats.readsProcessed++
    session.lastActiveMs = clock.now
    if (session.line !== undefined) {
      session.line.hear(bytesIn(buffer, 0, length))
      return
    }
    const { decoder, query } = session
    const waiting = decoder.pendingBytes
    if (waiting + length > query.mark) query.grow(waiting, length)
    decoder.feed(buffer, length)
    if (session.isHeld) session.decoder.hold()
    else if (session.kind === 'replica') this.#runFromReplica(session)
    else this.run(session)
    if (memory.isLimited) memory.sessionChanged(session)
  }

  /** Runs what has come whole, until a request has to wait. */
  run(session: Session): void {
    const { decoder } = session
    const { dispatcher } = this.#node
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) {
      dispatcher.execute(session, argv)
      if (session.closing !== 'no') return
      if (session.isHeld) {
        decoder.hold()
        return
      }
      if (session.reply.length > REPLY_BUFFER_BYTES && !this.#makeRoom(session)) return
    }
    this.#endOnProtocolError(session)
  }

  /** A replica acknowledges and asks for nothing: one whose command is answered is no replica (logInvalidUseAndFreeClientAsync). */
  #runFromReplica(session: Session): void {
    const { decoder, reply } = session
    const { stats } = this.#node
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) {
      const before = reply.length - session.streamedBytes
      const { errorReplies } = stats
      this.#node.dispatcher.execute(session, argv)
      if (session.closing !== 'no') return
      if (reply.length - session.streamedBytes === before) continue
      const name = session.lastCommand?.command.fullName ?? 'NULL'
      this.#io.log(
        'warning',
        `Replica generated a reply to command '${name}', disconnecting it: ${session.describe()}`,
      )
      if (stats.errorReplies !== errorReplies) {
        stats.unexpectedErrorReplies++
        const error = { from: 'master', to: 'replica', reply: reply.take(), command: name } as const
        this.#io.log('warning', describeUnexpectedError(error))
      }
      this.#io.close(session)
      return
    }
    this.#endOnProtocolError(session)
  }

  #endOnProtocolError(session: Session): void {
    const { error } = session.decoder
    if (error === undefined) return
    if (session.replyMode === 'on') session.reply.error(`ERR Protocol error: ${error}`)
    session.closing = 'after-reply'
  }

  /** Lets a long reply out before the rest of the pipeline; false when the client is closed for what it does not read. */
  #makeRoom(session: Session): boolean {
    this.#outputLimits.check(session)
    if (session.closing === 'no' && session.reply.length > FLUSH_BYTES) this.#io.flush(session)
    return session.closing === 'no'
  }
}
