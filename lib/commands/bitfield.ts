/**
 * Integers of any width in a string, read, set and added to in one command (bitfieldGeneric in bitops.c).
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { parseIntegerIn } from '../base/numbers.ts'
import {
  type FieldType,
  fitField,
  type Overflow,
  readField,
  writeField,
} from '../data/bit-field.ts'
import { wholeString } from '../data/editable-string.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import {
  type Argument,
  block,
  integer,
  type KeyFlag,
  key,
  oneOf,
  string,
  token,
} from './argument.ts'
import { bitOffset, stringWithBit } from './bitmap.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { integerArgument } from './number-argument.ts'

/** One of the things to do. */
interface FieldOperation {
  readonly type: 'get' | 'set' | 'incrby'
  readonly field: FieldType
  readonly offset: number
  /** What to set or to add; 0 of GET. */
  readonly value: bigint
  readonly overflow: Overflow
}

const WORDS = { GET: 2, SET: 3, INCRBY: 3, OVERFLOW: 1 } as const

const place: readonly Argument[] = [string('encoding'), integer('offset')]

export const bitfield = command({
  name: 'BITFIELD',
  since: '3.2.0',
  group: 'bitmap',
  summary: 'Reads, sets and adds to integers of any width in the string a key holds.',
  complexity: 'O(1) for each subcommand specified',
  flags: ['write', 'denyoom'],
  categories: ['bitmap'],
  args: [
    key('key', ['RW', 'access', 'update', 'variable_flags']),
    oneOf(
      'operation',
      [
        block('get-block', place, { formerName: 'encoding_offset', token: 'GET' }),
        block('write', [
          oneOf(
            'overflow-block',
            [token('wrap', 'WRAP'), token('sat', 'SAT'), token('fail', 'FAIL')],
            { formerName: 'wrap_sat_fail', token: 'OVERFLOW', optional: true },
          ),
          oneOf(
            'write-operation',
            [
              block('set-block', [...place, integer('value')], {
                formerName: 'encoding_offset_value',
                token: 'SET',
              }),
              block('incrby-block', [...place, integer('increment')], {
                formerName: 'encoding_offset_increment',
                token: 'INCRBY',
              }),
            ],
            { formerName: 'write_operation' },
          ),
        ]),
      ],
      { optional: true, multiple: true },
    ),
  ],
  keySpecs: [
    {
      notes: 'This command allows both access and modification of the key',
      flags: ['RW', 'access', 'update', 'variable_flags'],
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  keyFlags: flagsOf,
  run: (context, argv) => runOperations(context, argv, parseOperations(context, argv)),
})

export const bitfieldRo = command({
  name: 'BITFIELD_RO',
  since: '6.0.0',
  group: 'bitmap',
  summary: 'Reads integers of any width in the string a key holds.',
  complexity: 'O(1) for each subcommand specified',
  flags: ['readonly', 'fast'],
  categories: ['bitmap'],
  args: [
    key('key', ['RO', 'access']),
    block('get-block', place, {
      formerName: 'encoding_offset',
      token: 'GET',
      optional: true,
      multiple: true,
      multipleToken: true,
    }),
  ],
  run: (context, argv) => {
    const operations = parseOperations(context, argv)
    if (operations.some(({ type }) => type !== 'get')) {
      throw new ReplyError('ERR BITFIELD_RO only supports the GET subcommand')
    }
    runOperations(context, argv, operations)
  },
})

/** A command of nothing but GET does not write. */
function flagsOf(argv: readonly Bytes[]): readonly KeyFlag[] {
  for (let i = 2; i < argv.length; ) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (word === 'GET') i += 3
    else if (word === 'OVERFLOW') i += 2
    else return ['RW', 'access', 'update']
  }
  return ['RO', 'access']
}

function parseOperations(context: Context, argv: readonly Bytes[]): FieldOperation[] {
  const operations: FieldOperation[] = []
  let overflow: Overflow = 'wrap'
  for (let i = 2; i < argv.length; ) {
    const word = (argv[i] as Bytes).toUpperCase()
    const words = Object.hasOwn(WORDS, word) ? WORDS[word as keyof typeof WORDS] : undefined
    if (words === undefined || i + words >= argv.length) throw errors.syntax
    if (word === 'OVERFLOW') overflow = overflowOf(argv[i + 1] as Bytes)
    else {
      const type = word.toLowerCase() as FieldOperation['type']
      operations.push(parseOperation(context, { type, overflow }, argv.slice(i + 1, i + 1 + words)))
    }
    i += 1 + words
  }
  return operations
}

function parseOperation(
  context: Context,
  kind: Pick<FieldOperation, 'type' | 'overflow'>,
  [typeText = '', offsetText = '', valueText]: readonly Bytes[],
): FieldOperation {
  const field = fieldTypeOf(typeText)
  const isCounted = offsetText.startsWith('#')
  const offset = isCounted
    ? bitOffset(context, offsetText.slice(1), field.bits)
    : bitOffset(context, offsetText)
  const value = valueText === undefined ? 0n : BigInt(integerArgument(valueText))
  return { ...kind, field, offset, value }
}

function overflowOf(word: Bytes): Overflow {
  const overflow = word.toLowerCase()
  if (overflow === 'wrap' || overflow === 'sat' || overflow === 'fail') return overflow
  throw new ReplyError('ERR Invalid OVERFLOW type specified')
}

function fieldTypeOf(text: Bytes): FieldType {
  const isSigned = text.startsWith('i')
  const bits = parseIntegerIn(text.slice(1), 1, isSigned ? 64 : 63)
  if (bits !== undefined && (isSigned || text.startsWith('u'))) return { isSigned, bits }
  throw new ReplyError(
    'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
  )
}

function runOperations(
  context: Context,
  argv: readonly Bytes[],
  operations: readonly FieldOperation[],
): void {
  const { db, reply } = context
  const name = argv[1] as Bytes
  const writes = operations.filter(({ type }) => type !== 'get')
  const last = Math.max(...writes.map(({ offset, field }) => offset + field.bits - 1))
  const room = writes.length === 0 ? undefined : stringWithBit(context, name, last)
  // An edit covers whatever room the buffer has; readers must not look beyond the string.
  const bytes =
    room === undefined
      ? Buffer.from(wholeString(db.readString(name) ?? ''), 'latin1')
      : room.string.edit(0).subarray(0, room.string.length)
  reply.array(operations.length)
  let changes = 0
  for (const operation of operations) {
    const { type, field, offset } = operation
    const before = readField(bytes, offset, field)
    const after = type === 'get' ? before : valueAfter(before, operation)
    if (after === undefined) {
      reply.null()
      continue
    }
    reply.integer(type === 'incrby' ? after : before)
    if (type === 'get') continue
    writeField(bytes, offset, field.bits, after)
    if (room?.grew || before !== after) changes++
  }
  if (changes > 0) db.modified(name, NotifyClass.string, 'setbit', changes)
}

/** The value that is to be written; undefined when it does not fit and shall fail. */
function valueAfter(
  before: bigint,
  { type, field, value, overflow }: FieldOperation,
): bigint | undefined {
  const fit = { type: field, overflow }
  if (type === 'incrby') return fitField(before, value, fit)
  return fitField(field.isSigned ? value : BigInt.asUintN(64, value), 0n, fit)
}
