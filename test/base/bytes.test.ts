import t from 'tap'
import {
  bufferOf,
  bytesOf,
  copyBytes,
  textOf,
  uint32At,
  uint32Bytes,
  upToNul,
} from '../../lib/base/bytes.ts'

t.test('text and its UTF-8 bytes', async (t) => {
  for (const text of ['', 'plain', 'é', 'a€b', '😀', '\0\x7f']) {
    const bytes = bytesOf(text)
    t.equal(bytes, Buffer.from(text, 'utf8').toString('latin1'))
    t.equal(textOf(bytes), text)
  }
})

t.test('bytes that are not UTF-8 become replacement characters', async (t) => {
  t.equal(textOf('a\xffb'), 'a\ufffdb')
})

t.test('every byte has its place in a buffer', async (t) => {
  const all = Array.from({ length: 256 }, (_, i) => i)
  t.same([...bufferOf(String.fromCharCode(...all))], all)
  const buffer = Buffer.alloc(258)
  copyBytes(String.fromCharCode(...all), buffer, 1)
  t.same([...buffer], [0, ...all, 0])
})

t.test('a C string ends at a NUL', async (t) => {
  t.equal(upToNul('ab\0c\0'), 'ab')
  t.equal(upToNul('\0'), '')
  t.equal(upToNul('abc'), 'abc')
})

t.test('numbers in four bytes', async (t) => {
  t.equal(uint32Bytes(0x01_82_03_ff), '\x01\x82\x03\xff')
  for (const number of [0, 1, 255, 256, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    t.equal(uint32At(`..${uint32Bytes(number)}.`, 2), number)
  }
})
