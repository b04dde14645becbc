/**
 * What is looked after for all clients whatever they do: their buffers shrink, who reads too slowly for too long is closed,
 * and who has been idle for longer than `timeout`, and nobody waits for a key that another node serves (clientsCron).
 */
import type { Clock } from '../base/clock.ts'
import type { ConfigPort } from '../commands/context.ts'
import type { ReplyBufferCounts, ReplyBufferRules } from './client-buffers.ts'
import type { ClientRegistry } from './client-registry.ts'
import type { NodeIo } from './io.ts'
import type { OutputLimits } from './output-limit.ts'
import type { Session } from './session.ts'

/** So many clients are looked at each tick, if there are. */
const VISITS_MIN = 5
const TICKS_PER_SECOND = 10

/** The parts of a node that it needs. */
export interface TendedClients {
  readonly clients: ClientRegistry
  readonly clock: Clock
  readonly config: ConfigPort
  readonly outputLimits: OutputLimits
  readonly io: Pick<NodeIo, 'log' | 'close'>
  readonly replyBuffers: ReplyBufferRules
  readonly stats: ReplyBufferCounts
  /** Sends blocked clients away whose keys are no longer served here. */
  redirectBlocked(): void
}

/** Tends the clients of a node. */
export class ClientCron {
  readonly #node: TendedClients
  /** Whose buffers are to be looked at next. */
  #visits: Iterator<Session> = [][Symbol.iterator]()

  constructor(node: TendedClients) {
    this.#node = node
  }

  /** Every 100 ms, so many of which may have been left out before; `isSecond` once a second. */
  tick({ skipped, isSecond }: { readonly skipped: number; readonly isSecond: boolean }): void {
    this.#visitBuffers(skipped)
    if (!isSecond) return
    this.#node.redirectBlocked()
    this.#closeSlowAndIdle()
  }

  /** When something is to be done about a client unless something happens, Unix ms. */
  get dueMs(): number {
    const { clients, config } = this.#node
    const timeoutMs = config.number('timeout') * 1000
    let dueMs = Number.POSITIVE_INFINITY
    for (const session of clients.all()) {
      dueMs = Math.min(dueMs, this.buffersDueMs(session))
      if (mayBeIdle(session, timeoutMs))
        dueMs = Math.min(dueMs, session.lastActiveMs + timeoutMs + 1)
      if (dueMs === 0) break
    }
    return dueMs
  }

  /** When something is to be done about a client's buffers unless something happens, Unix ms. */
  buffersDueMs(session: Session): number {
    if (session.outputBytes > 0 || session.outputOverSoftLimitMs !== undefined) return 0
    const { decoder, lastActiveMs, query, replies } = session
    const queryMs = query.dueMs(decoder.pendingBytes, lastActiveMs)
    return Math.min(queryMs, replies.dueMs(this.#node.replyBuffers))
  }

  /** Looks at the buffers of all clients within a second, or of five with each tick. */
  #visitBuffers(skipped: number): void {
    const { clients, clock, replyBuffers, stats } = this.#node
    const perTick = Math.max(VISITS_MIN, Math.ceil(clients.count / TICKS_PER_SECOND))
    const share = perTick * (skipped + 1)
    for (let left = Math.min(clients.count, share); left > 0; left--) {
      let next = this.#visits.next()
      if (next.done === true) {
        this.#visits = clients.all()
        next = this.#visits.next()
      }
      if (next.done === true) return
      const { decoder, lastActiveMs, query, replies, reply } = next.value
      query.reserve(decoder.takeLargestBulk())
      query.visit(decoder.pendingBytes, decoder.largeBulkBytes, clock.now - lastActiveMs)
      replies.visit(reply.length, clock.now, replyBuffers, stats)
    }
  }

  #closeSlowAndIdle(): void {
    const { clients, clock, config, io, outputLimits } = this.#node
    const timeoutMs = config.number('timeout') * 1000
    for (const session of clients.all()) {
      outputLimits.check(session)
      if (!mayBeIdle(session, timeoutMs)) continue
      if (clock.now - session.lastActiveMs > timeoutMs) {
        io.log('verbose', 'Closing idle client')
        io.close(session)
      }
    }
  }
}

/** It is closed when it is idle for too long. */
function mayBeIdle(session: Session, timeoutMs: number): boolean {
  if (timeoutMs === 0 || session.kind !== 'normal') return false
  return !session.subscribed && !session.monitoring && !session.isHeld
}
