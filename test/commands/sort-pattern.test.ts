import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { lookUpPattern, patternSlot } from '../../lib/commands/sort-pattern.ts'
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

t.test('the slot of what a pattern makes, if there is one', async (t) => {
  for (const pattern of ['{k}w*', '{k}', '{k}*->f', 'w{k}[1]', 'k']) {
    t.equal(patternSlot(pattern), keySlot('k'), pattern)
  }
  for (const pattern of ['*', 'w*', '*{k}', '{*}', '{k*}', '{}*', '\\{k}*', '?{k}']) {
    t.equal(patternSlot(pattern), undefined, pattern)
  }
})
