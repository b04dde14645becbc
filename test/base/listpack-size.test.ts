import t from 'tap'
import {
  EMPTY_LISTPACK_BYTES,
  listpackBytes,
  listpackInteger,
  listpackIntegerBytes,
} from '../../lib/base/listpack-size.ts'
import { encodeListpack } from '../../lib/rdb/listpack.ts'

t.test('elements take as much as the codec writes', async (t) => {
  const integers = [0, 7, 12, 13, 15, 16, 23, 24, 31, 32, 53].flatMap((bits) => [
    2 ** bits - 1,
    -(2 ** bits),
  ])
  const texts = [
    '',
    'a',
    '01',
    '-0',
    ...[63, 64, 126, 4095, 4096, 20_000].map((n) => 'x'.repeat(n)),
  ]
  for (const element of [
    ...integers.map(String),
    ...texts,
    '9223372036854775807',
    '9'.repeat(20),
  ]) {
    const written = encodeListpack([element]).length - EMPTY_LISTPACK_BYTES
    t.equal(listpackBytes(element), written, element.slice(0, 30))
    const integer = listpackInteger(element)
    if (integer !== undefined) t.equal(listpackIntegerBytes(integer), written)
  }
  t.equal(encodeListpack([]).length, EMPTY_LISTPACK_BYTES)
  t.equal(listpackInteger('01'), undefined)
})
