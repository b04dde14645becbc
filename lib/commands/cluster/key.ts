/** Slots and the keys in them: CLUSTER KEYSLOT, COUNTKEYSINSLOT, GETKEYSINSLOT. */
import type { Bytes } from '../../base/bytes.ts'
import { keySlot } from '../../base/crc16.ts'
import { ReplyError } from '../../resp/reply-error.ts'
import { integer, string } from '../argument.ts'
import { NONDETERMINISTIC, QUESTION, subcommand } from './declaration.ts'
import { integerOf, isSlot } from './slot-argument.ts'

export const keyslot = subcommand(
  'KEYSLOT',
  {
    since: '3.0.0',
    summary: 'Computes the slot of a key.',
    complexity: 'O(N) where N is the number of bytes in the key',
    flags: QUESTION,
    args: [string('key')],
  },
  (_cluster, { reply }, argv) => reply.integer(keySlot(argv[2] as Bytes)),
)

export const countkeysinslot = subcommand(
  'COUNTKEYSINSLOT',
  {
    since: '3.0.0',
    summary: 'Counts the keys of a slot that this node holds.',
    complexity: 'O(1)',
    flags: QUESTION,
    spansKeyspace: true,
    args: [integer('slot')],
  },
  (_cluster, { db, reply }, argv) => {
    const slot = integerOf(argv[2])
    if (!isSlot(slot)) throw new ReplyError('ERR Invalid slot')
    reply.integer(db.countInSlot(slot))
  },
)

export const getkeysinslot = subcommand(
  'GETKEYSINSLOT',
  {
    since: '3.0.0',
    summary: 'Lists keys of a slot that this node holds.',
    complexity: 'O(N) where N is the number of requested keys',
    flags: QUESTION,
    spansKeyspace: true,
    tips: NONDETERMINISTIC,
    args: [integer('slot'), integer('count')],
    before: { '7.2.0': { complexity: 'O(log(N)) where N is the number of requested keys' } },
  },
  (_cluster, { db, reply }, argv) => {
    const slot = integerOf(argv[2])
    const count = integerOf(argv[3])
    if (!isSlot(slot) || count < 0) throw new ReplyError('ERR Invalid slot or number of keys')
    const keys = db.keysInSlot(slot, count)
    reply.array(keys.length)
    for (const key of keys) reply.bulk(key)
  },
)
