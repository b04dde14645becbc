import t from 'tap'
import type { ClusterPort } from '../../lib/commands/cluster-port.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { parseReply } from '../support/resp-client.ts'

t.test('deleting, counting, typing', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['MSET a 1 b 2 c 3', '+OK|'],
    ['HSET h f v', ':1|'],
    ['EXISTS a b none a', ':3|'],
    ['TOUCH a none a', ':2|'],
    ['TYPE a', '+string|'],
    ['TYPE h', '+hash|'],
    ['TYPE none', '+none|'],
    ['DEL a none a', ':1|'],
    ['UNLINK b c h', ':3|'],
    ['DEL none', ':0|'],
    ['DBSIZE', ':0|'],
  ])
})

t.test('deletions are counted, told and propagated as sent', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET a 1 b 2')
  runner.takeEvents()
  runner.takePropagated()
  runner.runAll('DEL a none b', 'UNLINK a')
  t.strictSame(runner.takeEvents(), ['g del a', 'g del b'])
  t.strictSame(runner.takePropagated(), [['DEL', 'a', 'none', 'b']])
  t.equal(runner.changes.dirty, 4)
})

t.test('a key whose time is over is not deleted but expired', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET a 1 PX 5')
  runner.clock.now += 6
  runner.takePropagated()
  runner.takeEvents()
  expectReplies(t, runner, [['DEL a', ':0|']])
  t.strictSame(runner.takePropagated(), [['DEL', 'a']])
  t.strictSame(runner.takeEvents(), ['x expired a'])
})

t.test('reading counts hits and misses, each key by itself', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET a 1', 'EXISTS a none', 'TYPE a', 'TOUCH none', 'TTL none', 'DEL a')
  t.equal(runner.stats.hits, 2)
  t.equal(runner.stats.misses, 3)
})

t.test('KEYS', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET one 1 two 2 three 3', 'SET gone 4 PX 5')
  runner.clock.now += 6
  const keys = (pattern: string) =>
    (parseReply(runner.run(`KEYS ${pattern}`)) as { value: string[] }).value.toSorted()
  t.strictSame(keys('*'), ['one', 'three', 'two'])
  t.strictSame(keys('t*'), ['three', 'two'])
  t.strictSame(keys('t?o'), ['two'])
  t.strictSame(keys('[ot][nw][eo]'), ['one', 'two'])
  t.strictSame(keys('none'), [])
  t.equal(runner.db.size, 4, 'looking deletes nothing')
})

t.test('RANDOMKEY', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['RANDOMKEY', '$-1|'],
    ['SET k v', '+OK|'],
    ['RANDOMKEY', '$1|k|'],
  ])
  runner.runAll('SET l v PX 5')
  runner.clock.now += 6
  expectReplies(t, runner, [['RANDOMKEY', '$1|k|']])
})

t.test('RENAME and RENAMENX', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['RENAME none x', '-ERR no such key|'],
    ['RENAME none none', '-ERR no such key|'],
    ['RENAMENX none x', '-ERR no such key|'],
    ['SET a 1 EX 100', '+OK|'],
    ['SET b 2', '+OK|'],
    ['RENAME a a', '+OK|'],
    ['RENAMENX a a', ':0|'],
    ['RENAMENX a b', ':0|'],
    ['RENAME a b', '+OK|'],
    ['GET b', '$1|1|'],
    ['TTL b', ':100|'],
    ['EXISTS a', ':0|'],
    ['RENAMENX b a', ':1|'],
    ['TTL a', ':100|'],
    ['SET b 2', '+OK|'],
    ['RENAME b a', '+OK|'],
    ['TTL a', ':-1|'],
  ])
  runner.takePropagated()
  runner.takeEvents()
  runner.takeTouched()
  runner.runAll('RENAME a z', 'RENAME z z')
  t.strictSame(runner.takePropagated(), [['RENAME', 'a', 'z']])
  t.strictSame(runner.takeEvents(), ['n new z', 'g rename_from a', 'g rename_to z'])
  t.strictSame(runner.takeTouched(), ['a', 'z'])
})

