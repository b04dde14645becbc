/**
 * A format of the Lua library `struct`, read letter by letter: how large values are, where they begin, in which order their
 * bytes come (optsize, gettoalign and controloptions in lua_struct.c).
 * Invariant: sizes and alignment are those of a 64-bit little-endian machine.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { INT_MAX } from './library.ts'
import type { LuaState } from './lua-state.ts'

const INTEGER_BYTES_MAX = 32
/** What `!` alone aligns to. */
const ALIGNMENT = 8

/** One letter of a format. */
export interface Option {
  readonly letter: string
  /** Of the value, as far as the format tells. */
  readonly size: number
  /** Bytes skipped before it. */
  readonly padding: number
}

/** A format that is being read; knows the byte order and the alignment that hold. */
export class Format {
  bigEndian = false
  readonly #lua: LuaState
  readonly #text: Bytes
  #at = 0
  #alignment = 1

  constructor(lua: LuaState) {
    this.#lua = lua
    this.#text = upToNul(lua.checkBytes(1))
  }

  /** The next letter, whose value would begin at an offset; undefined at the end. */
  next(offset: number): Option | undefined {
    const letter = this.#text[this.#at++]
    if (letter === undefined) return undefined
    const size = this.#sizeOf(letter)
    return { letter, size, padding: this.#paddingOf(letter, size, offset) }
  }

  /** A letter that stands for no value. */
  control(letter: string): void {
    if (letter === ' ') return
    if (letter === '>') this.bigEndian = true
    else if (letter === '<') this.bigEndian = false
    else if (letter === '!') {
      const alignment = this.#number(ALIGNMENT)
      if (alignment === 0 || (alignment & (alignment - 1)) !== 0) {
        this.#lua.fail(`alignment ${alignment} is not a power of 2`)
      }
      this.#alignment = alignment
    } else this.#lua.argumentError(1, `invalid format option '${letter}'`)
  }

  #sizeOf(letter: string): number {
    switch (letter) {
      case 'B':
      case 'b':
      case 'x':
        return 1
      case 'H':
      case 'h':
        return 2
      case 'L':
      case 'l':
      case 'T':
      case 'd':
        return 8
      case 'f':
        return 4
      case 'c':
        return this.#number(1)
      case 'i':
      case 'I': {
        const size = this.#number(4)
        if (size > INTEGER_BYTES_MAX) {
          this.#lua.fail(`integral size ${size} is larger than limit of ${INTEGER_BYTES_MAX}`)
        }
        return size
      }
      default:
        return 0
    }
  }

  #number(otherwise: number): number {
    const start = this.#at
    let number = 0
    for (; isDigit(this.#text[this.#at]); this.#at++) {
      number = number * 10 + Number(this.#text[this.#at])
      if (number > INT_MAX) this.#lua.fail('integral size overflow')
    }
    return this.#at === start ? otherwise : number
  }

  #paddingOf(letter: string, size: number, offset: number): number {
    if (size === 0 || letter === 'c') return 0
    const step = Math.min(size, this.#alignment)
    // As in C: a size that is no power of two still masks.
    return (step - (offset & (step - 1))) & (step - 1)
  }
}

function isDigit(letter: string | undefined): boolean {
  return letter !== undefined && letter >= '0' && letter <= '9'
}
