import t from 'tap'
import type { ServerPort } from '../../lib/commands/context.ts'
import { CommandRunner } from '../support/command-runner.ts'

function connect(canSave = true) {
  const asked: (readonly string[])[] = []
  const ends: Parameters<ServerPort['shutdown']>[0][] = []
  const server = {
    info(sections: readonly string[]) {
      asked.push(sections)
      return '# Server\r\n'
    },
    shutdown(options: Parameters<ServerPort['shutdown']>[0]) {
      ends.push(options)
      return canSave ? 'ends' : 'fails'
    },
    abortShutdown: () => false,
  } as unknown as ServerPort
  return { asked, ends, runner: new CommandRunner({ ports: { server } }) }
}

t.test('INFO', async (t) => {
  const { asked, runner } = connect()
  t.equal(runner.run('INFO'), '$10\r\n# Server\r\n\r\n')
  runner.protocol = 3
  t.equal(runner.run('INFO Server KEYSPACE'), '=14\r\ntxt:# Server\r\n\r\n')
  t.same(asked, [[], ['server', 'keyspace']])
})

t.test('TIME tells seconds and the microseconds since', async (t) => {
  const server = { microsecondsByNow: () => 1_700_000_000_045_678 } as unknown as ServerPort
  const runner = new CommandRunner({ ports: { server } })
  t.equal(runner.run('TIME'), '*2\r\n$10\r\n1700000000\r\n$5\r\n45678\r\n')
  t.equal(runner.run('TIME x'), "-ERR wrong number of arguments for 'time' command\r\n")
})

t.test('SHUTDOWN', async (t) => {
  const { ends, runner } = connect()
  for (const line of ['SHUTDOWN', 'shutdown nosave now', 'SHUTDOWN FORCE SAVE FORCE']) {
    t.equal(runner.run(line), '')
  }
  t.same(ends, [
    { save: 'default', now: false, force: false },
    { save: 'nosave', now: true, force: false },
    { save: 'save', now: false, force: true },
  ])
  for (const words of ['FOO', 'SAVE NOSAVE', 'NOSAVE SAVE', 'NOW ABORT', 'ABORT FORCE']) {
    t.equal(runner.run(`SHUTDOWN ${words}`), '-ERR syntax error\r\n', words)
  }
  t.equal(runner.run('SHUTDOWN ABORT'), '-ERR No shutdown in progress.\r\n')
  t.equal(runner.run('SHUTDOWN ABORT abort'), '-ERR No shutdown in progress.\r\n')
  t.equal(ends.length, 3)
  t.equal(
    connect(false).runner.run('SHUTDOWN SAVE'),
    '-ERR Errors trying to SHUTDOWN. Check logs.\r\n',
  )
})
