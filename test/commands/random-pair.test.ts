import t from 'tap'
import { parseRandomRequest } from '../../lib/commands/random-pair.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('a count, and whether values come along', async (t) => {
  const parsed = (...words: string[]) => parseRandomRequest(['NAME', 'key', ...words], 'WITHIT')
  t.equal(parsed(), undefined)
  t.strictSame(parsed('-3'), { count: -3, withValues: false })
  t.strictSame(parsed('3', 'withit'), { count: 3, withValues: true })
  t.throws(() => parsed('3', 'other'), { message: 'ERR syntax error' })
  t.throws(() => parsed('3', 'WITHIT', 'more'), { message: 'ERR syntax error' })
  t.throws(() => parsed('x', 'other'), { message: 'ERR value is not an integer or out of range' })
  t.throws(() => parsed('4611686018427387904', 'WITHIT'), { message: 'ERR value is out of range' })
})

t.test('pairs are arrays in RESP3', async (t) => {
  const runner = new CommandRunner()
  runner.run('HSET h f v')
  expectReplies(t, runner, [
    ['HRANDFIELD h -2 WITHVALUES', '*4|$1|f|$1|v|$1|f|$1|v|'],
    ['HRANDFIELD h 2', '*1|$1|f|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [['HRANDFIELD h -2 WITHVALUES', '*2|*2|$1|f|$1|v|*2|$1|f|$1|v|']])
})
