/** What trimming leaves and what replicas hear of it; all its words are in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('replicas hear what a trim left', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  runner.limits.streamNodeMaxEntries = 2
  const propagated = (line: string) => {
    runner.run(line)
    return runner.takePropagated().map((words) => words.join(' '))
  }
  t.strictSame(propagated('xadd s 1-1 f v'), ['xadd s 1-1 f v'])
  t.strictSame(propagated('XADD s * f v'), ['XADD s 1000-0 f v'])
  t.strictSame(propagated('XADD s 1000-* f v'), ['XADD s 1000-1 f v'])
  t.strictSame(propagated('XADD s MAXLEN ~ 2 * f v'), ['XADD s MAXLEN = 2 1000-2 f v'])
  t.strictSame(propagated('XADD s MAXLEN ~ 2 LIMIT 5 2-0 f v'), [])
  t.strictSame(propagated('XADD s MINID ~ 1000-2 2000 f v'), ['XADD s MINID = 1000-1 2000 f v'])
  t.strictSame(propagated('XADD s MAXLEN 3 * f v'), ['XADD s MAXLEN 3 2000-1 f v'])
  t.strictSame(propagated('XTRIM s MAXLEN ~ 2 LIMIT 9'), ['XTRIM s MAXLEN = 2 LIMIT 9'])
  t.strictSame(propagated('XTRIM s MAXLEN ~ 2'), [])
  t.strictSame(propagated('XTRIM s MAXLEN 1'), ['XTRIM s MAXLEN 1'])
})

t.test('a master link trims as it is told', async (t) => {
  const runner = new CommandRunner()
  for (let i = 1; i < 10; i++) runner.run(`XADD s ${i} f v`)
  runner.isMasterLink = true
  expectReplies(t, runner, [['XTRIM s MAXLEN = 2 LIMIT 3', ':7|']])
})

t.test('whole nodes, exactly, and what is refused', async (t) => {
  const runner = new CommandRunner()
  runner.limits.streamNodeMaxEntries = 2
  for (let i = 1; i < 8; i++) runner.run(`XADD s ${i} f v`)
  expectReplies(t, runner, [
    ['XTRIM s MAXLEN ~ 4', ':2|'],
    ['XTRIM s MINID = 4', ':1|'],
    ['XTRIM none MAXLEN 1', ':0|'],
    [
      'XTRIM s MAXLEN 1 LIMIT 1',
      '-ERR syntax error, LIMIT cannot be used without the special ~ option|',
    ],
    [
      'XTRIM s LIMIT 1',
      '-ERR syntax error, LIMIT cannot be used without specifying a trimming strategy|',
    ],
    ['XTRIM s MAXLEN -1', '-ERR The MAXLEN argument must be >= 0.|'],
    ['XLEN s', ':4|'],
  ])
})
