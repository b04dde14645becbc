import t from 'tap'
import { FaultMatrix } from '../../lib/base/fault-matrix.ts'

t.test(
  'every path has a place of its own, clients included, and all who share it see the same',
  async (t) => {
    const nodes = 3
    const buffer = new SharedArrayBuffer(8 + FaultMatrix.length(nodes))
    const matrix = new FaultMatrix(buffer, 8, nodes)
    const reader = new FaultMatrix(buffer, 8, nodes)
    t.equal(matrix.clients, nodes)
    const places = [0, 1, 2, matrix.clients]
    const paths = places.flatMap((from) => places.map((to) => [from, to] as const))
    for (const [from, to] of paths) {
      t.ok(reader.isWhole(from, to))
      t.equal(reader.read(from, to), undefined)
    }
    const fault = (from: number, to: number) => ({
      isCut: (from + to) % 2 === 0,
      minMs: from,
      maxMs: 10 * to + from,
      dropProbability: 0.25,
    })
    for (const [from, to] of paths) matrix.write(from, to, fault(from, to))
    for (const [from, to] of paths) {
      t.strictSame(reader.read(from, to), fault(from, to))
      t.equal(reader.isCut(from, to), fault(from, to).isCut)
      t.notOk(reader.isWhole(from, to))
    }
    matrix.write(1, 2, undefined)
    t.ok(reader.isWhole(1, 2))
    t.notOk(reader.isCut(1, 2))
    t.notOk(reader.isWhole(2, 1))
  },
)
