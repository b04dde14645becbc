/**
 * Random elements of collections whose elements are pairs: what HRANDFIELD and ZRANDMEMBER share
 * (hrandfieldWithCountCommand in t_hash.c, zrandmemberWithCountCommand in t_zset.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MAX } from '../base/numbers.ts'
import type { KeyedCollection } from '../data/keyed-collection.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { ClientPort, Context } from './context.ts'
import { boundedArgument } from './number-argument.ts'

/** Counts beyond this cannot be doubled. */
const PAIRS_MAX = INT64_MAX / 2n

/** After so many elements of a reply that may be without end a look is taken whether anybody will read it. */
const LOOK = 1024

/** Whether it makes sense to write the element of this index. */
export function isWorthWriting(index: number, client: ClientPort): boolean {
  return index % LOOK !== 0 || !client.isFlooded
}

/** How many are wanted, and whether with their other halves. */
export interface RandomRequest {
  /** Below 0: so many draws, the same element maybe several times. */
  readonly count: number
  readonly withValues: boolean
}

/** Reads count and option from argv[2] on; undefined without a count. */
export function parseRandomRequest(
  argv: readonly Bytes[],
  option: string,
): RandomRequest | undefined {
  const [, , countText, word] = argv
  if (countText === undefined) return undefined
  const count = boundedArgument(countText, -INT64_MAX, INT64_MAX)
  if (argv.length > 4 || (word !== undefined && word.toUpperCase() !== option)) throw errors.syntax
  const withValues = word !== undefined
  if (withValues && (count < -PAIRS_MAX || count > PAIRS_MAX)) {
    throw new ReplyError('ERR value is out of range')
  }
  return { count: Number(count), withValues }
}

/** Writes random elements: names, or names and what `writeValue` writes for each, in pairs in RESP3. */
export function writeRandom(
  { reply, random, client }: Context,
  collection: KeyedCollection,
  { count, withValues }: RandomRequest,
  writeValue: (name: Bytes) => void,
): void {
  const distinct = count < 0 ? undefined : collection.randomNames(count, random)
  const length = distinct?.length ?? -count
  const draw = distinct === undefined ? collection.nameDraw(length, random) : undefined
  const isPaired = withValues && reply.protocol === 3
  reply.array(withValues && !isPaired ? 2 * length : length)
  for (let i = 0; i < length && isWorthWriting(i, client); i++) {
    const name = distinct?.[i] ?? draw?.() ?? ''
    if (isPaired) reply.array(2)
    reply.bulk(name)
    if (withValues) writeValue(name)
  }
}
