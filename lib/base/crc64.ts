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

/** A checksum that grows with the bytes it is given. */
export class Crc64 {
  #high = 0
  #low = 0

  /** Continues over the bytes from `start` up to `end`. */
  update(bytes: Uint8Array, start = 0, end = bytes.length): this {
    let high = this.#high
    let low = this.#low
    for (let i = start; i < end; i++) {
      const row = (low ^ (bytes[i] as number)) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ (tableLow[row] as number)
      high = (high >>> 8) ^ (tableHigh[row] as number)
    }
    this.#high = high
    this.#low = low
    return this
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
