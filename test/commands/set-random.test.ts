import t from 'tap'
import { CommandRunner } from '../support/command-runner.ts'

t.test('what was popped is told to replicas member by member', async (t) => {
  const runner = new CommandRunner()
  const pop = (line: string) => {
    runner.takePropagated()
    return { reply: runner.run(line), propagated: runner.takePropagated() }
  }
  runner.run('SADD s a')
  t.strictSame(pop('SPOP s'), { reply: '$1\r\na\r\n', propagated: [['SREM', 's', 'a']] })
  runner.run('SADD s a b')
  t.match(pop('SPOP s 1'), { reply: /^\*1\r\n\$1\r\n[ab]/, propagated: [['SREM', 's', /^[ab]$/]] })
  t.match(pop('SPOP s 9'), { reply: /^\*1\r\n/, propagated: [['DEL', 's']] })
  t.strictSame(pop('SPOP s 9'), { reply: '*0\r\n', propagated: [] })
  runner.config.set('lazyfree-lazy-server-del', 'yes')
  runner.run('SADD s a b')
  t.match(pop('SPOP s 2'), { propagated: [['UNLINK', 's']] })
})
