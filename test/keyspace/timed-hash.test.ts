import t from 'tap'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { HashValue } from '../../lib/data/hash.ts'
import type { Value } from '../../lib/data/stored-object.ts'
import { TimedHashes } from '../../lib/keyspace/timed-hash.ts'

function timedHash(atMs: number): HashValue {
  const hash = new HashValue(defaultEncodingLimits())
  hash.set('f', '1')
  hash.expire('f', atMs)
  return hash
}

t.test('the hash whose field ends first comes first, whatever became of others', async (t) => {
  const values = new Map<string, Value>()
  const timed = new TimedHashes((key) => values.get(key))
  const put = (key: string, hash: HashValue) => {
    values.set(key, hash)
    timed.add(key, hash)
  }
  t.equal(timed.first(), undefined)
  put('a', timedHash(30))
  put('b', timedHash(10))
  put('c', timedHash(20))
  t.same(timed.first(), { key: 'b', atMs: 10 })
  values.set('b', 'a string now')
  t.same(timed.first(), { key: 'c', atMs: 20 })
  ;(values.get('c') as HashValue).persist('f')
  t.same(timed.first(), { key: 'a', atMs: 30 })
  t.equal(timed.count(), 1)
  const a = values.get('a') as HashValue
  a.expire('f', 50)
  timed.add('a', a)
  t.same(timed.first(), { key: 'a', atMs: 50 })
  timed.clear()
  t.same([timed.first(), timed.count()], [undefined, 0])
})
