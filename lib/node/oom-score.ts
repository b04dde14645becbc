/**
 * How ready the system is to end the process when memory runs short: `oom-score-adj` with the value of the node's role
 * (setOOMScoreAdj in server.c). Only a server that has the process to itself may say so.
 * Invariant: when nothing is adjusted any more, the process has again what it had before.
 */
import type { Config } from './config/config.ts'
import { ConfigRefusal } from './config/value-type.ts'

const SCORE_MAX = 1000

/** The score of the process. What fails throws an Error whose message is the system's reason. */
export interface ProcessScore {
  read(): number
  write(score: number): void
}

/** The node whose role counts. */
export interface ScoredNode {
  readonly isReplica: boolean
  warn(line: string): void
}

/** Keeps the score of the process as the configuration says. */
export class OomScore {
  readonly #node: ScoredNode
  readonly #config: Config
  readonly #score: ProcessScore
  /** What the process had before; undefined while nothing is adjusted. */
  #before: number | undefined

  constructor(node: ScoredNode, config: Config, score: ProcessScore) {
    this.#node = node
    this.#config = config
    this.#score = score
    for (const name of ['oom-score-adj', 'oom-score-adj-values']) {
      config.onChange(name, () => {
        if (this.adjust()) return
        throw new ConfigRefusal('Failed to set current oom_score_adj. Check server logs.')
      })
    }
  }

  /** Sets the score for the role that the node has now; false when the system does not let us. */
  adjust(): boolean {
    const mode = this.#config.text('oom-score-adj')
    if (mode === 'no' && this.#before === undefined) return true
    return (
      this.#try('read', () => {
        this.#before ??= this.#score.read()
      }) &&
      this.#try('write', () => {
        const before = this.#before ?? 0
        this.#score.write(mode === 'no' ? before : this.#wanted(mode, before))
        if (mode === 'no') this.#before = undefined
      })
    )
  }

  #wanted(mode: string, before: number): number {
    const [forMaster, forReplica] = this.#config.text('oom-score-adj-values').split(' ')
    const value = Number(this.#node.isReplica ? forReplica : forMaster)
    const score = mode === 'absolute' ? value : before + value
    return Math.min(Math.max(score, -SCORE_MAX), SCORE_MAX)
  }

  #try(verb: 'read' | 'write', step: () => void): boolean {
    try {
      step()
      return true
    } catch (error) {
      this.#node.warn(`Unable to ${verb} oom_score_adj: ${(error as Error).message}`)
      return false
    }
  }
}
