/**
 * Stretches of sorted sets as their commands are given them: by rank, between scores, between names (zslParseRange and
 * zslParseLexRange in t_zset.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { parseRangeDouble } from '../base/numbers.ts'
import type { ElementRange, RankRange, SortedSetValue } from '../data/sorted-set.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { numberArgument } from './number-argument.ts'

const badScore = new ReplyError('ERR min or max is not a float')
const badName = new ReplyError('ERR min or max not valid string range item')

/** How a stretch is told. */
export type RangeKind = 'rank' | 'score' | 'name'

/** A stretch, for any sorted set. */
export type RangeOf = (set: SortedSetValue, isDown: boolean) => RankRange

/** Reads the two ends of a stretch, the lower one first. Throws what is said of a bad one. */
export function parseRange(kind: RangeKind, min: Bytes, max: Bytes): RangeOf {
  if (kind === 'rank') return parseRankRange(min, max)
  const range = kind === 'score' ? parseScoreRange(min, max) : parseNameRange(min, max)
  return (set) => set.ranksIn(range)
}

/** Ranks count from the end the reader begins at, negative ones from the other. */
function parseRankRange(startText: Bytes, stopText: Bytes): RangeOf {
  const first = numberArgument(startText)
  const last = numberArgument(stopText)
  return ({ size }, isDown) => {
    const start = Math.max(0, first < 0 ? first + size : first)
    const end = Math.max(start, Math.min(size, (last < 0 ? last + size : last) + 1))
    return isDown ? { start: size - end, end: size - start } : { start, end }
  }
}

/** Scores between two; `(` before one leaves it out. A search asks at every step: what it asks compares, and no more. */
export function parseScoreRange(min: Bytes, max: Bytes): ElementRange {
  const [lowest, highest] = [scoreBound(min), scoreBound(max)]
  const [low, high] = [lowest.score, highest.score]
  return {
    isBelow: lowest.isOpen ? (_, score) => score <= low : (_, score) => score < low,
    isAbove: highest.isOpen ? (_, score) => score >= high : (_, score) => score > high,
  }
}

function scoreBound(text: Bytes): { readonly score: number; readonly isOpen: boolean } {
  const isOpen = text.startsWith('(')
  const score = parseRangeDouble(isOpen ? text.slice(1) : text)
  if (score === undefined) throw badScore
  return { score, isOpen }
}

/** An end of a range of names. */
interface NameBound {
  /** Below 0 for a name before it, above 0 for one behind it, 0 for its own. */
  compare(member: Bytes): number
  /** What is on it is outside. */
  readonly isOpen: boolean
}

/** Names between two, of members with one score: `[` takes a name in, `(` leaves it out; `-` and `+` are the ends. */
export function parseNameRange(min: Bytes, max: Bytes): ElementRange {
  const [first, last] = [nameBound(min), nameBound(max)]
  const lowest = first.isOpen ? 1 : 0
  const highest = last.isOpen ? -1 : 0
  return {
    isBelow: (member) => first.compare(member) < lowest,
    isAbove: (member) => last.compare(member) > highest,
  }
}

function nameBound(text: Bytes): NameBound {
  const bound = text.slice(1)
  switch (text[0]) {
    case '[':
    case '(':
      return {
        isOpen: text[0] === '(',
        compare: (member) => (member < bound ? -1 : member > bound ? 1 : 0),
      }
    case '-':
    case '+': {
      // In C the text ends here, too.
      if (bound !== '' && bound[0] !== '\0') throw badName
      const side = text[0] === '-' ? 1 : -1
      return { isOpen: false, compare: () => side }
    }
    default:
      throw badName
  }
}
