import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('LPOS', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['RPUSH l a b c 1 2 3 c c', ':8|'],
    ['LPOS l c', ':2|'],
    ['LPOS l c RANK 2', ':6|'],
    ['LPOS l c rank -1', ':7|'],
    ['LPOS l c COUNT 2', '*2|:2|:6|'],
    ['LPOS l c COUNT 0', '*3|:2|:6|:7|'],
    ['LPOS l c RANK -1 COUNT 2', '*2|:7|:6|'],
    ['LPOS l c RANK 9', '$-1|'],
    ['LPOS l c RANK 9 COUNT 1', '*0|'],
    ['LPOS l c MAXLEN 2', '$-1|'],
    ['LPOS l c MAXLEN 3', ':2|'],
    ['LPOS l c COUNT 0 MAXLEN 7', '*2|:2|:6|'],
    ['LPOS l none', '$-1|'],
    ['LPOS l none COUNT 1', '*0|'],
    ['LPOS none a', '$-1|'],
    ['LPOS none a COUNT 1', '*0|'],
    ['LPOS l c MAXLEN', '-ERR syntax error|'],
    ['LPOS l c FIRST 1', '-ERR syntax error|'],
    ['LPOS l c COUNT -1', "-ERR COUNT can't be negative|"],
    ['LPOS l c MAXLEN -1', "-ERR MAXLEN can't be negative|"],
    ['LPOS l c COUNT x', "-ERR COUNT can't be negative|"],
    ['LPOS l c RANK -9223372036854775808', ':7|'],
    ['LPOS l c RANK x', '-ERR value is not an integer or out of range|'],
    [
      'LPOS l c RANK 0',
      "-ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list|",
    ],
    ['SET s text', '+OK|'],
    ['LPOS s a', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
})
