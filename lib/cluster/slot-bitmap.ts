/**
 * The 2048-byte slot bitmap of nodes and bus headers: slot s is bit `s & 7`, least significant first, of byte `s >> 3`
 * (bitmapSetBit in cluster.c).
 */
import { SLOT_BITMAP_BYTES } from '../bus/message.ts'

/** A bitmap without slots. */
export function emptyBitmap(): Uint8Array {
  return new Uint8Array(SLOT_BITMAP_BYTES)
}

export function hasSlot(bitmap: Uint8Array, slot: number): boolean {
  return (((bitmap[slot >> 3] as number) >> (slot & 7)) & 1) === 1
}

export function setSlot(bitmap: Uint8Array, slot: number): void {
  bitmap[slot >> 3] = (bitmap[slot >> 3] as number) | (1 << (slot & 7))
}

export function clearSlot(bitmap: Uint8Array, slot: number): void {
  bitmap[slot >> 3] = (bitmap[slot >> 3] as number) & ~(1 << (slot & 7))
}

/** The slots of a bitmap, ascending. */
export function slotsOf(bitmap: Uint8Array): number[] {
  const slots: number[] = []
  for (let i = 0; i < bitmap.length; i++) {
    for (let bits = bitmap[i] as number, slot = i * 8; bits !== 0; bits >>= 1, slot++) {
      if (bits & 1) slots.push(slot)
    }
  }
  return slots
}

/** The runs of a bitmap, first and last slot of each, ascending. */
export function rangesOf(bitmap: Uint8Array): (readonly [start: number, end: number])[] {
  const ranges: [number, number][] = []
  for (const slot of slotsOf(bitmap)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === slot - 1) last[1] = slot
    else ranges.push([slot, slot])
  }
  return ranges
}
