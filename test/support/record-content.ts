/** What a record holds, in a form that compares: a collection without order is sorted. */
import type { RdbValue } from '../../lib/rdb/record.ts'

/** The bytes of a string, or the elements of a collection. */
export function contentOf(value: RdbValue): unknown {
  switch (value.type) {
    case 'string':
      return value.bytes
    case 'list':
      return [...value.elements()]
    case 'set':
      return [...value.members()].sort()
    case 'zset':
      return [...value.descending()].sort()
    case 'hash':
      return [...value.entries()].sort()
    case 'stream':
      return value
  }
}
