import t from 'tap'
import {
  readBytes,
  readNodeId,
  readSlots,
  readText,
  readUint64,
  writeNodeId,
  writeSlots,
  writeText,
  writeUint64,
} from '../../lib/bus/field.ts'

t.test('64-bit numbers are big-endian', async (t) => {
  const table: [value: number, hex: string][] = [
    [0, '0000000000000000'],
    [1, '0000000000000001'],
    [2 ** 32 - 1, '00000000ffffffff'],
    [2 ** 32, '0000000100000000'],
    [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
  ]
  for (const [value, hex] of table) {
    const bytes = Buffer.alloc(9)
    writeUint64(bytes, 1, value)
    t.equal(bytes.toString('hex'), `00${hex}`)
    t.equal(readUint64(bytes, 1), value)
  }
  t.equal(readUint64(Buffer.from('0020000000000000', 'hex'), 0), undefined)
  t.equal(readUint64(Buffer.alloc(8, 255), 0), undefined)
})

t.test('node ids and byte strings keep every byte', async (t) => {
  const id = `${'\xff\0'.repeat(20)}`
  const bytes = Buffer.alloc(42)
  writeNodeId(bytes, 1, id)
  t.equal(readNodeId(bytes, 1), id)
  t.equal(readBytes(bytes, 0, 3), '\0\xff\0')
  t.throws(() => writeNodeId(bytes, 0, id.slice(1)), { name: 'AssertionError' })
})

t.test('text ends at its NUL or fills its field', async (t) => {
  const bytes = Buffer.alloc(6)
  writeText(bytes, 1, 4, 'abcd')
  t.equal(readText(bytes, 1, 4), 'abcd')
  t.equal(readText(bytes, 1, 2), 'ab')
  t.equal(readText(bytes, 0, 4), '')
  t.equal(readText(bytes, 3, 3), 'cd')
  t.throws(() => writeText(bytes, 0, 3, 'abcd'), { name: 'AssertionError' })
  t.throws(() => writeText(bytes, 0, 4, 'a\0b'), { name: 'AssertionError' })
})

t.test('a slot bitmap is copied', async (t) => {
  const bytes = Buffer.alloc(2050)
  const slots = Uint8Array.from({ length: 2048 }, (_, i) => i)
  writeSlots(bytes, 1, slots)
  const read = readSlots(bytes, 1)
  bytes.fill(0)
  t.strictSame(read, slots)
  t.throws(() => writeSlots(bytes, 0, new Uint8Array(2049)), { name: 'AssertionError' })
})
