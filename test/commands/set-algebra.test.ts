import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('algebra, stored or not', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['SADD a 1 2 3', ':3|'],
    ['SADD b 2 3 4', ':3|'],
    ['SINTER a b', '*2|$1|2|$1|3|'],
    ['SINTER a none', '*0|'],
    ['SUNION a b', '*4|$1|1|$1|2|$1|3|$1|4|'],
    ['SDIFF a b', '*1|$1|1|'],
    ['SINTERCARD 2 a b LIMIT 1', ':1|'],
    ['SINTERSTORE c a b', ':2|'],
    ['SDIFFSTORE c a a', ':0|'],
    ['EXISTS c', ':0|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['SINTER a b', '~2|$1|2|$1|3|'],
    ['SMEMBERS a', '~3|$1|1|$1|2|$1|3|'],
    ['SRANDMEMBER none 2', '*0|'],
  ])
})
