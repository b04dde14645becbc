/**
 * A snapshot on its way to whoever wants it, a slice a turn, so that commands go on meanwhile; what fits one slice goes within
 * the turn that asks for it. `rdb-key-save-delay` makes each key as slow as a test wants it.
 * Invariant: nothing is drawn while the taker has enough to do, so no more than a slice waits here.
 */
import type { Buffer } from 'node:buffer'
import type { Clock } from '../base/clock.ts'
import type { Alarm } from './alarm.ts'
import type { Config } from './config/config.ts'

/** So much goes at once, and for so long: a client that comes meanwhile waits. */
const SLICE_BYTES = 128 * 1024
const SLICE_MICROSECONDS = 40

/**
 * Of the time that others kept it waiting a slice takes up this part, and as many more bytes: beside clients that never rest
 * it would else take minutes over what a child of Redis, on a processor of its own, does in a second.
 */
const SHARE = 1 / 4
const SLICE_MICROSECONDS_MAX = 10_000

/** So often a taker that has enough to do is looked at: a record of a megabyte fills it, and a look costs microseconds. */
const PAUSE_MS = 1

/** So often the delay is looked at: a test that has seen enough takes it away. */
const LOOK_MS = 100

/** Chunks; `keys` says how many keys they have held so far. */
export interface SnapshotSource extends Iterator<Buffer, undefined> {
  readonly keys: number
}

/** Where they go. */
export interface SnapshotTaker {
  /** It takes more just now. Asked before each slice. */
  isReady(): boolean
  take(chunk: Buffer): void
  done(): void
}

/** What deliveries need of their node. */
export interface DeliveryPorts {
  readonly clock: Clock
  readonly alarm: Alarm
  readonly config: Config
  /** A steady clock. */
  microseconds(): number
}

/** One snapshot on its way. */
export class SnapshotDelivery {
  readonly #source: SnapshotSource
  readonly #taker: SnapshotTaker
  readonly #ports: DeliveryPorts
  readonly #goOn = (): void => this.#advance()
  isOver = false
  /** Drawn, but each of its keys takes its time. */
  #delayed: Buffer | undefined
  #keysSeen = 0
  #keysLeft = 0
  #lookedMs: number
  /** Since when it could go on, microseconds. */
  #dueAt: number

  /** Begins within this turn. */
  constructor(source: SnapshotSource, taker: SnapshotTaker, ports: DeliveryPorts) {
    this.#source = source
    this.#taker = taker
    this.#ports = ports
    this.#lookedMs = ports.clock.now
    this.#dueAt = ports.microseconds()
    this.#advance()
  }

  /** Nobody wants it any more. */
  cancel(): void {
    if (this.isOver) return
    this.isOver = true
    this.#source.return?.()
  }

  #advance(): void {
    const { alarm, clock } = this.#ports
    const waitMs = this.#deliverSlice()
    if (this.isOver) return
    this.#dueAt = this.#ports.microseconds() + waitMs * 1000
    alarm.set(this.#goOn, clock.now + waitMs)
  }

  /** How long to wait for the next one. */
  #deliverSlice(): number {
    const startedAt = this.#ports.microseconds()
    const part = Math.min((startedAt - this.#dueAt) * SHARE, SLICE_MICROSECONDS_MAX)
    const slices = Math.max(1, part / SLICE_MICROSECONDS)
    const endsAt = startedAt + slices * SLICE_MICROSECONDS
    for (let left = slices * SLICE_BYTES; left > 0 && !this.isOver; ) {
      if (!this.#taker.isReady()) return PAUSE_MS
      const chunk = this.#delayed ?? this.#draw()
      if (chunk === undefined) {
        this.isOver = true
        this.#taker.done()
        break
      }
      this.#delayed = this.#isSlow() ? chunk : undefined
      if (this.#delayed !== undefined) return LOOK_MS
      left -= chunk.length
      this.#taker.take(chunk)
      if (this.#ports.microseconds() >= endsAt) break
    }
    return 0
  }

  #draw(): Buffer | undefined {
    const { value } = this.#source.next()
    this.#keysLeft += this.#source.keys - this.#keysSeen
    this.#keysSeen = this.#source.keys
    return value
  }

  /** The keys that were drawn have not had their time yet. */
  #isSlow(): boolean {
    const { clock, config } = this.#ports
    const delayMicroseconds = config.number('rdb-key-save-delay')
    const elapsedMs = clock.now - this.#lookedMs
    this.#lookedMs = clock.now
    if (delayMicroseconds <= 0) this.#keysLeft = 0
    else this.#keysLeft -= (elapsedMs * 1000) / delayMicroseconds
    if (this.#keysLeft > 0) return true
    this.#keysLeft = 0
    return false
  }
}
