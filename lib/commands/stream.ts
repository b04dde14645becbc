/**
 * Streams: entries added and deleted, and what a stream knows of its past (t_stream.c). A stream without entries stays.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Integer } from '../base/numbers.ts'
import {
  formatStreamId,
  MAX_STREAM_ID,
  MIN_STREAM_ID,
  nextStreamIdAt,
  nextStreamIdWithin,
  type StreamId,
} from '../base/stream-id.ts'
import { StreamValue } from '../data/stream.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors, ReplyError, wrongArity } from '../resp/reply-error.ts'
import { block, integer, key, oneOf, string, token } from './argument.ts'
import { command } from './command.ts'
import { integerArgument } from './number-argument.ts'
import { type GivenId, idArgument } from './stream-argument.ts'
import { exactTrim, parseAddOptions, trimArgument } from './stream-trim.ts'

const tooLarge = new ReplyError('ERR Elements are too large to be stored')

export const xadd = command({
  name: 'XADD',
  since: '5.0.0',
  group: 'stream',
  summary: 'Adds an entry to a stream; returns its id.',
  complexity:
    'O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['stream'],
  tips: ['nondeterministic_output'],
  history: [
    ['6.2.0', 'Takes `NOMKSTREAM`, `MINID` and `LIMIT`.'],
    ['7.0.0', 'Takes ids of the form `<ms>-*`.'],
  ],
  args: [
    key('key', ['RW', 'update']),
    token('nomkstream', 'NOMKSTREAM', { optional: true, since: '6.2.0' }),
    trimArgument({ optional: true }),
    oneOf('id-selector', [token('auto-id', '*', { formerName: 'auto_id' }), string('id')], {
      formerName: 'id_or_auto',
    }),
    block('data', [string('field'), string('value')], {
      formerName: 'field_value',
      multiple: true,
    }),
  ],
  keySpecs: [
    {
      flags: ['RW', 'update'],
      notes: 'UPDATE instead of INSERT because of the optional trimming feature',
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  run: (context, argv) => {
    const { db, propagation, reply } = context
    const name = argv[1] as Bytes
    const {
      id: given,
      idPosition,
      onlyIfThere,
      trim,
    } = parseAddOptions(context, argv, {
      isAdd: true,
    })
    const rest = argv.length - idPosition - 1
    if (rest < 2 || rest % 2 === 1) throw wrongArity('xadd')
    if (given?.isComplete && given.id === MIN_STREAM_ID) {
      throw new ReplyError('ERR The ID specified in XADD must be greater than 0-0')
    }
    const stream = db.writeStream(name) ?? (onlyIfThere ? undefined : newStream(db, name))
    if (stream === undefined) {
      reply.null()
      return
    }
    const id = idFor(stream, given, context.clock.now)
    const fields: Bytes[] = []
    const values: Bytes[] = []
    for (let i = idPosition + 1; i < argv.length; i += 2) {
      fields.push(argv[i] as Bytes)
      values.push(argv[i + 1] as Bytes)
    }
    if (!stream.append(id, fields, values)) throw tooLarge
    const text = formatStreamId(id)
    reply.bulk(text)
    db.modified(name, NotifyClass.stream, 'xadd')
    let words = argv
    if (trim !== undefined) {
      if (stream.trim(trim.goal, trim) > 0) db.notify(NotifyClass.stream, 'xtrim', name)
      if (trim.isApproximate) words = exactTrim(words, trim, stream)
    }
    if (!given?.isComplete) words = words.with(idPosition, text)
    if (words !== argv) propagation.replaceWith(words)
    db.signalReady(name)
  },
})

function newStream(db: Database, name: Bytes): StreamValue {
  const stream = new StreamValue(db.limits)
  db.add(name, stream)
  return stream
}

function idFor(stream: StreamValue, given: GivenId | undefined, nowMs: number): StreamId {
  const last = stream.lastId
  if (last === MAX_STREAM_ID) {
    throw new ReplyError(
      'ERR The stream has exhausted the last possible ID, unable to add more items',
    )
  }
  if (given === undefined) return nextStreamIdAt(nowMs, last) as StreamId
  const id = given.isComplete ? given.id : nextStreamIdWithin(given.id, last)
  // Redis blames the size where there are no more sequence numbers.
  if (id === undefined) throw tooLarge
  if (id <= last) {
    throw new ReplyError(
      'ERR The ID specified in XADD is equal or smaller than the target stream top item',
    )
  }
  return id
}

export const xlen = command({
  name: 'XLEN',
  since: '5.0.0',
  group: 'stream',
  summary: 'Returns how many entries a stream has.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['stream'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => reply.integer(db.readStream(argv[1] as Bytes)?.size ?? 0),
})

export const xdel = command({
  name: 'XDEL',
  since: '5.0.0',
  group: 'stream',
  summary: 'Deletes entries of a stream; returns how many it had.',
  complexity: 'O(1) for each single item to delete in the stream, regardless of the stream size.',
  flags: ['write', 'fast'],
  categories: ['stream'],
  args: [key('key', ['RW', 'delete']), string('id', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const stream = db.writeStream(name)
    if (stream === undefined) {
      reply.integer(0)
      return
    }
    let deleted = 0
    for (const id of argv.slice(2).map(idArgument)) if (stream.delete(id)) deleted++
    if (deleted > 0) db.modified(name, NotifyClass.stream, 'xdel', deleted)
    reply.integer(deleted)
  },
})

export const xsetid = command({
  name: 'XSETID',
  since: '5.0.0',
  group: 'stream',
  summary: 'Sets the last id of a stream, and what it knows of its past.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['stream'],
  history: [['7.0.0', 'Takes `ENTRIESADDED` and `MAXDELETEDID`.']],
  args: [
    key('key', ['RW', 'update']),
    string('last-id'),
    integer('entries-added', {
      formerName: 'entries_added',
      token: 'ENTRIESADDED',
      optional: true,
      since: '7.0.0',
    }),
    string('max-deleted-id', {
      formerName: 'max_deleted_entry_id',
      token: 'MAXDELETEDID',
      optional: true,
      since: '7.0.0',
    }),
  ],
  run: ({ db, reply, server }, argv) => {
    const name = argv[1] as Bytes
    const id = idArgument(argv[2] as Bytes)
    const { entriesAdded, maxDeletedId } = parsePast(argv, id)
    const stream = db.writeStream(name)
    if (stream === undefined) throw errors.noSuchKey
    if (server.version.atLeast('7.2') && id < stream.maxDeletedId) {
      throw new ReplyError(
        'ERR The ID specified in XSETID is smaller than current max_deleted_entry_id',
      )
    }
    const [top] = stream.reversed()
    if (top !== undefined && id < top.id) {
      throw new ReplyError(
        'ERR The ID specified in XSETID is smaller than the target stream top item',
      )
    }
    if (entriesAdded !== undefined && stream.size > entriesAdded) {
      throw new ReplyError(
        'ERR The entries_added specified in XSETID is smaller than the target stream length',
      )
    }
    stream.lastId = id
    stream.entriesAdded = entriesAdded ?? stream.entriesAdded
    if (maxDeletedId > MIN_STREAM_ID) stream.maxDeletedId = maxDeletedId
    reply.ok()
    db.changes.dirty++
    db.notify(NotifyClass.stream, 'xsetid', name)
  },
})

function parsePast(
  argv: readonly Bytes[],
  id: StreamId,
): { entriesAdded: Integer | undefined; maxDeletedId: StreamId } {
  let entriesAdded: Integer | undefined
  let maxDeletedId = MIN_STREAM_ID
  for (let i = 3; i < argv.length; i += 2) {
    const word = (argv[i] as Bytes).toUpperCase()
    const value = argv[i + 1]
    if (word === 'ENTRIESADDED' && value !== undefined) {
      entriesAdded = integerArgument(value)
      if (entriesAdded < 0) throw new ReplyError('ERR entries_added must be positive')
    } else if (word === 'MAXDELETEDID' && value !== undefined) {
      maxDeletedId = idArgument(value)
      if (id < maxDeletedId) {
        throw new ReplyError(
          'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
        )
      }
    } else throw errors.syntax
  }
  return { entriesAdded, maxDeletedId }
}
