import { Buffer } from 'node:buffer'
import t from 'tap'
import { nameIn, wordIn } from '../../lib/resp/word.ts'

const here = Buffer.from('..GET key:1 \xff\x00\r\n a-rather-long-word-of-the-request', 'latin1')

t.test('a word is what lies between its ends, whatever the bytes', async (t) => {
  t.equal(nameIn(here, 2, 5), 'GET')
  t.equal(wordIn(here, 6, 11), 'key:1')
  t.equal(wordIn(here, 12, 16), '\xff\x00\r\n')
  t.equal(wordIn(here, 17, here.length), 'a-rather-long-word-of-the-request')
  t.equal(wordIn(here, 3, 3), '')
})

t.test('words of one hash are told apart, also when they come in turns', async (t) => {
  // More words than are kept: some share their place.
  const words = Array.from({ length: 3000 }, (_, i) => `w${i}`)
  const buffer = Buffer.from(words.join(''), 'latin1')
  for (let round = 0; round < 2; round++) {
    let at = 0
    const read = words.map(({ length }) => {
      const start = at
      at += length
      return round === 0 ? wordIn(buffer, start, at) : nameIn(buffer, start, at)
    })
    t.strictSame(read, words)
  }
})

t.test('the buffer may be used again', async (t) => {
  const buffer = Buffer.from('short and a word that is longer')
  const words = [wordIn(buffer, 0, 5), wordIn(buffer, 6, buffer.length)]
  buffer.fill('x')
  t.strictSame(words, ['short', 'and a word that is longer'])
})
