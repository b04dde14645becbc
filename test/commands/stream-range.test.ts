/** Ranges in both directions; all their words are in the conformance corpus. */
import t from 'tap'
import { taken } from '../../lib/commands/stream-range.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('entries between two ids', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('XADD s 1 f v', 'XADD s 2 f w')
  const [first, second] = ['*2|$3|1-0|*2|$1|f|$1|v|', '*2|$3|2-0|*2|$1|f|$1|w|']
  expectReplies(t, runner, [
    ['XRANGE s - +', `*2|${first}${second}`],
    ['XREVRANGE s + -', `*2|${second}${first}`],
    ['XRANGE s (1 +', `*1|${second}`],
    ['XREVRANGE s + - COUNT 1', `*1|${second}`],
    ['XRANGE s - + COUNT 0', '*-1|'],
    ['XRANGE none - +', '*0|'],
    ['XRANGE s x +', '-ERR Invalid stream ID specified as stream command argument|'],
  ])
})

t.test('the first of some things, or all', async (t) => {
  t.strictSame(taken([1, 2, 3], 2), [1, 2])
  t.strictSame(taken([1, 2, 3], 9), [1, 2, 3])
  t.strictSame(taken([1, 2, 3], 0), [1, 2, 3])
})
