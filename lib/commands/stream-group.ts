/**
 * XGROUP: consumer groups and their members made, moved and removed (xgroupCommand), and what other commands need of
 * groups.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import type { Integer } from '../base/numbers.ts'
import { MIN_STREAM_ID, type StreamId } from '../base/stream-id.ts'
import { StreamValue } from '../data/stream.ts'
import { type Consumer, ConsumerGroup } from '../data/stream-group.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import { integer, key, oneOf, string, token } from './argument.ts'
import { command } from './command.ts'
import { writeHelp } from './help.ts'
import { integerArgument } from './number-argument.ts'
import { idArgument, looseIdArgument } from './stream-argument.ts'

const keyRequired = new ReplyError(
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
)

/** There is no such group in a stream that is there. */
export function noGroup(name: Bytes, group: Bytes): ReplyError {
  return new ReplyError(
    `NOGROUP No such consumer group '${upToNul(group)}' for key name '${upToNul(name)}'`,
  )
}

/** There is no such stream, or no such group in it; `where` says more. */
export function noKeyOrGroup(name: Bytes, group: Bytes, where = ''): ReplyError {
  return new ReplyError(
    `NOGROUP No such key '${upToNul(name)}' or consumer group '${upToNul(group)}'${where}`,
  )
}

/** A consumer that asks for something now, made if there is none of this name; `isNew` then. */
export function seenConsumer(
  db: Database,
  key: Bytes,
  group: ConsumerGroup,
  name: Bytes,
): { readonly consumer: Consumer; readonly isNew: boolean } {
  const known = group.consumers.get(name)
  if (known !== undefined) {
    known.seenAtMs = db.clock.now
    return { consumer: known, isNew: false }
  }
  return { consumer: addConsumer(db, key, group, name), isNew: true }
}

function addConsumer(db: Database, key: Bytes, group: ConsumerGroup, name: Bytes): Consumer {
  db.changes.dirty++
  db.notify(NotifyClass.stream, 'xgroup-createconsumer', key)
  return group.addConsumer(name, db.clock.now)
}

export const xgroup = command({
  name: 'XGROUP',
  since: '5.0.0',
  group: 'stream',
  summary: 'Makes and changes consumer groups.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'CREATE <key> <groupname> <id|$> [option]',
    '    Makes a group whose consumers are given what comes after <id>. Options:',
    '    * MKSTREAM',
    '      Makes the stream, too, if it is not there.',
    '    * ENTRIESREAD entries_read',
    '      How many entries the group has read (for replication).',
    'CREATECONSUMER <key> <groupname> <consumer>',
    '    Makes a consumer in a group.',
    'DELCONSUMER <key> <groupname> <consumer>',
    '    Removes a consumer from a group, with all that pends for it.',
    'DESTROY <key> <groupname>',
    '    Removes a group.',
    'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
    '    Sets what the group was given last, and how much it has read.',
  ],
  run: () => {
    throw wrongArity('xgroup')
  },
})

const groupArguments = (action: 'update' | 'insert' | 'delete') => [
  key('key', ['RW', action]),
  string('group', { formerName: 'groupname' }),
]
const startArguments = [
  oneOf('id-selector', [string('id'), token('new-id', '$', { formerName: 'new_id' })], {
    formerName: 'id',
  }),
  integer('entriesread', {
    formerName: 'entries_read',
    displayText: 'entries-read',
    token: 'ENTRIESREAD',
    optional: true,
  }),
] as const

/** The optional words of CREATE and SETID. */
function parseOptions(
  argv: readonly Bytes[],
  mayMake: boolean,
): { isMaking: boolean; entriesRead: Integer | undefined } {
  let isMaking = false
  let entriesRead: Integer | undefined
  for (let i = 5; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    if (mayMake && word === 'MKSTREAM') isMaking = true
    else if (word === 'ENTRIESREAD' && i + 1 < argv.length) {
      const value = integerArgument(argv[++i] as Bytes)
      if (value < -1) throw new ReplyError('ERR value for ENTRIESREAD must be positive or -1')
      entriesRead = value === -1 ? undefined : value
    } else throw subcommandSyntax('XGROUP', argv[1] as Bytes)
  }
  return { isMaking, entriesRead }
}

export const xgroupCreate = command({
  name: 'XGROUP CREATE',
  since: '5.0.0',
  group: 'stream',
  summary: 'Makes a consumer group.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['stream'],
  history: [['7.0.0', 'Takes `ENTRIESREAD`.']],
  args: [
    ...groupArguments('insert'),
    startArguments[0],
    token('mkstream', 'MKSTREAM', { optional: true }),
    startArguments[1],
  ],
  run: ({ db, reply }, argv) => {
    const [, , name, groupName, start] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
    const { isMaking, entriesRead } = parseOptions(argv, true)
    let stream = db.writeStream(name)
    if (stream === undefined && !isMaking) throw keyRequired
    if (argv.length > 8) throw subcommandSyntax('XGROUP', argv[1] as Bytes)
    const id = isLast(start) ? (stream?.lastId ?? MIN_STREAM_ID) : idArgument(start)
    if (stream === undefined) {
      stream = new StreamValue(db.limits)
      db.set(name, stream)
    }
    if (stream.groups.has(groupName)) {
      throw new ReplyError('BUSYGROUP Consumer Group name already exists')
    }
    stream.groups.set(groupName, new ConsumerGroup(id, entriesRead))
    reply.ok()
    changed(db, name, 'xgroup-create')
  },
})

