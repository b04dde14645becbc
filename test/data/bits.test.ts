import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { countBits, findBit } from '../../lib/data/bits.ts'

t.test('bits are counted and found as one by one, in any range', async (t) => {
  const random = new Random('bits')
  for (let round = 0; round < 300; round++) {
    const text = random
      .bytes(random.below(6))
      .replace(/./gs, (byte) => random.pick([byte, '\0', '\xff']))
    const bits = [...text].flatMap((byte) => [...byte.charCodeAt(0).toString(2).padStart(8, '0')])
    const first = random.below(bits.length + 1)
    const last = Math.min(bits.length - 1, first + random.below(20))
    const range = bits.slice(first, last + 1)
    const what = `${bits.join('')} ${first} ${last}`
    t.equal(countBits(text, first, last), range.filter((bit) => bit === '1').length, what)
    for (const bit of [0, 1] as const) {
      const at = range.indexOf(String(bit))
      t.equal(findBit(text, bit, { first, last }), at < 0 ? undefined : first + at, what)
    }
  }
})
