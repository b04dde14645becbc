import t from 'tap'
import type { ScriptingPort } from '../../lib/commands/context.ts'
import type { FunctionLibraryFacts, FunctionPort } from '../../lib/commands/function-port.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const LIBRARIES: readonly FunctionLibraryFacts[] = [
  {
    name: 'one',
    source: '#!lua name=one\n...',
    functions: [
      { name: 'f', description: undefined, flags: [] },
      { name: 'g', description: 'd', flags: ['no-writes', 'allow-oom'] },
    ],
  },
]

/** A runner whose port writes down what it is asked, and how often something changed. */
function world(facts: Partial<FunctionPort> = {}) {
  const asked: unknown[] = []
  const functions: FunctionPort = {
    libraryCount: 2,
    functionCount: 3,
    running: undefined,
    promiseOf: () => undefined,
    call: () => {},
    load: (source, { replace }) => {
      asked.push(['load', source, replace])
      return 'loaded'
    },
    delete: (name) => name === 'one',
    flush: () => asked.push('flush'),
    list: (pattern) => {
      asked.push(['list', pattern])
      return LIBRARIES
    },
    dump: () => 'payload',
    restore: (payload, policy) => asked.push(['restore', payload, policy]),
    ...facts,
  }
  const scripting = {
    kill: (kind: string) => {
      throw new ReplyError(`NOTBUSY no ${kind}`)
    },
  } as unknown as ScriptingPort
  const runner = new CommandRunner({ ports: { functions, scripting } })
  return { runner, asked }
}

t.test('a library is loaded', async (t) => {
  const { runner, asked } = world()
  expectReplies(t, runner, [
    ['FUNCTION LOAD code', '$6|loaded|'],
    ['FUNCTION LOAD replace code', '$6|loaded|'],
    ['FUNCTION LOAD REPLACE Replace code', '$6|loaded|'],
    ['FUNCTION LOAD REPLACE', '$6|loaded|'],
    ['FUNCTION LOAD nosuch code', '-ERR Unknown option given: nosuch|'],
    ['FUNCTION LOAD', "-ERR wrong number of arguments for 'function|load' command|"],
    ['FUNCTION', "-ERR wrong number of arguments for 'function' command|"],
  ])
  t.same(asked, [
    ['load', 'code', false],
    ['load', 'code', true],
    ['load', 'code', true],
    ['load', 'REPLACE', false],
  ])
  t.equal(runner.changes.dirty, 4)
})

t.test('libraries are deleted', async (t) => {
  const { runner, asked } = world()
  expectReplies(t, runner, [
    ['FUNCTION DELETE one', '+OK|'],
    ['FUNCTION DELETE two', '-ERR Library not found|'],
    ['FUNCTION FLUSH', '+OK|'],
    ['FUNCTION FLUSH Sync', '+OK|'],
    ['FUNCTION FLUSH ASYNC', '+OK|'],
    ['FUNCTION FLUSH bsync', '-ERR FUNCTION FLUSH only supports SYNC|ASYNC option|'],
    [
      'FUNCTION flush SYNC x',
      "-ERR unknown subcommand or wrong number of arguments for 'flush'. Try FUNCTION HELP.|",
    ],
  ])
  t.same(asked, ['flush', 'flush', 'flush'])
  t.equal(runner.changes.dirty, 4)
})

const FUNCTIONS =
  '*2|*6|$4|name|$1|f|$11|description|$-1|$5|flags|*0|*6|$4|name|$1|g|$11|description|$1|d|$5|flags|*2|+no-writes|+allow-oom|'

t.test('libraries are listed', async (t) => {
  const { runner, asked } = world()
  const head = '$12|library_name|$3|one|$6|engine|$3|LUA|$9|functions|'
  const plain = `*1|*6|${head}${FUNCTIONS}`
  const withCode = `*1|*8|${head}${FUNCTIONS}$12|library_code|$18|#!lua name=one\n...|`
  expectReplies(t, runner, [
    ['FUNCTION LIST', plain],
    ['FUNCTION LIST WITHCODE', withCode],
    ['FUNCTION LIST libraryname a*', plain],
    ['FUNCTION LIST WithCode LIBRARYNAME b', withCode],
    ['FUNCTION LIST LIBRARYNAME WITHCODE', plain],
    ['FUNCTION LIST LIBRARYNAME', '-ERR library name argument was not given|'],
    ['FUNCTION LIST nosuch', '-ERR Unknown argument nosuch|'],
    ['FUNCTION LIST WITHCODE withcode', '-ERR Unknown argument withcode|'],
    ['FUNCTION LIST LIBRARYNAME a LIBRARYNAME b', '-ERR Unknown argument LIBRARYNAME|'],
  ])
  t.same(asked, [
    ['list', undefined],
    ['list', undefined],
    ['list', 'a*'],
    ['list', 'b'],
    ['list', 'WITHCODE'],
  ])
  t.equal(runner.changes.dirty, 0)
})

t.test('what runs, and how many there are', async (t) => {
  const engines = '$7|engines|*2|$3|LUA|*4|$15|libraries_count|:2|$15|functions_count|:3|'
  expectReplies(t, world().runner, [
    ['FUNCTION STATS', `*4|$14|running_script|$-1|${engines}`],
    ['FUNCTION KILL', '-NOTBUSY no function|'],
  ])
  const running = { name: 'f', argv: ['FCALL', 'f', '0'], milliseconds: 7 }
  expectReplies(t, world({ running }).runner, [
    [
      'FUNCTION STATS',
      `*4|$14|running_script|*6|$4|name|$1|f|$7|command|*3|$5|FCALL|$1|f|$1|0|$11|duration_ms|:7|${engines}`,
    ],
  ])
})

t.test('libraries are dumped and restored', async (t) => {
  const { runner, asked } = world()
  expectReplies(t, runner, [
    ['FUNCTION DUMP', '$7|payload|'],
    ['FUNCTION RESTORE p', '+OK|'],
    ['FUNCTION RESTORE p flush', '+OK|'],
    ['FUNCTION RESTORE p REPLACE', '+OK|'],
    [
      'FUNCTION RESTORE p nosuch',
      '-ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.|',
    ],
    [
      'FUNCTION restore p APPEND x',
      "-ERR unknown subcommand or wrong number of arguments for 'restore'. Try FUNCTION HELP.|",
    ],
  ])
  t.same(asked, [
    ['restore', 'p', 'append'],
    ['restore', 'p', 'flush'],
    ['restore', 'p', 'replace'],
  ])
  t.equal(runner.changes.dirty, 3)
})

t.test('help', async (t) => {
  t.match(world().runner.run('FUNCTION HELP'), /^\*\d+\r\n\+FUNCTION <subcommand> /)
})
