import t from 'tap'
import { lookUpPattern } from '../../lib/commands/sort-pattern.ts'
import { CommandRunner } from '../support/command-runner.ts'

t.test('a pattern names a key or a field per element', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET w_a 1', 'APPEND edited_a 12', 'HSET h_a f v', 'SET w_a-> arrow', 'RPUSH l_a 1')
  const find = (pattern: string) => lookUpPattern(runner.db, pattern, 'a')
  t.equal(find('#'), 'a')
  t.equal(find('w_*'), '1')
  t.equal(find('edited_*'), '12')
  t.equal(find('h_*->f'), 'v')
  t.equal(find('w_*->'), 'arrow', 'an arrow without a field')
  for (const nothing of ['none_*', 'h_*->none', 'h_*', 'w_*->f', 'l_*', 'w_a', '->*', '']) {
    t.equal(find(nothing), undefined, nothing)
  }
})
