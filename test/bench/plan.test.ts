import t from 'tap'
import { planOf, SUBJECTS } from './plan.ts'

t.test('without arguments everything is measured, and in the end cut off', async (t) => {
  const plan = planOf([])
  t.same(plan.subjects, SUBJECTS)
  t.match(plan, { quick: false, profile: false, direct: false, json: undefined })
  t.ok(Number.isFinite(plan.limitMs))
})

t.test('a quick run ends within two minutes', async (t) => {
  t.ok(planOf(['--quick']).limitMs < 120_000)
  const { subjects } = planOf(['--quick'])
  t.ok(subjects.includes('cold-start'))
  t.notOk(subjects.includes('tail'), 'what takes long is left out')
  t.same(planOf(['--quick', '--only', 'tail']).subjects, ['tail'], 'unless it is asked for')
})

t.test('--only picks, in the order of the table', async (t) => {
  const { subjects } = planOf(['--only', 'crc16', '--only', 'cold-start', '--json', 'a.json'])
  t.same(subjects, ['cold-start', 'crc16'])
})

t.test('--row picks rows of the commands, and the commands with them', async (t) => {
  t.match(planOf(['--row', 'GET, pipeline 1']), { row: 'GET, pipeline 1', subjects: ['commands'] })
  t.same(planOf(['--row', 'GET', '--only', 'memory']).subjects, ['memory', 'commands'])
  t.equal(planOf([]).row, '')
})

t.test('what is not known is refused by name', async (t) => {
  t.throws(() => planOf(['--only', 'everything']), { message: /"everything"/ })
  t.throws(() => planOf(['--fast']), { message: /--fast/ })
})
