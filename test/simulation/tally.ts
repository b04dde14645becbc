/**
 * What befell clusters, counted: a fault that never happens would test nothing, and nobody would notice.
 */

/** Counts by name. */
export class Tally {
  readonly #counts = new Map<string, number>()

  /** It happened, so many times. */
  add(name: string, times = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times)
  }

  /** Takes in what another counted. */
  addAll(other: Tally): void {
    for (const [name, times] of other.#counts) this.add(name, times)
  }

  /** How often it happened. */
  count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** All names, in their order. */
  get names(): readonly string[] {
    return [...this.#counts.keys()].sort()
  }

  /** A line for people. */
  describe(): string {
    return this.names.map((name) => `${name} ${this.count(name)}`).join(', ')
  }
}
