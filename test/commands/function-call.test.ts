import t from 'tap'
import { keyPositionsOf } from '../../lib/commands/command.ts'
import * as commands from '../../lib/commands/function-call.ts'
import type { FunctionCall, FunctionPort } from '../../lib/commands/function-port.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

/** A node with one function, which replies what it is called with. */
function runner(): CommandRunner {
  const functions = {
    promiseOf: (name: string) =>
      name === 'f' ? { noWrites: true, allowsOom: false, allowsStale: true } : undefined,
    call: ({ reply }: { reply: { bulk(text: string): void } }, call: FunctionCall) => {
      const { name, keys, args, isReadonly } = call
      reply.bulk([name, keys.join('+'), args.join('+'), isReadonly].join('/'))
    },
  } as unknown as FunctionPort
  return new CommandRunner({ ports: { functions } })
}

t.test('keys and arguments', async (t) => {
  expectReplies(t, runner(), [
    ['FCALL f 0', '$9|f///false|'],
    ['FCALL f 2 a b c d', '$15|f/a+b/c+d/false|'],
    ['FCALL_RO f 1 a b', '$10|f/a/b/true|'],
    ['FCALL g x', '-ERR Function not found|'],
    ['FCALL f x', '-ERR Bad number of keys provided|'],
    ['FCALL f 1.5 a', '-ERR Bad number of keys provided|'],
    ['FCALL f 2 a', "-ERR Number of keys can't be greater than number of args|"],
    ['FCALL f -1', "-ERR Number of keys can't be negative|"],
    ['FCALL f', "-ERR wrong number of arguments for 'fcall' command|"],
  ])
})

t.test('declarations', async (t) => {
  const { fcall, fcallReadonly } = commands
  for (const command of [fcall, fcallReadonly]) {
    t.ok(command.has('noscript') && command.has('movablekeys'), command.name)
    t.equal(command.arity, -3)
    t.same(keyPositionsOf(command, ['fcall', 'f', '2', 'a', 'b', 'c']), [3, 4])
  }
  t.notOk(fcall.has('readonly'))
  t.ok(fcallReadonly.has('readonly'))
})
