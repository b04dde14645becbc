import { Buffer } from 'node:buffer'
import t from 'tap'
import { decodeIntset, encodeIntset } from '../../lib/rdb/intset.ts'

t.test('integers in the narrowest width that holds all', async (t) => {
  const rows: [members: string[], width: number][] = [
    [['-32768', '0', '32767'], 2],
    [['0', '32768'], 4],
    [['-32769'], 4],
    [['-2147483648', '2147483647'], 4],
    [['2147483648'], 8],
    [['-9223372036854775808', '9223372036854775807'], 8],
  ]
  for (const [members, width] of rows) {
    const block = encodeIntset(members)
    t.equal(block.readUInt32LE(0), width, members.join())
    t.equal(block.length, 8 + width * members.length)
    t.strictSame(decodeIntset(block), members)
  }
  t.equal(encodeIntset(['1', '2', '3']).toString('hex'), '0200000003000000010002000300')
})

t.test('a broken intset is refused', async (t) => {
  const bytes = (hex: string) => Buffer.from(hex, 'hex')
  t.throws(() => decodeIntset(bytes('02000000')), /Intset integrity check failed: width/)
  t.throws(() => decodeIntset(bytes('03000000' + '01000000' + '010000')), /width/)
  t.throws(() => decodeIntset(bytes('02000000' + '02000000' + '0100')), /size/)
  t.throws(() => decodeIntset(bytes('02000000' + '00000001' + '0100')), /size/)
  t.throws(() => decodeIntset(bytes('02000000' + '02000000' + '02000100')), /order/)
  t.throws(() => decodeIntset(bytes('02000000' + '02000000' + '01000100')), /order/)
})
