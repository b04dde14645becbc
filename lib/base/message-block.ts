/**
 * A message in blocks of 64 bytes, the last padded with a bit, zeros and the message's length: how SHA-1 and SHA-256 see
 * what they digest (RFC 3174, RFC 6234).
 */
import type { Bytes } from './bytes.ts'

const BLOCK_BYTES = 64
/** Where the length stands in the last block. */
const LENGTH_AT = 56

const block = new Uint8Array(BLOCK_BYTES)
const view = new DataView(block.buffer)

/** Shows `mix` block after block; a block holds only until it returns. */
export function eachBlock(text: Bytes, mix: (block: DataView) => void): void {
  const whole = text.length - (text.length % BLOCK_BYTES)
  for (let at = 0; at < whole; at += BLOCK_BYTES) {
    for (let i = 0; i < BLOCK_BYTES; i++) block[i] = text.charCodeAt(at + i)
    mix(view)
  }
  block.fill(0)
  const rest = text.length - whole
  for (let i = 0; i < rest; i++) block[i] = text.charCodeAt(whole + i)
  block[rest] = 0x80
  if (rest >= LENGTH_AT) {
    mix(view)
    block.fill(0)
  }
  view.setUint32(LENGTH_AT, Math.floor(text.length / 2 ** 29))
  view.setUint32(LENGTH_AT + 4, (text.length * 8) >>> 0)
  mix(view)
}

/** The words of a digest as bytes. */
export function bytesOfWords(words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(4 * words.length)
  const out = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) out.setInt32(4 * i, words[i] as number)
  return bytes
}
