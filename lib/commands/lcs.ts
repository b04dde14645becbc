/**
 * LCS: the longest common subsequence of two strings, its length, or where its runs lie (lcsCommand in t_string.c). One table
 * of lengths, walked backwards; where several are longest, the walk prefers the shorter second string, as Redis does.
 */
import type { Bytes } from '../base/bytes.ts'
import { wholeString } from '../data/editable-string.ts'
import { stringOf } from '../keyspace/typed-value.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer, key, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { numberArgument } from './number-argument.ts'

interface LcsOptions {
  readonly form: 'bytes' | 'length' | 'runs'
  readonly minLength: number
  readonly withLengths: boolean
}

/** Bytes that follow each other in both strings; positions of the first one. */
interface Run {
  readonly inA: number
  readonly inB: number
  readonly length: number
}

export const lcs = command({
  name: 'LCS',
  since: '7.0.0',
  group: 'string',
  summary: 'Finds the longest common subsequence of two strings.',
  complexity: 'O(N*M) where N and M are the lengths of s1 and s2, respectively',
  flags: ['readonly'],
  categories: ['string'],
  args: [
    key('key1', ['RO', 'access']),
    key('key2', ['RO', 'access']),
    token('len', 'LEN', { optional: true }),
    token('idx', 'IDX', { optional: true }),
    integer('min-match-len', { formerName: 'len', token: 'MINMATCHLEN', optional: true }),
    token('withmatchlen', 'WITHMATCHLEN', { optional: true }),
  ],
  keySpecs: [
    {
      flags: ['RO', 'access'],
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: 1, keyStep: 1, limit: 0 },
    },
  ],
  run: (context, argv) => {
    const a = stringAt(context, argv[1] as Bytes)
    const b = stringAt(context, argv[2] as Bytes)
    if (a === undefined || b === undefined) {
      throw new ReplyError('ERR The specified keys must contain string values')
    }
    const options = parseOptions(argv)
    checkMemory(context, a, b)
    const table = lengthTable(a, b)
    const total = table[table.length - 1] ?? 0
    if (options.form === 'length') context.reply.integer(total)
    else if (options.form === 'bytes') context.reply.bulk(subsequence(a, b, table))
    else writeRuns(context, runsOf(a, b, table), total, options)
  },
})

/** The string of a key, empty if there is none; undefined if it holds something else. */
function stringAt({ db }: Context, name: Bytes): Bytes | undefined {
  const value = db.read(name)
  if (value === undefined) return ''
  if (typeof value !== 'string' && value.type !== 'string') return undefined
  return wholeString(stringOf(value) ?? '')
}

function parseOptions(argv: readonly Bytes[]): LcsOptions {
  let length = false
  let runs = false
  let withLengths = false
  let minLength = 0
  for (let i = 3; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'IDX') runs = true
    else if (word === 'LEN') length = true
    else if (word === 'WITHMATCHLEN') withLengths = true
    else if (word === 'MINMATCHLEN' && i + 1 < argv.length) {
      minLength = Math.max(0, numberArgument(argv[++i] as Bytes))
    } else throw errors.syntax
  }
  if (length && runs) {
    throw new ReplyError('ERR If you want both the length and indexes, please just use IDX.')
  }
  return { form: runs ? 'runs' : length ? 'length' : 'bytes', minLength, withLengths }
}

/** Redis takes four bytes for each pair of positions, which may not be more than a string may have. */
function checkMemory({ config }: Context, a: Bytes, b: Bytes): void {
  if ((a.length + 1) * (b.length + 1) * 4 <= config.number('proto-max-bulk-len')) return
  throw new ReplyError(
    'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len',
  )
}

/** Row by row, the length of the longest common subsequence of the first i bytes of a and the first j of b. */
function lengthTable(a: Bytes, b: Bytes): Uint32Array | Uint16Array {
  const width = b.length + 1
  const cells = width * (a.length + 1)
  const table =
    Math.min(a.length, b.length) < 65_536 ? new Uint16Array(cells) : new Uint32Array(cells)
  for (let i = 1; i <= a.length; i++) {
    const byte = a.charCodeAt(i - 1)
    for (let j = 1, cell = i * width + 1; j < width; j++, cell++) {
      const above = table[cell - width] as number
      const before = table[cell - 1] as number
      table[cell] =
        byte === b.charCodeAt(j - 1)
          ? (table[cell - width - 1] as number) + 1
          : Math.max(above, before)
    }
  }
  return table
}

/** The runs of common bytes, last first. */
function runsOf(a: Bytes, b: Bytes, table: Uint32Array | Uint16Array): Run[] {
  const width = b.length + 1
  const runs: Run[] = []
  let length = 0
  let i = a.length
  let j = b.length
  while (i > 0 && j > 0) {
    if (a.charCodeAt(i - 1) === b.charCodeAt(j - 1)) {
      length++
      i--
      j--
      continue
    }
    if (length > 0) runs.push({ inA: i, inB: j, length })
    length = 0
    const cell = i * width + j
    if ((table[cell - width] as number) > (table[cell - 1] as number)) i--
    else j--
  }
  if (length > 0) runs.push({ inA: i, inB: j, length })
  return runs
}

function subsequence(a: Bytes, b: Bytes, table: Uint32Array | Uint16Array): Bytes {
  return runsOf(a, b, table)
    .reverse()
    .map(({ inA, length }) => a.slice(inA, inA + length))
    .join('')
}

function writeRuns(
  { reply }: Context,
  runs: readonly Run[],
  total: number,
  { minLength, withLengths }: LcsOptions,
): void {
  const shown = runs.filter(({ length }) => length >= minLength)
  reply.map(2)
  reply.bulk('matches')
  reply.array(shown.length)
  for (const { inA, inB, length } of shown) {
    reply.array(withLengths ? 3 : 2)
    for (const start of [inA, inB]) {
      reply.array(2)
      reply.integer(start)
      reply.integer(start + length - 1)
    }
    if (withLengths) reply.integer(length)
  }
  reply.bulk('len')
  reply.integer(total)
}
