import t from 'tap'
import { EditableString } from '../../lib/data/editable-string.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { HashValue } from '../../lib/data/hash.ts'
import { SortedSetValue } from '../../lib/data/sorted-set.ts'
import {
  hashOf,
  integerOf,
  sortedSetOf,
  stringOf,
  typeNameOf,
} from '../../lib/keyspace/typed-value.ts'
import { errors } from '../../lib/resp/reply-error.ts'

const hash = new HashValue(defaultEncodingLimits())
const sorted = new SortedSetValue(defaultEncodingLimits())
const edited = new EditableString('')

t.test('a value has a type', async (t) => {
  t.equal(typeNameOf(''), 'string')
  t.equal(typeNameOf(edited), 'string')
  t.equal(typeNameOf(hash), 'hash')
  t.equal(typeNameOf(sorted), 'zset')
})

t.test('a value of the type wanted passes, as nothing does; another is refused', async (t) => {
  t.equal(stringOf(''), '')
  t.equal(stringOf(edited), edited)
  t.equal(stringOf(undefined), undefined)
  t.equal(hashOf(hash), hash)
  t.equal(hashOf(undefined), undefined)
  t.equal(sortedSetOf(sorted), sorted)
  t.equal(sortedSetOf(undefined), undefined)
  t.throws(() => sortedSetOf(hash), errors.wrongType)
  t.throws(() => hashOf(sorted), errors.wrongType)
  t.throws(() => stringOf(hash), errors.wrongType)
  t.throws(() => hashOf(''), errors.wrongType)
  t.throws(() => hashOf(edited), errors.wrongType)
})

t.test('a string is an integer where its digits are one', async (t) => {
  t.equal(integerOf(undefined), undefined)
  t.equal(integerOf(-7), -7)
  t.equal(integerOf('-7'), -7)
  t.equal(integerOf('9007199254740993'), 9007199254740993n)
  t.equal(integerOf(new EditableString('12')), 12)
  t.throws(() => integerOf(''), errors.notInteger)
  t.throws(() => integerOf('07'), errors.notInteger)
  t.throws(() => integerOf(edited), errors.notInteger)
  t.throws(() => integerOf(hash), errors.wrongType)
})
