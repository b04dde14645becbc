/**
 * SCAN: the keys of the database in steps (db.c). A key that is there from the first step to the last is returned.
 */
import type { Bytes } from '../base/bytes.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { typeNameOf } from '../keyspace/typed-value.ts'
import { integer, pattern, string } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { isWanted, parseCursor, parseScanOptions, type ScanOptions } from './scan-option.ts'

export const scan = command({
  name: 'SCAN',
  since: '2.8.0',
  group: 'generic',
  summary: 'Returns some of the keys and a cursor to go on with.',
  complexity:
    'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.',
  flags: ['readonly'],
  categories: ['keyspace'],
  tips: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
  before: { '7.2.0': { tips: ['nondeterministic_output', 'request_policy:special'] } },
  history: [['6.0.0', 'Option `TYPE`.']],
  comesUponKeys: true,
  args: [
    integer('cursor'),
    pattern('pattern', { token: 'MATCH', optional: true }),
    integer('count', { token: 'COUNT', optional: true }),
    string('type', { token: 'TYPE', optional: true, since: '6.0.0' }),
  ],
  run: (context, argv) => {
    const { db, reply, server } = context
    const cursor = parseCursor(argv[1] as Bytes, server.version)
    const options = parseScanOptions(argv, 2, {
      withType: true,
      noValues: server.version.atLeast('7.4') ? 'refused' : 'unknown',
    })
    const step = db.scan(cursor, options.count)
    const keys = step.keys.filter((name) => isShown(context, name, options))
    reply.array(2)
    reply.bulk(String(step.cursor))
    reply.array(keys.length)
    reply.bulks(keys)
  },
})

function isShown({ db }: Context, name: Bytes, options: ScanOptions): boolean {
  if (!isWanted(name, options)) return false
  if (options.type === undefined) return db.exists(name)
  const value = db.read(name, Lookup.noTouch)
  return value !== undefined && typeNameOf(value) === options.type
}
