/** What follows from a command's grammar: its arity and where its keys are. */
import t from 'tap'
import {
  type Argument,
  arityOf,
  block,
  countedKeys,
  double,
  integer,
  key,
  keySpecsOf,
  oneOf,
  pattern,
  string,
  token,
  unixTime,
} from '../../lib/commands/argument.ts'

const keyOf = key('key', ['RW', 'update'])
const optional = { optional: true } as const
const multiple = { multiple: true } as const

t.test('each maker says what its argument is', async (t) => {
  const options = { token: 'T', optional: true, since: '7.0.0' } as const
  for (const [make, type] of [
    [string, 'string'],
    [integer, 'integer'],
    [double, 'double'],
    [pattern, 'pattern'],
    [unixTime, 'unix-time'],
  ] as const) {
    t.strictSame(make('name', options), { name: 'name', type, ...options })
    t.strictSame(make('name'), { name: 'name', type })
  }
  t.strictSame(key('k', ['RO'], multiple), {
    name: 'k',
    type: 'key',
    keyFlags: ['RO'],
    multiple: true,
  })
  t.strictSame(token('name', 'WORD'), { name: 'name', type: 'pure-token', token: 'WORD' })
  t.strictSame(countedKeys('k', ['RO']), {
    name: 'k',
    type: 'key',
    keyFlags: ['RO'],
    counted: true,
    multiple: true,
  })
})

t.test('arity', async (t) => {
  const table: [what: string, words: number, args: Argument[], arity: number][] = [
    ['no arguments', 1, [], 1],
    ['no arguments of a subcommand', 2, [], 2],
    ['a key and a value', 1, [keyOf, string('value')], 3],
    ['something optional', 1, [keyOf, string('value', optional)], -2],
    ['at least one of something', 1, [string('value', multiple)], -2],
    ['none or more of something', 1, [string('value', { ...optional, ...multiple })], -1],
    ['a word', 1, [token('w', 'WORD')], 2],
    ['a value after its word', 1, [string('value', { token: 'WITH' })], 3],
    ['a group', 1, [block('b', [keyOf, string('value')])], 3],
    ['a group again and again', 1, [block('b', [keyOf, string('value')], multiple)], -3],
    ['a group after its word', 1, [block('b', [string('a'), string('b')], { token: 'WITH' })], 4],
    ['a group with something optional', 1, [block('b', [string('a'), string('b', optional)])], -2],
    ['one of several of the same length', 1, [oneOf('o', [token('a', 'A'), token('b', 'B')])], 2],
    ['one of several lengths', 1, [oneOf('o', [token('a', 'A'), string('b', { token: 'B' })])], -2],
    ['one of several after a word', 1, [oneOf('o', [token('a', 'A')], { token: 'BY' })], 3],
    ['keys with their number', 1, [integer('n'), countedKeys('k', ['RO'])], -3],
    [
      'ZADD',
      1,
      [
        keyOf,
        oneOf('condition', [token('nx', 'NX'), token('xx', 'XX')], optional),
        token('change', 'CH', optional),
        block('data', [double('score'), string('member')], multiple),
      ],
      -4,
    ],
  ]
  for (const [what, words, args, arity] of table) t.equal(arityOf(words, args), arity, what)
})

/** Where keys begin and how they go on, in brief. */
function specs(words: number, ...args: Argument[]): string[] {
  return keySpecsOf(words, args).map(({ begin, find }) => {
    const from =
      begin.type === 'index'
        ? `${begin.index}`
        : begin.type === 'keyword'
          ? `after ${begin.keyword} from ${begin.startFrom}`
          : 'somewhere'
    if (find.type === 'range') return `${from}, range ${find.lastKey} ${find.keyStep} ${find.limit}`
    if (find.type === 'keynum') return `${from}, number ${find.keynumIndex} ${find.firstKey}`
    return from
  })
}

t.test('keys', async (t) => {
  t.strictSame(specs(1), [])
  t.strictSame(specs(1, string('value')), [])
  t.strictSame(specs(1, keyOf), ['1, range 0 1 0'])
  t.strictSame(specs(2, keyOf), ['2, range 0 1 0'], 'of a subcommand')
  t.strictSame(specs(1, string('path'), keyOf), ['2, range 0 1 0'])
  t.strictSame(specs(1, keyOf, keyOf), ['1, range 0 1 0', '2, range 0 1 0'], 'RENAME')
  t.strictSame(specs(1, key('key', ['RO'], multiple)), ['1, range -1 1 0'], 'MGET')
  t.strictSame(
    specs(1, key('key', ['RO'], multiple), double('timeout')),
    ['1, range -2 1 0'],
    'BLPOP',
  )
  t.strictSame(
    specs(1, block('data', [keyOf, string('value')], multiple)),
    ['1, range -1 2 0'],
    'MSET',
  )
  t.strictSame(
    specs(1, string('operation'), keyOf, key('key', ['RO'], multiple)),
    ['2, range 0 1 0', '3, range -1 1 0'],
    'BITOP',
  )
})

t.test('keys that move', async (t) => {
  t.strictSame(specs(1, integer('numkeys'), countedKeys('key', ['RO'])), ['1, number 0 1'], 'LMPOP')
  t.strictSame(
    specs(1, keyOf, integer('numkeys'), countedKeys('key', ['RO'])),
    ['1, range 0 1 0', '2, number 0 1'],
    'ZUNIONSTORE',
  )
  t.strictSame(
    specs(1, keyOf, key('target', ['OW'], { token: 'STORE', optional: true })),
    ['1, range 0 1 0', 'after STORE from 1, range 0 1 0'],
    'SORT',
  )
  t.strictSame(
    specs(1, string('option', optional), key('key', ['RO'])),
    [],
    'behind something optional nobody knows',
  )
  t.strictSame(
    specs(1, string('option', optional), key('key', ['RO'], { token: 'KEYS', ...multiple })),
    ['after KEYS from 1, range -1 1 0'],
    'unless a word tells',
  )
  t.strictSame(
    specs(1, key('key', ['RO'], { token: 'KEY' })),
    ['2, range 0 1 0'],
    'a word that is always there needs no search',
  )
})

t.test('what is done to a key goes with its spec', async (t) => {
  const [first, second] = keySpecsOf(1, [key('a', ['RM', 'delete']), key('b', ['OW', 'insert'])])
  t.strictSame(first?.flags, ['RM', 'delete'])
  t.strictSame(second?.flags, ['OW', 'insert'])
})
