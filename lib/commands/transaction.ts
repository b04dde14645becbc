/**
 * MULTI, EXEC, DISCARD, WATCH, UNWATCH: the words of a transaction (multi.c). Queueing and running are the node's;
 * these handlers only check that the word makes sense now.
 */
import { ReplyError } from '../resp/reply-error.ts'
import { key } from './argument.ts'
import { command } from './command.ts'

export const multi = command({
  name: 'MULTI',
  since: '1.2.0',
  group: 'transactions',
  summary: 'Begins a transaction: what follows is queued.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  run({ reply, transaction }) {
    if (transaction.active) throw new ReplyError('ERR MULTI calls can not be nested')
    transaction.begin()
    reply.ok()
  },
})

export const exec = command({
  name: 'EXEC',
  since: '1.2.0',
  group: 'transactions',
  summary: 'Runs the queued commands of the transaction.',
  complexity: 'Depends on commands in the transaction',
  flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
  categories: ['transaction'],
  run({ transaction }) {
    if (!transaction.active) throw new ReplyError('ERR EXEC without MULTI')
    transaction.execute()
  },
})

export const discard = command({
  name: 'DISCARD',
  since: '2.0.0',
  group: 'transactions',
  summary: 'Ends the transaction without running anything.',
  complexity: 'O(N), when N is the number of queued commands',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  run({ reply, transaction }) {
    if (!transaction.active) throw new ReplyError('ERR DISCARD without MULTI')
    transaction.discard()
    reply.ok()
  },
})

export const watch = command({
  name: 'WATCH',
  since: '2.2.0',
  group: 'transactions',
  summary: 'Lets the next transaction run only if these keys have not changed until then.',
  complexity: 'O(1) for every key.',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  args: [key('key', ['RO'], { multiple: true })],
  run({ reply, transaction }, argv) {
    if (transaction.active) throw new ReplyError('ERR WATCH inside MULTI is not allowed')
    transaction.watch(argv.slice(1))
    reply.ok()
  },
})

export const unwatch = command({
  name: 'UNWATCH',
  since: '2.2.0',
  group: 'transactions',
  summary: 'Forgets the watched keys.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  run({ reply, transaction }) {
    transaction.unwatch()
    reply.ok()
  },
})
