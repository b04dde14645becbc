/** The score of the process: by mode and role, restored at the end, and refused by the system. */
import t from 'tap'
import { Config } from '../../lib/node/config/config.ts'
import { OomScore } from '../../lib/node/oom-score.ts'

function scored(before: number) {
  const config = new Config()
  const warnings: string[] = []
  const node = { isReplica: false, warn: (line: string) => void warnings.push(line) }
  const score = {
    value: before,
    refusal: undefined as string | undefined,
    read: () => score.value,
    write(value: number) {
      if (score.refusal !== undefined) throw new Error(score.refusal)
      score.value = value
    },
  }
  const oom = new OomScore(node, config, score)
  return { config, warnings, node, score, oom }
}

t.test('the value of the role, on top of what there was', async (t) => {
  const { config, node, score, oom } = scored(100)
  t.ok(oom.adjust())
  t.equal(score.value, 100, 'nobody asked for anything')
  config.set([
    ['oom-score-adj-values', '10 20 30'],
    ['oom-score-adj', 'yes'],
  ])
  t.equal(score.value, 110)
  config.set([['oom-score-adj-values', '15 25 30']])
  t.equal(score.value, 115)
  node.isReplica = true
  t.ok(oom.adjust())
  t.equal(score.value, 125)
  config.set([['oom-score-adj', 'absolute']])
  t.equal(score.value, 25)
  config.set([['oom-score-adj-values', '2000 2000 2000']])
  t.equal(score.value, 1000, 'the system knows no more')
  config.set([['oom-score-adj', 'no']])
  t.equal(score.value, 100)
  score.value = 7
  config.set([['oom-score-adj-values', '1 1 1']])
  t.equal(score.value, 7, 'what is not ours stays')
})

t.test('the system may refuse, and then all stays', async (t) => {
  const { config, warnings, score } = scored(0)
  config.set([['oom-score-adj-values', '-1000 -1000 -1000']])
  score.refusal = 'Permission denied'
  const message = (name: string) =>
    `ERR CONFIG SET failed (possibly related to argument '${name}') - Failed to set current oom_score_adj. Check server logs.`
  t.throws(() => config.set([['oom-score-adj', 'yes']]), { message: message('oom-score-adj') })
  t.strictSame(warnings.splice(0), ['Unable to write oom_score_adj: Permission denied'])
  t.equal(config.text('oom-score-adj'), 'no')
  score.refusal = undefined
  config.set([
    ['oom-score-adj-values', '0 100 100'],
    ['oom-score-adj', 'yes'],
  ])
  score.refusal = 'Permission denied'
  t.throws(() => config.set([['oom-score-adj-values', '-9 0 0']]), {
    message: message('oom-score-adj-values'),
  })
  t.equal(config.text('oom-score-adj-values'), '0 100 100')
})
