/**
 * Counting different elements with little memory (pfaddCommand and its kin in hyperloglog.c). A HyperLogLog is a string
 * that anybody may read, and write: its bytes are checked before they are trusted.
 */
import { Buffer } from 'node:buffer'
import { type Bytes, bufferOf, upToNul } from '../base/bytes.ts'
import { EditableString, wholeString } from '../data/editable-string.ts'
import {
  CorruptHyperLogLog,
  estimateOf,
  HyperLogLog,
  isHyperLogLog,
  REGISTERS,
} from '../data/hyperloglog.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { key, string } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'

const SPARSE_MAX_BYTES = 'hll-sparse-max-bytes'

/** Runs what may find broken bytes. Throws `INVALIDOBJ`. */
function trusting<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof CorruptHyperLogLog)) throw error
    throw new ReplyError('INVALIDOBJ Corrupted HLL object detected')
  }
}

/** A HyperLogLog of somebody's bytes. Throws WRONGTYPE. */
function opened(held: Bytes | EditableString): HyperLogLog {
  const bytes = wholeString(held)
  if (!isHyperLogLog(bytes)) {
    throw new ReplyError('WRONGTYPE Key is not a valid HyperLogLog string value.')
  }
  return new HyperLogLog(bufferOf(bytes))
}

/** What a key holds from now on. */
function stringOf({ bytes }: HyperLogLog): EditableString {
  return new EditableString(bytes.toString('latin1'))
}

export const pfadd = command({
  name: 'PFADD',
  since: '2.8.9',
  group: 'hyperloglog',
  summary: 'Counts elements in a HyperLogLog; tells whether its estimate may have changed.',
  complexity: 'O(1) to add every element.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hyperloglog'],
  args: [key('key', ['RW', 'insert']), string('element', { optional: true, multiple: true })],
  run: (context, argv) => {
    const { db, reply, config } = context
    const name = argv[1] as Bytes
    const held = db.writeString(name)
    const counter = held === undefined ? new HyperLogLog() : opened(held)
    const sparseMaxBytes = config.number(SPARSE_MAX_BYTES)
    let changes = held === undefined ? 1 : 0
    try {
      trusting(() => {
        for (let i = 2; i < argv.length; i++) {
          if (counter.add(argv[i] as Bytes, sparseMaxBytes)) changes++
        }
      })
    } catch (error) {
      // Redis counts in place: what came before the broken run stays, and nobody is told.
      if (changes > 0) db.add(name, stringOf(counter))
      throw error
    }
    if (changes > 0) {
      counter.voidEstimate()
      db.add(name, stringOf(counter))
      db.modified(name, NotifyClass.string, 'pfadd', changes)
    }
    reply.integer(changes > 0 ? 1 : 0)
  },
})

export const pfcount = command({
  name: 'PFCOUNT',
  since: '2.8.9',
  group: 'hyperloglog',
  summary: 'Estimates how many different elements HyperLogLogs have counted together.',
  complexity:
    'O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.',
  flags: ['readonly', 'may_replicate'],
  categories: ['hyperloglog'],
  args: [key('key', ['RW', 'access'], { multiple: true })],
  keySpecs: [
    {
      notes:
        'RW because it may change the internal representation of the key, and propagate to replicas',
      flags: ['RW', 'access'],
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: -1, keyStep: 1, limit: 0 },
    },
  ],
  run: (context, argv) => {
    const { reply } = context
    if (argv.length === 2) reply.integer(countOne(context, argv[1] as Bytes))
    else reply.integer(estimateOf(merged(context, argv.slice(1)).registers))
  },
})

/** The estimate of one key; a new one is kept in its bytes, and replicas hear of it. */
function countOne(context: Context, name: Bytes): number | bigint {
  const { db } = context
  const held = db.readString(name)
  if (held === undefined) return 0
  const counter = opened(held)
  const known = counter.estimate
  if (known !== undefined) return known
  const estimate = estimateOf(trusting(() => counter.registers()))
  counter.estimate = BigInt(estimate)
  db.set(name, stringOf(counter))
  db.changes.dirty++
  return estimate
}

/** The greatest of each register over several keys, and whether one of them is dense. */
function merged(
  { db }: Context,
  names: readonly Bytes[],
): { readonly registers: Uint8Array; readonly isDense: boolean } {
  const registers = new Uint8Array(REGISTERS)
  let isDense = false
  for (const name of names) {
    const held = db.readString(name)
    if (held === undefined) continue
    const counter = opened(held)
    if (counter.encoding === 'dense') isDense = true
    const others = trusting(() => counter.registers())
    for (let i = 0; i < REGISTERS; i++) {
      if ((others[i] as number) > (registers[i] as number)) registers[i] = others[i] as number
    }
  }
  return { registers, isDense }
}

