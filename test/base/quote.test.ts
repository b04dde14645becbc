import t from 'tap'
import { quoteWord } from '../../lib/base/quote.ts'
import { splitArguments } from '../../lib/resp/inline.ts'

t.test('quotes and escapes as a configuration file has them', async (t) => {
  t.equal(quoteWord('plain'), '"plain"')
  t.equal(quoteWord(''), '""')
  t.equal(quoteWord('a b"c\\'), '"a b\\"c\\\\"')
  t.equal(quoteWord('\n\r\t\x07\b\0\x7f\xe9'), '"\\n\\r\\t\\a\\b\\x00\\x7f\\xe9"')
})

t.test('a quoted word splits back into itself, whatever its bytes', async (t) => {
  const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
  for (const word of [...all, all.join(''), all.reverse().join('')]) {
    t.same(splitArguments(quoteWord(word)), [word])
    t.match(quoteWord(word), /^"[ -~]*"$/)
  }
})
