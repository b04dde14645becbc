import { Buffer } from 'node:buffer'
import t from 'tap'
import { bytesIn } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'

function hexOf(write: (encoder: RdbEncoder) => void, compress = true): string {
  const encoder = new RdbEncoder({ compress })
  write(encoder)
  return encoder.take().toString('hex')
}

t.test('lengths take the shortest form', async (t) => {
  const table: [length: number, hex: string][] = [
    [63, '3f'],
    [64, '4040'],
    [16383, '7fff'],
    [16384, '8000004000'],
    [2 ** 32, '810000000100000000'],
  ]
  for (const [length, hex] of table)
    t.equal(
      hexOf((encoder) => encoder.length(length)),
      hex,
    )
})

t.test('strings take the form a real server gives them', async (t) => {
  const table: [text: string, hex: string][] = [
    ['', '00'],
    ['hello', '0568656c6c6f'],
    ['0', 'c000'],
    ['-128', 'c080'],
    ['128', 'c18000'],
    ['-32769', 'c2ff7fffff'],
    ['100000', 'c2a0860100'],
    ['2147483647', 'c2ffffff7f'],
    ['-2147483648', 'c200000080'],
    ['2147483648', '0a32313437343833363438'],
    ['01', '023031'],
    ['-0', '022d30'],
    ['+1', '022b31'],
    ['a'.repeat(20), `14${'61'.repeat(20)}`],
    ['a'.repeat(21), 'c30615016161e00a00'],
  ]
  for (const [text, hex] of table) {
    t.equal(
      hexOf((encoder) => encoder.string(text)),
      hex,
      text,
    )
  }
  t.match(
    hexOf((encoder) => encoder.string('a'.repeat(21))),
    /^c30615/,
    'compressed above 20 bytes',
  )
  t.match(
    hexOf((encoder) => encoder.string('a'.repeat(21)), false),
    /^15(61){21}$/,
    'unless told not to',
  )
  t.match(
    hexOf((encoder) => encoder.string('abcdefghijklmnopqrstuvwxyz')),
    /^1a6162/,
    'not if that saves nothing',
  )
})

t.test('a structure is compressed but never an integer', async (t) => {
  t.equal(
    hexOf((encoder) => encoder.stringBlob(Buffer.from('12'))),
    '023132',
  )
  t.match(
    hexOf((encoder) => encoder.stringBlob(Buffer.alloc(100))),
    /^c3/,
  )
})

t.test('what was taken stays as it was', async (t) => {
  const encoder = new RdbEncoder({ capacity: 4 })
  encoder.text('first')
  const first = encoder.take()
  encoder.text('other')
  encoder.int64(-2)
  t.equal(first.toString(), 'first')
  t.equal(encoder.pendingBytes, 13)
  t.equal(encoder.take().toString('latin1'), 'other\xfe\xff\xff\xff\xff\xff\xff\xff')
  t.equal(encoder.pendingBytes, 0)
})

t.test('random strings and lengths read back', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const encoder = new RdbEncoder({ capacity: 1 })
  const strings: string[] = []
  for (let i = 0; i < 2000; i++) {
    const text = randomText(random)
    strings.push(text)
    encoder.string(text)
    encoder.length(text.length)
  }
  const cursor = new RdbCursor(encoder.take())
  for (const [i, text] of strings.entries()) {
    if (cursor.string() !== text || cursor.length() !== text.length)
      t.fail(`string ${i} of seed ${seed}`)
  }
  t.ok(cursor.atEnd)
})

t.test('strings of all lengths about the size of the workspace', async (t) => {
  const encoder = new RdbEncoder()
  const lengths = Array.from({ length: 12 }, (_, i) => 8 * 1024 - 4 + i)
  const texts = lengths.map((length) => `${length}`.repeat(length).slice(0, length))
  for (const text of texts) {
    encoder.string(text)
    encoder.stringBlob(Buffer.from(text))
  }
  t.ok(encoder.pendingBytes < 12 * 1024, 'they were compressed')
  const cursor = new RdbCursor(encoder.take())
  for (const text of texts) {
    if (cursor.string() !== text) t.fail(`a string of ${text.length} bytes`)
    if (bytesIn(cursor.stringBlob()) !== text) t.fail(`a structure of ${text.length} bytes`)
  }
  t.ok(cursor.atEnd)
})

function randomText(random: Random): string {
  switch (random.below(4)) {
    case 0:
      return String(random.nextUint32() * (random.below(2) === 0 ? 1 : -1))
    case 1:
      return random.bytes(random.below(80))
    case 2:
      return 'abc'.repeat(random.below(20_000))
    default:
      return String(random.below(400) - 200)
  }
}

t.test('a number that was rounded beyond 64 bits is the greatest there is', async (t) => {
  t.equal(
    hexOf((encoder) => encoder.int64(Number(2n ** 63n - 1n))),
    'ffffffffffffff7f',
  )
})
