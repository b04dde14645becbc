/**
 * What a key may hold. A plain byte string stands for itself, so the most common value costs no object; everything else
 * is an object that knows its type (robj in server.h).
 */
import type { Bytes } from '../base/bytes.ts'

/** The types TYPE tells. */
export type ValueType = 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'

/** A value that is more than a plain byte string. */
export interface StoredObject {
  readonly type: ValueType
  /** What OBJECT ENCODING says: `listpack`, `hashtable`, `raw`, ... */
  encoding(): string
  /** An equal object that shares nothing that can be edited (COPY). */
  copy(): StoredObject
  /** Bytes it takes in a Redis (objectComputeSize). The first question counts, later ones know. */
  memoryBytes(): number
  /** Allocations that freeing it costs a Redis (lazyfreeGetFreeEffort). */
  freeEffort(): number
}

/** A stored value: a plain byte string by itself, or an object for everything else. */
export type Value = Bytes | StoredObject

/**
 * How a table keeps a value: a string that is counted up and down as the safe integer whose digits it is, which costs neither
 * an object nor a look at one. Only who counts meets it; everybody else is handed the digits.
 */
export type KeptValue = Value | number

/** The value that is kept. */
export function asValue(kept: KeptValue): Value {
  return typeof kept === 'number' ? String(kept) : kept
}
