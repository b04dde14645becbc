/**
 * Waiting for what is said over a wire and announces nothing: asks again and again until the answer is right, and says
 * what it last saw when it never was.
 */
import { inspect } from 'node:util'

const TIMEOUT_MS = 20_000
const PAUSE_MS = 20

/**
 * Asks until the answer holds and returns it. `what` completes the sentence "waited for ...". A question that throws
 * counts as not holding.
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T> | T,
  holds: (answer: T) => boolean,
  timeoutMs: number = TIMEOUT_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    let seen: unknown
    try {
      const answer = await ask()
      if (holds(answer)) return answer
      seen = answer
    } catch (error) {
      seen = error
    }
    if (Date.now() > deadline) {
      const last = typeof seen === 'string' ? seen : inspect(seen, { depth: 6 })
      throw new Error(`waited ${timeoutMs} ms for ${what}; last seen:\n${last}`)
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
