import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('members in a circle', async (t) => {
  const runner = new CommandRunner()
  runner.run('GEOADD s 13.361389 38.115556 Palermo 15.087269 37.502669 Catania')
  expectReplies(t, runner, [
    [
      'GEORADIUS s 15 37 200 km ASC WITHDIST',
      '*2|*2|$7|Catania|$7|56.4413|*2|$7|Palermo|$8|190.4424|',
    ],
    ['GEORADIUS_RO s 15 37 100 km', '*1|$7|Catania|'],
    ['GEORADIUS_RO s 15 37 100 km STORE d', '-ERR syntax error|'],
    ['GEORADIUSBYMEMBER s Palermo 1 m', '*1|$7|Palermo|'],
    ['GEORADIUSBYMEMBER s none 1 m', '-ERR could not decode requested zset member|'],
    ['GEORADIUSBYMEMBER none none x y', '*0|'],
    ['GEORADIUSBYMEMBER_RO s Palermo 200 km DESC', '*2|$7|Catania|$7|Palermo|'],
    ['GEORADIUS s 15 37 200 km STORE d', ':2|'],
    ['GEORADIUSBYMEMBER s Palermo 1 m STOREDIST d', ':1|'],
    ['ZRANGE d 0 -1 WITHSCORES', '*2|$7|Palermo|$1|0|'],
  ])
  t.same(runner.effectOf('GEORADIUS s 15 37 1 m STORE d'), [
    ['g del d'],
    1,
    ['GEORADIUS s 15 37 1 m STORE d'],
  ])
})
