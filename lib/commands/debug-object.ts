/** DEBUG on single values: how they are kept. */
import type { Bytes } from '../base/bytes.ts'
import type { Value } from '../data/stored-object.ts'
import { encodingOf } from '../data/string-encoding.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { recordOf } from '../keyspace/snapshot.ts'
import { encodeDump } from '../rdb/dump.ts'
import { listNodes } from '../rdb/list.ts'
import { encodeListpack } from '../rdb/listpack.ts'
import { errors } from '../resp/reply-error.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'

/** The type before a value in DUMP's bytes, version and checksum behind it. */
const FRAME_BYTES = 11
/** The clock of keys' ages counts seconds in 24 bits. */
const AGE_CLOCK = 2 ** 24

const describe: Run = ({ clock, config, db, reply }, [, , name]) => {
  const value = db.read(name as Bytes, Lookup.noTouch | Lookup.noStats | Lookup.noNotify)
  if (value === undefined) throw errors.noSuchKey
  const bytes = encodeDump(recordOf(value), { compress: config.boolean('rdbcompression') }).length
  const idleSeconds = db.idleSecondsOf(name as Bytes)
  const facts = [
    // Nothing has an address here.
    'Value at:0x0',
    'refcount:1',
    `encoding:${typeof value === 'string' ? encodingOf(value) : value.encoding()}`,
    `serializedlength:${bytes - FRAME_BYTES}`,
    `lru:${(Math.floor(clock.now / 1000) - idleSeconds) % AGE_CLOCK}`,
    `lru_seconds_idle:${idleSeconds}`,
    ...nodeFacts(value),
  ]
  reply.simple(facts.join(' '))
}

/** What a quicklist of these elements would be like. */
function nodeFacts(value: Value): string[] {
  const record = recordOf(value)
  if (record.type !== 'list') return []
  const nodes = listNodes(record)
  const bytes = nodes.reduce((sum, node) => sum + encodeListpack(node).length, 0)
  return [
    `ql_nodes:${nodes.length}`,
    `ql_avg_node:${(record.size / nodes.length).toFixed(2)}`,
    `ql_listpack_max:${record.maxListpackSize}`,
    'ql_compressed:0',
    `ql_uncompressed_size:${bytes}`,
  ]
}

/** The subcommands of this file. */
export const objectDebugging: Subcommands = {
  OBJECT: (argv: readonly Bytes[]) => (argv.length === 3 ? describe : undefined),
}
