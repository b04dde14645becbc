import { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbError, RdbTruncatedError } from '../../lib/rdb/format.ts'

const at = (hex: string) => new RdbCursor(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

t.test('goes on with other bytes, and knows how many came before', async (t) => {
  const cursor = at('01 02 c1')
  cursor.byte()
  cursor.byte()
  t.throws(() => cursor.string(), { message: 'the bytes end too early at offset 3' })
  t.equal(cursor.position, 2)
  cursor.goOnWith(Buffer.from('c10100ff', 'hex'))
  t.equal(cursor.string(), '1')
  t.equal(cursor.offset, 5)
  cursor.goOnWith(Buffer.from('c0', 'hex'))
  t.throws(() => cursor.string(), { message: 'the bytes end too early at offset 6' })
  t.equal(cursor.offset, 5)
})

t.test('lengths', async (t) => {
  const table: [hex: string, length: number][] = [
    ['00', 0],
    ['3f', 63],
    ['4040', 64],
    ['7fff', 16383],
    ['80 00004000', 16384],
    ['80 ffffffff', 0xffff_ffff],
    ['81 0000000100000000', 2 ** 32],
  ]
  for (const [hex, length] of table) {
    const cursor = at(hex)
    t.equal(cursor.length(), length, hex)
    t.ok(cursor.atEnd, hex)
  }
  for (const hex of ['c0', '82 00', '81 0020000000000001']) {
    t.throws(() => at(hex).length(), RdbError, hex)
  }
})

t.test('strings', async (t) => {
  const table: [hex: string, text: string][] = [
    ['00', ''],
    ['03 61ff00', 'a\xff\0'],
    ['c0 ff', '-1'],
    ['c1 0080', '-32768'],
    ['c2 a0860100', '100000'],
    ['c3 06 15 01 61 61 e0 0a 00', 'a'.repeat(21)],
  ]
  for (const [hex, text] of table) {
    const cursor = at(hex)
    t.equal(cursor.string(), text, hex)
    t.ok(cursor.atEnd, hex)
  }
})

t.test('a structure is bytes, plain or compressed', async (t) => {
  t.equal(at('02 6162').stringBlob().toString(), 'ab')
  t.equal(at('c3 06 15 01 61 61 e0 0a 00').stringBlob().toString(), 'a'.repeat(21))
  t.throws(() => at('c0 01').stringBlob(), RdbError)
})

t.test('integers', async (t) => {
  t.equal(at('ffffffff').int32(), -1)
  t.equal(at('fcffffffffffffff').int64(), -4)
  t.equal(at('ffffffffffffff7f').int64(), 2 ** 63)
})

t.test('a read that fails leaves the position, and says when more bytes may help', async (t) => {
  for (const hex of [
    '05 6161',
    '40',
    '80 0000',
    'c2 01',
    'c3 06',
    'c3 06 15 01',
    'c3 06 15 01 61 e0',
    '',
  ]) {
    const cursor = at(hex)
    t.throws(() => cursor.string(), RdbTruncatedError, hex)
    t.equal(cursor.position, 0, hex)
    t.throws(() => cursor.stringBlob(), { name: /^Rdb/ }, hex)
    t.equal(cursor.position, 0, hex)
  }
  for (const hex of ['c4', 'ff', 'c3 02 05 0061']) {
    const cursor = at(hex)
    t.throws(() => cursor.string(), { name: 'RdbError' }, hex)
    t.equal(cursor.position, 0, hex)
  }
  const cursor = at('0102')
  t.throws(() => cursor.int32(), RdbTruncatedError)
  t.throws(() => cursor.blob(3), RdbTruncatedError)
  t.equal(cursor.byte(), 1)
})
