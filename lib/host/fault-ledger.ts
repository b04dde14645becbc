/**
 * The faults there are, and what they add up to on each path of the fault matrix. Invariant: a path shows the sum of the
 * faults on it, so removing one leaves the others; this is the matrix' only writer.
 */
import type { FaultMatrix, PathFault } from '../base/fault-matrix.ts'

/** From one place of the matrix to another. */
export type Path = readonly [from: number, to: number]

/** Something wrong on some paths. */
export interface Fault {
  readonly paths: readonly Path[]
  readonly isCut?: boolean
  readonly minMs?: number
  readonly maxMs?: number
  readonly dropProbability?: number
}

/** Keeps the faults and writes the matrix. */
export class FaultLedger {
  readonly #matrix: FaultMatrix
  readonly #faults = new Set<Fault>()

  constructor(matrix: FaultMatrix) {
    this.#matrix = matrix
  }

  /** Adds a fault, in force at once; call the result to remove it. */
  add(fault: Fault): () => void {
    this.#faults.add(fault)
    this.#write(fault.paths)
    return () => {
      this.#faults.delete(fault)
      this.#write(fault.paths)
    }
  }

  #write(paths: readonly Path[]): void {
    for (const [from, to] of paths) this.#matrix.write(from, to, this.#sum(from, to))
  }

  #sum(from: number, to: number): PathFault | undefined {
    const faults = [...this.#faults].filter(({ paths }) =>
      paths.some((path) => path[0] === from && path[1] === to),
    )
    if (faults.length === 0) return undefined
    const sum = { isCut: false, minMs: 0, maxMs: 0, passProbability: 1 }
    for (const { isCut = false, minMs = 0, maxMs = 0, dropProbability = 0 } of faults) {
      sum.isCut ||= isCut
      sum.minMs += minMs
      sum.maxMs += maxMs
      sum.passProbability *= 1 - dropProbability
    }
    const { isCut, minMs, maxMs, passProbability } = sum
    return { isCut, minMs, maxMs, dropProbability: 1 - passProbability }
  }
}
