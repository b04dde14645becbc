/**
 * Trimming, as an option of XADD and by itself (streamParseAddOrTrimArgsOrReply, streamRewriteTrimArgument). Replicas hear
 * what an approximate trim left, exactly: their nodes need not be cut as ours.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { formatStreamId, MAX_STREAM_ID, type StreamId } from '../base/stream-id.ts'
import type { StreamValue, TrimGoal } from '../data/stream.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, block, integer, key, oneOf, string, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { numberArgument } from './number-argument.ts'
import { type GivenId, givenIdArgument, idArgument } from './stream-argument.ts'

/** Nodes that an approximate trim without a limit removes at most. */
const NODES_AT_ONCE = 100

/** How XADD and XTRIM describe trimming. */
export function trimArgument(options: { readonly optional?: true } = {}): Argument {
  return block(
    'trim',
    [
      oneOf('strategy', [token('maxlen', 'MAXLEN'), token('minid', 'MINID', { since: '6.2.0' })]),
      oneOf('operator', [token('equal', '='), token('approximately', '~')], { optional: true }),
      string('threshold'),
      integer('count', { token: 'LIMIT', optional: true, since: '6.2.0' }),
    ],
    options,
  )
}

/** A trim that was asked for. */
export interface Trim {
  readonly goal: TrimGoal
  readonly isApproximate: boolean
  readonly limit: number
  /** Where the number or id stands in argv; `~` is before it. */
  readonly position: number
}

/** The words of XADD and XTRIM before the entry. */
export interface AddOptions {
  readonly trim: Trim | undefined
  readonly onlyIfThere: boolean
  /** Undefined: `*`. */
  readonly id: GivenId | undefined
  /** Where the id stands in argv, or would. */
  readonly idPosition: number
}

/** Reads the options of XADD up to its id, or those of XTRIM. Throws as Redis does, in its order. */
export function parseAddOptions(
  { client, db }: Context,
  argv: readonly Bytes[],
  { isAdd }: { readonly isAdd: boolean },
): AddOptions {
  let trim: Omit<Trim, 'limit'> | undefined
  let limit: number | undefined
  let onlyIfThere = false
  let id: GivenId | undefined
  let i = 2
  for (; i < argv.length; i++) {
    const given = upToNul(argv[i] as Bytes)
    const word = given.toUpperCase()
    const hasNext = i + 1 < argv.length
    if (isAdd && given === '*') break
    if ((word === 'MAXLEN' || word === 'MINID') && hasNext) {
      if (trim !== undefined) throw twoStrategies
      trim = parseTrim(argv, i, word)
      i = trim.position
    } else if (word === 'LIMIT' && hasNext) {
      limit = numberArgument(argv[++i] as Bytes)
      if (limit < 0) throw new ReplyError('ERR The LIMIT argument must be >= 0.')
    } else if (isAdd && word === 'NOMKSTREAM') {
      onlyIfThere = true
    } else if (isAdd) {
      id = givenIdArgument(argv[i] as Bytes)
      break
    } else throw errors.syntax
  }
  if (limit !== undefined && limit > 0 && trim === undefined) throw limitAlone
  if (!isAdd && trim === undefined) throw noStrategy
  // What the master's stream says was decided there.
  const isTold = client.isMasterLink
  if (!isTold && limit !== undefined && !trim?.isApproximate) throw limitExact
  const ordinary = trim?.isApproximate ? NODES_AT_ONCE * db.limits.streamNodeMaxEntries : 0
  return {
    trim: trim && { ...trim, limit: isTold ? 0 : (limit ?? ordinary) },
    onlyIfThere,
    id,
    idPosition: i,
  }
}

const twoStrategies = new ReplyError(
  'ERR syntax error, MAXLEN and MINID options at the same time are not compatible',
)
const limitAlone = new ReplyError(
  'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy',
)
const noStrategy = new ReplyError('ERR syntax error, XTRIM must be called with a trimming strategy')
const limitExact = new ReplyError(
  'ERR syntax error, LIMIT cannot be used without the special ~ option',
)

function parseTrim(
  argv: readonly Bytes[],
  at: number,
  strategy: 'MAXLEN' | 'MINID',
): Omit<Trim, 'limit'> {
  const sign = upToNul(argv[at + 1] as Bytes)
  const hasSign = (sign === '~' || sign === '=') && at + 2 < argv.length
  const position = at + (hasSign ? 2 : 1)
  const threshold = argv[position] as Bytes
  const isApproximate = hasSign && sign === '~'
  if (strategy === 'MINID')
    return { goal: { minId: idArgument(threshold) }, isApproximate, position }
  const maxLength = numberArgument(threshold)
  if (maxLength < 0) throw new ReplyError('ERR The MAXLEN argument must be >= 0.')
  return { goal: { maxLength }, isApproximate, position }
}

/** The words that trim a copy of the stream to what this one is now, in the places of those that were sent. */
export function exactTrim(argv: readonly Bytes[], trim: Trim, stream: StreamValue): Bytes[] {
  const words = [...argv]
  words[trim.position - 1] = '='
  words[trim.position] =
    'maxLength' in trim.goal ? String(stream.size) : formatStreamId(headOf(stream))
  return words
}

/** The id that the first node begins with, be it deleted. */
function headOf({ nodes }: StreamValue): StreamId {
  return nodes[0]?.entries[0]?.id ?? MAX_STREAM_ID
}

export const xtrim = command({
  name: 'XTRIM',
  since: '5.0.0',
  group: 'stream',
  summary: 'Removes the oldest entries of a stream until it has the wanted size.',
  complexity:
    'O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation.',
  flags: ['write'],
  categories: ['stream'],
  tips: ['nondeterministic_output'],
  history: [['6.2.0', 'Takes `MINID` and `LIMIT`.']],
  args: [key('key', ['RW', 'delete']), trimArgument()],
  run: (context, argv) => {
    const { db, propagation, reply } = context
    const name = argv[1] as Bytes
    const { trim } = parseAddOptions(context, argv, { isAdd: false })
    const stream = db.writeStream(name)
    const removed = trim === undefined ? 0 : (stream?.trim(trim.goal, trim) ?? 0)
    if (stream !== undefined && trim !== undefined && removed > 0) {
      db.modified(name, NotifyClass.stream, 'xtrim', removed)
      if (trim.isApproximate) propagation.replaceWith(exactTrim(argv, trim, stream))
    }
    reply.integer(removed)
  },
})
