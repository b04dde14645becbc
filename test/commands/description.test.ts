import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { block, integer, key, oneOf, string, token } from '../../lib/commands/argument.ts'
import { type Command, command } from '../../lib/commands/command.ts'
import { writeDocs, writeInfo, writeWords } from '../../lib/commands/description.ts'
import { type CommandEntry, newStats } from '../../lib/commands/table.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'
import { parseReply, type RespValue } from '../support/resp-client.ts'

const V70 = new Version('7.0')

function entry(declared: Command, subcommands: readonly Command[] = []): CommandEntry {
  return {
    command: declared,
    stats: newStats(),
    subcommands:
      subcommands.length === 0
        ? undefined
        : new Map(subcommands.map((sub) => [sub.name.split(' ')[1] ?? '', entry(sub)])),
  }
}

/** What is written, in RESP3 unless said; sets become arrays of their members behind `set`. */
function written(write: (reply: WireReply) => void, protocol: 2 | 3 = 3): RespValue[] {
  const reply = new WireReply()
  reply.protocol = protocol
  write(reply)
  const text = reply.take()
  const values: RespValue[] = []
  let at = 0
  while (at < text.length) {
    const parsed = parseReply(text, at)
    if (parsed === undefined) throw new Error('a reply is not complete')
    values.push(parsed.value)
    at = parsed.end
  }
  return values
}

const nothing = { since: '1.0.0', complexity: 'O(1)', summary: 'Does it.', run: () => {} } as const

const plain = command({
  ...nothing,
  name: 'MOVEIT',
  group: 'list',
  flags: ['write', 'denyoom'],
  categories: ['list'],
  tips: ['some_tip'],
  args: [
    key('source', ['RW', 'access', 'delete']),
    key('destination', ['RW', 'insert'], { token: 'TO', optional: true }),
  ],
})

t.test('COMMAND INFO', async (t) => {
  const [info] = written((reply) => writeInfo(reply, entry(plain)))
  t.same(info, [
    'moveit',
    -2,
    new Set(['write', 'denyoom', 'movablekeys']),
    1,
    1,
    1,
    new Set(['@write', '@list', '@slow']),
    new Set(['some_tip']),
    new Set([
      new Map<string, RespValue>([
        ['flags', new Set(['RW', 'access', 'delete'])],
        [
          'begin_search',
          new Map<string, RespValue>([
            ['type', 'index'],
            ['spec', new Map([['index', 1]])],
          ]),
        ],
        [
          'find_keys',
          new Map<string, RespValue>([
            ['type', 'range'],
            [
              'spec',
              new Map([
                ['lastkey', 0],
                ['keystep', 1],
                ['limit', 0],
              ]),
            ],
          ]),
        ],
      ]),
      new Map<string, RespValue>([
        ['flags', new Set(['RW', 'insert'])],
        [
          'begin_search',
          new Map<string, RespValue>([
            ['type', 'keyword'],
            [
              'spec',
              new Map<string, RespValue>([
                ['keyword', 'TO'],
                ['startfrom', 1],
              ]),
            ],
          ]),
        ],
        [
          'find_keys',
          new Map<string, RespValue>([
            ['type', 'range'],
            [
              'spec',
              new Map([
                ['lastkey', 0],
                ['keystep', 1],
                ['limit', 0],
              ]),
            ],
          ]),
        ],
      ]),
    ]),
    new Set(),
  ])
})

t.test('key specs that cannot tell where keys are, and those that count them', async (t) => {
  const odd = command({
    ...nothing,
    name: 'ODD',
    group: 'generic',
    flags: ['readonly'],
    keySpecs: [
      {
        notes: 'somewhere',
        flags: ['RO', 'incomplete'],
        begin: { type: 'unknown' },
        find: { type: 'unknown' },
      },
      {
        flags: ['RO'],
        begin: { type: 'index', index: 1 },
        find: { type: 'keynum', keynumIndex: 0, firstKey: 1, keyStep: 1 },
      },
    ],
  })
  const [info] = written((reply) => writeInfo(reply, entry(odd)), 2)
  t.same((info as RespValue[])[8], [
    [
      'notes',
      'somewhere',
      'flags',
      ['RO', 'incomplete'],
      'begin_search',
      ['type', 'unknown', 'spec', []],
      'find_keys',
      ['type', 'unknown', 'spec', []],
    ],
    [
      'flags',
      ['RO'],
      'begin_search',
      ['type', 'index', 'spec', ['index', 1]],
      'find_keys',
      ['type', 'keynum', 'spec', ['keynumidx', 0, 'firstkey', 1, 'keystep', 1]],
    ],
  ])
})

