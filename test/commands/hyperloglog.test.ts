import t from 'tap'
import { HyperLogLog } from '../../lib/data/hyperloglog.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

function runner(): CommandRunner {
  const runner = new CommandRunner()
  runner.config.set('hll-sparse-max-bytes', '3000')
  return runner
}

t.test('elements are counted, together or apart', async (t) => {
  expectReplies(t, runner(), [
    ['PFADD a 1 2 3', ':1|'],
    ['PFADD a 1 2', ':0|'],
    ['PFADD b 3 4', ':1|'],
    ['PFADD c', ':1|'],
    ['PFADD c', ':0|'],
    ['PFCOUNT a', ':3|'],
    ['PFCOUNT a b none', ':4|'],
    ['PFMERGE c a b', '+OK|'],
    ['PFCOUNT c', ':4|'],
    ['PFDEBUG ENCODING c', '+sparse|'],
    ['PFDEBUG TODENSE c', ':1|'],
    ['PFCOUNT c', ':4|'],
    ['PFSELFTEST', '+OK|'],
    ['SET s text', '+OK|'],
    ['PFADD s x', '-WRONGTYPE Key is not a valid HyperLogLog string value.|'],
    ['SETRANGE a 15 "\\x80\\x00"', ':27|'],
    ['PFCOUNT a', '-INVALIDOBJ Corrupted HLL object detected|'],
    ['PFADD half e2 e43', ':1|'],
    ['SETRANGE half 19 -4759', ':24|'],
    ['PFADD half e36 e1', '-INVALIDOBJ Corrupted HLL object detected|'],
    ['STRLEN half', ':26|'],
  ])
})

t.test('a new estimate is told to replicas, a known one is not', async (t) => {
  const node = runner()
  node.run('PFADD a 1')
  node.takePropagated()
  node.run('PFCOUNT a')
  t.strictSame(node.takePropagated(), [['PFCOUNT', 'a']])
  node.run('PFCOUNT a')
  t.strictSame(node.takePropagated(), [])
})

t.test('a self test heeds hll-sparse-max-bytes', async (t) => {
  const node = runner()
  node.config.set('hll-sparse-max-bytes', '1234')
  const limits = new Set<number>()
  const { add } = HyperLogLog.prototype
  HyperLogLog.prototype.add = function (this: HyperLogLog, element, limit) {
    limits.add(limit)
    return add.call(this, element, limit)
  }
  t.teardown(() => {
    HyperLogLog.prototype.add = add
  })
  t.equal(node.run('PFSELFTEST').trim(), '+OK')
  // What is dense from the start grows no more.
  t.strictSame(limits, new Set([1234, 0]))
})
