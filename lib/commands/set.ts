/**
 * Sets: members added, removed, moved and asked for (t_set.c). A set that loses its last member is gone.
 */
import type { Bytes } from '../base/bytes.ts'
import { SetValue } from '../data/set.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { key, string } from './argument.ts'
import { dropIfEmpty } from './collection.ts'
import { command } from './command.ts'

export const sadd = command({
  name: 'SADD',
  since: '1.0.0',
  group: 'set',
  summary: 'Adds members to a set; returns how many are new.',
  complexity:
    'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
  flags: ['write', 'denyoom', 'fast'],
  categories: ['set'],
  history: [['2.4.0', 'Several members at once.']],
  args: [key('key', ['RW', 'insert']), string('member', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    let set = db.writeSet(name)
    if (set === undefined) {
      set = new SetValue(db.limits)
      db.add(name, set)
    }
    let added = 0
    for (let i = 2; i < argv.length; i++) if (set.add(argv[i] as Bytes)) added++
    if (added > 0) db.modified(name, NotifyClass.set, 'sadd', added)
    reply.integer(added)
  },
})

export const srem = command({
  name: 'SREM',
  since: '1.0.0',
  group: 'set',
  summary: 'Removes members of a set; returns how many it had.',
  complexity: 'O(N) where N is the number of members to be removed.',
  flags: ['write', 'fast'],
  categories: ['set'],
  history: [['2.4.0', 'Several members at once.']],
  args: [key('key', ['RW', 'delete']), string('member', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const name = argv[1] as Bytes
    const set = db.writeSet(name)
    let removed = 0
    for (let i = 2; set !== undefined && i < argv.length; i++) {
      if (set.delete(argv[i] as Bytes)) removed++
    }
    if (set !== undefined && removed > 0) {
      db.modified(name, NotifyClass.set, 'srem', removed)
      dropIfEmpty(db, name, set)
    }
    reply.integer(removed)
  },
})

export const smove = command({
  name: 'SMOVE',
  since: '1.0.0',
  group: 'set',
  summary: 'Moves a member from one set to another.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  categories: ['set'],
  args: [
    key('source', ['RW', 'access', 'delete']),
    key('destination', ['RW', 'insert']),
    string('member'),
  ],
  run: ({ db, reply }, argv) => {
    const [, from, to, member] = argv as [Bytes, Bytes, Bytes, Bytes]
    // Both are looked up before either type matters: the time of a key may be over.
    const sourceValue = db.write(from)
    if (sourceValue === undefined) {
      db.write(to)
      reply.integer(0)
      return
    }
    const source = db.writeSet(from) as SetValue
    let target = db.writeSet(to)
    if (source === target) {
      reply.integer(source.has(member) ? 1 : 0)
      return
    }
    if (!source.delete(member)) {
      reply.integer(0)
      return
    }
    db.modified(from, NotifyClass.set, 'srem')
    dropIfEmpty(db, from, source)
    if (target === undefined) {
      target = new SetValue(db.limits)
      db.add(to, target)
    }
    if (target.add(member)) db.modified(to, NotifyClass.set, 'sadd')
    reply.integer(1)
  },
})

export const sismember = command({
  name: 'SISMEMBER',
  since: '1.0.0',
  group: 'set',
  summary: 'Tells whether a set has a member.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['set'],
  args: [key('key', ['RO']), string('member')],
  run: ({ db, reply }, argv) => {
    reply.integer(db.readSet(argv[1] as Bytes)?.has(argv[2] as Bytes) ? 1 : 0)
  },
})

export const smismember = command({
  name: 'SMISMEMBER',
  since: '6.2.0',
  group: 'set',
  summary: 'Tells of each of several members whether a set has it.',
  complexity: 'O(N) where N is the number of elements being checked for membership',
  flags: ['readonly', 'fast'],
  categories: ['set'],
  args: [key('key', ['RO', 'access']), string('member', { multiple: true })],
  run: ({ db, reply }, argv) => {
    const set = db.readSet(argv[1] as Bytes)
    reply.array(argv.length - 2)
    for (let i = 2; i < argv.length; i++) reply.integer(set?.has(argv[i] as Bytes) ? 1 : 0)
  },
})

export const scard = command({
  name: 'SCARD',
  since: '1.0.0',
  group: 'set',
  summary: 'Returns how many members a set has.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  categories: ['set'],
  args: [key('key', ['RO'])],
  run: ({ db, reply }, argv) => reply.integer(db.readSet(argv[1] as Bytes)?.size ?? 0),
})

export const smembers = command({
  name: 'SMEMBERS',
  since: '1.0.0',
  group: 'set',
  summary: 'Returns all members of a set.',
  complexity: 'O(N) where N is the set cardinality.',
  flags: ['readonly'],
  categories: ['set'],
  tips: ['nondeterministic_output_order'],
  args: [key('key', ['RO', 'access'])],
  run: ({ db, reply }, argv) => {
    const set = db.readSet(argv[1] as Bytes)
    reply.set(set?.size ?? 0)
    if (set !== undefined) reply.bulks([...set.names()])
  },
})
