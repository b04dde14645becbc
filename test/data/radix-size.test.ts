import t from 'tap'
import { radixTreeNodes } from '../../lib/data/radix-size.ts'

t.test('nodes of trees as Redis builds them', async (t) => {
  t.equal(radixTreeNodes([]), 1, 'the root')
  t.equal(radixTreeNodes(['abcd']), 2, 'a run and its end')
  t.equal(radixTreeNodes(['abcd', 'abce']), 4, 'a run, the fork, two ends')
  t.equal(radixTreeNodes(['abcd', 'abxd']), 6, 'a run behind each way')
  t.equal(radixTreeNodes(['abcd', 'xbcd']), 5, 'no run before the fork')
  t.equal(radixTreeNodes(['aaaa', 'aaab', 'abaa', 'baaa']), 10)
})
