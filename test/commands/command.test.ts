/** What a declaration turns into, and which words of a request are keys. */
import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { countedKeys, integer, type KeySpec, key, string } from '../../lib/commands/argument.ts'
import {
  type CommandDeclaration,
  categoriesOf,
  command,
  keyPositionsOf,
  keyReferencesOf,
} from '../../lib/commands/command.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const run = () => {}

/** A command declared with little. */
function declare(given: Partial<CommandDeclaration> & { readonly name: string }) {
  return command({
    since: '1.0.0',
    group: 'generic',
    summary: 'Does something.',
    complexity: 'O(1)',
    flags: [],
    run,
    ...given,
  })
}

const words = (line: string) => line.split(' ')

t.test('names', async (t) => {
  t.equal(declare({ name: 'GET' }).fullName, 'get')
  t.equal(declare({ name: 'CLUSTER NODES' }).fullName, 'cluster|nodes')
})

t.test('flags', async (t) => {
  const write = declare({ name: 'SET', flags: ['write', 'denyoom'] })
  t.strictSame([write.isWrite, write.isReadonly, write.isAdmin], [true, false, false])
  t.ok(write.has('denyoom'))
  t.notOk(write.has('fast'))
  const admin = declare({ name: 'CONFIG GET', flags: ['admin', 'readonly'] })
  t.strictSame([admin.isWrite, admin.isReadonly, admin.isAdmin], [false, true, true])
  t.throws(() => declare({ name: 'X', flags: ['write', 'readonly'] }), {
    message: 'X: a command is not both write and readonly',
  })
})

t.test('categories that flags imply, in their order', async (t) => {
  const of = (given: Partial<CommandDeclaration>) => categoriesOf(declare({ name: 'X', ...given }))
  t.strictSame(of({}), ['slow'])
  t.strictSame(of({ flags: ['write', 'fast'], categories: ['string'] }), [
    'write',
    'string',
    'fast',
  ])
  t.strictSame(of({ flags: ['readonly'], categories: ['keyspace'] }), ['keyspace', 'read', 'slow'])
  t.strictSame(of({ flags: ['admin'] }), ['admin', 'slow', 'dangerous'])
  t.strictSame(of({ flags: ['pubsub', 'blocking'] }), ['pubsub', 'slow', 'blocking'])
  t.strictSame(of({ flags: ['readonly'], categories: ['scripting'] }), ['slow', 'scripting'])
})

t.test('what the grammar tells can be overruled', async (t) => {
  const args = [key('key', ['RO'])]
  t.equal(declare({ name: 'GET', args }).arity, 2)
  t.equal(declare({ name: 'GET', args, arity: -2 }).arity, -2)
  t.equal(declare({ name: 'GET', args, keySpecs: [] }).firstKey, 0)
  t.strictSame(declare({ name: 'PING' }).args, [])
})

const range = (index: number, lastKey: number, keyStep = 1, limit = 0): KeySpec => ({
  flags: ['RO'],
  begin: { type: 'index', index },
  find: { type: 'range', lastKey, keyStep, limit },
})
const behind = (keyword: string, startFrom: number, lastKey = 0): KeySpec => ({
  flags: ['OW'],
  begin: { type: 'keyword', keyword, startFrom },
  find: { type: 'range', lastKey, keyStep: 1, limit: 0 },
})
const unknown: KeySpec = { flags: ['RW'], begin: { type: 'unknown' }, find: { type: 'unknown' } }

t.test('the legacy range', async (t) => {
  const of = (...keySpecs: KeySpec[]) => {
    const { firstKey, lastKey, keyStep, movableKeys } = declare({ name: 'X', keySpecs })
    return [firstKey, lastKey, keyStep, movableKeys]
  }
  t.strictSame(of(), [0, 0, 0, false])
  t.strictSame(of(range(1, 0)), [1, 1, 1, false])
  t.strictSame(of(range(1, -1, 2)), [1, -1, 2, false])
  t.strictSame(of(range(1, 0), range(2, 0)), [1, 2, 1, false], 'RENAME')
  t.strictSame(of(range(2, 0), range(3, -1)), [2, -1, 1, false], 'BITOP')
  t.strictSame(of(behind('STORE', 1)), [0, 0, 0, true])
  t.strictSame(of(range(1, 0), behind('STORE', 1)), [1, 1, 1, true], 'SORT')
  t.strictSame(of(range(1, 0), unknown), [1, 1, 1, true])
  t.ok(declare({ name: 'X', keySpecs: [behind('STORE', 1)] }).has('movablekeys'))
  t.notOk(declare({ name: 'X', keySpecs: [range(1, 0)] }).has('movablekeys'))
})

