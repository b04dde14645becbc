import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('members are added, moved and removed', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SADD s b a b', ':2|'],
    ['SADD s a', ':0|'],
    ['SCARD s', ':2|'],
    ['SISMEMBER s a', ':1|'],
    ['SMISMEMBER s a x', '*2|:1|:0|'],
    ['SMEMBERS s', '*2|$1|b|$1|a|'],
    ['SMOVE s t a', ':1|'],
    ['SMOVE s t a', ':0|'],
    ['SMEMBERS t', '*1|$1|a|'],
    ['SREM s b x', ':1|'],
    ['EXISTS s', ':0|'],
    ['OBJECT ENCODING t', '$9|hashtable|'],
    ['SADD n 10 9 -1', ':3|'],
    ['OBJECT ENCODING n', '$6|intset|'],
    ['SMEMBERS n', '*3|$2|-1|$1|9|$2|10|'],
  ])
})
