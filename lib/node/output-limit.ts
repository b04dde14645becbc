/**
 * Clients that read too slowly: what waits for them is bounded by class (`client-output-buffer-limit`), at once by the
 * hard limit, after some seconds by the soft one (checkClientOutputBufferLimits).
 */
import type { Clock } from '../base/clock.ts'
import type { Config } from './config/config.ts'
import { type OutputLimit, outputLimitsOf } from './config/structured-value.ts'
import type { Session } from './session.ts'

const DIRECTIVE = 'client-output-buffer-limit'

/** Watches what piles up for the sessions of one node. */
export class OutputLimits {
  readonly #clock: Clock
  readonly #exceeded: (session: Session) => void
  #limits: Readonly<Record<'normal' | 'replica' | 'pubsub', OutputLimit>>

  /** `exceeded` closes a session. */
  constructor(config: Config, clock: Clock, exceeded: (session: Session) => void) {
    this.#clock = clock
    this.#exceeded = exceeded
    this.#limits = outputLimitsOf(config.text(DIRECTIVE))
    config.onChange(DIRECTIVE, (value) => {
      this.#limits = outputLimitsOf(value)
    })
  }

  /** Compares what waits for a session with the limits of its class. */
  check(session: Session): void {
    const waiting = session.outputBytes
    if (waiting === 0) {
      session.outputOverSoftLimitMs = undefined
      return
    }
    if (session.kind === 'master' || session.closing === 'now') return
    const limit = this.#limits[classOf(session)]
    if (limit.hardBytes > 0 && waiting >= limit.hardBytes) {
      this.#exceeded(session)
      return
    }
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

function classOf(session: Session): 'normal' | 'replica' | 'pubsub' {
  if (session.kind === 'replica') return 'replica'
  return session.subscribed ? 'pubsub' : 'normal'
}
