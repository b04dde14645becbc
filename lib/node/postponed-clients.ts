/**
 * Clients that cannot go on by themselves: those whose request waits for the end of a pause, of keys in flight or of a
 * script, and those whose wait is over, in the order it ended (postponeClient, processUnblockedClients).
 */
import type { Bytes } from '../base/bytes.ts'
import { PauseLevel } from './pause.ts'
import type { Session } from './session.ts'

/** Who waits, and who need not any longer. */
export class PostponedClients {
  readonly #waiting = new Set<Session>()
  readonly #released = new Set<Session>()
  /** The pause in which the last of them came. */
  #level: PauseLevel = PauseLevel.none

  /** Clients that wait. */
  get count(): number {
    return this.#waiting.size
  }

  get hasReleased(): boolean {
    return this.#released.size > 0
  }

  /** This request waits for the end of what holds it now. */
  postpone(session: Session, argv: readonly Bytes[], level: PauseLevel): void {
    session.postponed = argv
    this.#waiting.add(session)
    this.#level = level
  }

  /** Whether less is held than when the last of them came: their requests may be tried again. */
  mayGoOn(isHolding: boolean, level: PauseLevel): boolean {
    return !isHolding || level < this.#level
  }

  /** A client waits for nothing any longer, or not for what it waited for. */
  release(session: Session): void {
    this.#released.add(session)
  }

  /** All that wait; they do no longer. */
  takeWaiting(): readonly Session[] {
    const sessions = [...this.#waiting]
    this.#waiting.clear()
    return sessions
  }

  /** Goes on with all that were released, and with those that are while it does. */
  goOn(next: (session: Session) => void): void {
    for (const session of this.#released) {
      this.#released.delete(session)
      next(session)
    }
  }

  /** The connection is gone. */
  forget(session: Session): void {
    this.#waiting.delete(session)
    this.#released.delete(session)
  }
}
