import t from 'tap'
import { keyPositionsOf } from '../../lib/commands/command.ts'
import type { ScriptingPort, ScriptRequest } from '../../lib/commands/context.ts'
import { evaluate, readCall } from '../../lib/commands/scripting.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const DIGEST = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'

function start() {
  const requests: ScriptRequest[] = []
  const debugged: (readonly string[])[] = []
  const modes: (string | undefined)[] = []
  let flushes = 0
  const scripting: ScriptingPort = {
    evaluate: (request) => {
      requests.push(request)
      runner.execute(['PING'])
    },
    get isDebugged() {
      return modes.at(-1) === 'fork'
    },
    debug: ({ argv, byDigest, isReadonly }) => {
      debugged.push([...argv, byDigest ? 'by digest' : 'by source', isReadonly ? 'ro' : 'rw'])
    },
    chooseDebugging: (mode) => modes.push(mode),
    promiseOf: () => undefined,
    load: () => DIGEST,
    knows: (digest) => digest.toLowerCase() === DIGEST,
    busy: undefined,
    flush: () => {
      flushes++
    },
    kill: () => {},
  }
  const runner = new CommandRunner({ ports: { scripting } })
  return { runner, requests, debugged, modes, flushes: () => flushes }
}

t.test('keys and arguments are told apart by their count', async (t) => {
  t.same(readCall(['EVAL', 's', '2', 'a', 'b', 'c']), { keys: ['a', 'b'], args: ['c'] })
  t.same(readCall(['EVAL', 's', '0']), { keys: [], args: [] })
  t.same(keyPositionsOf(evaluate, ['EVAL', 's', '2', 'a', 'b', 'c']), [3, 4])
  t.same(keyPositionsOf(evaluate, ['EVAL', 's', '0', 'c']), [])
  const { runner } = start()
  expectReplies(t, runner, [
    ['EVAL s x', '-ERR value is not an integer or out of range|'],
    ['EVAL s 1', "-ERR Number of keys can't be greater than number of args|"],
    ['EVAL s -1', "-ERR Number of keys can't be negative|"],
    ['EVAL s', "-ERR wrong number of arguments for 'eval' command|"],
    ['EVALSHA abc x', '-NOSCRIPT No matching script. Please use EVAL.|'],
    [`EVALSHA ${DIGEST} x`, '-ERR value is not an integer or out of range|'],
  ])
})

t.test('what is run, and how', async (t) => {
  const { runner, requests } = start()
  runner.runAll('EVAL s 1 k a', `EVALSHA ${DIGEST} 0`, 'EVAL_RO s 0', `EVALSHA_RO ${DIGEST} 0`)
  t.same(
    requests.map(({ script, byDigest, isReadonly, keys, args }) => [
      script,
      byDigest,
      isReadonly,
      keys,
      args,
    ]),
    [
      ['s', false, false, ['k'], ['a']],
      [DIGEST, true, false, [], []],
      ['s', false, true, [], []],
      [DIGEST, true, true, [], []],
    ],
  )
})

t.test('SCRIPT', async (t) => {
  const { runner, flushes } = start()
  expectReplies(t, runner, [
    ['SCRIPT LOAD x', `$40|${DIGEST}|`],
    [`SCRIPT EXISTS ${DIGEST} ${DIGEST.toUpperCase()} x`, '*3|:1|:1|:0|'],
    ['SCRIPT FLUSH', '+OK|'],
    ['SCRIPT FLUSH async', '+OK|'],
    ['SCRIPT FLUSH SYNC', '+OK|'],
    ['SCRIPT FLUSH x', '-ERR SCRIPT FLUSH only support SYNC|ASYNC option|'],
    ['SCRIPT FLUSH sync x', '-ERR SCRIPT FLUSH only support SYNC|ASYNC option|'],
    ['SCRIPT KILL', '+OK|'],
    ['SCRIPT', "-ERR wrong number of arguments for 'script' command|"],
  ])
  t.equal(flushes(), 3)
})

t.test('a script that is debugged goes elsewhere, whatever its arguments', async (t) => {
  const { runner, requests, debugged, modes } = start()
  runner.runAll('SCRIPT DEBUG no', 'SCRIPT DEBUG sync', 'SCRIPT DEBUG x', 'SCRIPT DEBUG Yes')
  t.same(modes, ['no', 'sync', undefined, 'fork'])
  runner.runAll('EVAL s x', `EVALSHA ${DIGEST} 0`, 'EVAL_RO s 0', 'EVALSHA short 0')
  t.same(debugged, [
    ['EVAL', 's', 'x', 'by source', 'rw'],
    ['EVALSHA', DIGEST, '0', 'by digest', 'rw'],
    ['EVAL_RO', 's', '0', 'by source', 'ro'],
  ])
  t.same(requests, [])
})
