/**
 * Delta debugging: the smallest part of a list that still fails, found by leaving out ever smaller pieces (ddmin).
 * Invariant: the result fails, and no single element of it can be left out.
 */

/** Shrinks a list that fails. */
export function shrink<T>(
  list: readonly T[],
  fails: (part: readonly T[]) => boolean,
): readonly T[] {
  let kept = list
  for (let size = Math.ceil(kept.length / 2); size >= 1; ) {
    const smaller = withoutPiece(kept, size, fails)
    if (smaller !== undefined) {
      kept = smaller
      size = Math.min(size, kept.length)
    } else if (size === 1) return kept
    else size = Math.ceil(size / 2)
  }
  return kept
}

function withoutPiece<T>(
  list: readonly T[],
  size: number,
  fails: (part: readonly T[]) => boolean,
): readonly T[] | undefined {
  for (let start = 0; start < list.length; start += size) {
    const rest = [...list.slice(0, start), ...list.slice(start + size)]
    if (fails(rest)) return rest
  }
  return undefined
}
