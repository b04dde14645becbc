import t from 'tap'
import { FaultMatrix } from '../../lib/base/fault-matrix.ts'
import { FaultLedger } from '../../lib/host/fault-ledger.ts'

t.test('faults add up, and removing one leaves the others', async (t) => {
  const matrix = new FaultMatrix(new SharedArrayBuffer(FaultMatrix.length(3)), 0, 3)
  const ledger = new FaultLedger(matrix)
  const heal = ledger.add({ paths: [[0, 1]], isCut: true })
  const healAgain = ledger.add({
    paths: [
      [0, 1],
      [1, 0],
    ],
    isCut: true,
  })
  const speedUp = ledger.add({ paths: [[0, 1]], minMs: 5, maxMs: 10 })
  const mend = [0.5, 0.5].map((dropProbability) => ledger.add({ paths: [[0, 1]], dropProbability }))
  ledger.add({ paths: [[2, 1]], minMs: 1, maxMs: 1 })
  t.strictSame(matrix.read(0, 1), { isCut: true, minMs: 5, maxMs: 10, dropProbability: 0.75 })
  heal()
  heal()
  t.ok(matrix.isCut(0, 1), 'cut twice')
  healAgain()
  t.notOk(matrix.isCut(0, 1))
  t.ok(matrix.isWhole(1, 0))
  t.strictSame(matrix.read(0, 1), { isCut: false, minMs: 5, maxMs: 10, dropProbability: 0.75 })
  ledger.add({ paths: [[0, 1]], minMs: 2, maxMs: 2 })
  t.match(matrix.read(0, 1), { minMs: 7, maxMs: 12 })
  for (const undo of [speedUp, ...mend]) undo()
  t.strictSame(matrix.read(0, 1), { isCut: false, minMs: 2, maxMs: 2, dropProbability: 0 })
  t.match(matrix.read(2, 1), { minMs: 1 })
})
