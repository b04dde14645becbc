/**
 * SHA-1 of bytes (RFC 3174): the pure rooms know no `node:crypto`. It names things and compares data sets; it protects
 * nothing.
 */
import type { Bytes } from './bytes.ts'
import { bytesOfWords, eachBlock } from './message-block.ts'

/** Bytes of a digest. */
export const SHA1_BYTES = 20

const START = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)

const words = new Int32Array(80)

/** The 20 bytes of the digest. */
export function sha1(text: Bytes): Uint8Array {
  const state = START.slice()
  eachBlock(text, (block) => mixBlock(state, block))
  return bytesOfWords(state)
}

/** A digest or other bytes as lower-case hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

function mixBlock(state: Int32Array, block: DataView): void {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(4 * i)
  for (let i = 16; i < 80; i++) {
    words[i] = rotated(word(i - 3) ^ word(i - 8) ^ word(i - 14) ^ word(i - 16), 1)
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  for (let i = 0; i < 80; i++) {
    const next = (((rotated(a, 5) + chosen(i, b, c, d)) | 0) + ((e + word(i)) | 0)) | 0
    e = d
    d = c
    c = rotated(b, 30)
    b = a
    a = next
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
}

/** The function of a round with its constant; 32 bits, as sums are that are cut at once: V8 adds those as integers. */
function chosen(round: number, b: number, c: number, d: number): number {
  if (round < 20) return (((b & c) | (~b & d)) + 0x5a827999) | 0
  if (round < 40) return ((b ^ c ^ d) + 0x6ed9eba1) | 0
  if (round < 60) return (((b & c) | (b & d) | (c & d)) - 0x70e44324) | 0
  return ((b ^ c ^ d) - 0x359d3e2a) | 0
}

function word(index: number): number {
  return words[index] as number
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
