/**
 * Checks of single options. Each error says what was given, what is allowed and, where it helps, what to try.
 */
import { inspect } from 'node:util'
import { ClusterError } from './cluster-error.ts'

/** A whole number within a range, or undefined. Throws {@link wrong}. */
export function integer(
  name: string,
  value: unknown,
  range: { readonly from: number; readonly to: number },
): number | undefined {
  if (value === undefined) return undefined
  if (Number.isInteger(value)) {
    const number = value as number
    if (number >= range.from && number <= range.to) return number
  }
  throw wrong(name, value, `a whole number from ${range.from} to ${range.to}`)
}

/** One of a few words, or undefined. Throws {@link wrong}. */
export function choice<T extends string>(
  name: string,
  value: unknown,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  if (allowed.includes(value as T)) return value as T
  throw wrong(name, value, listed(allowed))
}

/** true, false or undefined. Throws {@link wrong}. */
export function boolean(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw wrong(name, value, 'true or false')
}

/** The error about a value: what is allowed, what was given, what to try. */
export function wrong(
  name: string,
  value: unknown,
  allowed: string,
  advice?: string,
): ClusterError {
  return bad(
    `\`${name}\` must be ${allowed}, not ${shown(value)}${advice === undefined ? '' : `; ${advice}`}`,
  )
}

/** Any other error about options. */
export function bad(message: string): ClusterError {
  return new ClusterError('ERR_BAD_OPTION', message)
}

function shown(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 100 })
}

/** `'a', 'b' or 'c'`. */
export function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`)
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

/** The name that was probably meant by a wrong one. */
export function closest(name: string, names: readonly string[]): string | undefined {
  return names.find((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 2)
}

/** Levenshtein's distance: single-letter edits from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
