import t from 'tap'
import type { MigrationRequest } from '../../lib/commands/context.ts'
import { migrate } from '../../lib/commands/migrate.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

function start() {
  const requests: MigrationRequest[] = []
  const migration = { start: (request: MigrationRequest) => void requests.push(request) }
  const runner = new CommandRunner({ ports: { migration } })
  runner.runAll('SET a 1', 'SET b 2')
  return { requests, runner }
}

t.test('what is asked for', async (t) => {
  const { requests, runner } = start()
  runner.run('MIGRATE host 7001 a 0 0')
  runner.run('migrate host 7001x "" 3 500 copy auth2 me secret replace KEYS a none b a')
  runner.run('MIGRATE host x b 0 500 AUTH secret')
  const common = { host: 'host', port: 7001, timeoutMs: 500, copy: false, replace: false }
  t.match(requests, [
    { ...common, keys: ['a'], databaseIndex: 0, timeoutMs: 1000, credentials: [] },
    {
      ...common,
      keys: ['a', 'b', 'a'],
      databaseIndex: 3,
      copy: true,
      replace: true,
      credentials: ['me', 'secret'],
    },
    { ...common, port: 0, keys: ['b'], credentials: ['secret'] },
  ])
})

t.test('what makes no sense', async (t) => {
  const { requests, runner } = start()
  const notInteger = '-ERR value is not an integer or out of range|'
  expectReplies(t, runner, [
    ['MIGRATE host 7001 a 0', "-ERR wrong number of arguments for 'migrate' command|"],
    [
      'MIGRATE host 7001 a x y KEYS b',
      '-ERR When using MIGRATE KEYS option, the key argument must be set to the empty string|',
    ],
    ['MIGRATE host 7001 a 0 500 NOSUCH', '-ERR syntax error|'],
    ['MIGRATE host 7001 a 0 500 AUTH', '-ERR syntax error|'],
    ['MIGRATE host 7001 a 0 500 AUTH2 me', '-ERR syntax error|'],
    ['MIGRATE host 7001 a x 500', notInteger],
    ['MIGRATE host 7001 a 0 x', notInteger],
    ['MIGRATE host 7001 none 0 500', '+NOKEY|'],
    ['MIGRATE host 7001 "" 0 500 KEYS', '+NOKEY|'],
    ['MIGRATE host 7001 "" 0 500 KEYS none', '+NOKEY|'],
  ])
  t.same(requests, [])
})

t.test('where its keys are', async (t) => {
  const positions = (line: string) => migrate.keyPositions?.(line.split(' '))
  t.same(positions('MIGRATE h 1 k 0 10'), [3])
  t.same(positions('MIGRATE h 1  0 10 KEYS a b'), [7, 8])
  t.same(positions('MIGRATE h 1  0 10 AUTH keys KEYS a'), [9])
  t.same(positions('MIGRATE h 1  0 10 AUTH2 keys b COPY keys a'), [11])
  t.same(positions('MIGRATE h 1 k 0 10 AUTH KEYS'), [3])
  t.same(positions('MIGRATE h 1  0 10 KEYS'), [3])
  t.same(positions('MIGRATE h 1 k 0 10 KEYS a'), [])
})