t.test('COPY', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['COPY none x', ':0|'],
    ['HSET h f v', ':1|'],
    ['EXPIRE h 100', ':1|'],
    ['COPY h i', ':1|'],
    ['COPY h i', ':0|'],
    ['TTL i', ':100|'],
    ['HSET i f w', ':0|'],
    ['HGET h f', '$1|v|'],
    ['PERSIST h', ':1|'],
    ['COPY h i replace', ':1|'],
    ['HGET i f', '$1|v|'],
    ['TTL i', ':-1|'],
    ['COPY h h', '-ERR source and destination objects are the same|'],
    ['COPY h h DB 0', '-ERR source and destination objects are the same|'],
    ['COPY h h DB 1', ':1|'],
    ['COPY h h DB 1', ':0|'],
    ['COPY h h REPLACE DB 1', ':1|'],
    ['COPY h i DB 16', '-ERR DB index is out of range|'],
    ['COPY h i DB -1', '-ERR DB index is out of range|'],
    ['COPY h i DB x', '-ERR value is not an integer or out of range|'],
    ['COPY h i DB', '-ERR syntax error|'],
    ['COPY h i FOO', '-ERR syntax error|'],
    ['COPY none none', '-ERR source and destination objects are the same|'],
  ])
  t.equal(runner.databases[1]?.readHash('h')?.get('f'), 'v')
  runner.takeEvents()
  runner.takePropagated()
  runner.runAll('COPY h j', 'COPY h j')
  t.strictSame(runner.takeEvents(), ['n new j', 'g copy_to j'])
  t.strictSame(runner.takePropagated(), [['COPY', 'h', 'j']])
})

t.test('a copied string is a string of its own', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SET a 5', '+OK|'],
    ['COPY a b', ':1|'],
    ['OBJECT REFCOUNT b', ':1|'],
    ['OBJECT ENCODING b', '$3|int|'],
    ['INCR b', ':6|'],
    ['GET a', '$1|5|'],
    ['APPEND a x', ':2|'],
    ['COPY a c', ':1|'],
    ['APPEND a y', ':3|'],
    ['GET c', '$2|5x|'],
    ['OBJECT ENCODING c', '$3|raw|'],
  ])
})

t.test('MOVE', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['MOVE none 1', ':0|'],
    ['SET a 1 EX 100', '+OK|'],
    ['MOVE a 0', '-ERR source and destination objects are the same|'],
    ['MOVE a 16', '-ERR DB index is out of range|'],
    ['MOVE a x', '-ERR value is not an integer or out of range|'],
    [
      'MOVE a 99999999999',
      '-ERR value is out of range, value must between -2147483648 and 2147483647|',
    ],
    ['MOVE a 1', ':1|'],
    ['EXISTS a', ':0|'],
    ['SET a 2', '+OK|'],
    ['MOVE a 1', ':0|'],
  ])
  t.equal(runner.databases[1]?.peek('a'), '1')
  t.equal(runner.databases[1]?.expiryOf('a'), runner.clock.now + 100_000)
  t.strictSame(
    runner.takeEvents().filter((event) => event.startsWith('g move')),
    ['g move_from a', 'g move_to a'],
  )
})

t.test('a cluster has one database', async (t) => {
  const cluster = {} as ClusterPort
  expectReplies(t, new CommandRunner({ ports: { cluster } }), [
    ['SET k v', '+OK|'],
    ['MOVE k x', '-ERR MOVE is not allowed in cluster mode|'],
    ['COPY k l DB 99', '-ERR DB index is out of range|'],
    ['COPY k l DB 1', '-ERR Copying to another database is not allowed in cluster mode|'],
    ['COPY k l DB 0', ':1|'],
  ])
})
