/**
 * Seeded chance: Small Fast Counter, 32 bits (sfc32), good in every statistical test we need and a few nanoseconds a draw.
 * Invariant: the same seed and the same calls give the same numbers, on every machine. Never use it for secrets.
 */
import { assert } from './assert.ts'
import type { Bytes } from './bytes.ts'

const HEX = '0123456789abcdef'

/** A deterministic generator; two with equal seeds draw equal numbers. */
export class Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** The seed may be any text or number: `1` and `'1'` are the same. */
  constructor(seed: string | number) {
    this.#seed = String(seed)
    this.#a = hash(this.#seed, 0x9e3779b9)
    this.#b = hash(this.#seed, 0x243f6a88)
    this.#c = hash(this.#seed, 0xb7e15162)
    for (let i = 0; i < 12; i++) this.nextUint32()
  }

  /** The next integer from 0 to 4294967295. */
  nextUint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** An integer from 0 up to, not including, `limit` (1 to 2^32). */
  below(limit: number): number {
    assert(limit >= 1 && limit <= 0x1_0000_0000, 'a random limit lies between 1 and 2^32')
    return Math.floor(this.nextUint32() * (limit / 0x1_0000_0000))
  }

  /** A number from 0 up to, not including, 1, with 53 random bits. */
  fraction(): number {
    return ((this.nextUint32() >>> 5) * 0x400_0000 + (this.nextUint32() >>> 6)) / 2 ** 53
  }

  /** One element of a list that has some. */
  pick<T>(list: readonly T[]): T {
    assert(list.length > 0, 'there is something to pick from')
    return list[this.below(list.length)] as T
  }

  /** Puts a list into random order, in place. */
  shuffle<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const kept = list[i] as T
      list[i] = list[j] as T
      list[j] = kept
    }
    return list
  }

  /** Random bytes as a byte string. */
  bytes(length: number): Bytes {
    let bytes = ''
    for (let i = 0; i < length; i++) bytes += String.fromCharCode(this.below(256))
    return bytes
  }

  /** 40 hexadecimal characters: a node's name, a run id, a replication id. */
  nodeId(): Bytes {
    let id = ''
    for (let i = 0; i < 5; i++) {
      const bits = this.nextUint32()
      for (let shift = 28; shift >= 0; shift -= 4) id += HEX[(bits >>> shift) & 15]
    }
    return id
  }

  /** A generator of its own for one purpose. It depends on the seed and the label alone, not on what was drawn so far. */
  fork(label: string | number): Random {
    return new Random(`${this.#seed}/${label}`)
  }
}

function hash(text: string, start: number): number {
  let h = start ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x5bd1e995)
    h = (h << 13) | (h >>> 19)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
