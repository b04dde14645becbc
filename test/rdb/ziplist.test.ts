import { Buffer } from 'node:buffer'
import t from 'tap'
import { RdbError } from '../../lib/rdb/format.ts'
import { decodeZiplist } from '../../lib/rdb/ziplist.ts'

/** A ziplist of raw entries (encoding and content, hex). */
function ziplist(entries: readonly string[], count = entries.length): Buffer {
  const parts: Buffer[] = []
  let previous = 0
  let tail = 0
  for (const entry of entries) {
    const content = Buffer.from(entry, 'hex')
    const large = Buffer.alloc(5, 0xfe)
    large.writeUInt32LE(previous, 1)
    tail = parts.reduce((bytes, { length }) => bytes + length, 0)
    parts.push(previous < 254 ? Buffer.of(previous) : large, content)
    previous = content.length + (previous < 254 ? 1 : 5)
  }
  const body = Buffer.concat(parts)
  const block = Buffer.alloc(10 + body.length + 1, 0xff)
  block.writeUInt32LE(block.length, 0)
  block.writeUInt32LE(10 + tail, 4)
  block.writeUInt16LE(count, 8)
  body.copy(block, 10)
  return block
}

t.test('every encoding of an entry', async (t) => {
  const table: [entry: string, text: string][] = [
    ['026869', 'hi'],
    ['00', ''],
    [`412c${'61'.repeat(300)}`, 'a'.repeat(300)],
    [`8000004001${'62'.repeat(0x4001)}`, 'b'.repeat(0x4001)],
    ['c0ff7f', '32767'],
    ['d000000080', '-2147483648'],
    ['e0000000000000ff7f', String(0x7fffn << 48n)],
    ['f0ffffff', '-1'],
    ['fe80', '-128'],
    ['f1', '0'],
    ['fd', '12'],
  ]
  t.strictSame(
    decodeZiplist(ziplist(table.map(([entry]) => entry))),
    table.map(([, text]) => text),
  )
})

t.test('a count of 65535 is unknown', async (t) => {
  t.strictSame(decodeZiplist(ziplist(['f1', 'f2'], 0xffff)), ['0', '1'])
})

t.test('broken blocks', async (t) => {
  t.throws(() => decodeZiplist(Buffer.alloc(4)), RdbError)
  t.throws(() => decodeZiplist(ziplist(['f1'], 2)), RdbError, 'wrong count')
  t.throws(() => decodeZiplist(ziplist(['ff'])), RdbError, 'unknown encoding')
  t.throws(() => decodeZiplist(ziplist(['3f61'])), RdbError, 'string beyond the end')
  t.throws(() => decodeZiplist(ziplist(['c001'])), RdbError, 'integer beyond the end')
  t.throws(() => decodeZiplist(ziplist(['80ff'])), RdbError, 'length beyond the end')
  const long = ziplist(['f1'])
  long.writeUInt32LE(99, 0)
  t.throws(() => decodeZiplist(long), RdbError, 'wrong total')
})

t.test('a chain that does not lead back', async (t) => {
  const whole = ziplist(['f1', '026869', 'f2'])
  t.equal(decodeZiplist(whole).length, 3)
  const wrongSize = Buffer.from(whole)
  wrongSize.writeUInt8(3, 12)
  t.throws(() => decodeZiplist(wrongSize, 'Hash ziplist'), {
    message: 'Hash ziplist integrity check failed: size before entry 1',
  })
  const wrongTail = Buffer.from(whole)
  wrongTail.writeUInt32LE(12, 4)
  t.throws(() => decodeZiplist(wrongTail), {
    message: 'Ziplist integrity check failed: wrong tail',
  })
  const empty = ziplist([])
  t.strictSame(decodeZiplist(empty), [])
  empty.writeUInt32LE(99, 4)
  t.throws(() => decodeZiplist(empty), /wrong tail/)
})
