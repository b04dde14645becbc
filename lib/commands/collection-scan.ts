/**
 * HSCAN, SSCAN and ZSCAN: the elements of one collection in steps that end (scanGenericCommand in db.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { KeyedCollection } from '../data/keyed-collection.ts'
import type { Database } from '../keyspace/database.ts'
import { integer, key, pattern } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import { isWanted, parseCursor, parseScanOptions } from './scan-option.ts'

/** A command that scans the collection that `read` finds; `valueOfName` tells what follows each name, if anything does. */
export function scanning<Collection extends KeyedCollection>(
  declaration: Pick<CommandDeclaration, 'name' | 'group' | 'summary' | 'categories'>,
  read: (db: Database, name: Bytes) => Collection | undefined,
  valueOfName?: (collection: Collection, name: Bytes) => Bytes,
) {
  return command({
    ...declaration,
    since: '2.8.0',
    complexity:
      'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection..',
    flags: ['readonly'],
    tips: ['nondeterministic_output'],
    args: [
      key('key', ['RO', 'access']),
      integer('cursor'),
      pattern('pattern', { token: 'MATCH', optional: true }),
      integer('count', { token: 'COUNT', optional: true }),
    ],
    run: ({ db, reply }, argv) => {
      const cursor = parseCursor(argv[2] as Bytes)
      const collection = read(db, argv[1] as Bytes)
      if (collection === undefined) {
        reply.array(2)
        reply.bulk('0')
        reply.array(0)
        return
      }
      const options = parseScanOptions(argv, 3)
      const { position, names } = collection.scan(cursor, options.count)
      const wanted = names.filter((name) => isWanted(name, options))
      reply.array(2)
      reply.bulk(String(position))
      reply.array(valueOfName === undefined ? wanted.length : 2 * wanted.length)
      if (valueOfName === undefined) reply.bulks(wanted)
      else reply.bulks(wanted.flatMap((name) => [name, valueOfName(collection, name)]))
    },
  })
}
