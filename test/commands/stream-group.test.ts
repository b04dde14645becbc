/** Groups made and removed; all the words are in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('groups and their members', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    [
      'XGROUP CREATE s g 0',
      '-ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.|',
    ],
    ['XGROUP CREATE s g 0 MKSTREAM', '+OK|'],
    ['XGROUP CREATE s g 0', '-BUSYGROUP Consumer Group name already exists|'],
    ['XGROUP CREATECONSUMER s g a', ':1|'],
    ['XGROUP CREATECONSUMER s g a', ':0|'],
    ['XGROUP SETID s none 0', "-NOGROUP No such consumer group 'none' for key name 's'|"],
    ['XADD s 1 f v', '$3|1-0|'],
    ['XREADGROUP GROUP g a STREAMS s >', '*1|*2|$1|s|*1|*2|$3|1-0|*2|$1|f|$1|v|'],
    ['XGROUP DELCONSUMER s g a', ':1|'],
    ['XGROUP DESTROY s g', ':1|'],
    ['XGROUP DESTROY s g', ':0|'],
  ])
})

t.test('a consumer is seen when it asks', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  runner.runAll('XGROUP CREATE s g 0 MKSTREAM', 'XGROUP CREATECONSUMER s g a')
  runner.clock.now += 50
  t.match(runner.run('XINFO CONSUMERS s g'), /idle\r\n:50\r\n$/)
  runner.run('XREADGROUP GROUP g a STREAMS s 0')
  t.match(runner.run('XINFO CONSUMERS s g'), /idle\r\n:0\r\n$/)
})
