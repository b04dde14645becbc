/**
 * Words out of a buffer. Short ones repeat: each is made once and then found again by its bytes, so that it need not be
 * copied, and what is looked up by it need not be hashed.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'

/** Longer names and words seldom come twice. */
const NAME_MAX = 24
const WORD_MAX = 8
/** Short words seen lately, by a hash of their bytes. */
const recentWords: (Bytes | undefined)[] = new Array(1024).fill(undefined)

/** The first word of a request: command names repeat, and need neither a copy nor a new hash. */
export function nameIn(buffer: Buffer, start: number, stop: number): Bytes {
  return stop - start <= NAME_MAX ? recentWord(buffer, start, stop) : bytesIn(buffer, start, stop)
}

/** Any other word: options, field names and small values repeat too, and are kept once then. */
export function wordIn(buffer: Buffer, start: number, stop: number): Bytes {
  return stop - start <= WORD_MAX ? recentWord(buffer, start, stop) : bytesIn(buffer, start, stop)
}

/** A short word, as the same object as before while few others come between. */
function recentWord(buffer: Buffer, start: number, stop: number): Bytes {
  let hash = stop - start
  for (let i = start; i < stop; i++) hash = (hash * 31 + (buffer[i] as number)) & 1023
  const recent = recentWords[hash]
  if (recent !== undefined && recent.length === stop - start) {
    let i = 0
    while (i < recent.length && recent.charCodeAt(i) === buffer[start + i]) i++
    if (i === recent.length) return recent
  }
  const word = bytesIn(buffer, start, stop)
  recentWords[hash] = word
  return word
}
