import t from 'tap'
import { parseMemory, spellMemory } from '../../lib/base/memory-size.ts'

t.test('bytes are spelled in the largest unit that divides them', async (t) => {
  for (const [bytes, spelled] of [
    ['0', '0'],
    ['1000', '1000'],
    ['1024', '1kb'],
    ['104857600', '100mb'],
    ['5368709120', '5gb'],
    ['600000000', '600000000'],
  ] as const) {
    t.equal(spellMemory(bytes), spelled)
    t.equal(`${parseMemory(spelled)}`, bytes)
  }
})

t.test('what is no size', async (t) => {
  for (const word of ['x', '1x', '1.5k', '-1', '1'.repeat(128)])
    t.equal(parseMemory(word), undefined, word)
  t.equal(parseMemory('18446744073709551616'), 2n ** 64n - 1n, 'too many saturate')
})
