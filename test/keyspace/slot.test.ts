import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { Slot } from '../../lib/keyspace/slot.ts'

function slotOf(size: number): Slot {
  const slot = new Slot()
  for (let i = 0; i < size; i++) slot.put(`k${i}`, 'v')
  return slot
}

t.test('putting tells what is new, dropping what was there', async (t) => {
  const slot = new Slot()
  t.equal(slot.put('k', 'v'), true)
  t.equal(slot.put('k', ''), false)
  t.equal(slot.values.get('k'), '')
  t.equal(slot.drop('k'), true)
  t.equal(slot.drop('k'), false)
})

t.test('keys are listed newest first, of a crowded slot the oldest', async (t) => {
  const slot = slotOf(4)
  t.strictSame(slot.keys(2), ['k3', 'k2'])
  t.strictSame(slot.keys(0), [])
  t.strictSame(slot.keys(9), ['k3', 'k2', 'k1', 'k0'])
  slot.put('k1', 'again')
  t.strictSame(slot.keys(1), ['k3'], 'a new value makes no new key')
  const crowded = slotOf(600)
  t.strictSame(crowded.keys(2), ['k0', 'k1'])
  t.equal(crowded.keys(600)[0], 'k599')
})

t.test('few keys are scanned at once, many in steps', async (t) => {
  const few: string[] = []
  t.equal(slotOf(10).scan(0, 10, few), 0)
  t.equal(few.length, 10)
  const slot = slotOf(11)
  const found: string[] = []
  let position = slot.scan(0, 10, found)
  t.not(position, 0)
  slot.drop('k3')
  slot.put('new', '')
  while (position !== 0) position = slot.scan(position, 10, found)
  for (let i = 0; i < 11; i++) if (i !== 3) t.ok(found.includes(`k${i}`), `k${i}`)
})

t.test('a random key is one of its keys, also after changes', async (t) => {
  const random = new Random(1)
  t.equal(new Slot().randomKey(random), undefined)
  for (const size of [1, 30, 2000]) {
    const slot = slotOf(size)
    for (let i = 0; i < 200; i++) {
      const key = slot.randomKey(random) as string
      if (!slot.values.has(key)) t.fail(key)
      slot.drop(key)
      slot.put(`n${i}`, '')
    }
    t.equal(slot.values.size, size)
  }
})
