/** Who may claim what, by the clock; all the words are in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

function stage(): CommandRunner {
  const runner = new CommandRunner({ now: 1000 })
  runner.runAll('XADD s 1 f v', 'XADD s 2 f v', 'XADD s 3 f v', 'XGROUP CREATE s g 0')
  runner.run('XREADGROUP GROUP g a STREAMS s >')
  runner.clock.now += 100
  return runner
}

t.test('entries that waited long enough go to another', async (t) => {
  expectReplies(t, stage(), [
    ['XCLAIM s g b 101 1', '*0|'],
    ['XINFO CONSUMERS s g', '*1|*6|$4|name|$1|a|$7|pending|:3|$4|idle|:100|'],
    ['XCLAIM s g b 100 1 JUSTID', '*1|$3|1-0|'],
    ['XCLAIM s g b 0 2 IDLE 40 RETRYCOUNT 7 JUSTID', '*1|$3|2-0|'],
    ['XPENDING s g - + 9', '*3|*4|$3|1-0|$1|b|:0|:1|*4|$3|2-0|$1|b|:40|:7|*4|$3|3-0|$1|a|:100|:1|'],
  ])
})

t.test('from an id on, and where to go on', async (t) => {
  expectReplies(t, stage(), [
    ['XAUTOCLAIM s g b 0 - COUNT 2 JUSTID', '*3|$3|3-0|*2|$3|1-0|$3|2-0|*0|'],
    ['XDEL s 1', ':1|'],
    ['XAUTOCLAIM s g c 50 - JUSTID', '*3|$3|0-0|*1|$3|3-0|*1|$3|1-0|'],
    ['XPENDING s g - + 9', '*2|*4|$3|2-0|$1|b|:0|:1|*4|$3|3-0|$1|c|:0|:1|'],
  ])
})

t.test('not more than ten are looked at for one that is wanted', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  runner.run('XGROUP CREATE s g 0 MKSTREAM')
  for (let i = 1; i < 30; i++) runner.run(`XADD s ${i} f v`)
  runner.run('XREADGROUP GROUP g a STREAMS s >')
  expectReplies(t, runner, [['XAUTOCLAIM s g b 50 - COUNT 1', '*3|$4|11-0|*0|*0|']])
})

t.test('from 7.2 on who claims has joined, whatever there is', async (t) => {
  for (const line of ['XCLAIM s g z 0 9-9', 'XAUTOCLAIM s g z 0 9-9']) {
    const runner = new CommandRunner({ version: '7.2' })
    runner.run('XGROUP CREATE s g 0 MKSTREAM')
    runner.run(line)
    t.match(runner.run('XINFO GROUPS s'), 'consumers\r\n:1\r\n', line)
  }
})
