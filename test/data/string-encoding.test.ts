import t from 'tap'
import { encodingOf, referencesOf } from '../../lib/data/string-encoding.ts'

t.test('canonical 64-bit integers are int, short texts embstr, long ones raw', async (t) => {
  const table: [bytes: string, encoding: string][] = [
    ['0', 'int'],
    ['-1', 'int'],
    ['9223372036854775807', 'int'],
    ['-9223372036854775808', 'int'],
    ['9223372036854775808', 'embstr'],
    ['01', 'embstr'],
    ['-0', 'embstr'],
    [' 1', 'embstr'],
    ['1.0', 'embstr'],
    ['', 'embstr'],
    ['x'.repeat(44), 'embstr'],
    ['x'.repeat(45), 'raw'],
    ['1'.repeat(45), 'raw'],
  ]
  for (const [bytes, encoding] of table) t.equal(encodingOf(bytes), encoding, JSON.stringify(bytes))
})

t.test('integers from 0 to 9999 are shared', async (t) => {
  for (const bytes of ['0', '1', '9999']) t.equal(referencesOf(bytes), 2147483647, bytes)
  for (const bytes of ['-1', '10000', '007', '1.0', 'a', '9223372036854775807']) {
    t.equal(referencesOf(bytes), 1, bytes)
  }
})
