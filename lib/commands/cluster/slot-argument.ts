/** Numbers among the arguments of CLUSTER, with its own errors (getSlotOrReply, getLongLongFromObjectOrReply). */
import type { Bytes } from '../../base/bytes.ts'
import { SLOT_COUNT } from '../../base/crc16.ts'
import { parseInteger, parseIntegerIn } from '../../base/numbers.ts'
import { errors, ReplyError } from '../../resp/reply-error.ts'

/** The integer in an argument. Throws when there is none. */
export function integerOf(text: Bytes | undefined): number {
  const value = parseInteger(text ?? '')
  if (value === undefined) throw errors.notInteger
  return Number(value)
}

/** Whether there is a slot of this number. */
export function isSlot(number: number): boolean {
  return number >= 0 && number < SLOT_COUNT
}

/** The slot in an argument. Throws when there is none. */
export function slotOf(text: Bytes | undefined): number {
  const slot = parseIntegerIn(text ?? '', 0, SLOT_COUNT - 1)
  if (slot === undefined) throw new ReplyError('ERR Invalid or out of range slot')
  return slot
}
