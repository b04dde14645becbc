/**
 * XINFO: what a stream, its groups and their consumers are (xinfoCommand).
 */
import type { Bytes } from '../base/bytes.ts'
import { addIntegers, type Integer } from '../base/numbers.ts'
import { formatStreamId, type StreamId } from '../base/stream-id.ts'
import type { Version } from '../base/version.ts'
import { radixTreeNodes } from '../data/radix-size.ts'
import type { StreamValue } from '../data/stream.ts'
import type { Consumer, ConsumerGroup, PendingEntry } from '../data/stream-group.ts'
import type { StreamEntry } from '../data/stream-node.ts'
import type { Database } from '../keyspace/database.ts'
import { errors, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { block, integer, key, string, token } from './argument.ts'
import { command } from './command.ts'
import { writeHelp } from './help.ts'
import { numberArgument } from './number-argument.ts'
import { noGroup } from './stream-group.ts'
import { taken, writeEntries, writeEntry } from './stream-range.ts'

const FULL_COUNT = 10

export const xinfo = command({
  name: 'XINFO',
  since: '5.0.0',
  group: 'stream',
  summary: 'Tells what streams and consumer groups are.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'CONSUMERS <key> <groupname>',
    '    The consumers of a group.',
    'GROUPS <key>',
    '    The consumer groups of a stream.',
    'STREAM <key> [FULL [COUNT <count>]',
    '    What a stream is; with FULL also its entries and groups.',
  ],
  run: () => {
    throw wrongArity('xinfo')
  },
})

function streamAt(db: Database, name: Bytes): StreamValue {
  const stream = db.readStream(name)
  if (stream === undefined) throw errors.noSuchKey
  return stream
}

function writeId(reply: ReplySink, label: string, id: StreamId): void {
  reply.bulk(label)
  reply.bulk(formatStreamId(id))
}

function writeCount(reply: ReplySink, label: string, count: Integer | undefined): void {
  reply.bulk(label)
  if (count === undefined) reply.null()
  else reply.integer(count)
}

/** How many entries the group was not given yet; undefined where that cannot be told (streamReplyWithCGLag). */
function lagOf(
  stream: StreamValue,
  { entriesRead, lastId }: ConsumerGroup,
  version: Version,
): Integer | undefined {
  if (stream.entriesAdded === 0) return 0
  const heedsAllDeleted = version.atLeast('7.4')
  if (heedsAllDeleted && stream.isWholeBehind(lastId)) return stream.size
  const hasGap = heedsAllDeleted ? stream.hasTombstoneFrom(lastId) : stream.hasGapFrom(lastId)
  const isExact = entriesRead !== undefined && !hasGap
  const read = isExact ? entriesRead : stream.countUpTo(lastId)
  return read === undefined ? undefined : addIntegers(stream.entriesAdded, -read)
}

export const xinfoStream = command({
  name: 'XINFO STREAM',
  since: '5.0.0',
  group: 'stream',
  summary: 'Tells what a stream is.',
  complexity: 'O(1)',
  flags: ['readonly'],
  categories: ['stream'],
  history: [
    ['6.0.0', 'Takes `FULL`.'],
    ['7.0.0', 'Tells what was deleted, added and read.'],
    ['7.2.0', 'Tells when consumers were given something.'],
  ],
  args: [
    key('key', ['RO', 'access']),
    block(
      'full-block',
      [token('full', 'FULL'), integer('count', { token: 'COUNT', optional: true })],
      { optional: true },
    ),
  ],
  before: {
    '7.2.0': {
      args: [
        key('key', ['RO', 'access']),
        block('full', [integer('count', { token: 'COUNT', optional: true })], {
          token: 'FULL',
          optional: true,
        }),
      ],
    },
  },
  run: ({ db, reply, server }, argv) => {
    const stream = streamAt(db, argv[2] as Bytes)
    const fullCount = parseFull(argv)
    reply.map(fullCount === undefined ? 10 : 9)
    writeCount(reply, 'length', stream.size)
    writeCount(reply, 'radix-tree-keys', stream.nodes.length)
    const nodes = radixTreeNodes(stream.nodes.map(({ masterId }) => masterId))
    writeCount(reply, 'radix-tree-nodes', nodes)
    writeId(reply, 'last-generated-id', stream.lastId)
    writeId(reply, 'max-deleted-entry-id', stream.maxDeletedId)
    writeCount(reply, 'entries-added', stream.entriesAdded)
    writeId(reply, 'recorded-first-entry-id', stream.firstId)
    if (fullCount === undefined) writeEnds(reply, stream)
    else writeFull(reply, stream, fullCount, server.version)
  },
})

/** How many entries FULL shows, 0 for all; undefined without it. */
function parseFull(argv: readonly Bytes[]): number | undefined {
  const words = argv.slice(3)
  if (words.length === 0) return undefined
  const [full, count] = words.map((word) => word.toUpperCase())
  const isKnown = words.length === 1 || (words.length === 3 && count === 'COUNT')
  if (full !== 'FULL' || !isKnown) throw subcommandSyntax('XINFO', argv[1] as Bytes)
  if (words.length === 1) return FULL_COUNT
  const given = numberArgument(words[2] as Bytes)
  return given < 0 ? FULL_COUNT : given
}

