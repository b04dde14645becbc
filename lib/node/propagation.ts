/**
 * What the commands of one unit of execution leave behind for replicas (alsoPropagate, propagatePendingCommands). A unit
 * is one command, one EXEC or one expired key; a unit of several effects travels as one transaction.
 * Invariant: with nobody to tell (`active` false) a command costs two comparisons here.
 */
import type { Bytes } from '../base/bytes.ts'
import type { PropagationPort } from '../commands/context.ts'
import type { Database } from '../keyspace/database.ts'

/** Who hears of an effect: the replicas, the append-only file, or both. */
export type Audience = 'all' | 'replicas' | 'log'

/** One effect: words and the database they apply to. */
export interface Effect {
  readonly databaseIndex: number
  readonly argv: readonly Bytes[]
  /** All unless given. */
  readonly audience?: Audience
}

/** Takes finished units, in order. */
export type PropagationConsumer = (effect: Effect) => void

/** Collects the effects of the unit that runs. */
export class Propagation implements PropagationPort {
  readonly #consume: PropagationConsumer
  /** Replicas or a log want to know. */
  active = false
  #feedsReplicas = false
  #feedsLog = false
  #unit: Effect[] = []
  #database = 0
  #replacement: readonly Bytes[] | undefined
  #prevented = false
  #forced = false

  constructor(consume: PropagationConsumer) {
    this.#consume = consume
  }

  /** Replicas want to know. */
  set feedsReplicas(feeds: boolean) {
    this.#feedsReplicas = feeds
    this.active = feeds || this.#feedsLog
  }

  /** The append-only file wants to know. */
  set feedsLog(feeds: boolean) {
    this.#feedsLog = feeds
    this.active = feeds || this.#feedsReplicas
  }

  get feedsLog(): boolean {
    return this.#feedsLog
  }

  replaceWith(argv: readonly Bytes[]): void {
    this.#replacement = argv
  }

  also(argv: readonly Bytes[], audience: Audience = 'all'): void {
    if (this.active) this.#unit.push({ databaseIndex: this.#database, argv, audience })
  }

  prevent(): void {
    this.#prevented = true
  }

  force(): void {
    this.#forced = true
  }

  /** A command is about to run on this database. */
  begin(databaseIndex: number): void {
    this.#database = databaseIndex
    this.#replacement = undefined
    this.#prevented = false
    this.#forced = false
  }

  /**
   * The command ran; `changed` says whether it changed a key. Without words of its own, as one that was blocked and goes
   * on, it propagates only what it asked for.
   */
  finish(argv: readonly Bytes[] | undefined, changed: boolean): void {
    if (!this.active || this.#prevented || !(changed || this.#forced)) return
    const words = this.#replacement ?? argv
    if (words !== undefined) this.#unit.push({ databaseIndex: this.#database, argv: words })
  }

  /** The node deleted a key by itself: its time was over, or its room was needed. */
  deleted(database: Database, key: Bytes, word: 'DEL' | 'UNLINK'): void {
    if (this.active) this.#unit.push({ databaseIndex: database.index, argv: [word, key] })
  }

  /** The node deleted a field because its time was over. */
  fieldExpired(database: Database, key: Bytes, field: Bytes): void {
    if (this.active) this.#unit.push({ databaseIndex: database.index, argv: ['HDEL', key, field] })
  }

  /** How many effects the unit has so far. */
  get length(): number {
    return this.#unit.length
  }

  /** Those effects of the unit that came after so many others are for these alone; where nobody hears them they are none. */
  narrow(length: number, audience: Audience | 'nobody'): void {
    const narrowed = this.#unit.splice(length)
    if (audience === 'nobody') return
    if (audience === 'log' && !this.#feedsLog) return
    if (audience === 'replicas' && !this.#feedsReplicas) return
    for (const effect of narrowed) this.#unit.push({ ...effect, audience })
  }

  /** Takes the unit out half-way: what others do meanwhile is not part of it. */
  suspend(): readonly Effect[] {
    const unit = this.#unit
    this.#unit = []
    return unit
  }

  /** Goes on with a unit that was suspended. */
  resume(unit: readonly Effect[]): void {
    this.#unit = [...unit]
  }

  /** The unit is complete. Its effects belong together unless it is loose. */
  endUnit(isLoose = false): void {
    if (this.#unit.length === 0) return
    const unit = this.#unit
    this.#unit = []
    const first = unit[0] as Effect
    if (unit.length === 1 || isLoose) {
      for (const effect of unit) this.#consume(effect)
      return
    }
    const last = unit.at(-1) as Effect
    this.#consume({ databaseIndex: first.databaseIndex, argv: ['MULTI'] })
    for (const effect of unit) this.#consume(effect)
    this.#consume({ databaseIndex: last.databaseIndex, argv: ['EXEC'] })
  }
}