function isLast(text: Bytes): boolean {
  return upToNul(text) === '$'
}

/** A group changed: nobody who watches the key minds. */
function changed(db: Database, name: Bytes, event: string): void {
  db.changes.dirty++
  db.notify(NotifyClass.stream, event, name)
}

/** The stream of a subcommand's key. Throws when there is none. */
function streamAt(db: Database, name: Bytes): StreamValue {
  const stream = db.writeStream(name)
  if (stream === undefined) throw keyRequired
  return stream
}

/** The group of a subcommand. Throws when there is none. */
function groupAt(db: Database, name: Bytes, groupName: Bytes): ConsumerGroup {
  const group = streamAt(db, name).groups.get(groupName)
  if (group === undefined) throw noGroup(name, groupName)
  return group
}

export const xgroupSetid = command({
  name: 'XGROUP SETID',
  since: '5.0.0',
  group: 'stream',
  summary: 'Sets the id that a consumer group was given last.',
  complexity: 'O(1)',
  flags: ['write'],
  categories: ['stream'],
  history: [['7.0.0', 'Takes `ENTRIESREAD`.']],
  args: [...groupArguments('update'), ...startArguments],
  run: ({ db, reply }, argv) => {
    const [, word, name, groupName, start] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
    const { entriesRead } = parseOptions(argv, false)
    const stream = streamAt(db, name)
    const group = stream.groups.get(groupName)
    if (group === undefined) throw noGroup(name, groupName)
    if (argv.length !== 5 && argv.length !== 7) throw subcommandSyntax('XGROUP', word)
    const id: StreamId = isLast(start) ? stream.lastId : looseIdArgument(start)
    group.lastId = id
    group.entriesRead = entriesRead
    reply.ok()
    changed(db, name, 'xgroup-setid')
  },
})

export const xgroupDestroy = command({
  name: 'XGROUP DESTROY',
  since: '5.0.0',
  group: 'stream',
  summary: 'Removes a consumer group.',
  complexity: "O(N) where N is the number of entries in the group's pending entries list (PEL).",
  flags: ['write'],
  categories: ['stream'],
  args: groupArguments('delete'),
  run: ({ db, reply }, argv) => {
    const [, , name, groupName] = argv as [Bytes, Bytes, Bytes, Bytes]
    const isThere = streamAt(db, name).groups.delete(groupName)
    if (isThere) {
      changed(db, name, 'xgroup-destroy')
      // Who waits as a member of the group is told.
      db.signalReady(name)
    }
    reply.integer(isThere ? 1 : 0)
  },
})

export const xgroupCreateconsumer = command({
  name: 'XGROUP CREATECONSUMER',
  since: '6.2.0',
  group: 'stream',
  summary: 'Makes a consumer in a group.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  categories: ['stream'],
  args: [...groupArguments('insert'), string('consumer', { formerName: 'consumername' })],
  run: ({ db, reply }, argv) => {
    const [, , name, groupName, consumerName] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
    const group = groupAt(db, name, groupName)
    const isNew = !group.consumers.has(consumerName)
    if (isNew) addConsumer(db, name, group, consumerName)
    reply.integer(isNew ? 1 : 0)
  },
})

export const xgroupDelconsumer = command({
  name: 'XGROUP DELCONSUMER',
  since: '5.0.0',
  group: 'stream',
  summary: 'Removes a consumer from a group; returns how many entries pended for it.',
  complexity: 'O(1)',
  flags: ['write'],
  categories: ['stream'],
  args: [...groupArguments('delete'), string('consumer', { formerName: 'consumername' })],
  run: ({ db, reply }, argv) => {
    const [, , name, groupName, consumerName] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
    const group = groupAt(db, name, groupName)
    const consumer = group.consumers.get(consumerName)
    const pending = consumer?.pending.size ?? 0
    if (consumer !== undefined) {
      group.deleteConsumer(consumer)
      changed(db, name, 'xgroup-delconsumer')
    }
    reply.integer(pending)
  },
})

export const xgroupHelp = command({
  name: 'XGROUP HELP',
  since: '5.0.0',
  group: 'stream',
  summary: 'Lists the subcommands.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  categories: ['stream'],
  run: (context) => writeHelp(context, 'XGROUP'),
})
