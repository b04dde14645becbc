import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { SLOT_BITMAP_BYTES } from '../../lib/bus/message.ts'
import { packSlots, unpackSlots } from '../../lib/bus/packed-slots.ts'

const none = new Uint8Array(SLOT_BITMAP_BYTES)

/** The first third of all slots. */
const third = new Uint8Array(SLOT_BITMAP_BYTES).fill(0xff, 0, 682).fill(0x1f, 682, 683)

t.test('runs take a few characters', async (t) => {
  t.equal(packSlots(none), '\x08\x00\x00')
  t.equal(packSlots(third), '\x02\xaa\xff\x00\x01\x1f\x05\x55\x00')
  t.strictSame(unpackSlots(packSlots(none)), none)
  t.strictSame(unpackSlots(packSlots(third)), third)
})

t.test('bitmaps in many pieces go as they are', async (t) => {
  const pieces = (count: number) => {
    const slots = new Uint8Array(SLOT_BITMAP_BYTES)
    for (let i = 0; i < count; i++) slots[2 * i] = 1
    return slots
  }
  // Each piece is a run and begins one, and the last is followed by one.
  const few = pieces(64)
  t.type(packSlots(few), 'string')
  t.strictSame(unpackSlots(packSlots(few)), few)
  const many = pieces(65)
  t.equal(packSlots(many), many)
  t.equal(unpackSlots(many), many)
})

t.test('what comes again is the same bitmap, as long as there are not too many', async (t) => {
  const bitmaps = Array.from({ length: 300 }, (_, i) => {
    const slots = new Uint8Array(SLOT_BITMAP_BYTES)
    slots[i] = 1
    return slots
  })
  const first = bitmaps.map((slots) => unpackSlots(packSlots(slots)))
  t.strictSame(first, bitmaps)
  const again = bitmaps.map((slots) => unpackSlots(packSlots(slots)))
  t.strictSame(again, bitmaps)
  t.equal(unpackSlots(packSlots(none)), unpackSlots(packSlots(none)))
})

t.test('random bitmaps come back equal', async (t) => {
  const seed = process.env.SEED ?? 'packed-slots'
  const random = new Random(seed)
  for (let i = 0; i < 500; i++) {
    const slots = new Uint8Array(SLOT_BITMAP_BYTES)
    for (let range = random.below(40); range > 0; range--) {
      const [a, b] = [random.below(SLOT_BITMAP_BYTES), random.below(SLOT_BITMAP_BYTES)]
      slots.fill(random.below(256), Math.min(a, b), Math.max(a, b) + 1)
    }
    const unpacked = unpackSlots(packSlots(slots))
    if (Buffer.compare(unpacked, slots) !== 0) t.strictSame(unpacked, slots, `SEED=${seed} ${i}`)
  }
  t.pass(`SEED=${seed}`)
})
