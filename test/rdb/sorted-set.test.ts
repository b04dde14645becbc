import { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import type { RdbValue } from '../../lib/rdb/record.ts'
import { decodeValue, encodeValue } from '../../lib/rdb/value.ts'

type Pair = readonly [member: string, score: number]

function encoded(packed: boolean, descending: readonly Pair[]): string {
  const encoder = new RdbEncoder({ compress: false })
  encodeValue(encoder, {
    type: 'zset',
    packed,
    size: descending.length,
    descending: () => descending,
  })
  return encoder.take().toString('hex')
}

function decoded(hex: string): RdbValue {
  const cursor = new RdbCursor(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  return decodeValue(cursor, cursor.byte())
}

function pairsOf(value: RdbValue): Pair[] {
  return value.type === 'zset' ? [...value.descending()] : []
}

const pairs: readonly Pair[] = [
  ['up', Number.POSITIVE_INFINITY],
  ['b', 1.5],
  ['a', 1],
  ['12', -3],
]

t.test(
  'a small one is a listpack by rising score, a large one binary by falling score',
  async (t) => {
    const packed = encoded(true, [
      ['a', 1e17],
      ['b', 1.5],
    ])
    t.equal(
      packed,
      '11 1c 1c000000 0400 816202 83312e3504 816102 f4 00008a5d78456301 09 ff'.replaceAll(' ', ''),
    )
    const plain = encoded(false, [['b', 1.5]])
    t.equal(plain, '05 01 0162 000000000000f83f'.replaceAll(' ', ''))
    for (const isPacked of [true, false]) {
      const value = decoded(encoded(isPacked, pairs))
      t.match(value, { type: 'zset', packed: isPacked, size: 4 })
      t.strictSame(pairsOf(value), pairs)
    }
  },
)

t.test('those of older servers', async (t) => {
  t.strictSame(pairsOf(decoded('03 03 0161 03 312e35 0162 fe 0163 ff')), [
    ['a', 1.5],
    ['b', Number.POSITIVE_INFINITY],
    ['c', Number.NEGATIVE_INFINITY],
  ])
  const ziplist = '10000000 0d000000 0200 00 0161 03 f3 ff'
  t.strictSame(pairsOf(decoded(`0c 10 ${ziplist}`)), [['a', 2]])
})

t.test('what no server writes is refused', async (t) => {
  t.throws(
    () => decoded('05 02 0161 000000000000f83f 0161 000000000000f83f'),
    /Duplicate zset fields/,
  )
  t.throws(() => decoded('05 01 0161 000000000000f87f'), /NAN score/)
  t.throws(() => decoded('03 01 0161 fd'), /NAN score/)
  t.throws(() => decoded('03 01 0161 01 78'), /NAN score/)
  t.throws(() => decoded('11 0a 0a000000 0100 816102 ff'), /without a score/)
})
