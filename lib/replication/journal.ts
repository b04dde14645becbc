/** The log as replication writes it: lines become effects like everything else. */
import type { EffectSink } from './effect.ts'

/** Writes log lines in Redis' two usual levels. */
export class Journal {
  readonly #sink: EffectSink

  constructor(sink: EffectSink) {
    this.#sink = sink
  }

  notice(text: string): void {
    this.#sink({ type: 'log', level: 'notice', text })
  }

  warn(text: string): void {
    this.#sink({ type: 'log', level: 'warning', text })
  }
}
