/**
 * Time as a value that comes in: the runtime sets `now` once a turn, everything below it only reads. One Clock object
 * per node, so expiry, blocking, stream ids and TIME see the same instant within a turn (Redis' cached mstime).
 */

/** The instant of this turn. */
export interface Clock {
  /** Unix milliseconds, a whole number. */
  readonly now: number
  /** Microseconds within that millisecond, 0 to 999. */
  readonly microseconds: number
}
