/** The graphs are those of a real server. */
import t from 'tap'
import { graphOf } from '../../lib/commands/latency-graph.ts'

const DASHES = '-'.repeat(80)

function graph(nowSeconds: number, ...samples: [timeSeconds: number, milliseconds: number][]) {
  return graphOf(
    {
      name: 'command',
      samples: samples.map(([timeSeconds, milliseconds]) => ({ timeSeconds, milliseconds })),
      longest: 200,
    },
    nowSeconds,
  )
}

t.test('a column for each sample', async (t) => {
  t.equal(
    graph(105, [100, 10], [101, 23], [102, 108], [103, 64], [104, 110]),
    `command - high 110 ms, low 10 ms (all time high 200 ms)\n${DASHES}\n` +
      '  # #\n  |_|\n  |||\n_o|||\n     \n54321\nsssss\n',
  )
  t.equal(
    graph(101, [100, 200]),
    `command - high 200 ms, low 200 ms (all time high 200 ms)\n${DASHES}\n \n \n \n_\n \n1\ns\n`,
  )
})

t.test('ages in the largest unit that fits', async (t) => {
  const now = 1_000_000
  t.match(
    graph(now, [now - 90_000, 1], [now - 7200, 1], [now - 3599, 1], [now - 60, 1], [now - 59, 1]),
    /\n12515\ndh9m9\n {2}m s\n$/,
  )
})

t.test('80 columns side by side at most', async (t) => {
  const samples = Array.from({ length: 81 }, (_, i): [number, number] => [100 + i, i])
  const lines = graph(200, ...samples).split('\n')
  t.equal(lines[2]?.length, 80)
  t.equal(lines.at(-2)?.length, 1)
})
