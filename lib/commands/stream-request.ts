/**
 * The words of XREAD and XREADGROUP, and where their keys are (the first half of xreadCommand, xreadGetKeys).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Version } from '../base/version.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, block, integer, type KeySpec, key, string } from './argument.ts'
import { countArgument } from './stream-argument.ts'
import { millisecondsTimeout } from './timeout-argument.ts'

/** As whom XREADGROUP reads. */
export interface Member {
  readonly group: Bytes
  readonly consumer: Bytes
  /** Nothing pends of what it is given. */
  readonly noAck: boolean
}

/** What is to be read. */
export interface ReadRequest {
  readonly keys: readonly Bytes[]
  /** Where to begin in each: an id as it was sent, `$` or `>`. */
  readonly starts: readonly Bytes[]
  /** 0: all. */
  readonly count: number
  readonly member: Member | undefined
  /** Undefined: it does not wait. */
  readonly wait: { readonly untilMs: number | undefined } | undefined
}

/** Reads the words of XREAD or XREADGROUP. Throws as Redis does, in its order. */
export function parseReadRequest(
  argv: readonly Bytes[],
  asGroup: boolean,
  nowMs: number,
  version: Version,
  isScript = false,
): ReadRequest {
  let wait: ReadRequest['wait']
  let count = 0
  let names: readonly [group: Bytes, consumer: Bytes] | undefined
  let noAck = false
  let words: readonly Bytes[] | undefined
  for (let i = 1; i < argv.length && words === undefined; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    const more = argv.length - i - 1
    if (word === 'BLOCK' && more > 0) {
      if (isScript) throw blockInScript(argv[0] as Bytes)
      wait = { untilMs: millisecondsTimeout(argv[++i] as Bytes, nowMs) }
    } else if (word === 'COUNT' && more > 0) {
      count = countArgument(argv[++i] as Bytes)
    } else if (word === 'STREAMS' && more > 0) {
      words = argv.slice(i + 1)
    } else if (word === 'GROUP' && more > 1) {
      if (!asGroup) throw groupOnly('GROUP')
      names = [argv[i + 1] as Bytes, argv[i + 2] as Bytes]
      i += 2
    } else if (word === 'NOACK') {
      if (!asGroup) throw groupOnly('NOACK')
      noAck = true
    } else throw errors.syntax
  }
  if (words === undefined) throw errors.syntax
  if (words.length % 2 === 1) {
    throw unbalanced(asGroup ? 'XREADGROUP' : 'XREAD', version)
  }
  if (asGroup && names === undefined)
    throw new ReplyError('ERR Missing GROUP option for XREADGROUP')
  const half = words.length / 2
  const member = names && { group: names[0], consumer: names[1], noAck }
  return { keys: words.slice(0, half), starts: words.slice(half), count, member, wait }
}

function unbalanced(command: 'XREAD' | 'XREADGROUP', version: Version): ReplyError {
  const isQuoted = version.atLeast('7.2')
  const word = isQuoted ? `'${command.toLowerCase()}'` : command
  let wanted = "an ID or '$'"
  if (command === 'XREADGROUP' && isQuoted) wanted = "an ID or '>'"
  else if (version.atLeast('7.4')) wanted = "an ID, '+', or '$'"
  return new ReplyError(
    `ERR Unbalanced ${word} list of streams: for each stream key ${wanted} must be specified.`,
  )
}

function blockInScript(name: Bytes): ReplyError {
  return new ReplyError(`ERR ${name} command is not allowed with BLOCK option from scripts`)
}

function groupOnly(option: string): ReplyError {
  return new ReplyError(
    `ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`,
  )
}

/** Options and the words behind them that are no keys. */
const WORDS_BEHIND: Readonly<Record<string, number>> = { BLOCK: 1, COUNT: 1, GROUP: 2, NOACK: 0 }

/** Where the keys are: a group or a consumer may be called STREAMS, too (xreadGetKeys). */
export function streamPositions(argv: readonly Bytes[]): readonly number[] {
  let at = 1
  for (; at < argv.length; at++) {
    const word = (argv[at] as Bytes).toUpperCase()
    if (word === 'STREAMS') break
    const behind = WORDS_BEHIND[word]
    if (behind === undefined) return []
    at += behind
  }
  const count = argv.length - at - 1
  if (count <= 0 || count % 2 === 1) return []
  return Array.from({ length: count / 2 }, (_, i) => at + 1 + i)
}

/** How both describe COUNT and BLOCK. */
export const countAndWait: readonly Argument[] = [
  integer('count', { token: 'COUNT', optional: true }),
  integer('milliseconds', { token: 'BLOCK', optional: true }),
]
/** How both describe what is read. */
export const streamsArgument = block(
  'streams',
  [key('key', ['RO', 'access'], { multiple: true }), string('id', { multiple: true })],
  { token: 'STREAMS' },
)

/** Their key specs: keys are looked for from this word on. */
export function keysBehind(startFrom: number, notes?: string): readonly KeySpec[] {
  return [
    {
      ...(notes === undefined
        ? { flags: ['RO', 'access'] }
        : { notes, flags: ['RO', 'access', 'incomplete'] }),
      begin: { type: 'keyword', keyword: 'STREAMS', startFrom },
      find: { type: 'range', lastKey: -1, keyStep: 1, limit: 2 },
    },
  ]
}
