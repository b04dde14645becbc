import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { schotter } from '../../lib/commands/lolwut-schotter.ts'

function lines(columns: number, squaresPerRow: number, squaresPerColumn: number): string[] {
  const picture = schotter({ columns, squaresPerRow, squaresPerColumn }, new Random(1))
  return Buffer.from(picture, 'latin1').toString('utf8').split('\n')
}

t.test('the first two rows are in order, as a real server draws them', async (t) => {
  const expected = ['⠀⡤⠤⠤⠤⡤⠤⠤⠤⡄', '⠀⡇⠀⠀⠀⡇⠀⠀⠀⡇', '⠀⡧⠤⠤⠤⡧⠤⠤⠤⡇', '⠀⡇⠀⠀⠀⡇⠀⠀⠀⡇', '⠀⠧⠤⠤⠤⠧⠤⠤⠤⠇']
  t.same(lines(10, 2, 2), expected)
  t.same(lines(10, 2, 3).slice(0, 4), expected.slice(0, 4))
  t.same(lines(1, 1, 1), ['⠋'])
})

t.test('further rows lose their order', async (t) => {
  const picture = lines(66, 8, 12)
  t.equal(picture.length, Math.ceil((16 * 12 + 4) / 4))
  for (const line of picture) t.match(line, /^[\u2800-\u28ff]{66}$/)
  t.not(picture[2], picture[42])
})
