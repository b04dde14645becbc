import { createHash } from 'node:crypto'
import t from 'tap'
import { hexOf } from '../../lib/base/sha1.ts'
import { sha256 } from '../../lib/base/sha256.ts'

function expected(text: string): string {
  return createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex')
}

t.test('known digests', async (t) => {
  t.equal(hexOf(sha256('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  t.equal(hexOf(sha256('')), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

t.test('texts of every length around a block, and all bytes', async (t) => {
  for (let length = 0; length <= 200; length++) {
    const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 7 + length) & 255)).join(
      '',
    )
    t.equal(hexOf(sha256(text)), expected(text), `${length} bytes`)
  }
  const long = 'x\xff'.repeat(100_000)
  t.equal(hexOf(sha256(long)), expected(long))
})