t.test('positions of keys in a request', async (t) => {
  const of = (given: Partial<CommandDeclaration>, line: string) =>
    keyPositionsOf(declare({ name: 'X', ...given }), words(line))
  t.strictSame(of({}, 'x a b'), [])
  t.strictSame(of({ keySpecs: [range(1, 0)] }, 'x a b'), [1])
  t.strictSame(of({ keySpecs: [range(1, -1)] }, 'x a b c'), [1, 2, 3])
  t.strictSame(of({ keySpecs: [range(1, -2)] }, 'x a b 0'), [1, 2])
  t.strictSame(of({ keySpecs: [range(1, -1, 2)] }, 'x a 1 b 2'), [1, 3])
  t.strictSame(of({ keySpecs: [range(1, 0), range(2, 0)] }, 'x a b'), [1, 2])
  t.strictSame(of({ keySpecs: [range(3, 0)] }, 'x a'), [], 'a request that ends before')
  t.strictSame(
    of({ args: [integer('numkeys'), countedKeys('key', ['RO']), string('where')] }, 'x 2 a b left'),
    [2, 3],
  )
  t.strictSame(
    of({ args: [integer('numkeys'), countedKeys('key', ['RO'])] }, 'x 3 a b'),
    [],
    'fewer than their number',
  )
  for (const [count, keys] of [
    ['0', []],
    ['-1', []],
    ['many', []],
    ['1.5', [2]],
    ['2x', [2, 3]],
  ] as const) {
    t.strictSame(
      of({ args: [integer('numkeys'), countedKeys('key', ['RO'])] }, `x ${count} a b`),
      keys,
      count,
    )
  }
  t.strictSame(of({ keyPositions: () => [4, 2] }, 'x a b c d'), [4, 2], 'the command knows itself')
})

t.test('keys behind a word', async (t) => {
  const sort = { keySpecs: [range(1, 0), behind('STORE', 1)] }
  const of = (line: string, given: Partial<CommandDeclaration> = sort) =>
    keyReferencesOf(declare({ name: 'X', ...given }), words(line))
  t.strictSame(of('sort k store d'), [
    { position: 1, flags: ['RO'] },
    { position: 3, flags: ['OW'] },
  ])
  t.strictSame(
    of('sort k STORE d STORE e')?.map(({ position }) => position),
    [1, 3],
  )
  t.strictSame(
    of('sort k asc')?.map(({ position }) => position),
    [1],
    'without the word, no key',
  )
  t.strictSame(
    of('sort k store')?.map(({ position }) => position),
    [1],
    'a word with nothing behind it is none',
  )
  t.strictSame(
    of('x streams a b 0 0', {
      keySpecs: [
        {
          flags: ['RO'],
          begin: { type: 'keyword', keyword: 'STREAMS', startFrom: 1 },
          find: { type: 'range', lastKey: -1, keyStep: 1, limit: 2 },
        },
      ],
    })?.map(({ position }) => position),
    [2, 3],
    'the first half of what is left',
  )
  t.strictSame(
    of('x 0 keys a keys b', { keySpecs: [behind('KEYS', -2, -1)] })?.map(
      ({ position }) => position,
    ),
    [5],
    'from the end',
  )
})

t.test('a request whose keys cannot be told', async (t) => {
  const keySpecs = [range(2, 0)]
  t.equal(keyReferencesOf(declare({ name: 'X', keySpecs }), words('x a')), undefined)
  t.strictSame(
    keyReferencesOf(declare({ name: 'X', keySpecs, flags: ['no_mandatory_keys'] }), words('x a')),
    [],
  )
  t.strictSame(keyReferencesOf(declare({ name: 'X', keySpecs: [unknown] }), words('x a')), [])
})

t.test('what is done to a key may depend on the request', async (t) => {
  const flags = (line: string, given: Partial<CommandDeclaration>) =>
    keyReferencesOf(declare({ name: 'X', ...given }), words(line))?.map((found) => found.flags)
  const keyFlags: NonNullable<CommandDeclaration['keyFlags']> = (argv) =>
    argv.includes('get') ? ['RO', 'access'] : ['RW', 'update']
  t.strictSame(flags('x a get', { keySpecs: [range(1, 0)], keyFlags }), [['RO', 'access']])
  t.strictSame(flags('x a set', { keySpecs: [range(1, 0)], keyFlags }), [['RW', 'update']])
  t.strictSame(flags('x a', { keySpecs: [range(1, 0)], keyPositions: () => [1] }), [['RO']])
  t.strictSame(flags('x a', { keyPositions: () => [1], keySpecs: [] }), [[]])
  const channel: KeySpec = { ...range(1, 0), flags: ['not_key'] }
  t.strictSame(flags('x a', { keySpecs: [channel] }), [], 'a channel is no key')
})

t.test('all commands have one shape, which V8 compiles accesses for', async (t) => {
  setFlagsFromString('--allow-natives-syntax')
  const isFast = new Function('command', 'return %HasFastProperties(command)')
  const areAlike = new Function('one', 'other', 'return %HaveSameMap(one, other)')
  const commands = [...new CommandTable(new Version('7.0.15')).all()].map((entry) => entry.command)
  t.ok(isFast(commands[0]))
  for (const command of commands) t.ok(areAlike(command, commands[0]), command.fullName)
})

t.test('a plain command reads or writes keys that it names, and does nothing else', async (t) => {
  const table = new CommandTable(new Version('7.4'))
  const isPlain = (name: string) => table.lookUp(name)?.command.isPlain
  const plain = ['get', 'set', 'mget', 'hexpire', 'zadd', 'dump', 'restore', 'xadd', 'object|freq']
  for (const name of plain) t.equal(isPlain(name), true, name)
  const others = [
    ...['ping', 'dbsize', 'config|set', 'multi', 'exec', 'publish', 'spublish', 'cluster|nodes'],
    ...['blpop', 'xread', 'wait', 'watch', 'migrate', 'eval', 'fcall_ro', 'sort', 'zunionstore'],
  ]
  for (const name of others) t.equal(isPlain(name), false, name)
})
