import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('integers are read, set and added to', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['BITFIELD f SET u8 0 255 GET u8 0 GET i8 0', '*3|:0|:255|:-1|'],
    ['BITFIELD f INCRBY u8 #1 300 OVERFLOW SAT INCRBY u8 #1 300', '*2|:44|:255|'],
    ['BITFIELD f OVERFLOW FAIL INCRBY u8 #1 1 GET u8 #1', '*2|$-1|:255|'],
    ['BITFIELD_RO f GET u4 12', '*1|:15|'],
    ['BITFIELD_RO f SET u4 12 1', '-ERR BITFIELD_RO only supports the GET subcommand|'],
    ['BITFIELD none GET u8 0', '*1|:0|'],
    ['EXISTS none', ':0|'],
    ['BITFIELD f OVERFLOW no', '-ERR Invalid OVERFLOW type specified|'],
    ['BITFIELD f toString', '-ERR syntax error|'],
  ])
})
