/**
 * The slot of a key and its hash, of the key that was asked for last: routing, finding and storing ask for the same one.
 * Taking the characters out of the string is nearly all that either costs, so that both together cost no more.
 */
import type { Bytes } from './bytes.ts'
import { crc16Four, crc16One, crc16Rows, keySlot, SLOT_COUNT } from './crc16.ts'
import { hashEnd, hashFour, hashOne, nameHash } from './name-hash.ts'

const OPEN = 0x7b
/** Longer keys are read another way. */
const SHORT_MAX = 64

/** What {@link keySlot} and {@link nameHash} say of a key. */
export class KeyDigest {
  #key: Bytes = ''
  #slot = keySlot('')
  /** As a signed number, which needs no object of its own. */
  #hash = nameHash('') | 0

  slotOf(key: Bytes): number {
    if (key !== this.#key) this.#take(key)
    return this.#slot
  }

  /** The bits of the hash as a signed number. */
  hashOf(key: Bytes): number {
    if (key !== this.#key) this.#take(key)
    return this.#hash
  }

  #take(key: Bytes): void {
    this.#key = key
    if (key.length <= SHORT_MAX && this.#takeShort(key)) return
    this.#slot = keySlot(key)
    this.#hash = nameHash(key) | 0
  }

  /** False, and nothing has happened, where only a part of the key may decide on the slot. */
  #takeShort(key: Bytes): boolean {
    const rows = crc16Rows()
    let crc = 0
    let hash = key.length
    let i = 0
    for (const blocks = key.length - 3; i < blocks; i += 4) {
      const a = key.charCodeAt(i)
      const b = key.charCodeAt(i + 1)
      const c = key.charCodeAt(i + 2)
      const d = key.charCodeAt(i + 3)
      if (a === OPEN || b === OPEN || c === OPEN || d === OPEN) return false
      crc = crc16Four(rows, crc, a, b, c, d)
      hash = hashFour(hash, a, b, c, d)
    }
    for (; i < key.length; i++) {
      const byte = key.charCodeAt(i)
      if (byte === OPEN) return false
      crc = crc16One(rows, crc, byte)
      hash = hashOne(hash, byte)
    }
    this.#slot = crc & (SLOT_COUNT - 1)
    this.#hash = hashEnd(hash) | 0
    return true
  }
}
