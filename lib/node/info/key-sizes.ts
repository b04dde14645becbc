/**
 * How large the values of a database are, by their type and the power of two (INFO's section keysizes as of 8.0). Redis keeps
 * count; here all keys are looked at when somebody asks.
 */
import { EditableString } from '../../data/editable-string.ts'
import type { StoredObject, Value } from '../../data/stored-object.ts'
import type { Database } from '../../keyspace/database.ts'
import { typeNameOf } from '../../keyspace/typed-value.ts'
import type { KeySizeFacts } from './facts.ts'

/** What is told of each type; nothing of streams. */
const TOLD = {
  string: 'strings_sizes',
  list: 'lists_items',
  set: 'sets_items',
  zset: 'zsets_items',
  hash: 'hashes_items',
} as const

/** The types that there are keys of, in INFO's order. */
export function keySizes(database: Database): KeySizeFacts[] {
  const counts = new Map<string, number[]>()
  for (const [, value] of database.entries()) {
    const type = typeNameOf(value)
    const size = sizeOf(value)
    const bits = size === 0 ? 0 : Math.floor(Math.log2(size)) + 1
    const known = counts.get(type) ?? []
    counts.set(type, known)
    known[bits] = (known[bits] ?? 0) + 1
  }
  return Object.entries(TOLD).flatMap(([type, what]) => {
    const found = counts.get(type)
    if (found === undefined) return []
    return [{ index: database.index, what, counts: Array.from(found, (count) => count ?? 0) }]
  })
}

/** Bytes of a string, elements of anything else. */
function sizeOf(value: Value): number {
  if (typeof value === 'string' || value instanceof EditableString) return value.length
  return (value as StoredObject & { readonly size: number }).size
}
