import t from 'tap'
import { FieldExpiries } from '../../lib/data/field-expiry.ts'

t.test('fields end when they were told to, and the earliest is known', async (t) => {
  const ends = new FieldExpiries()
  t.equal(ends.nextMs, Number.POSITIVE_INFINITY)
  ends.set('a', 20)
  ends.set('b', 10)
  t.equal(ends.of('a'), 20)
  t.equal(ends.of('c'), undefined)
  t.equal(ends.nextMs, 10)
  ends.set('b', 30)
  t.equal(ends.nextMs, 20, 'the earliest was put off')
  t.equal(ends.size, 2)
})

t.test('a cleared end is found out when another is set', async (t) => {
  const ends = new FieldExpiries(
    new Map([
      ['a', 10],
      ['b', 20],
    ]),
  )
  t.equal(ends.clear('a'), true)
  t.equal(ends.clear('a'), false)
  t.equal(ends.nextMs, 10, 'no later than the earliest')
  t.equal(ends.earliestMs(), 20)
  ends.set('c', 30)
  t.equal(ends.nextMs, 20)
})

t.test('a field is due after its last millisecond', async (t) => {
  const ends = new FieldExpiries(
    new Map([
      ['a', 10],
      ['b', 11],
    ]),
  )
  t.same(ends.due(10), [])
  t.same(ends.due(11), ['a'])
  t.same(ends.due(12), ['a', 'b'])
})

t.test('a copy is independent', async (t) => {
  const ends = new FieldExpiries(new Map([['a', 10]]))
  ends.clear('a')
  const copy = ends.copy()
  t.equal(copy.nextMs, 10)
  copy.set('b', 50)
  t.equal(copy.nextMs, 50)
  t.equal(ends.size, 0)
})
