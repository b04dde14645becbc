import { createHash } from 'node:crypto'
import t from 'tap'
import { hexOf, sha1 } from '../../lib/base/sha1.ts'

function expected(text: string): string {
  return createHash('sha1').update(Buffer.from(text, 'latin1')).digest('hex')
}

t.test('known digests', async (t) => {
  t.equal(hexOf(sha1('abc')), 'a9993e364706816aba3e25717850c26c9cd0d89d')
  t.equal(hexOf(sha1('')), 'da39a3ee5e6b4b0d3255bfef95601890afd80709')
})

t.test('texts of every length around a block, and all bytes', async (t) => {
  for (let length = 0; length <= 200; length++) {
    const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 7 + length) & 255)).join(
      '',
    )
    t.equal(hexOf(sha1(text)), expected(text), `${length} bytes`)
  }
  const long = 'x\xff'.repeat(100_000)
  t.equal(hexOf(sha1(long)), expected(long))
})
