/**
 * SHA-256 of bytes (RFC 6234): passwords of users are kept and compared as such digests (ACLHashPassword in acl.c). The
 * constants are the leading bits of roots of the first primes, as the standard derives them.
 */
import type { Bytes } from './bytes.ts'
import { bytesOfWords, eachBlock } from './message-block.ts'

const ROUNDS = 64
const PRIMES = firstPrimes(ROUNDS)
const START = Int32Array.from(PRIMES.slice(0, 8).map((prime) => fractionBits(Math.sqrt(prime))))
const CONSTANTS = PRIMES.map((prime) => fractionBits(Math.cbrt(prime)))

const words = new Int32Array(ROUNDS)

/** The 32 bytes of the digest. */
export function sha256(text: Bytes): Uint8Array {
  const state = START.slice()
  eachBlock(text, (block) => mixBlock(state, block))
  return bytesOfWords(state)
}

function mixBlock(state: Int32Array, block: DataView): void {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(4 * i)
  for (let i = 16; i < ROUNDS; i++) {
    const early = word(i - 15)
    const late = word(i - 2)
    const first = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
    const second = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
    words[i] = word(i - 16) + first + word(i - 7) + second
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as Eight
  for (let i = 0; i < ROUNDS; i++) {
    const mixed = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const chosen = (e & f) ^ (~e & g)
    const first = (h + mixed + chosen + (CONSTANTS[i] as number) + word(i)) | 0
    const spread = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + spread + majority) | 0
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) {
    state[index] = (state[index] as number) + value
  }
}

type Eight = [number, number, number, number, number, number, number, number]

function word(index: number): number {
  return words[index] as number
}

function rotated(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits))
}

/** The first 32 bits behind the point. */
function fractionBits(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32) | 0
}

function firstPrimes(count: number): number[] {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
