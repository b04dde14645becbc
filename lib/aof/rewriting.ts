/**
 * Keys as the commands that make them (rewriteAppendOnlyFileRio): the plain form of a base. Invariant: the commands, run in
 * their order on a server that has nothing, leave the value, its groups and its end.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble } from '../base/numbers.ts'
import { formatStreamId } from '../base/stream-id.ts'
import type {
  GroupRecord,
  HashRecord,
  PendingRecord,
  RdbRecord,
  StreamRecord,
} from '../rdb/record.ts'

type Command = readonly Bytes[]

/** So many members of a collection go into one command (AOF_REWRITE_ITEMS_PER_CMD). */
const ITEMS_PER_COMMAND = 64

/** The commands that make a key. */
export function* commandsOf(record: RdbRecord): Generator<Command, void> {
  const { key, value, expiryMs } = record
  switch (value.type) {
    case 'string':
      yield ['SET', key, value.bytes]
      break
    case 'list':
      yield* inParts(['RPUSH', key], value.elements(), (element) => [element])
      break
    case 'set':
      yield* inParts(['SADD', key], value.members(), (member) => [member])
      break
    case 'zset': {
      const ascending = [...value.descending()].reverse()
      yield* inParts(['ZADD', key], ascending, ([member, score]) => [formatDouble(score), member])
      break
    }
    case 'hash':
      yield* inParts(['HMSET', key], value.entries(), (entry) => entry)
      yield* fieldEnds(key, value)
      break
    case 'stream':
      yield* streamCommands(key, value)
      break
  }
  if (expiryMs !== undefined) yield ['PEXPIREAT', key, String(expiryMs)]
}

function* inParts<Item>(
  head: Command,
  items: Iterable<Item>,
  words: (item: Item) => readonly Bytes[],
): Generator<Command, void> {
  let command = [...head]
  let count = 0
  for (const item of items) {
    command.push(...words(item))
    if (++count % ITEMS_PER_COMMAND !== 0) continue
    yield command
    command = [...head]
  }
  if (command.length > head.length) yield command
}

function* fieldEnds(key: Bytes, { ends, entries }: HashRecord): Generator<Command, void> {
  if (ends === undefined) return
  for (const [field] of entries()) {
    const atMs = ends.of(field)
    if (atMs !== undefined) yield ['HPEXPIREAT', key, String(atMs), 'FIELDS', '1', field]
  }
}

function* streamCommands(key: Bytes, stream: StreamRecord): Generator<Command, void> {
  for (const { entries } of stream.nodes) {
    for (const { id, fields, values, isDeleted } of entries) {
      if (isDeleted) continue
      const pairs = fields.flatMap((field, i) => [field, values[i] as Bytes])
      yield ['XADD', key, formatStreamId(id), ...pairs]
    }
  }
  const lastId = formatStreamId(stream.lastId)
  if (stream.size === 0) {
    // A stream cannot be made without an entry, but can lose it at once; an id of zero cannot be added.
    yield ['XADD', key, 'MAXLEN', '0', '0-1', 'x', 'y']
  }
  const added = String(stream.entriesAdded)
  const deleted = formatStreamId(stream.maxDeletedId)
  yield ['XSETID', key, lastId, 'ENTRIESADDED', added, 'MAXDELETEDID', deleted]
  for (const group of stream.groups) yield* groupCommands(key, group)
}

function* groupCommands(key: Bytes, group: GroupRecord): Generator<Command, void> {
  const { name, lastId, entriesRead, consumers } = group
  const read = String(entriesRead ?? -1)
  yield ['XGROUP', 'CREATE', key, name, formatStreamId(lastId), 'ENTRIESREAD', read]
  const deliveries = new Map(group.pending.map((pending) => [pending.id, pending]))
  for (const consumer of consumers) {
    if (consumer.pending.length === 0) {
      yield ['XGROUP', 'CREATECONSUMER', key, name, consumer.name]
      continue
    }
    for (const id of consumer.pending) {
      const { deliveredAtMs, deliveries: count } = deliveries.get(id) as PendingRecord
      yield [
        ...['XCLAIM', key, name, consumer.name, '0', formatStreamId(id)],
        ...['TIME', String(deliveredAtMs), 'RETRYCOUNT', String(count), 'JUSTID', 'FORCE'],
      ]
    }
  }
}
