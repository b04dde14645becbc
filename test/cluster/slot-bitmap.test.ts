import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import {
  bitmapOf,
  clearSlot,
  clearSlots,
  commonSlots,
  emptyBitmap,
  hasSlot,
  isEmpty,
  rangesOf,
  sameBitmap,
  setRange,
  setSlot,
  setSlots,
  slotsOf,
  slotsThatDiffer,
} from '../../lib/cluster/slot-bitmap.ts'

t.test('slot s is bit s & 7, least significant first, of byte s >> 3', async (t) => {
  const bitmap = emptyBitmap()
  for (const slot of [0, 9, 16383]) setSlot(bitmap, slot)
  t.equal(bitmap.length, 2048)
  t.same([bitmap[0], bitmap[1], bitmap[2047]], [1, 2, 128])
  t.ok(hasSlot(bitmap, 9))
  t.notOk(hasSlot(bitmap, 8))
  clearSlot(bitmap, 9)
  t.same(slotsOf(bitmap), [0, 16383])
})

t.test('ranges are the runs of slots, in order', async (t) => {
  const bitmap = emptyBitmap()
  for (const slot of [0, 1, 2, 5, 7, 8, 15, 16, 16383]) setSlot(bitmap, slot)
  t.same(rangesOf(bitmap), [
    [0, 2],
    [5, 5],
    [7, 8],
    [15, 16],
    [16383, 16383],
  ])
  t.same(rangesOf(emptyBitmap()), [])
  const message = Buffer.concat([Buffer.from('odd'), bitmap])
  t.same(rangesOf(message.subarray(3)), rangesOf(bitmap), 'of a bitmap inside a message too')
})

t.test('a range of slots is set and read back, wherever it begins and ends', async (t) => {
  const seed = process.env.SEED ?? '1'
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const ends = [0, 7, 8, 16376, 16383]
  const pick = () => (random.below(2) === 0 ? random.pick(ends) : random.below(16384))
  for (let i = 0; i < 200; i++) {
    const [a, b] = [pick(), pick()]
    const [start, end] = [Math.min(a, b), Math.max(a, b)]
    const bitmap = emptyBitmap()
    setRange(bitmap, [start, end])
    const bySlot = emptyBitmap()
    for (let slot = start; slot <= end; slot++) setSlot(bySlot, slot)
    t.ok(sameBitmap(bitmap, bySlot), `${start}-${end}`)
    t.same(rangesOf(bitmap), [[start, end]])
  }
})

t.test('bitmaps that differ in a slot are not the same', async (t) => {
  const [one, other] = [emptyBitmap(), emptyBitmap()]
  t.ok(sameBitmap(one, other))
  setSlot(one, 16383)
  t.notOk(sameBitmap(one, other))
})

t.test('where two bitmaps differ', async (t) => {
  const [one, other] = [emptyBitmap(), emptyBitmap()]
  setRange(one, [0, 100])
  setRange(other, [3, 101])
  setSlot(other, 16383)
  t.same(slotsThatDiffer(one, other), [0, 1, 2, 101, 16383])
  t.same(slotsThatDiffer(one, one), [])
})

t.test('slots of one bitmap are added to another, taken from it, found in both', async (t) => {
  const odd = bitmapOf([1, 3, 5, 16383])
  const low = bitmapOf([0, 1, 2, 3])
  t.same(slotsOf(commonSlots(odd, low)), [1, 3])
  setSlots(odd, low)
  t.same(slotsOf(odd), [0, 1, 2, 3, 5, 16383])
  clearSlots(odd, low)
  t.same(slotsOf(odd), [5, 16383])
  t.notOk(isEmpty(odd))
  clearSlots(odd, odd)
  t.ok(isEmpty(odd))
})