function writeEnds(reply: ReplySink, stream: StreamValue): void {
  writeCount(reply, 'groups', stream.groups.size)
  const [first] = stream.range()
  const [last] = stream.reversed()
  reply.bulk('first-entry')
  writeEntryOrNull(reply, first)
  reply.bulk('last-entry')
  writeEntryOrNull(reply, last)
}

function writeEntryOrNull(reply: ReplySink, entry: StreamEntry | undefined): void {
  if (entry === undefined) reply.null()
  else writeEntry(reply, entry)
}

function writeFull(reply: ReplySink, stream: StreamValue, count: number, version: Version): void {
  const tellsActivity = version.atLeast('7.2')
  reply.bulk('entries')
  writeEntries(reply, taken(stream.range(), count))
  reply.bulk('groups')
  reply.array(stream.groups.size)
  for (const [name, group] of stream.groups.entries()) {
    reply.map(7)
    reply.bulk('name')
    reply.bulk(name)
    writeId(reply, 'last-delivered-id', group.lastId)
    writeCount(reply, 'entries-read', group.entriesRead)
    writeCount(reply, 'lag', lagOf(stream, group, version))
    writeCount(reply, 'pel-count', group.pending.size)
    reply.bulk('pending')
    writePending(reply, taken(group.pending.entries(), count), true)
    reply.bulk('consumers')
    reply.array(group.consumers.size)
    for (const consumer of group.consumers.values()) {
      writeConsumer(reply, consumer, count, tellsActivity)
    }
  }
}

function writeConsumer(
  reply: ReplySink,
  consumer: Consumer,
  count: number,
  tellsActivity: boolean,
): void {
  reply.map(tellsActivity ? 5 : 4)
  reply.bulk('name')
  reply.bulk(consumer.name)
  writeCount(reply, 'seen-time', consumer.seenAtMs)
  if (tellsActivity) writeCount(reply, 'active-time', consumer.activeAtMs ?? -1)
  writeCount(reply, 'pel-count', consumer.pending.size)
  reply.bulk('pending')
  writePending(reply, taken(consumer.pending.entries(), count), false)
}

function writePending(
  reply: ReplySink,
  entries: readonly (readonly [id: StreamId, entry: PendingEntry])[],
  withConsumer: boolean,
): void {
  reply.array(entries.length)
  for (const [id, { consumer, deliveredAtMs, deliveries }] of entries) {
    reply.array(withConsumer ? 4 : 3)
    reply.bulk(formatStreamId(id))
    if (withConsumer) reply.bulk(consumer.name)
    reply.integer(deliveredAtMs)
    reply.integer(deliveries)
  }
}

export const xinfoGroups = command({
  name: 'XINFO GROUPS',
  since: '5.0.0',
  group: 'stream',
  summary: 'Tells what the consumer groups of a stream are.',
  complexity: 'O(1)',
  flags: ['readonly'],
  categories: ['stream'],
  history: [['7.0.0', 'Tells `entries-read` and `lag`.']],
  args: [key('key', ['RO', 'access'])],
  run: ({ db, reply, server }, argv) => {
    const stream = streamAt(db, argv[2] as Bytes)
    reply.array(stream.groups.size)
    for (const [name, group] of stream.groups.entries()) {
      reply.map(6)
      reply.bulk('name')
      reply.bulk(name)
      writeCount(reply, 'consumers', group.consumers.size)
      writeCount(reply, 'pending', group.pending.size)
      writeId(reply, 'last-delivered-id', group.lastId)
      writeCount(reply, 'entries-read', group.entriesRead)
      writeCount(reply, 'lag', lagOf(stream, group, server.version))
    }
  },
})

export const xinfoConsumers = command({
  name: 'XINFO CONSUMERS',
  since: '5.0.0',
  group: 'stream',
  summary: 'Tells what the consumers of a group are.',
  complexity: 'O(1)',
  flags: ['readonly'],
  categories: ['stream'],
  tips: ['nondeterministic_output'],
  args: [key('key', ['RO', 'access']), string('group', { formerName: 'groupname' })],
  history: [['7.2.0', 'Tells how long they were given nothing.']],
  run: ({ clock, db, reply, server }, argv) => {
    const [, , name, groupName] = argv as [Bytes, Bytes, Bytes, Bytes]
    const group = streamAt(db, name).groups.get(groupName)
    if (group === undefined) throw noGroup(name, groupName)
    reply.array(group.consumers.size)
    const tellsActivity = server.version.atLeast('7.2')
    for (const { name: consumerName, pending, seenAtMs, activeAtMs } of group.consumers.values()) {
      reply.map(tellsActivity ? 4 : 3)
      reply.bulk('name')
      reply.bulk(consumerName)
      writeCount(reply, 'pending', pending.size)
      writeCount(reply, 'idle', Math.max(0, clock.now - seenAtMs))
      if (!tellsActivity) continue
      writeCount(
        reply,
        'inactive',
        activeAtMs === undefined ? -1 : Math.max(0, clock.now - activeAtMs),
      )
    }
  },
})

export const xinfoHelp = command({
  name: 'XINFO HELP',
  since: '5.0.0',
  group: 'stream',
  summary: 'Lists the subcommands.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  categories: ['stream'],
  run: (context) => writeHelp(context, 'XINFO'),
})
