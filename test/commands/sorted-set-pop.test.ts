import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('members are taken from either end', async (t) => {
  const runner = new CommandRunner()
  runner.run('ZADD z 1 a 2 b 3 c 4 d 5 e 6 f')
  expectReplies(t, runner, [
    ['ZPOPMIN z', '*2|$1|a|$1|1|'],
    ['ZPOPMAX z 2', '*4|$1|f|$1|6|$1|e|$1|5|'],
    ['ZPOPMIN z 0', '*0|'],
    ['ZPOPMIN none', '*0|'],
    ['ZPOPMIN z -1', '-ERR value is out of range, must be positive|'],
    ['ZPOPMIN z 1 2', '-ERR syntax error|'],
    ['ZMPOP 2 none z MAX', '*2|$1|z|*1|*2|$1|d|$1|4|'],
    ['ZMPOP 1 none MIN', '*-1|'],
    ['ZMPOP 1 z LEFT', '-ERR syntax error|'],
    ['SET s text', '+OK|'],
    ['ZPOPMIN s', wrong],
    ['ZMPOP 2 none s MIN', wrong],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['ZPOPMIN z 1', '*1|*2|$1|b|,2|'],
    ['ZPOPMIN z', '*2|$1|c|,3|'],
    ['EXISTS z', ':0|'],
  ])
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  runner.run('ZADD z 1 a 2 b 3 c 4 d')
  t.same(runner.effectOf('ZPOPMAX z'), [['z zpopmax z'], 1, ['ZPOPMAX z']])
  t.same(runner.effectOf('ZPOPMIN none'), [[], 0, []])
  t.same(runner.effectOf('ZMPOP 1 z MIN'), [['z zpopmin z'], 1, ['ZPOPMIN z 1']])
  t.same(runner.effectOf('ZMPOP 1 z MIN COUNT 9'), [['z zpopmin z', 'g del z'], 2, ['ZPOPMIN z 2']])
})
