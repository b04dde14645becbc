import t from 'tap'
import { bufferOf, bytesOf, copyBytes, textOf, upToNul } from '../../lib/base/bytes.ts'

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
