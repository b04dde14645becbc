import t from 'tap'
import {
  clearSlot,
  emptyBitmap,
  hasSlot,
  rangesOf,
  setSlot,
  slotsOf,
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
})
