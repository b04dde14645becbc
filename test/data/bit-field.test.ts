import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import {
  type FieldType,
  fitField,
  type Overflow,
  readField,
  writeField,
} from '../../lib/data/bit-field.ts'

t.test('what is written at any bit is read again, and nothing beside it changes', async (t) => {
  const random = new Random('fields')
  for (let round = 0; round < 300; round++) {
    const isSigned = random.below(2) === 1
    const bits = 1 + random.below(isSigned ? 64 : 63)
    const offset = random.below(40)
    const bytes = Uint8Array.from({ length: 16 }, () => random.below(256))
    const before = readField(bytes, 0, { isSigned: false, bits: offset })
    const raw = (BigInt(random.nextUint32()) << 32n) | BigInt(random.nextUint32())
    const value = isSigned ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw)
    writeField(bytes, offset, bits, value)
    t.equal(readField(bytes, offset, { isSigned, bits }), value, `${bits} bits at ${offset}`)
    t.equal(readField(bytes, 0, { isSigned: false, bits: offset }), before)
  }
  t.equal(readField(new Uint8Array([0xff]), 4, { isSigned: false, bits: 8 }), 0xf0n, 'zeros follow')
})

t.test('what does not fit wraps, saturates or fails', async (t) => {
  const i8 = { isSigned: true, bits: 8 }
  const u8 = { isSigned: false, bits: 8 }
  const i64 = { isSigned: true, bits: 64 }
  const rows: [bigint, bigint, FieldType, Overflow, bigint | undefined][] = [
    [120n, 7n, i8, 'fail', 127n],
    [120n, 8n, i8, 'fail', undefined],
    [120n, 8n, i8, 'wrap', -128n],
    [100n, 100n, i8, 'sat', 127n],
    [-100n, -100n, i8, 'sat', -128n],
    [200n, 0n, i8, 'sat', 127n],
    [-200n, 0n, i8, 'sat', -128n],
    // Redis reckons the room above it in 64 bits, and that wraps.
    [-(2n ** 63n), 0n, i8, 'sat', 127n],
    [255n, 1n, u8, 'wrap', 0n],
    [0n, -1n, u8, 'wrap', 255n],
    [0n, -1n, u8, 'sat', 0n],
    [2n ** 64n - 1n, 0n, u8, 'sat', 255n],
    [2n ** 63n - 1n, 1n, i64, 'wrap', -(2n ** 63n)],
    [2n ** 63n - 1n, 1n, i64, 'sat', 2n ** 63n - 1n],
    [-(2n ** 63n), -1n, i64, 'sat', -(2n ** 63n)],
  ]
  for (const [value, increment, type, overflow, expected] of rows) {
    t.equal(fitField(value, increment, { type, overflow }), expected, `${value} ${increment}`)
  }
})
