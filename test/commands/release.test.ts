/** What a declaration is in each version. */
import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { block, integer, key, token } from '../../lib/commands/argument.ts'
import { type CommandDeclaration, command } from '../../lib/commands/command.ts'
import { commandAt } from '../../lib/commands/release.ts'
import { CommandTable } from '../../lib/commands/table.ts'

function declare(given: Partial<CommandDeclaration> = {}) {
  return command({
    name: 'THING',
    since: '2.0.0',
    group: 'generic',
    summary: 'Does something.',
    complexity: 'O(1)',
    flags: [],
    run: () => {},
    ...given,
  })
}

const at = (declared: ReturnType<typeof declare>, version: string) =>
  commandAt(declared, new Version(version))

t.test('a command is there from its version on', async (t) => {
  const declared = declare({ since: '7.2.0' })
  t.equal(at(declared, '7.0'), undefined)
  t.equal(at(declared, '7.2'), declared, 'nothing about it is newer: it is itself')
  t.equal(at(declared, '8.0'), declared)
})

t.test('arguments that came later are not there, and do not count for arity', async (t) => {
  const declared = declare({
    args: [
      key('key', ['RO']),
      token('withscore', 'WITHSCORE', { optional: true, since: '7.2.0' }),
      block('range', [integer('start'), token('exact', 'EXACT', { since: '7.4.0' })]),
    ],
  })
  t.equal(at(declared, '7.0')?.arity, 3)
  t.same(
    at(declared, '7.2')?.args.map(({ name }) => name),
    ['key', 'withscore', 'range'],
  )
  t.same(
    at(declared, '7.2')?.args[2]?.arguments?.map(({ name }) => name),
    ['start'],
  )
  t.equal(at(declared, '7.4'), declared)
})

t.test('arguments have their former names before 7.2', async (t) => {
  const declared = declare({
    args: [block('data', [integer('score')], { formerName: 'score_member', multiple: true })],
  })
  t.equal(at(declared, '7.0')?.args[0]?.name, 'score_member')
  t.equal(at(declared, '7.2')?.args[0]?.name, 'data')
})

t.test('history and deprecation are told once they happened', async (t) => {
  const declared = declare({
    history: [
      ['6.2.0', 'Takes one.'],
      ['7.4.0', 'Takes another.'],
    ],
    deprecated: { since: '7.2.0', replacedBy: 'another' },
  })
  const facts = (version: string) => {
    const found = at(declared, version)
    return [found?.history?.length, found?.deprecated !== undefined]
  }
  t.same(facts('6.0.0'), [0, false])
  t.same(facts('7.0'), [1, false])
  t.same(facts('7.2'), [1, true])
  t.same(facts('7.4'), [2, true])
})

t.test('what was otherwise before a version is put back, the earliest change last', async (t) => {
  const declared = declare({
    flags: ['write', 'blocking'],
    before: {
      '7.2.0': { flags: ['write', 'noscript', 'blocking'], complexity: 'O(N)' },
      '7.4.0': { flags: ['write', 'fast', 'blocking'] },
    },
  })
  const flags = (version: string) => at(declared, version)?.flags.join(' ')
  t.equal(flags('7.0'), 'write noscript blocking')
  t.equal(at(declared, '7.0')?.complexity, 'O(N)')
  t.ok(at(declared, '7.0')?.has('noscript'))
  t.equal(flags('7.2'), 'write fast blocking')
  t.equal(at(declared, '7.2')?.complexity, 'O(1)')
  t.equal(at(declared, '7.4'), declared)
})

t.test('a table has what its version knows, and its help no more', async (t) => {
  const has = (version: string, ...words: string[]) =>
    new CommandTable(new Version(version)).resolve(words) !== undefined
  t.notOk(has('7.0', 'client', 'setinfo'))
  t.ok(has('7.2', 'client', 'setinfo'))
  t.notOk(has('8.0', 'cluster', 'slot-stats'))
  t.ok(has('8.2.0', 'cluster', 'slot-stats'))
  const help = (version: string) =>
    (new CommandTable(new Version(version)).find('client')?.command.help ?? []).join('\n')
  t.notMatch(help('7.0'), /SETINFO|library/)
  t.match(help('7.2'), /SETINFO/)
  t.match(help('7.0'), /SETNAME/)
})

t.test('unless told otherwise a table is that of 7.0, and knows later commands', async (t) => {
  const table = new CommandTable(new Version())
  t.equal(new Version().text, new Version('7.0').text)
  for (const name of ['client setinfo', 'cluster myshardid', 'cluster slot-stats', 'hexpire foo']) {
    t.ok(table.resolve(name.split(' ')), name)
  }
  const argumentsOf = (of: CommandTable) => of.find('zrank')?.command.args
  t.equal(argumentsOf(table)?.length, argumentsOf(new CommandTable(new Version('7.0')))?.length)
  const names = (of: CommandTable) => [...of.all()].map(({ command }) => command.name)
  const latest = new Set(names(new CommandTable(new Version('8.2.0'))))
  t.same(new Set(names(table)), latest)
  t.match(table.find('client')?.command.help?.join(' '), /SETINFO/)
})

t.test('each version shows exactly its commands', async (t) => {
  const namesAt = (version: string) =>
    new Set([...new CommandTable(new Version(version)).all()].map(({ command }) => command.name))
  const added = (from: string, to: string) => {
    const [before, after] = [namesAt(from), namesAt(to)]
    for (const name of before) t.ok(after.has(name), `${name} is still there`)
    return [...after].filter((name) => !before.has(name)).sort()
  }
  t.same(added('7.0', '7.2'), ['CLIENT NO-TOUCH', 'CLIENT SETINFO', 'CLUSTER MYSHARDID', 'WAITAOF'])
  t.same(added('7.2', '7.4'), [
    'HEXPIRE',
    'HEXPIREAT',
    'HEXPIRETIME',
    'HPERSIST',
    'HPEXPIRE',
    'HPEXPIREAT',
    'HPEXPIRETIME',
    'HPTTL',
    'HTTL',
  ])
  t.same(added('7.4', '8.0'), ['HGETDEL', 'HGETEX', 'HSETEX'])
})
