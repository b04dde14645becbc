import t from 'tap'
import { judge, type Measure, markdownTable } from './table.ts'

const start: Measure = {
  what: 'start',
  unit: 'ms',
  ours: 150,
  other: { name: 'threads', figure: 100 },
  target: { of: 'ratio', atMost: 1.5 },
}

t.test('a target on the ratio is met at the bound and missed beyond', async (t) => {
  t.match(judge(start), { ratio: 1.5, verdict: 'met' })
  t.match(judge({ ...start, ours: 151 }), { ratio: 1.51, verdict: 'missed' })
})

t.test('a target on our own figure needs nobody else', async (t) => {
  const { other, ...alone } = start
  t.match(judge({ ...alone, target: { of: 'ours', atMost: 150 } }), { verdict: 'met' })
  t.match(judge({ ...alone, target: { of: 'ours', atLeast: 151 } }), { verdict: 'missed' })
  t.match(judge({ ...alone, target: { of: 'ratio', atMost: 9 } }), { verdict: '' })
})

t.test('a figure that is no number meets nothing', async (t) => {
  t.match(judge({ ...start, ours: Number.NaN }), { verdict: 'missed' })
})

t.test('the table is Markdown, its columns aligned', async (t) => {
  const rows = [start, { what: 'load', reason: 'skipped: a | b' }]
  t.equal(
    markdownTable(rows),
    [
      '| what  |   ours |            other |  ratio |   target | verdict         |',
      '|-------|-------:|-----------------:|-------:|---------:|-----------------|',
      '| start | 150 ms | 100 ms (threads) | 1.50 x | <= 1.5 x | met             |',
      '| load  |        |                  |        |          | skipped: a \\| b |',
      '',
    ].join('\n'),
  )
})
