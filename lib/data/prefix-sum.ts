/**
 * Sums over the beginnings of a row of counts, each found and each count changed in logarithmic time (a Fenwick tree): how
 * many elements lie before a chunk, and which chunk holds the n-th. Invariant: cell i (from 1) holds the sum of the
 * counts in the i & -i places that end with place i.
 */

/** Counts, and how many come before each. */
export class PrefixSum {
  #cells: number[] = [0]
  /** The highest power of two within the row; 0 without a row. */
  #top = 0

  /** Makes the row anew. */
  reset(counts: readonly number[]): void {
    const cells = [0, ...counts]
    for (let i = 1; i < cells.length; i++) {
      const above = i + (i & -i)
      if (above < cells.length) cells[above] = (cells[above] as number) + (cells[i] as number)
    }
    this.#cells = cells
    this.#top = counts.length === 0 ? 0 : 2 ** Math.floor(Math.log2(counts.length))
  }

  /** Changes a count. */
  add(index: number, change: number): void {
    for (let i = index + 1; i < this.#cells.length; i += i & -i) {
      this.#cells[i] = (this.#cells[i] as number) + change
    }
  }

  /** The sum of the counts before an index. */
  before(index: number): number {
    let sum = 0
    for (let i = index; i > 0; i -= i & -i) sum += this.#cells[i] as number
    return sum
  }

  /** The index of the count that reaches beyond a sum: those before it do not; the row's length when none does. */
  indexOf(sum: number): number {
    let index = 0
    let left = sum
    for (let step = this.#top; step > 0; step >>>= 1) {
      const next = index + step
      if (next >= this.#cells.length || (this.#cells[next] as number) > left) continue
      index = next
      left -= this.#cells[next] as number
    }
    return index
  }
}
