/**
 * The patterns of SORT's BY and GET: a key or a hash field per element, `*` standing for the element (lookupKeyByPattern).
 */
import type { Bytes } from '../base/bytes.ts'
import { keySlot } from '../base/crc16.ts'
import { EditableString } from '../data/editable-string.ts'
import { HashValue } from '../data/hash.ts'
import type { Database } from '../keyspace/database.ts'

/** What a pattern finds for an element: `#` the element itself; undefined where there is no such string. */
export function lookUpPattern(db: Database, pattern: Bytes, element: Bytes): Bytes | undefined {
  if (pattern === '#') return element
  const star = pattern.indexOf('*')
  if (star < 0) return undefined
  const arrow = pattern.indexOf('->', star + 1)
  // An arrow at the very end belongs to the key.
  const isField = arrow >= 0 && arrow + 2 < pattern.length
  const end = isField ? arrow : pattern.length
  const name = pattern.slice(0, star) + element + pattern.slice(star + 1, end)
  const value = db.read(name)
  if (isField) {
    if (!(value instanceof HashValue)) return undefined
    return db.living(name, value)?.get(pattern.slice(arrow + 2))
  }
  return value instanceof EditableString
    ? value.bytes()
    : typeof value === 'string'
      ? value
      : undefined
}

/** The slot of all keys that a pattern can make; undefined when they may be in several (patternHashSlot). */
export function patternSlot(pattern: Bytes): number | undefined {
  const wild = pattern.search(/[*?[\\]/)
  if (wild < 0) return keySlot(pattern)
  const tag = /^[^{]*\{([^}]+)\}/.exec(pattern.slice(0, wild))?.[1]
  return tag === undefined ? undefined : keySlot(tag)
}
