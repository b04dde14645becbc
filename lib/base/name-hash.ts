/**
 * A quick hash of short byte strings, for tables in memory: four bytes a step as murmur takes them, mixed so that its first
 * bits and its last depend on all bytes.
 */
import type { Bytes } from './bytes.ts'

/** The hash of a name, 32 bits without a sign. */
export function nameHash(name: Bytes): number {
  let hash = name.length
  let i = 0
  for (const blocks = name.length - 3; i < blocks; i += 4) {
    const a = name.charCodeAt(i)
    const b = name.charCodeAt(i + 1)
    hash = hashFour(hash, a, b, name.charCodeAt(i + 2), name.charCodeAt(i + 3))
  }
  for (; i < name.length; i++) hash = hashOne(hash, name.charCodeAt(i))
  return hashEnd(hash)
}

/** The hash of a name begins with its length; this takes four bytes of it. */
export function hashFour(hash: number, a: number, b: number, c: number, d: number): number {
  const mixed = Math.imul(hash ^ (a | (b << 8) | (c << 16) | (d << 24)), 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/** Takes one of the last bytes, of which there are less than four. */
export function hashOne(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193)
}

/** What comes out when all bytes are in. */
export function hashEnd(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
