import t from 'tap'
import { openHash } from '../../lib/commands/hash.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('fields are set and read', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['HSET h a 1 b 2 a 3', ':2|'],
    ['HSET h a 4', ':0|'],
    ['HGET h a', '$1|4|'],
    ['HGET h none', '$-1|'],
    ['HGET none a', '$-1|'],
    ['HMSET h c "" d 5', '+OK|'],
    ['HGET h c', '$0||'],
    ['HMGET h a none b', '*3|$1|4|$-1|$1|2|'],
    ['HMGET none a b', '*2|$-1|$-1|'],
    ['HSETNX h a 9', ':0|'],
    ['HSETNX h e 9', ':1|'],
    ['HSETNX new a 1', ':1|'],
    ['HLEN h', ':5|'],
    ['HLEN none', ':0|'],
    ['HEXISTS h a', ':1|'],
    ['HEXISTS h none', ':0|'],
    ['HEXISTS none a', ':0|'],
    ['HSTRLEN h e', ':1|'],
    ['HSTRLEN h none', ':0|'],
    ['HSTRLEN none a', ':0|'],
  ])
})

t.test('all of a hash', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['HSET h a 1 b 2', ':2|'],
    ['HGETALL h', '*4|$1|a|$1|1|$1|b|$1|2|'],
    ['HKEYS h', '*2|$1|a|$1|b|'],
    ['HVALS h', '*2|$1|1|$1|2|'],
    ['HGETALL none', '*0|'],
    ['HKEYS none', '*0|'],
    ['HVALS none', '*0|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['HGETALL h', '%2|$1|a|$1|1|$1|b|$1|2|'],
    ['HGETALL none', '%0|'],
    ['HKEYS none', '*0|'],
    ['HGET none a', '_|'],
  ])
})

t.test('a hash without fields is gone', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['HSET h a 1 b 2 c 3', ':3|'],
    ['HDEL h a none a', ':1|'],
    ['HDEL h b c', ':2|'],
    ['EXISTS h', ':0|'],
    ['HDEL h a', ':0|'],
    ['HSET h a 1', ':1|'],
  ])
  t.strictSame(runner.takeEvents(), [
    'n new h',
    'h hset h',
    'h hdel h',
    'h hdel h',
    'g del h',
    'm keymiss h',
    'n new h',
    'h hset h',
  ])
  t.equal(runner.changes.dirty, 3 + 1 + 2 + 1)
  t.strictSame(runner.takePropagated().at(1), ['HDEL', 'h', 'a', 'none', 'a'])
})

t.test('pairs must be whole, types must be right', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['HSET h a', "-ERR wrong number of arguments for 'hset' command|"],
    ['HSET h a 1 b', "-ERR wrong number of arguments for 'hset' command|"],
    ['HMSET h a 1 b', "-ERR wrong number of arguments for 'hmset' command|"],
    ['EXISTS h', ':0|'],
    ['SET s v', '+OK|'],
    ...[
      'HSET s a 1',
      'HMSET s a 1',
      'HSETNX s a 1',
      'HGET s a',
      'HMGET s a',
      'HDEL s a',
      'HEXISTS s a',
      'HLEN s',
      'HSTRLEN s a',
      'HGETALL s',
      'HKEYS s',
      'HVALS s',
    ].map((line) => [line, wrong] as const),
  ])
})

t.test('a key that ends takes its fields along', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('HSET h a 1', 'PEXPIRE h 10')
  runner.clock.now += 11
  runner.takeEvents()
  expectReplies(t, runner, [
    ['HSET h b 2', ':1|'],
    ['HGETALL h', '*2|$1|b|$1|2|'],
    ['TTL h', ':-1|'],
  ])
  t.strictSame(runner.takeEvents(), ['x expired h', 'n new h', 'h hset h'])
})

t.test('the encoding follows the limits', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['HSET h a 1', ':1|'],
    ['OBJECT ENCODING h', '$8|listpack|'],
    [`HSET h a ${'x'.repeat(65)}`, ':0|'],
    ['OBJECT ENCODING h', '$9|hashtable|'],
    ['COPY h i', ':1|'],
    ['HSET h a 1', ':0|'],
    ['OBJECT ENCODING h', '$9|hashtable|'],
    ['OBJECT ENCODING i', '$9|hashtable|'],
  ])
})

t.test('an open hash is the one the key holds from then on', async (t) => {
  const { db } = new CommandRunner()
  const hash = openHash(db, 'h')
  hash.set('a', '1')
  t.equal(db.readHash('h'), hash)
  t.equal(openHash(db, 'h'), hash)
})
