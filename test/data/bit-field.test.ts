import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { fitField, readField, writeField } from '../../lib/data/bit-field.ts'

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
  t.equal(fitField(127n, i8, 'fail'), 127n)
  t.equal(fitField(128n, i8, 'fail'), undefined)
  t.equal(fitField(128n, i8, 'wrap'), -128n)
  t.equal(fitField(200n, i8, 'sat'), 127n)
  t.equal(fitField(-200n, i8, 'sat'), -128n)
  t.equal(fitField(256n, u8, 'wrap'), 0n)
  t.equal(fitField(-1n, u8, 'wrap'), 255n)
  t.equal(fitField(-1n, u8, 'sat'), 0n)
  t.equal(fitField(2n ** 63n, i64, 'wrap'), -(2n ** 63n))
  t.equal(fitField(2n ** 63n, i64, 'sat'), 2n ** 63n - 1n)
})
