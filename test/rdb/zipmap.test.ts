import { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbError } from '../../lib/rdb/format.ts'
import { decodeZipmap } from '../../lib/rdb/zipmap.ts'

const of = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

t.test('fields and values, with unused bytes and long lengths', async (t) => {
  t.strictSame(decodeZipmap(of('02 01 61 02 00 6263 01 64 01 03 65 000000 ff')), [
    'a',
    'bc',
    'd',
    'e',
  ])
  const long = of(`01 01 61 fe 2c010000 00 ${'78'.repeat(300)} ff`)
  t.strictSame(decodeZipmap(long), ['a', 'x'.repeat(300)])
  t.strictSame(decodeZipmap(of('fe 01 61 01 00 62 ff')), ['a', 'b'], 'too many to say how many')
})

t.test('broken blocks', async (t) => {
  const table: [what: string, hex: string][] = [
    ['no end', '01 01 61 01 00 62'],
    ['empty', ''],
    ['a field without a value', '01 01 61 ff'],
    ['a field beyond the end', '01 09 61 ff'],
    ['a value beyond the end', '01 01 61 09 00 62 ff'],
    ['unused bytes beyond the end', '01 01 61 01 09 62 ff'],
    ['a length cut short', '01 fe 01 00 ff'],
    ['no fields', '00 ff'],
    ['fewer fields than it says', '02 01 61 01 00 62 ff'],
    ['more fields than it says', '00 01 61 01 00 62 ff'],
  ]
  for (const [what, hex] of table) t.throws(() => decodeZipmap(of(hex)), RdbError, what)
})
