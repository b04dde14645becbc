/**
 * Who owns each slot: a number a slot, since 16384 references would be most of what a node that starts takes from its heap.
 * Invariant: a node has a number from its first slot on until it is released, which it must be when it has none left.
 */
import { Buffer } from 'node:buffer'
import { SLOT_COUNT } from '../base/crc16.ts'
import type { ClusterNode } from './cluster-node.ts'

/** The number of nobody. */
const NOBODY = 0

/** The numbers of slots that nobody has. */
const FREE = new Uint8Array(SLOT_COUNT * Uint16Array.BYTES_PER_ELEMENT)

/** The owners of all slots, nobody to begin with. */
export class SlotOwners {
  readonly #numbers = new Uint16Array(SLOT_COUNT)
  /** By number. */
  readonly #nodes: (ClusterNode | undefined)[] = [undefined]

  /** The owner of a slot. */
  of(slot: number): ClusterNode | undefined {
    return this.#nodes[this.#numbers[slot] as number]
  }

  /** Nobody has a slot from `start` to `end`. */
  areFree(start: number, end: number): boolean {
    const { buffer, BYTES_PER_ELEMENT } = this.#numbers
    const length = (end + 1 - start) * BYTES_PER_ELEMENT
    const bytes = new Uint8Array(buffer, start * BYTES_PER_ELEMENT, length)
    return Buffer.compare(bytes, FREE.subarray(0, length)) === 0
  }

  /** Gives all slots from `start` to `end` to a node, or to nobody. */
  fill(node: ClusterNode | undefined, start: number, end: number): void {
    this.#numbers.fill(node === undefined ? NOBODY : this.#numberOf(node), start, end + 1)
  }

  /** A node without slots may go. */
  release(node: ClusterNode): void {
    const number = this.#nodes.indexOf(node)
    if (number !== -1) this.#nodes[number] = undefined
  }

  #numberOf(node: ClusterNode): number {
    const known = this.#nodes.indexOf(node)
    if (known !== -1) return known
    const free = this.#nodes.indexOf(undefined, NOBODY + 1)
    const number = free === -1 ? this.#nodes.length : free
    this.#nodes[number] = node
    return number
  }
}
