import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import { SlotGroup } from '../../lib/keyspace/slot-group.ts'

function put(group: SlotGroup, key: string): void {
  group.values.set(key, 'v')
  group.added(key)
}

function groupOf(size: number): SlotGroup {
  const group = new SlotGroup()
  for (let i = 0; i < size; i++) put(group, `k${i}`)
  return group
}

t.test('dropping tells what was there', async (t) => {
  const group = groupOf(1)
  t.equal(group.drop('k0'), true)
  t.equal(group.drop('k0'), false)
})

t.test('keys of one slot are told from those of its neighbours', async (t) => {
  const group = new SlotGroup()
  for (const key of ['{a}1', 'b', '{a}2', '{b}', '{a}3']) put(group, key)
  t.strictSame(group.keysOf(keySlot('a'), 9), ['{a}1', '{a}2', '{a}3'])
  t.strictSame(group.keysOf(keySlot('a'), 2), ['{a}1', '{a}2'])
  t.strictSame(group.keysOf(keySlot('c'), 9), [])
})

t.test('few keys are scanned at once, many in steps', async (t) => {
  const few: string[] = []
  t.equal(groupOf(10).scan(0, 10, few), 0)
  t.equal(few.length, 10)
  const group = groupOf(11)
  const found: string[] = []
  let position = group.scan(0, 10, found)
  t.not(position, 0)
  group.drop('k3')
  put(group, 'new')
  while (position !== 0) position = group.scan(position, 10, found)
  for (let i = 0; i < 11; i++) if (i !== 3) t.ok(found.includes(`k${i}`), `k${i}`)
})

t.test('a random key is one of its keys, also after changes', async (t) => {
  const random = new Random(1)
  t.equal(new SlotGroup().randomKey(random), undefined)
  for (const size of [1, 30, 2000]) {
    const group = groupOf(size)
    for (let i = 0; i < 200; i++) {
      const key = group.randomKey(random) as string
      if (!group.values.has(key)) t.fail(key)
      group.drop(key)
      put(group, `n${i}`)
    }
    t.equal(group.values.size, size)
  }
})
