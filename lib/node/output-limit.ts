/**
 * Clients that read too slowly: what waits for them is bounded by class (`client-output-buffer-limit`), at once by the
 * hard limit, after some seconds by the soft one (checkClientOutputBufferLimits).
 */
import type { Clock } from '../base/clock.ts'
import type { Config } from './config/config.ts'
import { type OutputLimit, outputLimitsOf } from './config/structured-value.ts'
import type { Session } from './session.ts'

const DIRECTIVE = 'client-output-buffer-limit'
const BACKLOG_SIZE = 'repl-backlog-size'

type OutputClass = 'normal' | 'replica' | 'pubsub'

/** Watches what piles up for the sessions of one node. */
export class OutputLimits {
  readonly #clock: Clock
  readonly #exceeded: (session: Session) => void
  #limits: Readonly<Record<OutputClass, OutputLimit>>

  /** `exceeded` closes a session. */
  constructor(config: Config, clock: Clock, exceeded: (session: Session) => void) {
    this.#clock = clock
    this.#exceeded = exceeded
    this.#limits = limitsOf(config)
    for (const name of [DIRECTIVE, BACKLOG_SIZE]) {
      config.onChange(name, () => {
        this.#limits = limitsOf(config)
      })
    }
  }

  /** Whether the hard limit is reached. */
  isReached(session: Session): boolean {
    const { hardBytes } = this.#limits[classOf(session)]
    return session.kind !== 'master' && hardBytes > 0 && session.outputBytes >= hardBytes
  }

  /** Compares what waits for a session with the limits of its class. */
  check(session: Session): void {
    const waiting = session.outputBytes
    if (waiting === 0) {
      session.outputOverSoftLimitMs = undefined
      return
    }
    if (session.kind === 'master' || session.closing === 'now') return
    if (this.isReached(session)) {
      this.#exceeded(session)
      return
    }
    const limit = this.#limits[classOf(session)]
    if (limit.softBytes === 0 || waiting < limit.softBytes) {
      session.outputOverSoftLimitMs = undefined
      return
    }
    session.outputOverSoftLimitMs ??= this.#clock.now
    if (this.#clock.now - session.outputOverSoftLimitMs > limit.softSeconds * 1000) {
      this.#exceeded(session)
    }
  }
}

function limitsOf(config: Config): Readonly<Record<OutputClass, OutputLimit>> {
  const limits = outputLimitsOf(config.text(DIRECTIVE))
  const { replica } = limits
  if (replica.hardBytes === 0) return limits
  // One that goes on where it stopped would be closed for what it is given, and come again.
  const hardBytes = Math.max(replica.hardBytes, config.number(BACKLOG_SIZE))
  return { ...limits, replica: { ...replica, hardBytes } }
}

function classOf(session: Session): OutputClass {
  if (session.kind === 'replica') return 'replica'
  return session.subscribed ? 'pubsub' : 'normal'
}
