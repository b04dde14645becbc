/**
 * The slow log: commands that took longer than `slowlog-log-slower-than`, the latest of them, long ones trimmed
 * (slowlog.c). Invariant: entries stand in the order they were logged, oldest first.
 */
import type { Bytes } from '../base/bytes.ts'
import type { SlowLogEntry, SlowLogPort } from '../commands/context.ts'

const WORDS_MAX = 32
const WORD_BYTES_MAX = 128

/** The slow log of one node. */
export class SlowLog implements SlowLogPort {
  #entries: SlowLogEntry[] = []
  #nextId = 0

  get length(): number {
    return this.#entries.length
  }

  latest(count: number): readonly SlowLogEntry[] {
    return this.#entries.slice(Math.max(0, this.#entries.length - count)).reverse()
  }

  /** Adds an entry and lets the oldest go beyond `maxLength`. */
  add(entry: Omit<SlowLogEntry, 'id'>, maxLength: number): void {
    this.#entries.push({ ...entry, id: this.#nextId++, words: trimmed(entry.words) })
    const surplus = this.#entries.length - maxLength
    if (surplus > 0) this.#entries.splice(0, surplus)
  }

  clear(): void {
    this.#entries = []
  }
}

function trimmed(words: readonly Bytes[]): Bytes[] {
  const kept = words.slice(0, WORDS_MAX).map((word) => {
    const surplus = word.length - WORD_BYTES_MAX
    return surplus > 0 ? `${word.slice(0, WORD_BYTES_MAX)}... (${surplus} more bytes)` : word
  })
  const surplus = words.length - WORDS_MAX
  if (surplus > 0) kept[WORDS_MAX - 1] = `... (${surplus + 1} more arguments)`
  return kept
}
