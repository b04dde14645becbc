import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { SetValue } from '../../lib/data/set.ts'

/** As before 7.2: without listpacks. */
function setOf(...members: string[]): SetValue {
  return new SetValue({ ...defaultEncodingLimits(), setMaxListpackEntries: 0 }, new Set(members))
}

t.test('members are added, found and removed', async (t) => {
  const set = setOf()
  t.equal(set.add('b'), true)
  t.equal(set.add('b'), false)
  t.equal(set.add('a'), true)
  t.equal(set.has('a'), true)
  t.equal(set.has('c'), false)
  t.equal(set.size, 2)
  t.equal(set.delete('b'), true)
  t.equal(set.delete('b'), false)
  t.strictSame([...set.names()], ['a'])
})

t.test('integers come in ascending order, whatever their signs and lengths', async (t) => {
  const random = new Random('ascending')
  const values = [
    ...Array.from({ length: 200 }, () => BigInt.asIntN(1 + random.below(64), random64(random))),
    0n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ]
  const set = setOf()
  for (const value of values) set.add(String(value))
  const expected = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1)).map(String)
  t.strictSame([...set.names()], expected)
  set.delete('0')
  t.strictSame(
    [...set.names()],
    expected.filter((text) => text !== '0'),
    'after a change, too',
  )
})

function random64(random: Random): bigint {
  return (BigInt(random.nextUint32()) << 32n) | BigInt(random.nextUint32())
}

t.test('it is an intset of up to 512 integers and never again', async (t) => {
  const numbers = Array.from({ length: 512 }, (_, i) => String(i))
  const byCount = setOf(...numbers)
  t.equal(byCount.encoding(), 'intset')
  byCount.add('0')
  t.equal(byCount.encoding(), 'intset')
  byCount.add('512')
  t.equal(byCount.encoding(), 'hashtable')
  byCount.delete('512')
  t.equal(byCount.encoding(), 'hashtable')
  t.equal(byCount.copy().encoding(), 'hashtable')
  for (const text of ['', 'a', '01', '+1', '-0', ' 1', '9223372036854775808']) {
    const set = setOf('1')
    set.add(text)
    t.equal(set.encoding(), 'hashtable', JSON.stringify(text))
    t.equal(setOf('1', text).encoding(), 'hashtable')
  }
  t.equal(setOf(...numbers, '512').encoding(), 'hashtable')
})

t.test('an intset is scanned at once, in order', async (t) => {
  t.strictSame(setOf('2', '1').scan(0, 1), { position: 0, names: ['1', '2'] })
})

t.test('a copy shares nothing', async (t) => {
  const set = setOf('1')
  const copy = set.copy()
  copy.add('2')
  t.strictSame([...set.names()], ['1'])
  t.strictSame([...copy.names()], ['1', '2'])
})

t.test('it is a listpack while its members are few and small, where there is one', async (t) => {
  const limits = { ...defaultEncodingLimits(), setMaxListpackEntries: 3, setMaxListpackValue: 4 }
  const made = (...members: string[]) => new SetValue(limits, new Set(members))
  t.equal(made('a', 'b', 'c').encoding(), 'listpack')
  t.equal(made('a', 'b', 'c', 'd').encoding(), 'hashtable')
  t.equal(made('abcde').encoding(), 'hashtable')
  const set = made('30', '4')
  set.add('x')
  t.same([set.encoding(), ...set.names()], ['listpack', '4', '30', 'x'])
  t.equal(set.copy().encoding(), 'listpack')
  t.same(set.scan(0, 1), { position: 0, names: ['4', '30', 'x'] }, 'it is given whole')
  set.delete('4')
  set.add('long')
  t.equal(set.encoding(), 'listpack')
  set.add('longer')
  t.equal(set.encoding(), 'hashtable')
  const crowded = made('1', '2', '3')
  crowded.add('x')
  t.equal(crowded.encoding(), 'hashtable')
  t.equal(made('1', '2', '3', '4').encoding(), 'intset')
})

t.test('many members are held as few are, and so by a copy', async (t) => {
  const set = setOf(...Array.from({ length: 300 }, (_, i) => `m${i}`))
  for (let i = 0; i < 300; i += 3) t.equal(set.delete(`m${i}`), true)
  t.equal(set.delete('m0'), false)
  t.equal(set.add('m1'), false)
  t.equal(set.add('m0'), true)
  const expected = Array.from({ length: 300 }, (_, i) => `m${i}`).filter((_, i) => i % 3 !== 0)
  t.strictSame([...set.names()], [...expected, 'm0'])
  const copy = set.copy()
  set.delete('m1')
  t.strictSame([...copy.names()], [...expected, 'm0'])
  t.equal(copy.size, 201)
  const random = new Random('many')
  for (let i = 0; i < 100; i++) {
    const name = copy.randomName(random) ?? ''
    if (!copy.has(name)) t.fail(`${name} is no member`)
  }
  t.equal(new Set(copy.randomNames(20, random)).size, 20)
})
