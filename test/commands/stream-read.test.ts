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

t.test('from 7.2 on who asks as a member has joined, whatever there is', async (t) => {
  for (const [version, count] of [
    ['7.0', 0],
    ['7.2', 1],
  ] as const) {
    const runner = new CommandRunner({ version })
    runner.run('XGROUP CREATE s g 0 MKSTREAM')
    expectReplies(t, runner, [
      ['XREADGROUP GROUP g alice STREAMS s >', '*-1|'],
      ['XGROUP DELCONSUMER s g alice', ':0|'],
    ])
    runner.run('XREADGROUP GROUP g alice STREAMS s >')
    t.match(runner.run('XINFO GROUPS s'), `consumers\r\n:${count}\r\n`)
  }
})
