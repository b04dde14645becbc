import t from 'tap'
import { substitute } from '../../lib/base/substitute.ts'

class Counter {
  readonly name: string = 'counter'
  #count = 0

  get count(): number {
    return this.#count
  }

  raise(): Counter {
    this.#count++
    return this
  }
}

t.test('all but some members are those of the other, private ones included', async (t) => {
  const counter = new Counter()
  const other = substitute(counter, { name: 'other' })
  t.equal(other.name, 'other')
  t.equal(counter.name, 'counter')
  other.raise()
  counter.raise()
  t.equal(other.count, 2)
  t.equal(other.raise(), counter, 'it speaks of itself')
})

t.test('a member may be nothing instead', async (t) => {
  const table: { find?: (() => number) | undefined } = { find: () => 1 }
  t.equal(substitute(table, { find: undefined }).find, undefined)
  t.equal(substitute(table, {}).find?.(), 1)
})
