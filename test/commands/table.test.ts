import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import type { Argument } from '../../lib/commands/argument.ts'
import { COMMAND_FLAGS, type Command, type CommandFlag } from '../../lib/commands/command.ts'
import { families } from '../../lib/commands/family.ts'
import { CommandTable } from '../../lib/commands/table.ts'

/** Later than all that is declared. */
const EVERYTHING = new Version('99.0.0')

const KNOWN_FLAGS: readonly CommandFlag[] = [...COMMAND_FLAGS, 'may_replicate']

const declared = families
  .flatMap((family) => Object.values(family))
  .filter(
    (exported): exported is Command =>
      typeof exported === 'object' && exported !== null && 'fullName' in exported,
  )

function everyArgument(args: readonly Argument[]): Argument[] {
  return args.flatMap((argument) => [argument, ...everyArgument(argument.arguments ?? [])])
}

const ACCESS = ['RO', 'RW', 'OW', 'RM']

t.test('every declaration is in the table under its name, once', async (t) => {
  const table = new CommandTable(EVERYTHING)
  t.equal(new Set(declared.map(({ fullName }) => fullName)).size, declared.length)
  for (const command of declared) {
    const found = table.resolve(command.name.split(' '))?.command
    t.equal(found, command, command.name)
    t.equal(table.resolve(command.name.toLowerCase().split(' '))?.command, command)
  }
  t.equal(table.size, declared.filter(({ name }) => !name.includes(' ')).length)
})

t.test('look-ups that find nothing', async (t) => {
  const table = new CommandTable(EVERYTHING)
  t.equal(table.find('nosuch'), undefined)
  t.equal(table.resolve([]), undefined)
  t.equal(table.resolve(['config', 'nosuch']), undefined)
  t.equal(table.resolve(['config'])?.command.name, 'CONFIG', 'a container alone is itself')
  t.equal(table.resolve(['get', 'config'])?.command.name, 'GET')
})

t.test('each node counts for itself', async (t) => {
  const [one, other] = [new CommandTable(EVERYTHING), new CommandTable(EVERYTHING)]
  const stats = one.find('get')?.stats
  if (stats !== undefined) stats.calls = 5
  t.equal(one.find('GET')?.stats.calls, 5)
  t.equal(other.find('get')?.stats.calls, 0)
})

for (const command of declared) {
  const { name, summary, complexity, since, history, args, keySpecs } = command
  t.test(name, async (t) => {
    t.match(name, /^[A-Z_-]+( [A-Z-]+)?$/, 'the name is one or two words in upper case')
    t.match(summary, /^[A-Z][^\n]*[^.]\.$/, 'the summary is a sentence')
    t.notMatch(complexity, /\n/)
    t.match(since, /^\d+\.\d+\.\d+$/)
    for (const [version, change] of history ?? []) {
      t.match(version, /^\d+\.\d+\.\d+$/)
      t.match(change, /^\S[^\n]*[^.]\.$/, 'a change is a sentence')
    }
    t.notOk(
      command.has('write') && command.has('readonly'),
      'write and readonly exclude each other',
    )
    t.ok(
      command.flags.every((flag) => KNOWN_FLAGS.includes(flag)),
      'flags are known',
    )
    for (const argument of everyArgument(args)) {
      if (argument.type === 'key') {
        t.ok(keySpecs.length > 0, 'keys have specs')
        t.ok(
          ACCESS.includes(argument.keyFlags?.[0] ?? ''),
          `${argument.name} says what is done to it`,
        )
      }
      if (argument.type === 'oneof' || argument.type === 'block') {
        t.ok((argument.arguments ?? []).length > 0, `${argument.name} has parts`)
      }
      if (argument.type === 'pure-token')
        t.type(argument.token, 'string', `${argument.name} is a word`)
    }
    for (const { flags } of keySpecs) {
      // What is no key is not accessed.
      const accesses = ACCESS.filter((flag) => flags.some((given) => given === flag)).length
      t.equal(accesses, flags.includes('not_key') ? 0 : 1)
      if (flags.includes('variable_flags')) {
        t.ok(command.keyFlags, 'flags that vary are told by the arguments')
      }
    }
    if (command.isWrite)
      t.ok(
        keySpecs.length > 0 || ['server', 'scripting'].includes(command.group) || args.length === 0,
      )
  })
}

t.test('a container lists all of its subcommands in its help', async (t) => {
  for (const { command, subcommands } of new CommandTable(EVERYTHING).entries()) {
    if (subcommands === undefined) continue
    const lines = command.help ?? []
    for (const [name, { command: subcommand }] of subcommands) {
      const aliased = subcommand.deprecated !== undefined
      if (name === 'help' || aliased) continue
      t.ok(
        lines.some((line) => new RegExp(`^${name}( |$)`, 'i').test(line)),
        `${command.name} HELP has ${name}`,
      )
    }
    t.ok(subcommands.has('help'), `${command.name} HELP`)
    for (const line of lines) t.ok(line.length <= 80, line)
  }
})
