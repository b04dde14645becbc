/**
 * What LMPOP, ZMPOP and their blocking forms are asked for: an end of the first collection that is there, and how many
 * elements (lmpopGenericCommand in t_list.c, zmpopGenericCommand in t_zset.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, countedKeys, integer } from './argument.ts'
import { leastArgument } from './number-argument.ts'

const noKeys = new ReplyError('ERR numkeys should be greater than 0')
const noCount = new ReplyError('ERR count should be greater than 0')

/** The arguments, given the one that names an end. */
export function popArguments(end: Argument): readonly Argument[] {
  return [
    integer('numkeys'),
    countedKeys('key', ['RW', 'access', 'delete']),
    end,
    integer('count', { token: 'COUNT', optional: true }),
  ]
}

/** What is to be taken from a key. */
export interface Portion<End> {
  readonly end: End
  readonly count: number
}

/** What is to be taken from one of several keys. */
export interface PopRequest<End> {
  readonly keys: readonly Bytes[]
  readonly portion: Portion<End>
}

/** Reads the arguments from the number of keys on; `endOf` reads the end and throws if it is none. */
export function parsePopRequest<End>(
  argv: readonly Bytes[],
  at: number,
  endOf: (word: Bytes | undefined) => End,
): PopRequest<End> {
  const keyCount = leastArgument(argv[at] as Bytes, 1, noKeys)
  const endAt = at + 1 + keyCount
  const end = endOf(argv[endAt])
  let count: number | undefined
  for (let i = endAt + 1; i < argv.length; i += 2) {
    const value = argv[i + 1]
    if (count !== undefined || argv[i]?.toLowerCase() !== 'count' || value === undefined) {
      throw errors.syntax
    }
    count = leastArgument(value, 1, noCount)
  }
  return { keys: argv.slice(at + 1, endAt), portion: { end, count: count ?? 1 } }
}
