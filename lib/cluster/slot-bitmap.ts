/**
 * The 2048-byte slot bitmap of nodes and bus headers: slot s is bit `s & 7`, least significant first, of byte `s >> 3`
 * (bitmapSetBit in cluster.c).
 */
import { Buffer } from 'node:buffer'
import { SLOT_BITMAP_BYTES } from '../bus/message.ts'

/** Slots that follow each other, both ends included. */
export type SlotRange = readonly [start: number, end: number]

/** The bitmap of all that have no slots: never to be written. */
export const NO_SLOTS = new Uint8Array(SLOT_BITMAP_BYTES)

/** A bitmap without slots, to be filled. */
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

/** The bitmap of these slots. */
export function bitmapOf(slots: Iterable<number>): Uint8Array {
  const bitmap = emptyBitmap()
  for (const slot of slots) setSlot(bitmap, slot)
  return bitmap
}

/** Sets all slots of another bitmap. */
export function setSlots(bitmap: Uint8Array, slots: Uint8Array): void {
  for (let i = 0; i < bitmap.length; i++) bitmap[i] = (bitmap[i] as number) | (slots[i] as number)
}

/** Clears all slots of another bitmap. */
export function clearSlots(bitmap: Uint8Array, slots: Uint8Array): void {
  for (let i = 0; i < bitmap.length; i++) bitmap[i] = (bitmap[i] as number) & ~(slots[i] as number)
}

/** The slots that both bitmaps have. */
export function commonSlots(a: Uint8Array, b: Uint8Array): Uint8Array {
  const common = emptyBitmap()
  for (let i = 0; i < a.length; i++) common[i] = (a[i] as number) & (b[i] as number)
  return common
}

/** The bitmap has no slot. */
export function isEmpty(bitmap: Uint8Array): boolean {
  return sameBitmap(bitmap, NO_SLOTS)
}

/** Sets all slots of a range. */
export function setRange(bitmap: Uint8Array, [start, end]: SlotRange): void {
  // Bytes from `first` up to `last` are all the range's own.
  const first = (start + 7) >> 3
  const last = Math.max(first, (end + 1) >> 3)
  bitmap.fill(0xff, first, last)
  for (let slot = start; slot <= end && slot < first * 8; slot++) setSlot(bitmap, slot)
  for (let slot = last * 8; slot <= end; slot++) setSlot(bitmap, slot)
}

export function sameBitmap(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/** The slots that only one of two bitmaps has, ascending. */
export function slotsThatDiffer(a: Uint8Array, b: Uint8Array): number[] {
  const slots: number[] = []
  for (let i = 0; i < a.length; i++) {
    let bits = (a[i] as number) ^ (b[i] as number)
    for (let slot = i * 8; bits !== 0; bits >>= 1, slot++) if (bits & 1) slots.push(slot)
  }
  return slots
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

/** The runs of a bitmap, ascending. */
export function rangesOf(bitmap: Uint8Array): SlotRange[] {
  const ranges: SlotRange[] = []
  let start = -1
  // Slots come in long runs: most words begin and end none. The copy is aligned.
  const words = new Uint32Array(new Uint8Array(bitmap).buffer)
  for (let i = 0; i < words.length; i++) {
    if (words[i] === (start < 0 ? 0 : 0xffffffff)) continue
    for (let slot = i * 32; slot < i * 32 + 32; slot++) {
      if (hasSlot(bitmap, slot)) {
        if (start < 0) start = slot
      } else if (start >= 0) {
        ranges.push([start, slot - 1])
        start = -1
      }
    }
  }
  if (start >= 0) ranges.push([start, bitmap.length * 8 - 1])
  return ranges
}
