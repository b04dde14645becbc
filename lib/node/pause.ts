/**
 * Commands held back for a while: by CLIENT PAUSE, a manual failover, or the node's end (pauseClients). Reasons hold apart from each
 * other, the strictest counts; the same reason again can only hold longer and stricter.
 */

/** How much waits, in rising order: nothing, what may reach replicas, everything. */
export const PauseLevel = { none: 0, writes: 1, all: 2 } as const

/** One of {@link PauseLevel}. */
export type PauseLevel = (typeof PauseLevel)[keyof typeof PauseLevel]

/** Who holds commands back. */
export type PauseReason = 'command' | 'failover' | 'shutdown'

/** All that holds back the commands of a node. */
export class Pauses {
  /** How much waits; true to the time of the last change or {@link refresh}. */
  level: PauseLevel = PauseLevel.none
  readonly #held = new Map<PauseReason, { readonly level: PauseLevel; readonly untilMs: number }>()

  /** Holds commands back until a time, Unix ms. */
  begin(reason: PauseReason, level: PauseLevel, untilMs: number, nowMs: number): void {
    const held = this.#held.get(reason)
    this.#held.set(reason, {
      level: Math.max(level, held?.level ?? level) as PauseLevel,
      untilMs: Math.max(untilMs, held?.untilMs ?? untilMs),
    })
    this.refresh(nowMs)
  }

  end(reason: PauseReason, nowMs: number): void {
    this.#held.delete(reason)
    this.refresh(nowMs)
  }

  has(reason: PauseReason): boolean {
    return this.#held.has(reason)
  }

  /** Forgets what is over. */
  refresh(nowMs: number): void {
    let level: PauseLevel = PauseLevel.none
    for (const [reason, held] of this.#held) {
      if (held.untilMs <= nowMs) this.#held.delete(reason)
      else if (held.level > level) level = held.level
    }
    this.level = level
  }
}
