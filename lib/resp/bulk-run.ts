/**
 * Many bulk strings in a row as one text. Text that grows by pieces is a tree of them until somebody reads it, an object
 * for each piece that lives as long as the reply: here they become flat at once, short ones byte by byte in a buffer,
 * others by the piece.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'

/** So much is made flat at once. */
const PART_BYTES = 16 * 1024
/** Up to here copying byte by byte costs less than an object. One digit tells the length. */
const SHORT_MAX = 9
/** What a short one takes: `$`, digit, two ends of lines. */
const SHORT_BYTES = SHORT_MAX + 6
const CR = 13
const LF = 10
const DOLLAR = 36
const ZERO = 48

const part = Buffer.allocUnsafeSlow(PART_BYTES)

/** `$<length>` between the end of one bulk string and a short one that follows, made once. */
const BETWEEN = Array.from({ length: 256 }, (_, length) => between(length))

function between(length: number): Bytes {
  return `\r\n$${length}\r\n`
}

/** The elements as bulk strings, one after another. */
export function bulkRun(elements: readonly Bytes[]): Bytes {
  let text = ''
  let end = 0
  let i = 0
  for (; i < elements.length; i++) {
    const element = elements[i] as Bytes
    if (element.length > SHORT_MAX) break
    if (end > PART_BYTES - SHORT_BYTES) {
      text += bytesIn(part, 0, end)
      end = 0
    }
    end = putShort(element, end)
  }
  if (end > 0) text += bytesIn(part, 0, end)
  return i === elements.length ? text : text + longRun(elements, i)
}

/** Puts a short element at a place of the buffer; returns where it ends. */
function putShort(element: Bytes, start: number): number {
  part[start] = DOLLAR
  part[start + 1] = ZERO + element.length
  part[start + 2] = CR
  part[start + 3] = LF
  const end = start + 4 + element.length
  for (let i = 0, at = start + 4; at < end; i++, at++) part[at] = element.charCodeAt(i)
  part[end] = CR
  part[end + 1] = LF
  return end + 2
}

/** The elements from an index on, of any length. */
function longRun(elements: readonly Bytes[], from: number): Bytes {
  const first = elements[from] as Bytes
  let text = ''
  let grown = `$${first.length}\r\n${first}`
  for (let i = from + 1; i < elements.length; i++) {
    if (grown.length > PART_BYTES / 2) {
      text += flat(grown)
      grown = ''
    }
    const element = elements[i] as Bytes
    // Piece after piece: two made one first would be a branch of their own.
    grown = `${grown}${BETWEEN[element.length] ?? between(element.length)}${element}`
  }
  // A short run is not worth the copy.
  return text === '' ? `${grown}\r\n` : `${text}${flat(grown)}\r\n`
}

/** The same text in one piece, unless it is long enough to be one anyhow. */
function flat(text: Bytes): Bytes {
  if (text.length > PART_BYTES) return text
  return bytesIn(part, 0, part.write(text, 'latin1'))
}
