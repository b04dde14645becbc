import t from 'tap'
import { murmur64 } from '../../lib/base/murmur.ts'
import { Random } from '../../lib/base/random.ts'

const MASK = 2n ** 64n - 1n
const MULTIPLIER = 0xc6a4a7935bd1e995n

/** The definition, in whole 64-bit numbers. */
function reference(bytes: string): bigint {
  const mixed = (value: bigint) => (value * MULTIPLIER) & MASK
  const word = (text: string) =>
    [...text].reduce((sum, byte, i) => sum | (BigInt(byte.charCodeAt(0)) << BigInt(8 * i)), 0n)
  let hash = 0xadc83b19n ^ mixed(BigInt(bytes.length))
  const whole = bytes.length - (bytes.length % 8)
  for (let at = 0; at < whole; at += 8) {
    let k = mixed(word(bytes.slice(at, at + 8)))
    k = mixed(k ^ (k >> 47n))
    hash = mixed(hash ^ k)
  }
  if (whole < bytes.length) hash = mixed(hash ^ word(bytes.slice(whole)))
  hash = mixed(hash ^ (hash >> 47n))
  return hash ^ (hash >> 47n)
}

t.test('it is MurmurHash64A, for every length', async (t) => {
  const random = new Random('murmur')
  for (let length = 0; length < 40; length++) {
    for (const text of [random.bytes(length), '\xff'.repeat(length)]) {
      const { high, low } = murmur64(text)
      t.equal((BigInt(high) << 32n) | BigInt(low), reference(text), JSON.stringify(text))
    }
  }
})
