/**
 * HSCAN, SSCAN and ZSCAN: the elements of one collection in steps that end (scanGenericCommand in db.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Version } from '../base/version.ts'
import type { KeyedCollection } from '../data/keyed-collection.ts'
import type { Database } from '../keyspace/database.ts'
import { type Argument, integer, key, pattern } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import { isWanted, parseCursor, parseScanOptions } from './scan-option.ts'

const COMPLEXITY =
  'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection'

/** A command that scans the collection that `read` finds; `valueOfName` tells what follows each name, if anything does. */
export function scanning<Collection extends KeyedCollection>(
  declaration: Pick<CommandDeclaration, 'name' | 'group' | 'summary' | 'categories'>,
  read: (db: Database, name: Bytes) => Collection | undefined,
  valueOfName?: (collection: Collection, name: Bytes) => Bytes,
  moreArgs: readonly Argument[] = [],
) {
  return command({
    ...declaration,
    since: '2.8.0',
    complexity: `${COMPLEXITY}.`,
    before: { '7.2.0': { complexity: `${COMPLEXITY}..` } },
    flags: ['readonly'],
    tips: ['nondeterministic_output'],
    args: [
      key('key', ['RO', 'access']),
      integer('cursor'),
      pattern('pattern', { token: 'MATCH', optional: true }),
      integer('count', { token: 'COUNT', optional: true }),
      ...moreArgs,
    ],
    run: ({ db, reply, server }, argv) => {
      const cursor = parseCursor(argv[2] as Bytes, server.version)
      const collection = read(db, argv[1] as Bytes)
      if (collection === undefined) {
        reply.array(2)
        reply.bulk('0')
        reply.array(0)
        return
      }
      const options = parseScanOptions(argv, 3, { noValues: noValuesAt(server.version, moreArgs) })
      const { position, names } = collection.scan(cursor, options.count)
      const wanted = names.filter((name) => isWanted(name, options))
      reply.array(2)
      reply.bulk(String(position))
      const toldValue = options.namesOnly ? undefined : valueOfName
      reply.array(toldValue === undefined ? wanted.length : 2 * wanted.length)
      if (toldValue === undefined) reply.bulks(wanted)
      else reply.bulks(wanted.flatMap((name) => [name, toldValue(collection, name)]))
    },
  })
}

/** What becomes of NOVALUES: it is an argument of one command. */
function noValuesAt(version: Version, args: readonly Argument[]): 'unknown' | 'refused' | 'taken' {
  if (!version.atLeast('7.4')) return 'unknown'
  return args.length === 0 ? 'refused' : 'taken'
}
