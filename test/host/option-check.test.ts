import t from 'tap'
import { boolean, choice, closest, integer, listed, wrong } from '../../lib/host/option-check.ts'

t.test('what is absent stays absent', async (t) => {
  t.equal(integer('x', undefined, { from: 1, to: 2 }), undefined)
  t.equal(choice('x', undefined, ['a', 'b']), undefined)
  t.equal(boolean('x', undefined), undefined)
})

t.test('both ends of a range are in it', async (t) => {
  t.equal(integer('x', 1, { from: 1, to: 2 }), 1)
  t.equal(integer('x', 2, { from: 1, to: 2 }), 2)
  for (const value of [0, 3, 1.5, '1', null, Number.POSITIVE_INFINITY]) {
    t.throws(() => integer('x', value, { from: 1, to: 2 }), { code: 'ERR_BAD_OPTION' })
  }
})

t.test('errors name what was given, shortened', async (t) => {
  t.equal(wrong('x', 1n, 'a number', 'try 1').message, '`x` must be a number, not 1n; try 1')
  t.ok(wrong('x', 'y'.repeat(10_000), 'short').message.length < 200)
  t.equal(listed(['a', 'b', 'c']), "'a', 'b' or 'c'")
})

t.test('the closest name is a few letters away', async (t) => {
  t.equal(closest('replica', ['masters', 'replicas']), 'replicas')
  t.equal(closest('MASTERS', ['masters', 'replicas']), 'masters')
  t.equal(closest('mastres', ['masters', 'replicas']), 'masters')
  t.equal(closest('nodes', ['masters', 'replicas']), undefined)
})
