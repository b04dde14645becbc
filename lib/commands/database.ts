/**
 * Whole databases: counting and emptying them (db.c). There is nothing to free later here, so ASYNC and SYNC are the
 * same but for what INFO counts; both are checked and propagated as sent.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Database } from '../keyspace/database.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { type Argument, integer, oneOf, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { intArgument } from './number-argument.ts'

export const dbsize = command({
  name: 'DBSIZE',
  since: '1.0.0',
  group: 'server',
  summary: 'Returns the number of keys in the database.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  run: ({ db, reply }) => reply.integer(db.size),
})

const flushMode: Argument = oneOf(
  'flush-type',
  [token('async', 'ASYNC', { since: '4.0.0' }), token('sync', 'SYNC', { since: '6.2.0' })],
  { formerName: 'async', optional: true },
)

export const flushall = command({
  name: 'FLUSHALL',
  since: '1.0.0',
  group: 'server',
  summary: 'Removes all keys of all databases.',
  complexity: 'O(N) where N is the total number of keys in all databases',
  flags: ['write'],
  categories: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  history: [
    ['4.0.0', 'Option `ASYNC`.'],
    ['6.2.0', 'Option `SYNC`.'],
  ],
  args: [flushMode],
  run(context, argv) {
    empty(context, argv, context.server.databases)
    context.persistence.flushed()
  },
})

export const flushdb = command({
  name: 'FLUSHDB',
  since: '1.0.0',
  group: 'server',
  summary: 'Removes all keys of the database.',
  complexity: 'O(N) where N is the number of keys in the selected database',
  flags: ['write'],
  categories: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  history: [
    ['4.0.0', 'Option `ASYNC`.'],
    ['6.2.0', 'Option `SYNC`.'],
  ],
  args: [flushMode],
  run: (context, argv) => empty(context, argv, [context.db]),
})

export const swapdb = command({
  name: 'SWAPDB',
  since: '4.0.0',
  group: 'server',
  summary: 'Swaps two databases.',
  complexity:
    'O(N) where N is the count of clients watching or blocking on keys from both databases.',
  flags: ['write', 'fast'],
  categories: ['keyspace', 'dangerous'],
  args: [integer('index1'), integer('index2')],
  run: ({ cluster, reply, server }, [, first, second]) => {
    if (cluster !== undefined) throw new ReplyError('ERR SWAPDB is not allowed in cluster mode')
    const indexes = [
      intArgument(first as Bytes, new ReplyError('ERR invalid first DB index')),
      intArgument(second as Bytes, new ReplyError('ERR invalid second DB index')),
    ]
    const [one, other] = indexes.map((index) => server.databases[index])
    if (one === undefined || other === undefined) {
      throw new ReplyError('ERR DB index is out of range')
    }
    if (one !== other) one.swap(other)
    one.changes.dirty++
    reply.ok()
  },
})

function empty(
  { reply, propagation, config }: Context,
  argv: readonly Bytes[],
  databases: readonly Database[],
): void {
  const mode = argv[1]
  if (argv.length > 2 || (mode !== undefined && !/^a?sync$/i.test(mode))) throw errors.syntax
  const isLazy = mode === undefined ? config.boolean('lazyfree-lazy-user-flush') : !/^s/i.test(mode)
  for (const db of databases) db.changes.dirty += db.flush({ isLazy })
  // An empty database here may be a full one at a replica.
  propagation.force()
  reply.ok()
}
