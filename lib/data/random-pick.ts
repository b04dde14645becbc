/**
 * Random elements of a collection that is at hand as a sequence: the selection that HRANDFIELD, SRANDMEMBER and
 * ZRANDMEMBER share. Invariant: every choice has the same chance, and one seed gives one choice.
 */
import type { Random } from '../base/random.ts'

/** `count` different elements of `size`, in the order they come (Knuth's algorithm S); all when there are no more. */
export function pickDistinct<T>(
  elements: Iterable<T>,
  size: number,
  count: number,
  random: Random,
): T[] {
  const picked: T[] = []
  let left = size
  for (const element of elements) {
    if (picked.length === count) break
    if (random.below(left) < count - picked.length) picked.push(element)
    left--
  }
  return picked
}

/** The element at an index of a sequence. */
export function elementAt<T>(elements: Iterable<T>, index: number): T | undefined {
  let i = 0
  for (const element of elements) {
    if (i++ === index) return element
  }
  return undefined
}
