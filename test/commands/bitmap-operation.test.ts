import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('strings are combined bit by bit, short ones as if zeros followed', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['MSET a "\\xff\\x0f" b "\\x0f"', '+OK|'],
    ['BITOP AND d a b', ':2|'],
    ['GET d', '$2|\x0f\0|'],
    ['BITOP OR d a b', ':2|'],
    ['GET d', '$2|\xff\x0f|'],
    ['BITOP XOR d a b none', ':2|'],
    ['GET d', '$2|\xf0\x0f|'],
    ['BITOP NOT d a', ':2|'],
    ['GET d', '$2|\0\xf0|'],
    ['BITOP NOT d none', ':0|'],
    ['EXISTS d', ':0|'],
    ['BITOP NOT d a b', '-ERR BITOP NOT must be called with a single source key.|'],
    ['BITOP toString d a', '-ERR syntax error|'],
  ])
})
