/** What adding and deleting leaves behind; replies are in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('ids come from the clock and never go back', async (t) => {
  const runner = new CommandRunner({ now: 1_700_000_000_000 })
  expectReplies(t, runner, [
    ['XADD s * f v', '$15|1700000000000-0|'],
    ['XADD s * f v', '$15|1700000000000-1|'],
  ])
  runner.clock.now -= 5000
  expectReplies(t, runner, [['XADD s * f v', '$15|1700000000000-2|']])
  runner.clock.now += 6000
  expectReplies(t, runner, [['XADD s * f v', '$15|1700000001000-0|']])
})

t.test('replicas hear the id', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  const propagated = (line: string) => {
    runner.run(line)
    return runner.takePropagated().map((words) => words.join(' '))
  }
  t.strictSame(propagated('xadd s 1-1 f v'), ['xadd s 1-1 f v'])
  t.strictSame(propagated('XADD s * f v'), ['XADD s 1000-0 f v'])
  t.strictSame(propagated('XADD s 1000-* f v'), ['XADD s 1000-1 f v'])
  t.strictSame(propagated('XADD s 1 f v'), [])
  t.strictSame(propagated('XDEL s 2'), [])
  t.strictSame(propagated('XDEL s 1-1 2'), ['XDEL s 1-1 2'])
  t.strictSame(propagated('XSETID s 5000'), ['XSETID s 5000'])
})

t.test('who watches hears of entries, not of groups', async (t) => {
  const runner = new CommandRunner()
  const touched = (line: string) => {
    runner.run(line)
    return runner.takeTouched()
  }
  t.strictSame(touched('XADD s 1 f v'), ['s'])
  t.strictSame(touched('XDEL s 9'), [])
  t.strictSame(touched('XGROUP CREATE s g 0'), [])
  t.strictSame(touched('XGROUP CREATE new g 0 MKSTREAM'), ['new'])
  t.strictSame(touched('XREADGROUP GROUP g c STREAMS s >'), [])
  t.strictSame(touched('XACK s g 1'), [])
  t.strictSame(touched('XSETID s 5'), [])
  t.strictSame(touched('XTRIM s MAXLEN 0'), ['s'])
})

t.test('from 7.2 on a stream cannot go back before what was deleted', async (t) => {
  for (const [version, reply] of [
    ['7.0', '+OK|'],
    ['7.2', '-ERR The ID specified in XSETID is smaller than current max_deleted_entry_id|'],
  ] as const) {
    const runner = new CommandRunner({ version })
    runner.runAll('XADD s 1 f v', 'XADD s 5 f v', 'XDEL s 5')
    expectReplies(t, runner, [['XSETID s 2', reply]])
  }
})
