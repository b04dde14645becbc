/** Reading what is there; waiting is test/node/blocked-clients.test.ts, all the words are in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const ENTRY = '*2|$3|1-0|*2|$1|f|$1|v|'

t.test('what comes after an id', async (t) => {
  const runner = new CommandRunner()
  runner.run('XADD s 1 f v')
  expectReplies(t, runner, [
    ['XREAD STREAMS s none 0 0', `*1|*2|$1|s|*1|${ENTRY}`],
    ['XREAD STREAMS s $', '*-1|'],
    ['XREAD BLOCK 0 STREAMS s 1', '*-1|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [['XREAD STREAMS s 0', `%1|$1|s|*1|${ENTRY}`]])
})

t.test('a group is given an entry once, a consumer its own again', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('XADD s 1 f v', 'XGROUP CREATE s g 0')
  expectReplies(t, runner, [
    ['XREADGROUP GROUP g a STREAMS s >', `*1|*2|$1|s|*1|${ENTRY}`],
    ['XREADGROUP GROUP g b STREAMS s >', '*-1|'],
    ['XREADGROUP GROUP g a STREAMS s 0', `*1|*2|$1|s|*1|${ENTRY}`],
    ['XREADGROUP GROUP g b STREAMS s 0', '*1|*2|$1|s|*0|'],
    ['XDEL s 1', ':1|'],
    ['XREADGROUP GROUP g a STREAMS s 0', '*1|*2|$1|s|*1|*2|$3|1-0|*-1|'],
  ])
})