export const pfmerge = command({
  name: 'PFMERGE',
  since: '2.8.9',
  group: 'hyperloglog',
  summary: 'Counts in a HyperLogLog all that others have counted.',
  // None to merge is allowed, whatever the arguments say.
  arity: -2,
  complexity: 'O(N) to merge N HyperLogLogs, but with high constant times.',
  flags: ['write', 'denyoom'],
  categories: ['hyperloglog'],
  args: [
    key('destkey', ['RW', 'access', 'insert']),
    key('sourcekey', ['RO', 'access'], { optional: true, multiple: true }),
  ],
  before: {
    '7.2.0': {
      args: [
        key('destkey', ['RW', 'access', 'insert']),
        key('sourcekey', ['RO', 'access'], { multiple: true }),
      ],
    },
  },
  run: (context, argv) => {
    const { db, reply, config } = context
    const name = argv[1] as Bytes
    const { registers, isDense } = merged(context, argv.slice(1))
    const held = db.writeString(name)
    const counter = held === undefined ? new HyperLogLog() : opened(held)
    const sparseMaxBytes = config.number(SPARSE_MAX_BYTES)
    trusting(() => {
      if (isDense) counter.makeDense()
      for (let i = 0; i < REGISTERS; i++) {
        if (registers[i] !== 0) counter.raise(i, registers[i] as number, sparseMaxBytes)
      }
    })
    counter.voidEstimate()
    db.add(name, stringOf(counter))
    db.modified(name, NotifyClass.string, 'pfadd')
    reply.ok()
  },
})

export const pfdebug = command({
  name: 'PFDEBUG',
  since: '2.8.9',
  group: 'hyperloglog',
  summary: 'Shows the inside of a HyperLogLog.',
  complexity: 'N/A',
  flags: ['write', 'denyoom', 'admin'],
  categories: ['hyperloglog'],
  internal: true,
  args: [string('subcommand'), key('key', ['RW', 'access'])],
  run: (context, argv) => {
    const { db, reply } = context
    const [, given, name] = argv as [Bytes, Bytes, Bytes]
    const held = db.writeString(name)
    if (held === undefined) throw new ReplyError('ERR The specified key does not exist')
    const counter = opened(held)
    switch (given.toLowerCase()) {
      case 'getreg': {
        makeDense(context, name, counter)
        const registers = counter.registers()
        reply.array(REGISTERS)
        for (const register of registers) reply.integer(register)
        break
      }
      case 'decode':
        if (counter.encoding !== 'sparse') throw new ReplyError('ERR HLL encoding is not sparse')
        reply.bulk(counter.describe())
        break
      case 'encoding':
        reply.simple(counter.encoding)
        break
      case 'todense':
        reply.integer(makeDense(context, name, counter) ? 1 : 0)
        break
      default:
        throw new ReplyError(`ERR Unknown PFDEBUG subcommand '${upToNul(given)}'`)
    }
  },
})

function makeDense({ db }: Context, name: Bytes, counter: HyperLogLog): boolean {
  if (!trusting(() => counter.makeDense())) return false
  db.add(name, stringOf(counter))
  db.changes.dirty++
  return true
}

/** Elements of a self test, and how far an estimate of them may be off: six standard errors. */
const TEST_ELEMENTS = 20_000
const TEST_ERROR = (6 * 1.04) / Math.sqrt(REGISTERS)

export const pfselftest = command({
  name: 'PFSELFTEST',
  since: '2.8.9',
  group: 'hyperloglog',
  summary: 'Checks that HyperLogLogs count rightly here.',
  complexity: 'N/A',
  flags: ['admin'],
  categories: ['hyperloglog'],
  internal: true,
  run: ({ reply, random, config }) => {
    const sparseMaxBytes = config.number(SPARSE_MAX_BYTES)
    const counter = new HyperLogLog()
    const dense = new HyperLogLog()
    dense.makeDense()
    const prefix = random.bytes(8)
    for (let i = 1; i <= TEST_ELEMENTS; i++) {
      counter.add(`${prefix}${i}`, sparseMaxBytes)
      dense.add(`${prefix}${i}`, 0)
    }
    const registers = counter.registers()
    const isSame = Buffer.from(registers).equals(dense.registers())
    const error = Math.abs(estimateOf(registers) - TEST_ELEMENTS) / TEST_ELEMENTS
    if (!isSame) throw new ReplyError('ERR TESTFAILED sparse and dense registers differ')
    if (error > TEST_ERROR) throw new ReplyError(`ERR TESTFAILED the estimate is off by ${error}`)
    reply.ok()
  },
})
