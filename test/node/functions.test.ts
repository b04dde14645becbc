/** Functions of a whole node: called, saved, loaded again, told to replicas. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { encodeRequest } from '../support/resp-client.ts'

const CODE = `#!lua name=lib
local calls = 0
redis.register_function('count', function() calls = calls + 1 return calls end)
redis.register_function('set', function(keys, args) return redis.call('SET', keys[1], args[1]) end)
redis.register_function{function_name='get', callback=function(keys) return redis.call('GET', keys[1]) end, flags={'no-writes'}}`

function world(options: ConstructorParameters<typeof NodeHarness>[0] = {}) {
  const harness = new NodeHarness(options)
  const client = harness.connect()
  const run = (...words: string[]) => harness.run(client, ...words)
  return { harness, client, run }
}

t.test('functions are loaded and called', async (t) => {
  const { run } = world()
  t.equal(run('FUNCTION', 'LOAD', CODE), '$3\r\nlib\r\n')
  t.equal(run('FCALL', 'count', '0'), ':1\r\n')
  t.equal(run('FCALL', 'COUNT', '0'), ':2\r\n')
  t.equal(run('FCALL', 'set', '1', 'k', 'v'), '+OK\r\n')
  t.equal(run('FCALL_RO', 'get', '1', 'k'), '$1\r\nv\r\n')
  t.equal(
    run('FCALL_RO', 'set', '1', 'k', 'v'),
    '-ERR Can not execute a script with write flag using *_ro command.\r\n',
  )
  t.equal(run('FUNCTION', 'DELETE', 'lib'), '+OK\r\n')
  t.equal(run('FCALL', 'count', '0'), '-ERR Function not found\r\n')
})

t.test('who may call functions may call those that say what they do', async (t) => {
  const { harness, run } = world()
  run('FUNCTION', 'LOAD', CODE)
  run('ACL', 'SETUSER', 'bob', 'on', 'nopass', '~*', '+@scripting', '+@transaction', '+get')
  const bob = harness.connect()
  harness.run(bob, 'AUTH', 'bob', '')
  const calls: readonly (readonly string[])[] = [
    ['FCALL', 'get', '1', 'k'],
    ['EVAL', "#!lua flags=no-writes\nreturn redis.call('get', 'k')", '0'],
  ]
  for (const call of calls) {
    t.equal(harness.run(bob, ...call), '$-1\r\n', `${call[0]}`)
    harness.run(bob, 'MULTI')
    harness.run(bob, ...call)
    t.equal(harness.run(bob, 'EXEC'), '*1\r\n$-1\r\n', `${call[0]} in a transaction`)
  }
  run('ACL', 'SETUSER', 'bob', '-@scripting', '+eval|x')
  const refusal = '-NOPERM this user has no permissions to run the'
  t.equal(harness.run(bob, ...(calls[0] as string[])), `${refusal} 'fcall' command\r\n`)
  t.equal(harness.run(bob, ...(calls[1] as string[])), `${refusal} 'eval' command\r\n`)
})

t.test('FLUSHALL leaves them', async (t) => {
  const { run } = world()
  run('FUNCTION', 'LOAD', CODE)
  run('FLUSHALL')
  run('FLUSHDB')
  t.equal(run('FCALL', 'count', '0'), ':1\r\n')
})

t.test('they are in the file that is saved, also without keys', async (t) => {
  const { harness, run } = world({ config: { 'enable-debug-command': 'yes' } })
  run('FUNCTION', 'LOAD', CODE)
  run('FCALL', 'count', '0')
  t.equal(run('DEBUG', 'RELOAD'), '+OK\r\n')
  t.equal(run('FCALL', 'count', '0'), ':1\r\n', 'its local state began anew')
  const next = world({ snapshot: harness.io.snapshot as Buffer })
  t.equal(next.run('FUNCTION', 'LIST', 'WITHCODE'), run('FUNCTION', 'LIST', 'WITHCODE'))
  t.equal(next.run('FCALL', 'set', '1', 'k', 'v'), '+OK\r\n')
  const { dataset } = harness.node
  for (const [include, expected] of [
    ['functions', 1],
    ['all', 1],
    ['nothing', 0],
  ] as const) {
    const reader = world().harness
    const file = Buffer.concat([...dataset.write(include, [])])
    reader.node.dataset.read(file)
    t.equal(reader.node.functions.libraryCount, expected, include)
  }
})

t.test('a library that is there twice is an error unless the file may replace it', async (t) => {
  const { run } = world({ config: { 'enable-debug-command': 'yes' } })
  run('FUNCTION', 'LOAD', CODE)
  t.equal(run('DEBUG', 'RELOAD', 'NOFLUSH'), '-ERR Error trying to load the RDB dump\r\n')
  t.equal(run('DEBUG', 'RELOAD', 'NOFLUSH', 'MERGE'), '+OK\r\n')
  t.equal(run('FCALL', 'count', '0'), ':1\r\n')
  t.equal(run('FUNCTION', 'FLUSH'), '+OK\r\n')
  t.equal(run('DEBUG', 'RELOAD'), '+OK\r\n')
  t.equal(run('FUNCTION', 'LIST'), '*0\r\n')
})

t.test('a file whose library does not load is no file', async (t) => {
  const source = world().harness
  const [sources] = [() => ['#!lua name=lib\nthis is not Lua']]
  Object.assign(source.node.functions, { sources })
  const snapshot = Buffer.concat([...source.node.dataset.write('functions', [])])
  const { harness } = world({ snapshot })
  t.match(
    harness.io.loadFailure,
    /^Failed creating the library: Error compiling function: .*, in the record that ends at offset \d/s,
  )
})

t.test('counts are told', async (t) => {
  const { run } = world()
  t.match(run('INFO', 'memory'), /number_of_functions:0\r\nnumber_of_libraries:0\r\n/)
  run('FUNCTION', 'LOAD', CODE)
  t.match(run('INFO', 'memory'), /number_of_functions:3\r\nnumber_of_libraries:1\r\n/)
  t.equal(
    run('FUNCTION', 'STATS'),
    '*4\r\n$14\r\nrunning_script\r\n$-1\r\n$7\r\nengines\r\n*2\r\n$3\r\nLUA\r\n*4\r\n$15\r\nlibraries_count\r\n:1\r\n$15\r\nfunctions_count\r\n:3\r\n',
  )
})

t.test('a function that does not end is told of, and killed', async (t) => {
  const { harness, client } = world({ config: { 'busy-reply-threshold': '1' } })
  const other = harness.connect()
  const ask = (session: Session, ...words: string[]) => harness.run(session, ...words)
  ask(
    other,
    'FUNCTION',
    'LOAD',
    "#!lua name=l\nredis.register_function('f', function() while true do end end)",
  )
  let looks = 0
  // Time passes only while the script is looked after.
  Object.assign(harness.node, { microseconds: () => 1_000_000 + looks++ * 60_000 })
  t.equal(harness.send(client, encodeRequest(['FCALL', 'f', '0'])), '')
  harness.wake()
  t.match(ask(other, 'PING'), /^-BUSY Redis is busy running a script\. .* FUNCTION KILL/)
  t.match(ask(other, 'SCRIPT', 'KILL'), /^-BUSY /)
  t.match(ask(other, 'FUNCTION', 'STATS'), /\$4\r\nname\r\n\$1\r\nf\r\n\$7\r\ncommand\r\n\*3\r\n/)
  t.equal(ask(other, 'FUNCTION', 'KILL'), '+OK\r\n')
  harness.wake()
  t.match(harness.take(client), /^-ERR Error running script|^-ERR .*killed/)
  t.equal(ask(other, 'PING'), '+PONG\r\n')
  t.equal(ask(other, 'FUNCTION', 'KILL'), '-NOTBUSY No scripts in execution right now.\r\n')
})
