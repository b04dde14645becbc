/**
 * Waiting without polling. Invariant: whoever waits holds a timer, so the process lives until the wait is over; both a
 * promise and the shared memory would let it end.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import type { SharedMemory } from '../base/shared-layout.ts'

/** Node.js' timers know no longer delay: they would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

/** Bounds of a wait. */
export interface WaitLimits {
  readonly timeoutMs: number
  /** Makes the error that is thrown when time runs out. */
  readonly onTimeout: () => Error
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined
  /** Makes the error that is thrown when the signal is aborted. */
  readonly onAbort?: () => Error
}

/** Waits for a promise within limits. */
export async function within<T>(work: Promise<T>, limits: WaitLimits): Promise<T> {
  const { signal } = limits
  let stop: () => void = () => {}
  const limit = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(limits.onTimeout()), delayOf(limits))
    const abort = () => reject(abortError(limits))
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    stop()
  }
}

/** Waits until `check` returns true; it is asked now and after every change that a node announces. */
export async function waitForChange(
  shared: SharedMemory,
  check: () => boolean,
  limits: WaitLimits,
): Promise<void> {
  const { signal } = limits
  let timedOut = false
  const wake = () => {
    Atomics.notify(shared.head, 0)
  }
  const timer = setTimeout(() => {
    timedOut = true
    wake()
  }, delayOf(limits))
  signal?.addEventListener('abort', wake)
  try {
    for (;;) {
      const seen = Atomics.load(shared.head, 0)
      if (signal?.aborted) throw abortError(limits)
      if (check()) return
      if (timedOut) throw limits.onTimeout()
      const change = Atomics.waitAsync(shared.head, 0, seen)
      if (change.async) await change.value
    }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', wake)
  }
}

function delayOf({ timeoutMs }: WaitLimits): number {
  return Math.min(timeoutMs, LONGEST_DELAY_MS)
}

function abortError(limits: WaitLimits): Error {
  return limits.onAbort?.() ?? new Error('the wait was aborted', { cause: limits.signal?.reason })
}
