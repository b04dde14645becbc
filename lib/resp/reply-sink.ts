/**
 * Where a command writes its reply. Replies are written, not built: the wire sink turns each call into RESP2 or RESP3
 * text at once, the value sink into a JavaScript value for callers that want one.
 * Invariant: after `array`, `set` or `push` of n come exactly n replies, after `map` of n exactly 2n.
 */
import type { Bytes } from '../base/bytes.ts'

/** RESP protocol version of a reader. */
export type Protocol = 2 | 3

/** A writer of replies; every call appends one reply or the head of an aggregate. */
export interface ReplySink {
  /** What the reader negotiated: shapes that differ beyond the encoding may ask. */
  readonly protocol: Protocol
  /** `+OK`. */
  ok(): void
  /** A simple string; the text holds no CR or LF. */
  simple(text: Bytes): void
  /** An error: code and text as after the `-`, for instance `ERR syntax error`. CR and LF become spaces. */
  error(text: Bytes): void
  integer(value: number | bigint): void
  /** A bulk string. */
  bulk(bytes: Bytes): void
  /** Bulk strings, one after another: quick for the elements of an aggregate. */
  bulks(elements: readonly Bytes[]): void
  /** A bulk string or, for undefined, the null bulk string. */
  bulkOrNull(bytes: Bytes | undefined): void
  /** The null bulk string of RESP2, the null of RESP3. */
  null(): void
  /** The null array of RESP2, the null of RESP3. */
  nullArray(): void
  /** The head of an array of `length` replies. */
  array(length: number): void
  /** The head of a map of `pairs` key-value pairs; a flat array in RESP2. */
  map(pairs: number): void
  /** The head of a set; an array in RESP2. */
  set(length: number): void
  /** The head of a map of attributes of the reply that follows it; RESP2 has none. */
  attribute(pairs: number): void
  /** The head of an out-of-band push; an array in RESP2. */
  push(length: number): void
  /** A double; a bulk string in RESP2. */
  double(value: number): void
  /** A double given as digits; a bulk string in RESP2. */
  doubleText(digits: Bytes): void
  /** A boolean; the integers 1 and 0 in RESP2. */
  boolean(value: boolean): void
  /** A big number given as digits; a bulk string in RESP2. */
  bigNumber(digits: Bytes): void
  /** Text with a three-letter format; a bulk string in RESP2. */
  verbatim(format: 'txt' | 'mkd', text: Bytes): void
}
