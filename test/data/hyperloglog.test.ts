import t from 'tap'
import {
  CorruptHyperLogLog,
  estimateOf,
  HyperLogLog,
  isHyperLogLog,
} from '../../lib/data/hyperloglog.ts'

function counted(count: number, sparseMaxBytes: number): HyperLogLog {
  const counter = new HyperLogLog()
  for (let i = 0; i < count; i++) counter.add(`element ${i}`, sparseMaxBytes)
  return counter
}

t.test('sparse and dense registers are the same, and estimate well', async (t) => {
  for (const count of [0, 1, 10, 1000, 50_000]) {
    const sparse = counted(count, 1_000_000)
    const dense = counted(count, 0)
    t.strictSame(sparse.registers(), dense.registers())
    const estimate = estimateOf(dense.registers())
    t.ok(Math.abs(estimate - count) <= count * 0.04, `${estimate} for ${count}`)
    t.ok(isHyperLogLog(sparse.bytes.toString('latin1')))
    t.ok(isHyperLogLog(dense.bytes.toString('latin1')))
  }
  t.equal(counted(1, 0).encoding, 'dense')
  t.equal(counted(100, 3000).encoding, 'sparse')
  t.equal(counted(2000, 3000).encoding, 'dense')
})

t.test('an element counts once, and voids the estimate', async (t) => {
  const counter = new HyperLogLog()
  t.equal(counter.estimate, 0n)
  t.equal(counter.add('a', 3000), true)
  t.equal(counter.estimate, undefined)
  t.equal(counter.add('a', 3000), false)
  counter.estimate = 1n
  t.equal(counter.estimate, 1n)
})

t.test('what is none, and what is broken', async (t) => {
  t.notOk(isHyperLogLog('HYLL'))
  t.notOk(isHyperLogLog('HYLX'.padEnd(18, '\0')))
  t.notOk(isHyperLogLog('HYLL\x02'.padEnd(18, '\0')))
  t.notOk(isHyperLogLog('HYLL\x00'.padEnd(12_303, '\0')))
  const broken = new HyperLogLog(Buffer.from('HYLL\x01'.padEnd(18, '\0'), 'latin1'))
  t.throws(() => broken.registers(), CorruptHyperLogLog)
  t.throws(() => broken.raise(5, 1, 3000), CorruptHyperLogLog)
})
