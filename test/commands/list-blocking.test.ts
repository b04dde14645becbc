/** The blocking commands where nothing has to wait; waiting is test/node/blocked-clients.test.ts. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('what is there is taken at once', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['RPUSH l a b c d e', ':5|'],
    ['BLPOP none l 0', '*2|$1|l|$1|a|'],
    ['BRPOP l none 0', '*2|$1|l|$1|e|'],
    ['BLMPOP 0 2 none l LEFT', '*2|$1|l|*1|$1|b|'],
    ['BLMOVE l m LEFT LEFT 0', '$1|c|'],
    ['BRPOPLPUSH l m 0', '$1|d|'],
    ['LRANGE m 0 -1', '*2|$1|d|$1|c|'],
    ['BLMPOP 0 1 m right COUNT 9', '*2|$1|m|*2|$1|c|$1|d|'],
  ])
})

t.test('who may not wait is answered as if the time were over', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['BLPOP none 0', '*-1|'],
    ['BRPOP none 0', '*-1|'],
    ['BLMPOP 0 1 none LEFT', '*-1|'],
    ['BLMOVE none l LEFT LEFT 0', '$-1|'],
    ['BRPOPLPUSH none l 0', '$-1|'],
  ])
})

t.test('arguments are checked first, in order', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET s text')
  expectReplies(t, runner, [
    ['BLPOP s x', '-ERR timeout is not a float or out of range|'],
    ['BLPOP s -1', '-ERR timeout is negative|'],
    ['BLPOP none s 0', wrong],
    ['BLMOVE s t UP LEFT x', '-ERR syntax error|'],
    ['BLMOVE s t LEFT LEFT x', '-ERR timeout is not a float or out of range|'],
    ['BLMOVE s t LEFT LEFT 0', wrong],
    ['BRPOPLPUSH s t -1', '-ERR timeout is negative|'],
    ['BLMPOP x 0 s LEFT', '-ERR numkeys should be greater than 0|'],
    ['BLMPOP x 1 s LEFT', '-ERR timeout is not a float or out of range|'],
    ['BLMPOP 0 0 s LEFT', '-ERR numkeys should be greater than 0|'],
    ['BLMPOP 0 1 s LEFT', wrong],
  ])
})
