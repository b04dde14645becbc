/** The blocking commands where nothing has to wait; waiting is test/node/blocked-clients.test.ts. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('what is there is taken at once, and replicas hear what was taken', async (t) => {
  const runner = new CommandRunner()
  runner.run('ZADD z 1 a 2 b 3 c 4 d 5 e')
  expectReplies(t, runner, [
    ['BZPOPMIN none z 0', '*3|$1|z|$1|a|$1|1|'],
    ['BZPOPMAX z none 0', '*3|$1|z|$1|e|$1|5|'],
    ['BZMPOP 0 2 none z MIN', '*2|$1|z|*1|*2|$1|b|$1|2|'],
  ])
  t.same(runner.effectOf('BZPOPMIN z 0'), [['z zpopmin z'], 1, ['ZPOPMIN z']])
  t.same(runner.effectOf('BZMPOP 0 1 z MAX COUNT 5'), [
    ['z zpopmax z', 'g del z'],
    1,
    ['ZPOPMAX z 1'],
  ])
})

t.test('who may not wait is answered as if the time were over', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['BZPOPMIN none 0', '*-1|'],
    ['BZPOPMAX none 0', '*-1|'],
    ['BZMPOP 0 1 none MIN', '*-1|'],
  ])
})

t.test('arguments are checked first, in order', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET s text')
  expectReplies(t, runner, [
    ['BZPOPMIN s x', '-ERR timeout is not a float or out of range|'],
    ['BZPOPMIN s -1', '-ERR timeout is negative|'],
    ['BZPOPMIN s 0', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
    ['BZMPOP x 0 s MIN', '-ERR numkeys should be greater than 0|'],
    ['BZMPOP x 1 s MID', '-ERR syntax error|'],
    ['BZMPOP x 1 s MIN COUNT 0', '-ERR count should be greater than 0|'],
    ['BZMPOP x 1 s MIN', '-ERR timeout is not a float or out of range|'],
  ])
})
