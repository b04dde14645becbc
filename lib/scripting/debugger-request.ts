/**
 * What a client says to the debugger (ldbReplParseCommand in eval.c): an array of words that are not empty, read as forgivingly
 * as Redis reads it. Invariant: whatever comes before the first `*` is ignored, whatever follows the array is the caller's.
 */
import type { Bytes } from '../base/bytes.ts'
import { leadingInteger } from '../base/numbers.ts'

/** The words, or that there are more to come, or that there can be none. */
export type DebuggerRequest = readonly Bytes[] | 'incomplete' | 'malformed'

const WORDS_MAX = 1024
const WORD_BYTES_MAX = 1024

/** Reads the first request of a text. */
export function parseDebuggerRequest(text: Bytes): DebuggerRequest {
  if (text === '') return 'incomplete'
  const start = find(text, '*', 0)
  if (start < 0) return 'malformed'
  let end = find(text, '\r\n', start)
  if (end < 0) return 'incomplete'
  const count = leadingInteger(text.slice(start + 1, end))
  if (count <= 0 || count > WORDS_MAX) return 'malformed'
  const words: Bytes[] = []
  let at = end + 2
  while (words.length < count) {
    if (at >= text.length || text[at] === '\0') return 'incomplete'
    if (text[at] !== '$') return 'malformed'
    end = find(text, '\r\n', at)
    if (end < 0) return 'incomplete'
    const length = leadingInteger(text.slice(at + 1, end))
    if (length <= 0 || length > WORD_BYTES_MAX) return 'malformed'
    at = end + 2
    if (at + length + 2 > text.length) return 'incomplete'
    words.push(text.slice(at, at + length))
    at += length
    if (text[at] !== '\r' || text[at + 1] !== '\n') return 'malformed'
    at += 2
  }
  return words
}

/** Where something is; -1 when a NUL comes first. */
function find(text: Bytes, wanted: Bytes, from: number): number {
  const found = text.indexOf(wanted, from)
  return found >= 0 && text.slice(from, found).includes('\0') ? -1 : found
}
