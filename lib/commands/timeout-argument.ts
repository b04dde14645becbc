/**
 * How long a client is ready to wait, as an argument (getTimeoutFromObjectOrReply in timeout.c): seconds with a fraction,
 * or whole milliseconds. Zero is for good.
 */
import type { Bytes } from '../base/bytes.ts'
import { ceilingOfProduct, parseLongDouble } from '../base/long-double.ts'
import { INT64_MAX, type Integer, parseInteger } from '../base/numbers.ts'
import { ReplyError } from '../resp/reply-error.ts'

const negative = new ReplyError('ERR timeout is negative')

/** When a wait of so many seconds ends, Unix ms; undefined when it does not. */
export function secondsTimeout(text: Bytes, nowMs: number): number | undefined {
  const seconds = parseLongDouble(text)
  if (seconds === undefined) throw new ReplyError('ERR timeout is not a float or out of range')
  const milliseconds = ceilingOfProduct(seconds, 1000n)
  // What no integer can hold becomes the least one.
  if (milliseconds === undefined || milliseconds > INT64_MAX) throw negative
  return endOf(milliseconds, nowMs)
}

/** When a wait of so many milliseconds ends, Unix ms; undefined when it does not. */
export function millisecondsTimeout(text: Bytes, nowMs: number): number | undefined {
  const milliseconds = parseInteger(text)
  if (milliseconds === undefined) {
    throw new ReplyError('ERR timeout is not an integer or out of range')
  }
  return endOf(milliseconds, nowMs)
}

function endOf(milliseconds: Integer, nowMs: number): number | undefined {
  if (milliseconds < 0) throw negative
  return Number(milliseconds) === 0 ? undefined : nowMs + Number(milliseconds)
}
