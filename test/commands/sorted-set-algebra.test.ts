import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

function runnerWith(...lines: string[]): CommandRunner {
  const runner = new CommandRunner()
  runner.runAll(...lines)
  return runner
}

t.test('algebra of sorted sets and sets', async (t) => {
  const runner = runnerWith('ZADD a 1 x 2 y', 'ZADD b 10 y 20 z', 'SADD s y t')
  expectReplies(t, runner, [
    ['ZUNION 2 a b WITHSCORES', '*6|$1|x|$1|1|$1|y|$2|12|$1|z|$2|20|'],
    ['ZUNION 2 a b WEIGHTS -1 2', '*3|$1|x|$1|y|$1|z|'],
    ['ZINTER 2 a b AGGREGATE MIN WITHSCORES', '*2|$1|y|$1|2|'],
    ['ZINTER 2 a s WITHSCORES WEIGHTS 1 100', '*2|$1|y|$3|102|'],
    ['ZDIFF 2 a b WITHSCORES', '*2|$1|x|$1|1|'],
    ['ZDIFF 2 s a WITHSCORES', '*2|$1|t|$1|1|'],
    ['ZINTERCARD 2 a b', ':1|'],
    ['ZINTERCARD 2 a a LIMIT 1', ':1|'],
    ['ZUNIONSTORE d 2 a b', ':3|'],
    ['ZINTERSTORE d 2 a none', ':0|'],
    ['EXISTS d', ':0|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [['ZINTER 2 a b WITHSCORES', '*1|*2|$1|y|,12|']])
})

t.test('infinities make no NaN', async (t) => {
  expectReplies(t, runnerWith('ZADD a inf x', 'ZADD b -inf x'), [
    ['ZUNION 2 a b WITHSCORES', '*2|$1|x|$1|0|'],
    ['ZINTER 2 a b WEIGHTS 0 1 WITHSCORES', '*2|$1|x|$4|-inf|'],
    ['ZINTER 2 a b WEIGHTS 1 0 AGGREGATE MIN WITHSCORES', '*2|$1|x|$3|inf|'],
    ['ZINTER 2 a b WEIGHTS 1 0 AGGREGATE MAX WITHSCORES', '*2|$1|x|$3|inf|'],
  ])
})

t.test('arguments that do not fit', async (t) => {
  const syntax = '-ERR syntax error|'
  expectReplies(t, runnerWith('ZADD a 1 x', 'SET str v'), [
    ['ZUNION x a', '-ERR value is not an integer or out of range|'],
    ['ZUNION 0 a', "-ERR at least 1 input key is needed for 'zunion' command|"],
    ['ZDIFFSTORE d 0 a', "-ERR at least 1 input key is needed for 'zdiffstore' command|"],
    ['ZUNION 2 a', syntax],
    ['ZUNION 1 a WEIGHTS', syntax],
    ['ZUNION 1 a WEIGHTS x', '-ERR weight value is not a float|'],
    ['ZUNION 1 a AGGREGATE AVG', syntax],
    ['ZDIFF 1 a WEIGHTS 1', syntax],
    ['ZUNIONSTORE d 1 a WITHSCORES', syntax],
    ['ZINTERCARD 1 a LIMIT -1', "-ERR LIMIT can't be negative|"],
    ['ZINTERCARD 1 a WITHSCORES', syntax],
    ['ZUNION 1 str FOO', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = runnerWith('ZADD a 1 x', 'SET d v')
  t.same(runner.effectOf('ZUNIONSTORE d 1 a'), [['z zunionstore d'], 1, ['ZUNIONSTORE d 1 a']])
  t.same(runner.effectOf('ZDIFFSTORE d 2 a a'), [['g del d'], 1, ['ZDIFFSTORE d 2 a a']])
  t.same(runner.effectOf('ZDIFFSTORE d 2 a a'), [[], 0, []])
})