const container = command({ ...nothing, name: 'BOX', group: 'generic', flags: [], arity: -2 })
const inner = command({ ...nothing, name: 'BOX OPEN', group: 'generic', flags: ['fast'] })

t.test('subcommands are described within their container', async (t) => {
  const [info] = written((reply) => writeInfo(reply, entry(container, [inner])))
  const subcommands = (info as RespValue[])[9] as RespValue[]
  t.same(
    subcommands.map((sub) => (sub as RespValue[])[0]),
    ['box|open'],
  )
  const [name, docs] = written((reply) => writeDocs(reply, entry(container, [inner]), V70))
  t.equal(name, 'box')
  const map = (docs as Map<string, RespValue>).get('subcommands') as Map<string, RespValue>
  t.same([...map.keys()], ['box|open'])
})

t.test('COMMAND DOCS', async (t) => {
  const documented = command({
    ...nothing,
    name: 'OLD',
    group: 'generic',
    flags: [],
    internal: true,
    deprecated: { since: '6.0.0', replacedBy: '`NEW`' },
    history: [['2.0.0', 'Better.']],
    keySpecs: [1, 2].map((index) => ({
      flags: ['RO'],
      begin: { type: 'index', index },
      find: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    })),
    args: [
      oneOf('what', [
        string('one', { deprecatedSince: '3.0.0' }),
        block('two', [token('now', 'NOW'), integer('count', { token: 'COUNT', since: '4.0.0' })]),
      ]),
      key('first', ['RO']),
      block('rest', [key('more', ['RO'])], { optional: true, multiple: true, multipleToken: true }),
    ],
  })
  const [name, docs] = written((reply) => writeDocs(reply, entry(documented), V70), 2)
  t.equal(name, 'old')
  t.same(docs, [
    ...['summary', 'Does it.', 'since', '1.0.0', 'group', 'generic', 'complexity', 'O(1)'],
    ...['doc_flags', ['deprecated', 'syscmd'], 'deprecated_since', '6.0.0'],
    ...['replaced_by', '`NEW`', 'history', [['2.0.0', 'Better.']], 'arguments'],
    [
      [
        ...['name', 'what', 'type', 'oneof', 'arguments'],
        [
          ['name', 'one', 'type', 'string', 'deprecated_since', '3.0.0'],
          [
            ...['name', 'two', 'type', 'block', 'arguments'],
            [
              ['name', 'now', 'type', 'pure-token', 'token', 'NOW'],
              ['name', 'count', 'type', 'integer', 'token', 'COUNT', 'since', '4.0.0'],
            ],
          ],
        ],
      ],
      ['name', 'first', 'type', 'key', 'key_spec_index', 0],
      [
        ...['name', 'rest', 'type', 'block', 'flags', ['optional', 'multiple', 'multiple_token']],
        ...['arguments', [['name', 'more', 'type', 'key', 'key_spec_index', 1]]],
      ],
    ],
  ])
})

t.test('what there is nothing to say of is left out', async (t) => {
  const silent = command({ ...nothing, name: 'NOP', group: 'generic', flags: [], complexity: '' })
  const [, docs] = written((reply) => writeDocs(reply, entry(silent), V70))
  t.same([...(docs as Map<string, RespValue>).keys()], ['summary', 'since', 'group'])
})

t.test('a set of words', async (t) => {
  t.same(
    written((reply) => writeWords(reply, ['a', 'b'])),
    [new Set(['a', 'b'])],
  )
})
