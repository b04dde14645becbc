/**
 * How a key is looked up for reading (the LOOKUP_* flags of db.c). Bits, so that the common look-up passes a zero.
 */

/** Flags of `Database.read`. */
export const Lookup = {
  plain: 0,
  /** The key does not count as used: OBJECT, TTL, TYPE, EXISTS. */
  noTouch: 1,
  /** Neither a hit nor a miss. */
  noStats: 2,
  /** No key-miss event. */
  noNotify: 4,
} as const
