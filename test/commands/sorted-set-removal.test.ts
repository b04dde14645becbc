import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('stretches are removed', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('ZADD z 1 a 2 b 3 c 4 d 5 e', 'ZADD l 0 a 0 b 0 c')
  expectReplies(t, runner, [
    ['ZREMRANGEBYRANK z 0 0', ':1|'],
    ['ZREMRANGEBYRANK z 3 1', ':0|'],
    ['ZREMRANGEBYSCORE z (2 3', ':1|'],
    ['ZRANGE z 0 -1', '*3|$1|b|$1|d|$1|e|'],
    ['ZREMRANGEBYLEX l [b +', ':2|'],
    ['ZREMRANGEBYLEX none - +', ':0|'],
    ['ZREMRANGEBYSCORE z x 1', '-ERR min or max is not a float|'],
    ['ZREMRANGEBYLEX l x +', '-ERR min or max not valid string range item|'],
  ])
  t.same(runner.effectOf('ZREMRANGEBYRANK z 9 9'), [[], 0, []])
  t.same(runner.effectOf('ZREMRANGEBYRANK z 0 -1'), [
    ['z zremrangebyrank z', 'g del z'],
    3,
    ['ZREMRANGEBYRANK z 0 -1'],
  ])
})
