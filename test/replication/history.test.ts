import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { History, NO_ID } from '../../lib/replication/history.ts'

t.test('a history has a name, a promotion gives it another', async (t) => {
  const history = new History(new Random(1))
  const { id } = history
  t.match(id, /^[0-9a-f]{40}$/)
  t.match(history, { secondaryId: NO_ID, secondaryOffset: -1, offset: 0 })
  history.offset = 70
  history.shift()
  t.match(history, { secondaryId: id, secondaryOffset: 71, offset: 70 })
  t.not(history.id, id)
  const second = history.id
  history.shift('f'.repeat(40))
  t.match(history, { id: 'f'.repeat(40), secondaryId: second })
})

t.test('a new history has no other name', async (t) => {
  const history = new History(new Random(1))
  history.offset = 70
  history.shift()
  const { id } = history
  history.renew()
  t.not(history.id, id)
  t.match(history, { secondaryId: NO_ID, secondaryOffset: -1, offset: 70 })
  history.adopt('a'.repeat(40), 5)
  t.match(history, { id: 'a'.repeat(40), secondaryId: NO_ID, offset: 5 })
})

t.test('a backlog begins with the next byte', async (t) => {
  const history = new History(new Random(1))
  history.offset = 70
  history.keepBacklog(10)
  const { backlog } = history
  t.equal(backlog?.firstOffset, 71)
  history.keepBacklog(20)
  t.equal(history.backlog, backlog, 'there is one already')
})
