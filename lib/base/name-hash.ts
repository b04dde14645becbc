/** A quick hash of short byte strings, for tables in memory: FNV-1a, mixed so that its first bits depend on all bytes. */
import type { Bytes } from './bytes.ts'

/** The hash of a name, 32 bits without a sign. */
export function nameHash(name: Bytes): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
