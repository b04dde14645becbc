/**
 * Taking from the first of several keys that has something, or waiting for one that will: what the blocking commands of
 * lists and sorted sets share (blockForKeys in blocked.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Context, KeyWait } from './context.ts'

/** Serves the client from the first key that can, or has it wait for all of them. */
export function takeOrWait({ blocking, reply }: Context, wait: KeyWait): void {
  if (wait.keys.some((key: Bytes) => wait.serve(key))) return
  if (blocking.allowed) blocking.awaitKeys(wait)
  else reply.nullArray()
}
