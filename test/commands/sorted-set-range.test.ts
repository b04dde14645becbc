import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

function runnerWith(...lines: string[]): CommandRunner {
  const runner = new CommandRunner()
  runner.runAll(...lines)
  return runner
}

t.test('stretches by rank, score and name', async (t) => {
  const runner = runnerWith('ZADD z 1 a 2 b 3 c 4 d', 'ZADD l 0 a 0 b 0 c')
  expectReplies(t, runner, [
    ['ZRANGE z 0 1', '*2|$1|a|$1|b|'],
    ['ZRANGE z 0 1 REV WITHSCORES', '*4|$1|d|$1|4|$1|c|$1|3|'],
    ['ZRANGE z (1 3 BYSCORE', '*2|$1|b|$1|c|'],
    ['ZRANGE z 3 1 BYSCORE REV LIMIT 1 1', '*1|$1|b|'],
    ['ZRANGE l [b + BYLEX', '*2|$1|b|$1|c|'],
    ['ZREVRANGE z 0 0', '*1|$1|d|'],
    ['ZRANGEBYSCORE z 2 9 LIMIT 1 -1', '*2|$1|c|$1|d|'],
    ['ZREVRANGEBYSCORE z 2 0', '*2|$1|b|$1|a|'],
    ['ZRANGEBYLEX l - (b', '*1|$1|a|'],
    ['ZREVRANGEBYLEX l + - LIMIT 0 1', '*1|$1|c|'],
    ['ZRANGEBYSCORE z 1 4 LIMIT -1 5', '*0|'],
    ['ZRANGE none 0 -1', '*0|'],
    ['ZCOUNT z 2 inf', ':3|'],
    ['ZCOUNT none 2 inf', ':0|'],
    ['ZLEXCOUNT l (a +', ':2|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['ZRANGE z 0 0 WITHSCORES', '*1|*2|$1|a|,1|'],
    ['ZRANGE z 9 9 WITHSCORES', '*0|'],
  ])
})

t.test('arguments that do not fit are refused before the key is looked at', async (t) => {
  const syntax = '-ERR syntax error|'
  expectReplies(t, runnerWith('SET s text'), [
    ['ZRANGE s 0 1 REV REV', syntax],
    ['ZRANGE s 0 1 BYSCORE BYLEX', syntax],
    ['ZRANGE s 0 1 LIMIT 0', syntax],
    ['ZREVRANGE s 0 1 REV', syntax],
    ['ZRANGESTORE d s 0 1 WITHSCORES', syntax],
    ['ZRANGE s x 1', '-ERR value is not an integer or out of range|'],
    [
      'ZRANGE s 0 1 LIMIT 0 1',
      '-ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX|',
    ],
    [
      'ZRANGE s - + BYLEX WITHSCORES',
      '-ERR syntax error, WITHSCORES not supported in combination with BYLEX|',
    ],
    ['ZRANGE s 0 1', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
})

t.test('a stretch is stored', async (t) => {
  const runner = runnerWith('ZADD z 1 a 2 b 3 c')
  t.equal(runner.run('ZRANGESTORE d z 0 1 REV'), ':2\r\n')
  t.equal(runner.run('ZRANGE d 0 -1'), '*2\r\n$1\r\nb\r\n$1\r\nc\r\n')
  t.same(runner.effectOf('ZRANGESTORE d z 0 0'), [['z zrangestore d'], 1, ['ZRANGESTORE d z 0 0']])
  t.same(runner.effectOf('ZRANGESTORE d z 5 9'), [['g del d'], 1, ['ZRANGESTORE d z 5 9']])
  t.same(runner.effectOf('ZRANGESTORE d z 5 9'), [[], 0, []])
})
