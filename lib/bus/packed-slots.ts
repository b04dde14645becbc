/**
 * Slot bitmaps as packed messages carry them. Every message has one, and nearly all are a few runs of equal bytes: each run
 * is three characters, its length in two and its byte. A bitmap in many pieces goes as it is.
 * Invariant: bitmaps in messages do not change, so either end may remember what one looked like.
 */
import type { Bytes } from '../base/bytes.ts'
import { SLOT_BITMAP_BYTES } from './message.ts'

/** A bitmap as its runs or, if these take more, as it is. */
export type PackedSlots = Bytes | Uint8Array

/** Characters of a run. */
const RUN = 3

/** Runs longer than this are not worth their name, characters. */
const RUNS_MAX = 128 * RUN

/** Bitmaps that are remembered: as many as masters of a large cluster. */
const KNOWN_MAX = 256

/** What was packed last: a node sends its own bitmap over and over. */
let last: Uint8Array | undefined
let lastPacked: PackedSlots = ''

const known = new Map<Bytes, Uint8Array>()

/** Packs a bitmap that will not change. */
export function packSlots(slots: Uint8Array): PackedSlots {
  if (slots !== last) {
    last = slots
    lastPacked = runsOf(slots) ?? slots
  }
  return lastPacked
}

/** The bitmap of it, not to be written. */
export function unpackSlots(packed: PackedSlots): Uint8Array {
  if (typeof packed !== 'string') return packed
  const found = known.get(packed)
  if (found !== undefined) return found
  const slots = bitmapOfRuns(packed)
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(packed, slots)
  return slots
}

function runsOf(slots: Uint8Array): Bytes | undefined {
  let runs = ''
  for (let start = 0; start < slots.length; ) {
    const byte = slots[start] as number
    let end = start + 1
    while (end < slots.length && slots[end] === byte) end++
    const length = end - start
    runs += String.fromCharCode(length >> 8, length & 0xff, byte)
    if (runs.length > RUNS_MAX) return undefined
    start = end
  }
  return runs
}

function bitmapOfRuns(runs: Bytes): Uint8Array {
  const slots = new Uint8Array(SLOT_BITMAP_BYTES)
  let start = 0
  for (let i = 0; i < runs.length; i += RUN) {
    const end = start + ((runs.charCodeAt(i) << 8) | runs.charCodeAt(i + 1))
    slots.fill(runs.charCodeAt(i + 2), start, end)
    start = end
  }
  return slots
}
