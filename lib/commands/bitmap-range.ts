/**
 * Bits of a string counted and looked for, in all of it or in a range of bytes or bits (bitcountCommand and bitposCommand
 * in bitops.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { countBits, findBit } from '../data/bits.ts'
import { wholeString } from '../data/editable-string.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, block, integer, key, oneOf, token } from './argument.ts'
import { command } from './command.ts'
import { numberArgument } from './number-argument.ts'

const unitArgument: Argument = oneOf('unit', [token('byte', 'BYTE'), token('bit', 'BIT')], {
  formerName: 'index_unit',
  optional: true,
  since: '7.0.0',
})

/** A range of bits, both ends included; empty when the last is below the first. */
interface BitRange {
  readonly first: number
  readonly last: number
}

/** The bits from `start` to `end`, either counted from the end when negative, of a string of so many bytes. */
function rangeOf(start: number, end: number, bytes: number, inBits: boolean): BitRange {
  const total = inBits ? bytes * 8 : bytes
  const first = Math.max(0, start < 0 ? total + start : start)
  const last = Math.min(total - 1, Math.max(0, end < 0 ? total + end : end))
  return inBits ? { first, last } : { first: first * 8, last: last * 8 + 7 }
}

/** Whether a word asks for bits instead of bytes. Throws `syntax error`. */
function asksForBits(word: Bytes | undefined): boolean {
  const unit = word?.toUpperCase() ?? 'BYTE'
  if (unit !== 'BIT' && unit !== 'BYTE') throw errors.syntax
  return unit === 'BIT'
}

/** From 7.2 on what is wrong with a range is said whatever the key holds. Throws ReplyError. */
function checkCount(argv: readonly Bytes[]): void {
  if (argv.length === 2) return
  if (argv.length === 3 || argv.length > 5) throw errors.syntax
  numberArgument(argv[2] as Bytes)
  numberArgument(argv[3] as Bytes)
  asksForBits(argv[4])
}

/** {@link checkCount} of a search. */
function checkSearch(argv: readonly Bytes[]): void {
  if (argv.length > 6) throw errors.syntax
  if (argv[3] !== undefined) numberArgument(argv[3])
  asksForBits(argv[5])
  if (argv[4] !== undefined) numberArgument(argv[4])
}

export const bitcount = command({
  name: 'BITCOUNT',
  since: '2.6.0',
  group: 'bitmap',
  summary: 'Counts the bits that are set in the string a key holds, or in a part of it.',
  complexity: 'O(N)',
  flags: ['readonly'],
  categories: ['bitmap'],
  history: [['7.0.0', 'The range may be told in bits.']],
  args: [
    key('key', ['RO', 'access']),
    block('range', [integer('start'), integer('end'), unitArgument], {
      formerName: 'index',
      optional: true,
    }),
  ],
  run: ({ db, reply, server }, argv) => {
    if (server.version.atLeast('7.2')) checkCount(argv)
    const held = db.readString(argv[1] as Bytes)
    if (held === undefined) {
      reply.integer(0)
      return
    }
    const text = wholeString(held)
    if (argv.length === 2) {
      reply.integer(countBits(text, 0, text.length * 8 - 1))
      return
    }
    if (argv.length === 3 || argv.length > 5) throw errors.syntax
    const start = numberArgument(argv[2] as Bytes)
    const end = numberArgument(argv[3] as Bytes)
    if (start < 0 && end < 0 && start > end) {
      reply.integer(0)
      return
    }
    const { first, last } = rangeOf(start, end, text.length, asksForBits(argv[4]))
    reply.integer(countBits(text, first, last))
  },
})

export const bitpos = command({
  name: 'BITPOS',
  since: '2.8.7',
  group: 'bitmap',
  summary:
    'Finds the first bit that is set, or not set, in the string a key holds, or in a part of it.',
  complexity: 'O(N)',
  flags: ['readonly'],
  categories: ['bitmap'],
  history: [['7.0.0', 'The range may be told in bits.']],
  args: [
    key('key', ['RO', 'access']),
    integer('bit'),
    block(
      'range',
      [
        integer('start'),
        block('end-unit-block', [integer('end'), unitArgument], {
          formerName: 'end_index',
          optional: true,
        }),
      ],
      { formerName: 'index', optional: true },
    ),
  ],
  run: ({ db, reply, server }, argv) => {
    const bit = numberArgument(argv[2] as Bytes)
    if (bit !== 0 && bit !== 1) throw new ReplyError('ERR The bit argument must be 1 or 0.')
    if (server.version.atLeast('7.2')) checkSearch(argv)
    const held = db.readString(argv[1] as Bytes)
    // A string that is not there is all zeros.
    if (held === undefined) {
      reply.integer(bit === 1 ? -1 : 0)
      return
    }
    if (argv.length > 6) throw errors.syntax
    const text = wholeString(held)
    const start = argv[3] === undefined ? 0 : numberArgument(argv[3])
    const inBits = asksForBits(argv[5])
    const end = argv[4] === undefined ? -1 : numberArgument(argv[4])
    const { first, last } = rangeOf(start, end, text.length, inBits)
    const found = findBit(text, bit, { first, last })
    // To the right of a string there are zeros, unless the range ends before them.
    const endsOpen = bit === 0 && argv[4] === undefined && first <= last
    reply.integer(found ?? (endsOpen ? last + 1 : -1))
  },
})
