/**
 * DEBUG on single values: how they are kept, as far as it has a meaning here. Keys whose time is over are still there for
 * those that look without asking (DEBUG OBJECT, SDSLEN in debug.c).
 */
import { OBJECT_BYTES, textBytes, textFrameBytes } from '../base/allocation.ts'
import type { Bytes } from '../base/bytes.ts'
import type { EditableString } from '../data/editable-string.ts'
import type { StoredObject, Value } from '../data/stored-object.ts'
import { encodingOf, plainStringBytes, referencesOf } from '../data/string-encoding.ts'
import { Lookup } from '../keyspace/lookup.ts'
import { recordOf } from '../keyspace/snapshot.ts'
import { encodeDump } from '../rdb/dump.ts'
import { listNodes } from '../rdb/list.ts'
import { encodeListpack } from '../rdb/listpack.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'

/** The type before a value in DUMP's bytes, version and checksum behind it. */
const FRAME_BYTES = 11
/** The clock of keys' ages counts seconds in 24 bits. */
const AGE_CLOCK = 2 ** 24

const describe: Run = ({ clock, config, db, reply }, [, , name]) => {
  const value = db.held(name as Bytes)
  if (value === undefined) throw errors.noSuchKey
  const bytes = encodeDump(recordOf(value), { compress: config.boolean('rdbcompression') }).length
  const idleSeconds = db.idleSecondsOf(name as Bytes)
  const facts = [
    // Nothing has an address here.
    'Value at:0x0',
    `refcount:${typeof value === 'string' ? referencesOf(value) : 1}`,
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
  if (record.type !== 'list' || (value as StoredObject).encoding() !== 'quicklist') return []
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

/** What a structure is like goes to the standard output of a real server: who asks hears only that it did. */
function printing(encoding: 'listpack' | 'quicklist'): Run {
  return ({ db, reply }, [, , name]) => {
    const value = db.read(name as Bytes, Lookup.noTouch | Lookup.noStats | Lookup.noNotify)
    if (value === undefined) throw errors.noSuchKey
    if (typeof value === 'string' || value.encoding() !== encoding) {
      throw new ReplyError(`ERR Not a ${encoding} encoded object.`)
    }
    const title = encoding === 'listpack' ? 'Listpack' : 'Quicklist'
    reply.simple(`${title} structure printed on stdout`)
  }
}

const describeTexts: Run = ({ db, reply }, [, , key]) => {
  const name = key as Bytes
  const value = db.held(name)
  if (value === undefined) throw errors.noSuchKey
  const encoding = typeof value === 'string' ? encodingOf(value) : value.encoding()
  if (encoding !== 'raw' && encoding !== 'embstr') {
    throw new ReplyError('ERR Not an sds encoded string.')
  }
  const length = (value as Bytes | EditableString).length
  const text = encoding === 'raw' ? textFacts(length) : embeddedFacts(length)
  const facts = [...factsOf('key', textFacts(name.length)), ...factsOf('val', text)]
  reply.simple(facts.join(', '))
}

interface TextFacts {
  readonly length: number
  /** Room for more, in the bytes that it takes. */
  readonly room: number
  readonly bytes: number
}

/** A text of 32 bytes or more knows how much room it has. */
function textFacts(length: number): TextFacts {
  const bytes = textBytes(length)
  return { length, bytes, room: length < 32 ? 0 : bytes - textFrameBytes(length) - length }
}

/** A text beside the header of its value. */
function embeddedFacts(length: number): TextFacts {
  return { length, bytes: plainStringBytes('x'.repeat(length)) - OBJECT_BYTES, room: 0 }
}

function factsOf(what: 'key' | 'val', { length, room, bytes }: TextFacts): string[] {
  return [`${what}_sds_len:${length}`, `${what}_sds_avail:${room}`, `${what}_zmalloc: ${bytes}`]
}

/** Of a 64-bit server: its values, the entries of its tables and the heads of its texts, bytes. */
const describeSizes: Run = ({ reply }) =>
  reply.bulk('bits:64 robj:16 dictentry:24 sdshdr5:1 sdshdr8:3 sdshdr16:5 sdshdr32:9 sdshdr64:17 ')

/** The subcommands of this file. */
export const objectDebugging: Subcommands = {
  LISTPACK: (argv) => (argv.length === 3 ? printing('listpack') : undefined),
  OBJECT: (argv) => (argv.length === 3 ? describe : undefined),
  QUICKLIST: (argv) => (argv.length === 3 || argv.length === 4 ? printing('quicklist') : undefined),
  SDSLEN: (argv) => (argv.length === 3 ? describeTexts : undefined),
  STRUCTSIZE: (argv) => (argv.length === 2 ? describeSizes : undefined),
}
