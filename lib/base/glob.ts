/**
 * Redis' glob patterns over bytes: `stringmatchlen` in util.c. `*`, `?`, `[a-z]`, `[^a-z]` and `\` to escape.
 * Invariant: the time is bounded by pattern length times text length. On a mismatch only the last `*` takes one byte more,
 * since a longer match of an earlier one could not help; so a pattern of many stars cannot stall a node.
 */
import type { Bytes } from './bytes.ts'

const STAR = 0x2a
const QUESTION = 0x3f
const OPEN = 0x5b
const CLOSE = 0x5d
const CARET = 0x5e
const DASH = 0x2d
const BACKSLASH = 0x5c

/** Whether the whole text matches the pattern. `ignoreCase` concerns the letters A to Z alone. */
export function globMatch(pattern: Bytes, text: Bytes, ignoreCase = false): boolean {
  let p = 0
  let t = 0
  let starAt = -1
  let starText = 0
  while (t < text.length) {
    if (pattern.charCodeAt(p) === STAR) {
      while (pattern.charCodeAt(p) === STAR) p++
      if (p === pattern.length) return true
      starAt = p
      starText = t
      continue
    }
    const next = p < pattern.length ? matchOne(pattern, p, text.charCodeAt(t), ignoreCase) : -1
    if (next >= 0) {
      p = next
      t++
    } else if (starAt >= 0) {
      p = starAt
      t = ++starText
    } else return false
  }
  if (text.length > 0) while (pattern.charCodeAt(p) === STAR) p++
  return p === pattern.length
}

/** Where the pattern goes on if its next element takes this byte, else -1. */
function matchOne(pattern: Bytes, at: number, byte: number, ignoreCase: boolean): number {
  let element = pattern.charCodeAt(at)
  if (element === QUESTION) return at + 1
  if (element === OPEN) return matchClass(pattern, at + 1, byte, ignoreCase)
  let p = at
  if (element === BACKSLASH && p + 1 < pattern.length) element = pattern.charCodeAt(++p)
  return sameByte(element, byte, ignoreCase) ? p + 1 : -1
}

/** {@link matchOne} for what follows a `[`. A class that is not closed ends with the pattern. */
function matchClass(pattern: Bytes, at: number, byte: number, ignoreCase: boolean): number {
  let p = at
  const negated = pattern.charCodeAt(p) === CARET
  if (negated) p++
  let found = false
  while (p < pattern.length && pattern.charCodeAt(p) !== CLOSE) {
    const element = pattern.charCodeAt(p)
    if (element === BACKSLASH && p + 1 < pattern.length) {
      if (pattern.charCodeAt(p + 1) === byte) found = true
      p += 2
    } else if (p + 2 < pattern.length && pattern.charCodeAt(p + 1) === DASH) {
      if (inRange(element, pattern.charCodeAt(p + 2), byte, ignoreCase)) found = true
      p += 3
    } else {
      if (sameByte(element, byte, ignoreCase)) found = true
      p++
    }
  }
  if (found === negated) return -1
  return Math.min(p + 1, pattern.length)
}

function sameByte(a: number, b: number, ignoreCase: boolean): boolean {
  return a === b || (ignoreCase && lower(a) === lower(b))
}

function inRange(from: number, to: number, byte: number, ignoreCase: boolean): boolean {
  let low = signed(from)
  let high = signed(to)
  let value = signed(byte)
  if (low > high) [low, high] = [high, low]
  if (ignoreCase) {
    low = lower(low)
    high = lower(high)
    value = lower(value)
  }
  return value >= low && value <= high
}

/** Redis compares ranges as C's `char`, which has a sign on x86. */
function signed(byte: number): number {
  return (byte << 24) >> 24
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
}
