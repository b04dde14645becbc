import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { parseReply, RespError, type RespValue } from '../support/resp-client.ts'

const runner = new CommandRunner()

function ask(line: string): RespValue {
  const parsed = parseReply(runner.run(line))
  if (parsed === undefined) throw new Error('a reply is not complete')
  return parsed.value
}

function refusal(line: string): string | undefined {
  const reply = ask(line)
  return reply instanceof RespError ? reply.message : undefined
}

function names(line: string): string[] {
  return (ask(line) as string[]).sort()
}

const table = new CommandTable(new Version('7.0'))
const roots = [...table.entries()].map(({ command }) => command.fullName)

t.test('all commands', async (t) => {
  t.equal(ask('COMMAND COUNT'), roots.length)
  for (const line of ['COMMAND', 'command info']) {
    t.same(
      (ask(line) as RespValue[][]).map(([name]) => name),
      roots,
      line,
    )
  }
  const docs = ask('COMMAND DOCS') as RespValue[]
  t.same(
    docs.filter((_, i) => i % 2 === 0),
    roots,
  )
  t.equal(runner.run('COMMAND INFO'), runner.run('COMMAND'))
})

t.test('commands by name', async (t) => {
  const infos = ask(
    'COMMAND INFO GET nosuch config|Get get|x config| | config|get|x',
  ) as RespValue[]
  t.same(
    infos.map((info) => (info === null ? null : (info as RespValue[])[0])),
    ['get', null, 'config|get', null, null, null, null],
  )
  const docs = ask('COMMAND DOCS get nosuch GET config|get') as RespValue[]
  t.same(
    docs.filter((_, i) => i % 2 === 0),
    ['get', 'get', 'config|get'],
  )
})

t.test('COMMAND LIST', async (t) => {
  const all = names('COMMAND LIST')
  t.ok(all.length > roots.length, 'subcommands are listed too')
  for (const name of ['get', 'config', 'config|get']) t.ok(all.includes(name), name)
  t.same(names('COMMAND LIST FILTERBY PATTERN CONFIG|*'), [
    ...['config|get', 'config|help', 'config|resetstat', 'config|rewrite', 'config|set'],
  ])
  t.same(names('COMMAND LIST filterby pattern multi'), ['multi'])
  t.same(names('COMMAND LIST FILTERBY ACLCAT Transaction'), [
    ...['discard', 'exec', 'multi', 'unwatch', 'watch'],
  ])
  t.same(names('COMMAND LIST FILTERBY ACLCAT nosuch'), [])
  t.same(names('COMMAND LIST FILTERBY MODULE json'), [])
  for (const words of [
    'FOO',
    'FILTERBY',
    'FILTERBY ACLCAT',
    'FILTERBY X y',
    'FILTERBY ACLCAT a b',
  ]) {
    t.equal(refusal(`COMMAND LIST ${words}`), 'ERR syntax error', words)
  }
})

t.test('COMMAND GETKEYS', async (t) => {
  t.same(ask('COMMAND GETKEYS GET a'), ['a'])
  t.same(ask('COMMAND GETKEYS mset a 1 b 2'), ['a', 'b'])
  t.same(ask('COMMAND GETKEYS mset a 1 b'), ['a', 'b'])
  t.same(ask('COMMAND GETKEYS watch a b c'), ['a', 'b', 'c'])
  t.same(ask('COMMAND GETKEYS object encoding x'), ['x'])
  for (const [command, error] of [
    ['nosuch a', 'Invalid command specified'],
    ['config foo x', 'Invalid command specified'],
    ['config|get x', 'Invalid command specified'],
    ['ping x', 'The command has no key arguments'],
    ['config get', 'The command has no key arguments'],
    ['get a b', 'Invalid number of arguments specified for command'],
  ] as const) {
    t.equal(refusal(`COMMAND GETKEYS ${command}`), `ERR ${error}`, command)
  }
  t.equal(
    refusal('COMMAND GETKEYS get'),
    "ERR wrong number of arguments for 'command|getkeys' command",
  )
})

t.test('COMMAND GETKEYSANDFLAGS', async (t) => {
  t.same(ask('COMMAND GETKEYSANDFLAGS mset a 1 b 2'), [
    ['a', ['OW', 'update']],
    ['b', ['OW', 'update']],
  ])
  t.same(ask('COMMAND GETKEYSANDFLAGS rename a b'), [
    ['a', ['RW', 'access', 'delete']],
    ['b', ['OW', 'update']],
  ])
  t.same(ask('COMMAND GETKEYSANDFLAGS set a b'), [['a', ['OW', 'update']]])
  t.same(ask('COMMAND GETKEYSANDFLAGS set a b GET'), [['a', ['RW', 'access', 'update']]])
  t.equal(refusal('COMMAND GETKEYSANDFLAGS ping x'), 'ERR The command has no key arguments')
})

t.test('COMMAND HELP and what is none of them', async (t) => {
  const help = ask('COMMAND HELP') as string[]
  t.equal(help[0], 'COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
  t.equal(help[1], '(no subcommand)')
  t.equal(refusal('COMMAND FOO'), "ERR unknown subcommand 'FOO'. Try COMMAND HELP.")
})
