import t from 'tap'
import { endOf, openList } from '../../lib/commands/list-end.ts'
import { CommandRunner } from '../support/command-runner.ts'

t.test('a word names an end in any case, or none', async (t) => {
  t.equal(endOf('LEFT'), 'left')
  t.equal(endOf('rIGHT'), 'right')
  for (const word of ['', 'up', undefined]) {
    t.throws(() => endOf(word), { message: 'ERR syntax error' })
  }
})

t.test('a list is opened once', async (t) => {
  const { db } = new CommandRunner()
  openList(db, 'l').push('right', 'a')
  t.equal(openList(db, 'l').size, 1)
})
