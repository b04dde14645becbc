import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('single bits are set and read, in place', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SETBIT b 7 1', ':0|'],
    ['SETBIT b 7 1', ':1|'],
    ['SETBIT b 8000000 1', ':0|'],
    ['STRLEN b', ':1000001|'],
    ['GETBIT b 8000000', ':1|'],
    ['GETBIT b 8000001', ':0|'],
    ['GETBIT b 80000000', ':0|'],
    ['GETBIT none 1', ':0|'],
    ['SETBIT b -1 1', '-ERR bit offset is not an integer or out of range|'],
    ['SETBIT b 4294967296 1', '-ERR bit offset is not an integer or out of range|'],
    ['SETBIT b 1 2', '-ERR bit is not an integer or out of range|'],
  ])
})

t.test('a bit that is as it was is no change, a longer string is one', async (t) => {
  const runner = new CommandRunner()
  const changes = (line: string) => {
    const before = runner.changes.dirty
    runner.run(line)
    return runner.changes.dirty - before
  }
  t.equal(changes('SETBIT b 0 0'), 1)
  t.equal(changes('SETBIT b 0 0'), 0)
  t.equal(changes('SETBIT b 0 1'), 1)
  t.equal(changes('SETBIT b 9 0'), 1)
})
