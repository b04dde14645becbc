/**
 * Slots as a caller names them: one, a range, or a list of both.
 */
import { inspect } from 'node:util'
import { SLOT_COUNT } from '../base/crc16.ts'
import { bad } from './option-check.ts'
import type { SlotRange } from './topology.ts'

/** A slot, a range `{ start, end }` with both ends, or a list of them. */
export type SlotList = number | SlotRange | readonly (number | SlotRange)[]

/** The slots of a list, ascending and once each. Throws ERR_BAD_OPTION. */
export function slotsIn(name: string, list: unknown): number[] {
  const slots = new Set<number>()
  const items: readonly unknown[] = Array.isArray(list) ? list : [list]
  for (const item of items) {
    const range = typeof item === 'number' ? { start: item, end: item } : item
    const { start, end } = (range ?? {}) as Partial<SlotRange>
    if (!isSlot(start) || !isSlot(end) || start > end) {
      throw bad(
        `\`${name}\` must be slots: whole numbers from 0 to ${SLOT_COUNT - 1}, ranges { start, end }, or a list of ` +
          `them; not ${inspect(item)}`,
      )
    }
    for (let slot = start; slot <= end; slot++) slots.add(slot)
  }
  if (slots.size === 0) throw bad(`\`${name}\` is empty; name at least one slot`)
  return [...slots].sort((one, other) => one - other)
}

/** Slots in words: `1-5, 7`. */
export function slotsText(slots: readonly number[]): string {
  return rangesIn(slots)
    .map(({ start, end }) => (start === end ? `${start}` : `${start}-${end}`))
    .join(', ')
}

/** Ascending slots as ranges. */
export function rangesIn(slots: readonly number[]): SlotRange[] {
  const ranges: { start: number; end: number }[] = []
  for (const slot of slots) {
    const last = ranges.at(-1)
    if (last !== undefined && last.end === slot - 1) last.end = slot
    else ranges.push({ start: slot, end: slot })
  }
  return ranges
}

function isSlot(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < SLOT_COUNT
}
