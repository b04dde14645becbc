/**
 * One direction of a connection that faults can befall. What is passed arrives in order, as TCP has it: a cut holds
 * it back and a lost piece is sent again, so it comes late or, if the connection is given up first, never; it never comes
 * out of turn. Invariant: with nothing wrong and nothing under way, what is passed arrives before `pass` returns.
 */
import { performance } from 'node:perf_hooks'
import type { PathFault } from '../base/fault-matrix.ts'
import type { Random } from '../base/random.ts'

/** TCP sends a lost segment again after this long at the least, milliseconds. */
const RETRANSMISSION_MS = 200

interface Passing {
  readonly arrive: () => void
  readonly dueMs: number
}

/** Lets things pass, or late, or not yet. */
export class Wire {
  readonly #fault: () => PathFault | undefined
  readonly #random: Random
  #underWay: Passing[] = []
  #timer: NodeJS.Timeout | undefined
  #isDelivering = false

  /** `fault` says what is wrong at the moment. */
  constructor(fault: () => PathFault | undefined, random: Random) {
    this.#fault = fault
    this.#random = random
  }

  /** Things that have not arrived. */
  get underWay(): number {
    return this.#underWay.length
  }

  /** Calls `arrive` when it has come through; what is lost comes with the next transmission. */
  pass(arrive: () => void): void {
    const fault = this.#fault()
    if (fault === undefined && this.#underWay.length === 0) {
      arrive()
      return
    }
    const now = performance.now()
    const last = this.#underWay.at(-1)?.dueMs ?? now
    this.#underWay.push({ arrive, dueMs: Math.max(last, now + this.#delay(fault)) })
    this.#deliver()
  }

  /** The faults may have changed: what can arrive does. */
  look(): void {
    this.#deliver()
  }

  /** Loses what is under way. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#underWay = []
  }

  #delay(fault: PathFault | undefined): number {
    if (fault === undefined) return 0
    const { minMs, maxMs, dropProbability } = fault
    const delayMs = minMs + this.#random.fraction() * (maxMs - minMs)
    const isLost = dropProbability > 0 && this.#random.fraction() < dropProbability
    return isLost ? delayMs + RETRANSMISSION_MS : delayMs
  }

  #deliver(): void {
    // What arrives may pass something on here.
    if (this.#isDelivering) return
    this.#isDelivering = true
    clearTimeout(this.#timer)
    for (let next = this.#underWay[0]; next !== undefined; next = this.#underWay[0]) {
      const fault = this.#fault()
      if (fault?.isCut) break
      const waitMs = fault === undefined ? 0 : next.dueMs - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#deliver(), waitMs)
        break
      }
      this.#underWay.shift()
      next.arrive()
    }
    this.#isDelivering = false
  }
}
