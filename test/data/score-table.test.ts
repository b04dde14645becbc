import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { ScoreTable } from '../../lib/data/score-table.ts'

t.test('few members or many, it knows them by name and in order', async (t) => {
  const seed = process.env.SEED ?? String(Date.now())
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const table = new ScoreTable()
  const held = new Map<string, number>()
  for (const goal of [1, 16, 17, 40, 3, 20, 0]) {
    while (held.size !== goal) {
      const member = `m${random.below(60)}`
      const before = table.get(member)
      t.equal(before, held.get(member), member)
      const score = random.below(10)
      if (before !== undefined && held.size > goal) {
        table.delete(member, before)
        held.delete(member)
        continue
      }
      if (before !== undefined) table.change(member, before, score)
      else if (held.size < goal) table.add(member, score)
      else continue
      held.set(member, score)
    }
    t.equal(table.size, goal)
    t.equal(table.has('none'), false)
    t.same([...table.keys()].sort(), [...held.keys()].sort())
    t.same(new Map(table.order.descending()), held)
  }
})
