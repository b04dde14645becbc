import t from 'tap'
import { CommandSet } from '../../lib/acl/command-set.ts'
import { Version } from '../../lib/base/version.ts'
import { type CommandEntry, CommandTable } from '../../lib/commands/table.ts'

const table = new CommandTable(new Version('7.0'))

function entry(name: string): CommandEntry {
  const found = table.lookUp(name)
  if (found === undefined) throw new Error(`no command ${name}`)
  return found
}

function has(set: CommandSet, name: string): boolean {
  return set.has(entry(name).command)
}

t.test('a command is set with its subcommands, a subcommand alone', async (t) => {
  const set = new CommandSet(table)
  t.notOk(has(set, 'config'))
  set.set(entry('config'), true)
  t.ok(has(set, 'config'))
  t.ok(has(set, 'config|get'))
  set.set(entry('config|get'), false)
  t.ok(has(set, 'config'))
  t.notOk(has(set, 'config|get'))
  t.ok(has(set, 'config|set'))
})

t.test('all, none, and what lies between', async (t) => {
  const set = new CommandSet(table)
  t.notOk(set.isWhole)
  set.allowAll()
  t.ok(set.isWhole)
  t.ok(set.includesFuture)
  set.set(entry('get'), false)
  t.notOk(set.isWhole)
  t.ok(set.includesFuture, 'what comes later is allowed still')
  set.set(entry('get'), true)
  t.ok(set.isWhole)
  set.denyAll()
  t.notOk(set.includesFuture)
  t.notOk(has(set, 'ping'))
})

t.test('a category takes all its commands, containers with what they contain', async (t) => {
  const set = new CommandSet(table)
  set.setCategory('hash', true)
  t.ok(has(set, 'hget'))
  t.notOk(has(set, 'get'))
  set.setCategory('read', false)
  t.notOk(has(set, 'hget'))
  t.ok(has(set, 'hset'))
  set.setCategory('stream', true)
  t.ok(has(set, 'xinfo|stream'))
})

t.test('a first argument allows what is denied otherwise', async (t) => {
  const set = new CommandSet(table)
  const { command } = entry('select')
  set.allowFirstArgument(command, '0')
  set.allowFirstArgument(command, 'A')
  set.allowFirstArgument(command, 'a')
  t.same(set.firstArgumentsOf(command), ['0', 'A'], 'once, whatever its case')
  t.notOk(set.has(command))
  t.ok(set.permits(command, ['select', '0']))
  t.ok(set.permits(command, ['SELECT', 'a']))
  t.notOk(set.permits(command, ['select', '1']))
  t.notOk(set.permits(command, ['select']))
  set.set(entry('select'), true)
  t.ok(set.permits(command, ['select', '1']))
  t.same(set.firstArgumentsOf(command), [], 'all that was said before is void')
  set.allowFirstArgument(command, '0')
  set.denyAll()
  t.same(set.firstArgumentsOf(command), [])
})

t.test('a copy goes its own way', async (t) => {
  const set = new CommandSet(table)
  set.allowAll()
  set.allowFirstArgument(entry('select').command, '0')
  const copy = set.copy()
  t.ok(copy.isWhole && copy.includesFuture)
  t.same(copy.firstArgumentsOf(entry('select').command), ['0'])
  copy.denyAll()
  t.ok(set.isWhole)
  t.same(set.firstArgumentsOf(entry('select').command), ['0'])
})
