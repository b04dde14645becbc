import { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import { RdbError } from '../../lib/rdb/format.ts'
import { decodeListNodes } from '../../lib/rdb/list.ts'
import { decodeValue, encodeValue } from '../../lib/rdb/value.ts'
import { contentOf } from '../support/record-content.ts'

function encoded(elements: readonly string[], maxListpackSize = -2): Buffer {
  const encoder = new RdbEncoder({ compress: false })
  encodeValue(encoder, {
    type: 'list',
    size: elements.length,
    maxListpackSize,
    elements: () => elements,
  })
  return encoder.take()
}

/** How many elements each node has. */
function nodeSizes(bytes: Buffer): number[] {
  const cursor = new RdbCursor(bytes)
  cursor.byte()
  const sizes: number[] = []
  for (let left = cursor.length(); left > 0; left--) {
    cursor.length()
    sizes.push(cursor.stringBlob().readUInt16LE(4))
  }
  return sizes
}

function decoded(hex: string): unknown {
  const cursor = new RdbCursor(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  return contentOf(decodeValue(cursor, cursor.byte()))
}

t.test('a list is nodes of one listpack each', async (t) => {
  const bytes = encoded(['a', '2'])
  t.equal(bytes.toString('hex'), '12 01 02 0c 0c000000 0200 816102 0201 ff'.replaceAll(' ', ''))
  t.strictSame(decoded(bytes.toString('hex')), ['a', '2'])
})

t.test('nodes are cut where a real server cuts them', async (t) => {
  const numbers = Array.from({ length: 5000 }, (_, i) => String(i * i * i - 1000))
  for (const limit of [-1, -2, -3, -4, -5, -9, 1, 3, 1000]) {
    const bytes = encoded(numbers, limit)
    t.strictSame(decoded(bytes.toString('hex')), numbers, `${limit}`)
  }
  t.strictSame(nodeSizes(encoded(['a', 'b', 'c', 'd', 'e'], 2)), [2, 2, 1])
  t.strictSame(nodeSizes(encoded(['a', 'b'], 0)), [1, 1])
  const large = 'x'.repeat(9000)
  t.strictSame(nodeSizes(encoded(['a', large, 'b', 'c'])), [1, 1, 2], 'a large element is alone')
  // 7 bytes of frame, 1003 of each element but the eighth, which would need 1008 more.
  t.strictSame(nodeSizes(encoded(new Array(20).fill('y'.repeat(1000)))), [8, 8, 4])
})

t.test('lists of other servers', async (t) => {
  t.strictSame(decoded('01 02 0161 c004'), ['a', '4'])
  t.strictSame(decoded('0a 10 10000000 0d000000 0200 00 0161 03 f5 ff'), ['a', '4'])
  const ziplist = '10 10000000 0d000000 0200 00 0161 03 f5 ff'
  t.strictSame(decoded(`0e 02 ${ziplist} ${ziplist}`), ['a', '4', 'a', '4'])
  t.strictSame(decoded('12 02 01 0461626364 02 0c 0c000000 0200 816102 0201 ff'), [
    'abcd',
    'a',
    '2',
  ])
})

t.test('a node of unknown form', async (t) => {
  t.throws(() => decodeListNodes(new RdbCursor(Buffer.from('010301', 'hex'))), RdbError)
})
