/**
 * The source of a script that is debugged: its lines as they are listed, where the script is, and where it is to stop (ldbList,
 * ldbBreak and their kin in eval.c). Lines count from 1.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'

const BREAKPOINTS_MAX = 64

/** Lines and breakpoints. */
export class DebuggedSource {
  /** Where the script is. */
  current = 0
  readonly #lines: readonly Bytes[]
  readonly #breakpoints: number[] = []

  constructor(source: Bytes) {
    const text = source.replace(/[\r\n]+$/, '')
    this.#lines = text === '' ? [] : text.split('\n')
  }

  /** As it is listed: whether the script is there, whether it is to stop there, number and text. */
  line(number: number): Bytes {
    const text = this.#lines[number - 1] ?? '<out of range source code line>'
    const arrow = number === this.current ? '->' : '  '
    const mark = this.stopsAt(number) ? '#' : ' '
    return `${arrow}${mark}${String(number).padEnd(3)} ${upToNul(text)}`
  }

  /** The lines that are no more than so many away from one. */
  around(number: number, distance: number): readonly Bytes[] {
    const first = Math.max(1, number - distance)
    const last = Math.min(this.#lines.length, number + distance)
    const lines: Bytes[] = []
    for (let i = first; i <= last; i++) lines.push(this.line(i))
    return lines
  }

  stopsAt(number: number): boolean {
    return this.#breakpoints.includes(number)
  }

  /** In the order they were set. */
  get breakpoints(): readonly number[] {
    return this.#breakpoints
  }

  /** `wrong`: there is no such line, or it has one. */
  addBreakpoint(number: number): 'set' | 'too many' | 'wrong' {
    if (this.#breakpoints.length === BREAKPOINTS_MAX) return 'too many'
    if (number <= 0 || number > this.#lines.length || this.stopsAt(number)) return 'wrong'
    this.#breakpoints.push(number)
    return 'set'
  }

  /** False when there is none. */
  removeBreakpoint(number: number): boolean {
    const index = this.#breakpoints.indexOf(number)
    if (index < 0) return false
    this.#breakpoints.splice(index, 1)
    return true
  }

  removeAllBreakpoints(): void {
    this.#breakpoints.length = 0
  }
}
