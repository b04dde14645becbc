/**
 * What is wrong between the nodes, and between them and their clients: for each ordered pair of places whether the path is
 * cut, how long it delays and how often it loses. Invariant: the host alone writes; a path that is whole costs its reader
 * one look at one cell.
 */

/** What happens to what is sent on a path. */
export interface PathFault {
  /** Nothing passes. */
  readonly isCut: boolean
  /** Time on the way, drawn anew for each message, milliseconds. */
  readonly minMs: number
  readonly maxMs: number
  /** Part of the messages that are lost, 0 to 1. */
  readonly dropProbability: number
}

const State = { whole: 0, cut: 1, poor: 2 } as const
/** minMs, maxMs, dropProbability. */
const VALUES = 3

/** Typed views on the matrix: each node is a place, by its index, and one more are all clients. */
export class FaultMatrix {
  /** The place of the clients. */
  readonly clients: number
  readonly #states: Uint8Array
  readonly #values: Float32Array

  /** `offsetBytes` is a multiple of four. */
  constructor(buffer: SharedArrayBuffer, offsetBytes: number, nodes: number) {
    const paths = (nodes + 1) ** 2
    this.clients = nodes
    this.#values = new Float32Array(buffer, offsetBytes, paths * VALUES)
    this.#states = new Uint8Array(buffer, offsetBytes + paths * VALUES * 4, paths)
  }

  /** Bytes it needs. */
  static length(nodes: number): number {
    return (nodes + 1) ** 2 * (VALUES * 4 + 1)
  }

  /** Nothing is wrong on this path. */
  isWhole(from: number, to: number): boolean {
    return this.#states[this.#at(from, to)] === State.whole
  }

  isCut(from: number, to: number): boolean {
    return this.#states[this.#at(from, to)] === State.cut
  }

  /** What is wrong on this path; undefined when it is whole. */
  read(from: number, to: number): PathFault | undefined {
    if (this.isWhole(from, to)) return undefined
    const at = this.#at(from, to) * VALUES
    const [minMs = 0, maxMs = 0, dropProbability = 0] = this.#values.subarray(at, at + VALUES)
    return { isCut: this.isCut(from, to), minMs, maxMs, dropProbability }
  }

  /** Sets what is wrong on this path; undefined makes it whole. */
  write(from: number, to: number, fault: PathFault | undefined): void {
    const at = this.#at(from, to)
    const { isCut = false, minMs = 0, maxMs = 0, dropProbability = 0 } = fault ?? {}
    this.#values.set([minMs, maxMs, dropProbability], at * VALUES)
    const state = fault === undefined ? State.whole : isCut ? State.cut : State.poor
    Atomics.store(this.#states, at, state)
  }

  #at(from: number, to: number): number {
    return from * (this.clients + 1) + to
  }
}
