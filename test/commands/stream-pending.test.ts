/** What pends, and for how long; all the words are in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('entries pend until they are acknowledged', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  runner.runAll('XADD s 1 f v', 'XADD s 2 f v', 'XGROUP CREATE s g 0')
  runner.run('XREADGROUP GROUP g a COUNT 1 STREAMS s >')
  runner.clock.now += 100
  runner.run('XREADGROUP GROUP g b STREAMS s >')
  runner.clock.now += 5
  expectReplies(t, runner, [
    ['XPENDING s g', '*4|:2|$3|1-0|$3|2-0|*2|*2|$1|a|$1|1|*2|$1|b|$1|1|'],
    ['XPENDING s g - + 9', '*2|*4|$3|1-0|$1|a|:105|:1|*4|$3|2-0|$1|b|:5|:1|'],
    ['XPENDING s g IDLE 50 - + 9', '*1|*4|$3|1-0|$1|a|:105|:1|'],
    ['XPENDING s g - + 9 b', '*1|*4|$3|2-0|$1|b|:5|:1|'],
    ['XACK s g 1 2 3', ':2|'],
    ['XPENDING s g', '*4|:0|$-1|$-1|*-1|'],
    ['XPENDING s none', "-NOGROUP No such key 's' or consumer group 'none'|"],
  ])
})
