/**
 * Broken invariants. A failed assertion means a defect of ours, never a client's mistake: the node that fails one dies
 * and says where. Redis does the same (`serverAssert`).
 */

/** Thrown by {@link assert}; nothing in this package catches it to go on. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** Throws an {@link AssertionError} that says which invariant is broken, unless the condition holds. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(invariant)
}

/** Throws for a case that the types rule out: the last branch of a switch over a union. */
export function unreachable(value: never): never {
  throw new AssertionError(`impossible value: ${String(value)}`)
}
