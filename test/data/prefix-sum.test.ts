import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { PrefixSum } from '../../lib/data/prefix-sum.ts'

t.test('sums and places are those of plain addition', async (t) => {
  const random = new Random('sums')
  for (const length of [0, 1, 2, 3, 7, 8, 9, 100]) {
    const counts = Array.from({ length }, () => 1 + random.below(5))
    const sums = new PrefixSum()
    sums.reset(counts)
    for (let round = 0; round < 20; round++) {
      if (length > 0) {
        const at = random.below(length)
        const change = random.below(4) - ((counts[at] as number) > 3 ? 3 : 0)
        counts[at] = (counts[at] as number) + change
        sums.add(at, change)
      }
      let before = 0
      for (const [index, count] of counts.entries()) {
        if (sums.before(index) !== before) t.fail(`before ${index} of ${counts}`)
        if (count > 0 && sums.indexOf(before) !== index) t.fail(`${before} in ${counts}`)
        before += count
        if (count > 0 && sums.indexOf(before - 1) !== index) t.fail(`${before - 1} in ${counts}`)
      }
      t.equal(sums.before(length), before)
      t.equal(sums.indexOf(before), length, 'nothing reaches beyond the whole')
    }
  }
})
