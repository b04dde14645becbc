import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('random members, with their scores if wanted', async (t) => {
  const runner = new CommandRunner()
  runner.run('ZADD one 1.5 x')
  expectReplies(t, runner, [
    ['ZRANDMEMBER one', '$1|x|'],
    ['ZRANDMEMBER none', '$-1|'],
    ['ZRANDMEMBER one 5 WITHSCORES', '*2|$1|x|$3|1.5|'],
    ['ZRANDMEMBER one -2', '*2|$1|x|$1|x|'],
    ['ZRANDMEMBER none 5', '*0|'],
    ['ZRANDMEMBER one 1 WITHVALUES', '-ERR syntax error|'],
    ['ZRANDMEMBER one 4611686018427387904 WITHSCORES', '-ERR value is out of range|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [['ZRANDMEMBER one 1 WITHSCORES', '*1|*2|$1|x|,1.5|']])
})

t.test('scanned, a listpack shows large integers in full', async (t) => {
  const runner = new CommandRunner()
  runner.run('ZADD z 1e17 a 0.5 b')
  expectReplies(t, runner, [
    ['ZSCAN z 0', '*2|$1|0|*4|$1|b|$3|0.5|$1|a|$18|100000000000000000|'],
    ['ZSCAN z 0 MATCH b', '*2|$1|0|*2|$1|b|$3|0.5|'],
    ['ZSCAN none 0', '*2|$1|0|*0|'],
  ])
  runner.limits.zsetMaxListpackEntries = 0
  runner.run('ZADD wide 1e17 a')
  expectReplies(t, runner, [['ZSCAN wide 0', '*2|$1|0|*2|$1|a|$5|1e+17|']])
})
