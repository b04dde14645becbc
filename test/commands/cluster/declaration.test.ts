import t from 'tap'
import { subcommand, verb } from '../../../lib/commands/cluster/declaration.ts'
import type { Context } from '../../../lib/commands/context.ts'

const facts = { since: '9.9.9', summary: 'Is declared.', complexity: 'O(1)' }

t.test('a subcommand is of the group of its container', async (t) => {
  const declared = subcommand('NAME', { ...facts, flags: ['stale'] }, () => {})
  t.match(declared, { name: 'CLUSTER NAME', fullName: 'cluster|name', group: 'cluster', arity: 2 })
})

t.test('a verb answers OK once it is done, and not when it throws', async (t) => {
  const said: string[] = []
  const context = { cluster: {}, reply: { ok: () => said.push('OK') } } as unknown as Context
  verb('GO', facts, () => said.push('done')).run(context, ['CLUSTER', 'GO'])
  t.same(said.splice(0), ['done', 'OK'])
  const failing = verb('GO', facts, () => {
    throw new Error('no')
  })
  t.throws(() => failing.run(context, ['CLUSTER', 'GO']), { message: 'no' })
  t.same(said, [])
})
