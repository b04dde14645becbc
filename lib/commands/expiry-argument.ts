/**
 * Expiries among a command's arguments: from what was sent to Unix milliseconds, with Redis' checks for times that make
 * no sense (getExpireMillisecondsOrReply, expireGenericCommand). Times beyond 2^53 ms are rounded as doubles are.
 */
import type { Bytes } from '../base/bytes.ts'
import { INT64_MAX, INT64_MIN, type Integer } from '../base/numbers.ts'
import type { Database } from '../keyspace/database.ts'
import { invalidExpireTime } from '../resp/reply-error.ts'
import type { ConfigPort } from './context.ts'
import { integerArgument } from './number-argument.ts'

/** How a time is given. */
export interface TimeForm {
  readonly unit: 'seconds' | 'milliseconds'
  /** A Unix time, not a time from now. */
  readonly absolute: boolean
}

/** The four ways to give a time, by their option words. */
export const timeForms: Readonly<Record<'EX' | 'PX' | 'EXAT' | 'PXAT', TimeForm>> = {
  EX: { unit: 'seconds', absolute: false },
  PX: { unit: 'milliseconds', absolute: false },
  EXAT: { unit: 'seconds', absolute: true },
  PXAT: { unit: 'milliseconds', absolute: true },
}

/** The largest double that a 64-bit integer can be. */
const LATEST = 2 ** 63 - 1024

/** Times this near are added up exactly as numbers, in either unit. */
const NEAR = 2 ** 42

/** Unix ms of a time in any form. Throws `invalid expire time in '...' command` when it does not fit 64 bits. */
export function expiryMs(text: Bytes, form: TimeForm, nowMs: number, command: Bytes): number {
  return expiryOf(integerArgument(text), form, nowMs, command)
}

/** {@link expiryMs} where the time given must be positive (SET, GETEX). */
export function positiveExpiryMs(
  text: Bytes,
  form: TimeForm,
  nowMs: number,
  command: Bytes,
): number {
  const time = integerArgument(text)
  if (time <= 0) throw invalidExpireTime(command)
  return expiryOf(time, form, nowMs, command)
}

function expiryOf(time: Integer, form: TimeForm, nowMs: number, command: Bytes): number {
  const base = form.absolute ? 0 : nowMs
  const scale = form.unit === 'seconds' ? 1000 : 1
  if (typeof time === 'number' && Math.abs(time) < NEAR) return time * scale + base
  const scaled = BigInt(time) * BigInt(scale)
  const atMs = scaled + BigInt(base)
  if (scaled < INT64_MIN || atMs > INT64_MAX) throw invalidExpireTime(command)
  return Math.min(Number(atMs), LATEST)
}

/** Whether a key that is given this expiry is to be deleted at once: a replica waits for its master's word. */
export function isPast(atMs: number, db: Database): boolean {
  return atMs <= db.clock.now && db.expiry === 'delete'
}

/** The word a deletion by expiry is propagated as. */
export function deletionWord(config: ConfigPort): Bytes {
  return config.boolean('lazyfree-lazy-expire') ? 'UNLINK' : 'DEL'
}

/** Conditions on the expiry that a key, or a field of a hash, has. */
export interface ExpireConditions {
  readonly nx: boolean
  readonly xx: boolean
  readonly gt: boolean
  readonly lt: boolean
}

/** Whether an expiry may take the place of the one there is; none counts as one that is never reached. */
export function allows(
  { nx, xx, gt, lt }: ExpireConditions,
  current: number | undefined,
  atMs: number,
): boolean {
  if (nx && current !== undefined) return false
  if (xx && current === undefined) return false
  if (gt && (current === undefined || atMs <= current)) return false
  return !(lt && current !== undefined && atMs >= current)
}
