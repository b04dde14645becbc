/**
 * CRC64 (Jones), the checksum of RDB files and DUMP payloads: `crc64` in crc64.c. Polynomial 0xAD93D23594C935A9 reflected,
 * start 0, no final xor. Held as two 32-bit halves: BigInt would allocate for every byte.
 */

const POLYNOMIAL_HIGH = 0x95ac9329 | 0
const POLYNOMIAL_LOW = 0xac4bc9b5 | 0

const tableHigh = new Int32Array(256)
const tableLow = new Int32Array(256)
// The CRC of a sum is the sum of the CRCs: from the eight bits follow all bytes. Every thread that starts waits for this.
for (let bit = 128, high = 0, low = 1; bit > 0; bit >>= 1) {
  const odd = low & 1
  low = (low >>> 1) | (high << 31)
  high = high >>> 1
  if (odd) {
    high ^= POLYNOMIAL_HIGH
    low ^= POLYNOMIAL_LOW
  }
  for (let byte = 0; byte < 256; byte += 2 * bit) {
    tableHigh[byte + bit] = high ^ (tableHigh[byte] as number)
    tableLow[byte + bit] = low ^ (tableLow[byte] as number)
  }
}

/** So many bytes are worth the tables that take eight at a time: without them no thread waits for them at its start. */
const LONG_BYTES = 4096
/** The halves, low and high in turn, of each byte with none to seven zeros behind it; 256 bytes to a count of zeros. */
let shifted: Int32Array | undefined

const ROW = 512

function shiftedTable(): Int32Array {
  const table = new Int32Array(8 * ROW)
  for (let byte = 0; byte < 256; byte++) {
    let low = tableLow[byte] as number
    let high = tableHigh[byte] as number
    for (let at = 2 * byte; at < table.length; at += ROW) {
      table[at] = low
      table[at + 1] = high
      const row = low & 0xff
      low = ((low >>> 8) | (high << 24)) ^ (tableLow[row] as number)
      high = (high >>> 8) ^ (tableHigh[row] as number)
    }
  }
  return table
}

function at(table: Int32Array, index: number): number {
  return table[index] as number
}

function wordAt(bytes: Uint8Array, i: number): number {
  const low = (bytes[i] as number) | ((bytes[i + 1] as number) << 8)
  return low | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24)
}

/** A checksum that grows with the bytes it is given. */
export class Crc64 {
  #high = 0
  #low = 0

  /** Continues over the bytes from `start` up to `end`. */
  update(bytes: Uint8Array, start = 0, end = bytes.length): this {
    const from = end - start < LONG_BYTES ? start : this.#updateByEights(bytes, start, end)
    let high = this.#high
    let low = this.#low
    for (let i = from; i < end; i++) {
      const row = (low ^ (bytes[i] as number)) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ (tableLow[row] as number)
      high = (high >>> 8) ^ (tableHigh[row] as number)
    }
    this.#high = high
    this.#low = low
    return this
  }

  /** As far as there are eight; returns where the rest begins. */
  #updateByEights(bytes: Uint8Array, start: number, end: number): number {
    shifted ??= shiftedTable()
    const table = shifted
    let high = this.#high
    let low = this.#low
    let i = start
    for (; i + 8 <= end; i += 8) {
      const first = low ^ wordAt(bytes, i)
      const second = high ^ wordAt(bytes, i + 4)
      // Twice the byte, within the row of the zeros that follow it.
      const a = 7 * ROW + ((first << 1) & 510)
      const b = 6 * ROW + ((first >>> 7) & 510)
      const c = 5 * ROW + ((first >>> 15) & 510)
      const d = 4 * ROW + ((first >>> 23) & 510)
      const e = 3 * ROW + ((second << 1) & 510)
      const f = 2 * ROW + ((second >>> 7) & 510)
      const g = ROW + ((second >>> 15) & 510)
      const h = (second >>> 23) & 510
      low = at(table, a) ^ at(table, b) ^ at(table, c) ^ at(table, d)
      low ^= at(table, e) ^ at(table, f) ^ at(table, g) ^ at(table, h)
      high = at(table, a + 1) ^ at(table, b + 1) ^ at(table, c + 1) ^ at(table, d + 1)
      high ^= at(table, e + 1) ^ at(table, f + 1) ^ at(table, g + 1) ^ at(table, h + 1)
    }
    this.#high = high
    this.#low = low
    return i
  }

  /** The checksum so far as an unsigned 64-bit integer. */
  value(): bigint {
    return (BigInt(this.#high >>> 0) << 32n) | BigInt(this.#low >>> 0)
  }

  /** Writes the checksum so far as 8 bytes, little-endian: the form in which it ends a file. */
  writeTo(target: Uint8Array, offset: number): void {
    for (let i = 0; i < 4; i++) {
      target[offset + i] = this.#low >>> (8 * i)
      target[offset + 4 + i] = this.#high >>> (8 * i)
    }
  }

  /** Whether the 8 bytes at the offset are the checksum so far. */
  equals(source: Uint8Array, offset: number): boolean {
    for (let i = 0; i < 4; i++) {
      if (source[offset + i] !== ((this.#low >>> (8 * i)) & 0xff)) return false
      if (source[offset + 4 + i] !== ((this.#high >>> (8 * i)) & 0xff)) return false
    }
    return true
  }
}

/** CRC64 of some bytes: 0xE9C6D914C4B8D9CA for `123456789`. */
export function crc64(bytes: Uint8Array): bigint {
  return new Crc64().update(bytes).value()
}
