import t from 'tap'
import { AssertionError, assert, unreachable } from '../../lib/base/assert.ts'

t.test('a true condition passes', async (t) => {
  t.doesNotThrow(() => assert(1, 'one is truthy'))
})

t.test('a false one throws and says what is broken', async (t) => {
  t.throws(() => assert(0, 'zero is truthy'), { name: 'AssertionError', message: 'zero is truthy' })
  t.throws(() => assert(undefined, 'it is there'), AssertionError)
})

t.test('an impossible value is named', async (t) => {
  t.throws(() => unreachable('maybe' as never), { message: 'impossible value: maybe' })
})
