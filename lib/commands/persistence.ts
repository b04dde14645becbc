/**
 * Saving the data: SAVE, BGSAVE, LASTSAVE (rdb.c), BGREWRITEAOF (aof.c).
 */
import { errors } from '../resp/reply-error.ts'
import { token } from './argument.ts'
import { command } from './command.ts'

export const save = command({
  name: 'SAVE',
  since: '1.0.0',
  group: 'server',
  summary: 'Saves all data and waits until that is done.',
  complexity: 'O(N) where N is the total number of keys in all databases',
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  spansKeyspace: true,
  run({ persistence, reply }) {
    persistence.save()
    reply.ok()
  },
})

export const bgsave = command({
  name: 'BGSAVE',
  since: '1.0.0',
  group: 'server',
  summary: 'Saves all data in the background.',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'no_async_loading'],
  history: [['3.2.2', 'Takes `SCHEDULE`.']],
  args: [token('schedule', 'SCHEDULE', { optional: true, since: '3.2.2' })],
  spansKeyspace: true,
  run({ persistence, reply }, argv) {
    const isPatient = argv.length === 2 && /^schedule$/i.test(argv[1] ?? '')
    if (argv.length > 1 && !isPatient) throw errors.syntax
    reply.simple(`Background saving ${persistence.saveInBackground({ isPatient })}`)
  },
})

export const bgrewriteaof = command({
  name: 'BGREWRITEAOF',
  since: '1.0.0',
  group: 'server',
  summary: 'Writes the append-only file anew, in the background.',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'no_async_loading'],
  spansKeyspace: true,
  run: ({ appendOnly, reply }) =>
    reply.simple(`Background append only file rewriting ${appendOnly.rewrite()}`),
})

export const lastsave = command({
  name: 'LASTSAVE',
  since: '1.0.0',
  group: 'server',
  summary: 'Returns when the data was saved last, Unix time in seconds.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['admin', 'dangerous'],
  tips: ['nondeterministic_output'],
  run: ({ persistence, reply }) => reply.integer(persistence.lastSaveSeconds),
})
