/**
 * Some of a hash's fields: in steps that end, or at random (hscanCommand and hrandfieldCommand in t_hash.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { block, integer, key, token } from './argument.ts'
import { scanning } from './collection-scan.ts'
import { command } from './command.ts'
import { parseRandomRequest, writeRandom } from './random-pair.ts'

export const hscan = scanning(
  {
    name: 'HSCAN',
    group: 'hash',
    summary: 'Returns some of the fields and values of a hash and a cursor to go on with.',
    categories: ['hash'],
  },
  (db, name) => db.readHash(name),
  (hash, field) => hash.get(field) ?? '',
  [token('novalues', 'NOVALUES', { optional: true, since: '7.4.0', undated: true })],
)

export const hrandfield = command({
  name: 'HRANDFIELD',
  since: '6.2.0',
  group: 'hash',
  summary: 'Returns random fields of a hash, with their values if wanted.',
  complexity: 'O(N) where N is the number of fields returned',
  flags: ['readonly'],
  categories: ['hash'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', ['RO', 'access']),
    block('options', [integer('count'), token('withvalues', 'WITHVALUES', { optional: true })], {
      optional: true,
    }),
  ],
  run: (context, argv) => {
    const { db, reply, random } = context
    const request = parseRandomRequest(argv, 'WITHVALUES')
    const hash = db.readHash(argv[1] as Bytes)
    if (request === undefined) reply.bulkOrNull(hash?.randomName(random))
    else if (hash === undefined) reply.array(0)
    else writeRandom(context, hash, request, (field) => reply.bulk(hash.get(field) ?? ''))
  },
})
