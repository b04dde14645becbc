import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import { encodeListpack } from '../../lib/rdb/listpack.ts'
import { decodeIntsetSet, decodeListpackSet, decodePlainSet, encodeSet } from '../../lib/rdb/set.ts'

function written(members: string[], packed: boolean): RdbCursor {
  const encoder = new RdbEncoder()
  encodeSet(encoder, { type: 'set', packed, size: members.length, members: () => members })
  return new RdbCursor(encoder.take())
}

t.test('a set comes back in each form', async (t) => {
  t.strictSame([...decodeIntsetSet(written(['-1', '2'], true)).members()], ['-1', '2'])
  t.strictSame([...decodePlainSet(written(['b', 'a'], false)).members()], ['b', 'a'])
  const encoder = new RdbEncoder()
  encoder.stringBlob(encodeListpack(['x', '1']))
  t.strictSame([...decodeListpackSet(new RdbCursor(encoder.take())).members()], ['x', '1'])
})

t.test('a member that comes twice is refused', async (t) => {
  t.throws(() => decodePlainSet(written(['a', 'a'], false)), /a set has a member twice/)
})
