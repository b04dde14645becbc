/**
 * LZF, the compression of long strings in RDB: `lzf_compress` and `lzf_decompress`. A control byte below 32 announces that
 * many literals plus one; above, its top three bits are a match length less 2 (7: one more length byte follows) and the
 * other five with the next byte the distance less 1. The match finder is liblzf's "very fast" one with a 16-bit hash, so
 * payloads equal a real server's byte for byte.
 * Invariant: no input, however malformed, reads or writes outside its bounds or makes the output outgrow what was asked.
 */

const HASH_BITS = 16
const HASH_MASK = (1 << HASH_BITS) - 1
const LITERAL_MAX = 32
const DISTANCE_MAX = 8192
const MATCH_MAX = 264
const POSITION_MAX = 0x3fff_ffff

/** The most bytes a byte of compressed input can stand for. */
const EXPANSION_MAX = MATCH_MAX / 3

/**
 * Where a hash was seen last, as `base` + position. Raising `base` past all positions forgets them, so that compressing a
 * short string does not have to clear 256 KiB.
 */
const lastSeen = new Int32Array(1 << HASH_BITS)
let base = 1

/**
 * Puts the compressed form of the first `end` bytes where `output` begins. Returns its length, or 0 if it would take more
 * than `limitBytes`: then anything may be there, up to so many bytes.
 */
export function lzfCompressInto(
  output: Uint8Array,
  limitBytes: number,
  input: Uint8Array,
  end: number,
): number {
  if (end === 0 || limitBytes <= 0) return 0
  if (base + end > POSITION_MAX) {
    lastSeen.fill(0)
    base = 1
  }
  const start = base
  base += end
  let out = 1
  let literals = 0
  let at = 0
  while (at < end - 2) {
    const slot = hashAt(input, at)
    const seen = (lastSeen[slot] as number) - start
    lastSeen[slot] = start + at
    if (seen > 0 && at - seen <= DISTANCE_MAX && sameThree(input, seen, at)) {
      if (out + 4 - (literals === 0 ? 1 : 0) >= limitBytes) return 0
      if (literals === 0) out--
      else output[out - literals - 1] = literals - 1
      const length = matchLength(input, seen, at, end)
      const distance = at - seen - 1
      const code = length - 2
      if (code < 7) output[out++] = (distance >>> 8) | (code << 5)
      else {
        output[out++] = (distance >>> 8) | (7 << 5)
        output[out++] = code - 7
      }
      output[out++] = distance
      out++
      literals = 0
      at += length
      if (at >= end - 2) break
      lastSeen[hashAt(input, at - 2)] = start + at - 2
      lastSeen[hashAt(input, at - 1)] = start + at - 1
    } else {
      if (out >= limitBytes) return 0
      output[out++] = input[at++] as number
      if (++literals === LITERAL_MAX) {
        output[out - literals - 1] = literals - 1
        literals = 0
        out++
      }
    }
  }
  if (out + 3 > limitBytes) return 0
  while (at < end) {
    output[out++] = input[at++] as number
    if (++literals === LITERAL_MAX) {
      output[out - literals - 1] = literals - 1
      literals = 0
      out++
    }
  }
  if (literals === 0) out--
  else output[out - literals - 1] = literals - 1
  return out
}

/** Whether so many bytes of compressed input may stand for `length` bytes: no room needs to be made for what they cannot. */
export function lzfMayExpand(inputBytes: number, length: number): boolean {
  return length >= 0 && length <= inputBytes * EXPANSION_MAX
}

/**
 * Puts the `length` bytes that the input from `start` up to `end` was made of where `output` begins. False if it is
 * malformed or stands for another length: then anything may be there, up to so many bytes.
 */
export function lzfDecompressInto(
  output: Uint8Array,
  length: number,
  input: Uint8Array,
  start: number,
  end: number,
): boolean {
  let at = start
  let out = 0
  while (at < end) {
    const control = input[at++] as number
    if (control < LITERAL_MAX) {
      const literalsEnd = at + control + 1
      if (literalsEnd > end || out + control + 1 > length) return false
      while (at < literalsEnd) output[out++] = input[at++] as number
    } else {
      const isLong = control >>> 5 === 7
      if (at + (isLong ? 2 : 1) > end) return false
      let left = (control >>> 5) + (isLong ? (input[at++] as number) : 0) + 2
      let from = out - (((control & 31) << 8) | (input[at++] as number)) - 1
      if (from < 0 || out + left > length) return false
      for (; left > 0; left--) output[out++] = output[from++] as number
    }
  }
  return out === length
}

function hashAt(input: Uint8Array, at: number): number {
  const three =
    ((input[at] as number) << 16) | ((input[at + 1] as number) << 8) | (input[at + 2] as number)
  return ((three >>> (24 - HASH_BITS)) - three * 5) & HASH_MASK
}

function sameThree(input: Uint8Array, a: number, b: number): boolean {
  return input[a] === input[b] && input[a + 1] === input[b + 1] && input[a + 2] === input[b + 2]
}

function matchLength(input: Uint8Array, from: number, at: number, end: number): number {
  const longest = Math.min(end - at - 2, MATCH_MAX)
  let length = 3
  if (longest > 16) {
    // liblzf unrolls these steps and, as two more bytes are there, does not look at `longest` in between.
    while (length < 19 && input[from + length] === input[at + length]) length++
    if (length < 19) return length
  }
  while (length < longest && input[from + length] === input[at + length]) length++
  return length
}
