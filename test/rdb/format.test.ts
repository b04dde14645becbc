import t from 'tap'
import { Kind, kindName, RdbError, RdbTruncatedError } from '../../lib/rdb/format.ts'

t.test('every kind of value has a name', async (t) => {
  t.equal(kindName(Kind.string), 'string')
  t.equal(kindName(Kind.hashListpack), 'hash-listpack')
  t.equal(kindName(21), 'stream-listpacks-3')
  t.equal(kindName(8), 'unknown-8', 'a number that was never given')
  t.equal(kindName(99), 'unknown-99')
})

t.test('a truncated file is one sort of broken file', async (t) => {
  const error = new RdbTruncatedError('x')
  t.ok(error instanceof RdbError)
  t.equal(error.name, 'RdbTruncatedError')
  t.equal(new RdbError('x').name, 'RdbError')
})
