import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('members are added, asked for and removed', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['ZADD z 2 b 1 a 0.1 f', ':3|'],
    ['ZADD z CH 3 a 2 b 1 c', ':2|'],
    ['ZCARD z', ':4|'],
    ['ZSCORE z f', '$19|0.10000000000000001|'],
    ['ZSCORE z none', '$-1|'],
    ['ZMSCORE z a none', '*2|$1|3|$-1|'],
    ['ZRANK z a', ':3|'],
    ['ZREVRANK z a', ':0|'],
    ['ZRANK z none', '$-1|'],
    ['ZREVRANK none a', '$-1|'],
    ['ZREM z a b c none', ':3|'],
    ['ZREM z f', ':1|'],
    ['EXISTS z', ':0|'],
    ['ZADD s x a', '-ERR value is not a valid float|'],
    ['SET s text', '+OK|'],
    ['ZADD s 1 a', wrong],
    ['ZINCRBY s 1 a', wrong],
    ['ZSCORE s a', wrong],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['ZADD z INCR 1.5 a', ',1.5|'],
    ['ZINCRBY z inf a', ',inf|'],
    ['ZMSCORE z a b', '*2|,inf|_|'],
  ])
})

t.test('ZADD takes options that fit together', async (t) => {
  const incompatible = '-ERR GT, LT, and/or NX options at the same time are not compatible|'
  expectReplies(t, new CommandRunner(), [
    ['ZADD z 5 a', ':1|'],
    ['ZADD z GT CH 4 a', ':0|'],
    ['ZADD z LT CH 4 a', ':1|'],
    ['ZADD z NX 9 a 9 b', ':1|'],
    ['ZADD z XX INCR 1 a', '$1|5|'],
    ['ZADD z XX INCR 1 none', '$-1|'],
    ['ZADD none XX 1 a', ':0|'],
    ['EXISTS none', ':0|'],
    ['ZADD z NX XX 1 a', '-ERR XX and NX options at the same time are not compatible|'],
    ['ZADD z GT LT 1 a', incompatible],
    ['ZADD z GT NX 1 a', incompatible],
    ['ZADD z INCR 1 a 1 b', '-ERR INCR option supports a single increment-element pair|'],
    ['ZADD z CH', "-ERR wrong number of arguments for 'zadd' command|"],
    ['ZADD z CH GT', '-ERR syntax error|'],
    ['ZADD z inf i', ':1|'],
    ['ZINCRBY z -inf i', '-ERR resulting score is not a number (NaN)|'],
  ])
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  t.same(runner.effectOf('ZADD z 1 a 2 b'), [['n new z', 'z zadd z'], 2, ['ZADD z 1 a 2 b']])
  t.same(runner.effectOf('ZADD z 1 a'), [[], 0, []])
  t.same(runner.effectOf('ZADD z XX CH 5 a'), [['z zadd z'], 1, ['ZADD z XX CH 5 a']])
  t.same(runner.effectOf('ZINCRBY z 1 a'), [['z zincr z'], 1, ['ZINCRBY z 1 a']])
  t.same(runner.effectOf('ZINCRBY z 0 a'), [[], 0, []])
  t.same(runner.effectOf('ZREM z a b'), [['z zrem z', 'g del z'], 2, ['ZREM z a b']])
  t.same(runner.effectOf('ZREM z a'), [[], 0, []])
})
