import t from 'tap'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import { Kind } from '../../lib/rdb/format.ts'
import { encodeListpack } from '../../lib/rdb/listpack.ts'
import { decodeIntsetSet, decodeListpackSet, decodePlainSet, encodeSet } from '../../lib/rdb/set.ts'

function written(members: string[], kind: number): RdbCursor {
  const encoder = new RdbEncoder()
  const record = {
    type: 'set',
    packed: undefined,
    size: members.length,
    members: () => members,
  } as const
  encodeSet(encoder, record, kind)
  return new RdbCursor(encoder.take())
}

t.test('a set comes back in each form', async (t) => {
  t.strictSame([...decodeIntsetSet(written(['-1', '2'], Kind.setIntset)).members()], ['-1', '2'])
  t.strictSame([...decodePlainSet(written(['b', 'a'], Kind.set)).members()], ['b', 'a'])
  const encoder = new RdbEncoder()
  encoder.stringBlob(encodeListpack(['x', '1']))
  t.strictSame([...decodeListpackSet(new RdbCursor(encoder.take())).members()], ['x', '1'])
})

t.test('a member that comes twice is refused', async (t) => {
  t.throws(() => decodePlainSet(written(['a', 'a'], Kind.set)), /Duplicate set members detected/)
})
