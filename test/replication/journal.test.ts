import t from 'tap'
import type { ReplicationEffect } from '../../lib/replication/effect.ts'
import { Journal } from '../../lib/replication/journal.ts'

t.test('lines become effects', async (t) => {
  const effects: ReplicationEffect[] = []
  const journal = new Journal((effect) => effects.push(effect))
  journal.notice('a')
  journal.warn('b')
  t.strictSame(effects, [
    { type: 'log', level: 'notice', text: 'a' },
    { type: 'log', level: 'warning', text: 'b' },
  ])
})
