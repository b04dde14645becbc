import t from 'tap'
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
  const cpuMs = (): number => {
    const began = process.cpuUsage()
    t.equal(node.run('PFSELFTEST').trim(), '+OK')
    return process.cpuUsage(began).user / 1000
  }
  cpuMs()
  const short = cpuMs()
  // Sparse registers of any length: each element walks all of them.
  node.config.set('hll-sparse-max-bytes', '16384')
  const long = cpuMs()
  t.ok(short < long / 3, `${short} ms with 3000 bytes, ${long} ms with 16384`)
})
