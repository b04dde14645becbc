/**
 * Bits of several strings combined into one (bitopCommand in bitops.c). A string that is not there, or shorter than the
 * longest, counts as zeros.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { EditableString, wholeString } from '../data/editable-string.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { key, oneOf, string, token } from './argument.ts'
import { command } from './command.ts'

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  AND: (a, b) => a & b,
  OR: (a, b) => a | b,
  XOR: (a, b) => a ^ b,
  NOT: (a) => ~a,
}

export const bitop = command({
  name: 'BITOP',
  since: '2.6.0',
  group: 'bitmap',
  summary:
    'Stores what AND, OR, XOR or NOT make of the bits of strings; returns its length in bytes.',
  complexity: 'O(N)',
  flags: ['write', 'denyoom'],
  categories: ['bitmap'],
  args: [
    oneOf('operation', [
      token('and', 'AND'),
      token('or', 'OR'),
      token('xor', 'XOR'),
      token('not', 'NOT'),
    ]),
    key('destkey', ['OW', 'update']),
    key('key', ['RO', 'access'], { multiple: true }),
  ],
  before: {
    '7.2.0': {
      args: [
        string('operation'),
        key('destkey', ['OW', 'update']),
        key('key', ['RO', 'access'], { multiple: true }),
      ],
    },
  },
  run: ({ db, reply }, argv) => {
    const name = (argv[1] as Bytes).toUpperCase()
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined
    if (operation === undefined) throw errors.syntax
    if (name === 'NOT' && argv.length !== 4) {
      throw new ReplyError('ERR BITOP NOT must be called with a single source key.')
    }
    const target = argv[2] as Bytes
    const sources = argv.slice(3).map((source) => wholeString(db.readString(source) ?? ''))
    const result = combine(sources, operation)
    if (result === '') db.delete(target)
    else {
      db.replace(target, new EditableString(result))
      db.notify(NotifyClass.string, 'set', target)
      db.changes.dirty++
    }
    reply.integer(result.length)
  },
})

function combine(sources: readonly Bytes[], operation: (a: number, b: number) => number): Bytes {
  const [first = '', ...others] = sources
  const length = Math.max(...sources.map((source) => source.length))
  const result = Buffer.alloc(length)
  result.write(first, 'latin1')
  // NOT has one operand: it meets a string of zeros, which it does not look at.
  for (const source of others.length === 0 && operation === OPERATIONS.NOT ? [''] : others) {
    for (let i = 0; i < length; i++) {
      const byte = i < source.length ? source.charCodeAt(i) : 0
      result[i] = operation(result[i] as number, byte)
    }
  }
  return result.toString('latin1')
}
