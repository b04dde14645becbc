import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function start(...renames: string[]) {
  const harness = new NodeHarness({ renames })
  const client = harness.connect()
  return (...words: string[]) => harness.run(client, ...words)
}

t.test('a command answers to its new name, or to none', async (t) => {
  const run = start('flushdb badger', 'GET ""')
  t.equal(run('BADGER'), '+OK\r\n')
  t.match(run('flushdb'), /^-ERR unknown command 'flushdb'/)
  t.match(run('get', 'k'), /^-ERR unknown command 'get'/)
  t.match(run('COMMAND', 'INFO', 'badger'), /^\*1\r\n\*10\r\n\$7\r\nflushdb\r\n/)
  t.match(run('INFO', 'commandstats'), /cmdstat_flushdb:calls=1,/)
  const before = start()('COMMAND', 'COUNT')
  t.equal(run('COMMAND', 'COUNT'), `:${Number(before.slice(1)) - 1}\r\n`)
})

t.test('rules of access know commands by their first names', async (t) => {
  const run = start('flushdb badger')
  t.equal(run('ACL', 'SETUSER', 'x', '+flushdb'), '+OK\r\n')
  t.match(run('ACL', 'SETUSER', 'x', '+badger'), /Unknown command or category name in ACL/)
})

t.test('names pass from one to the other', async (t) => {
  const run = start('get former', 'set get', 'former last')
  t.equal(run('get', 'k', 'v'), '+OK\r\n')
  t.equal(run('last', 'k'), '$1\r\nv\r\n')
  t.match(run('former', 'k'), /^-ERR unknown command/)
})

t.test('a command of another name that takes more than its turn fails as it would', async (t) => {
  const harness = new NodeHarness({ renames: ['config secret', 'migrate hop'] })
  const client = harness.connect()
  harness.run(client, 'SECRET', 'SET', 'port', '7005')
  harness.turn(() => harness.node.listened(false))
  t.match(harness.take(client), /^-ERR CONFIG SET failed/)
  t.match(harness.run(client, 'INFO', 'commandstats'), /config\|set:calls=1,.*failed_calls=1\r/)
  harness.run(client, 'SET', 'k', 'v')
  harness.run(client, 'HOP', 'there', '7001', 'k', '0', '1000')
  harness.turn(() => harness.node.peerClosed(1, false))
  t.match(harness.take(client), /^-IOERR error or timeout connecting to the client/)
  t.match(harness.run(client, 'INFO', 'commandstats'), /migrate:calls=1,.*failed_calls=1\r/)
})

t.test('what cannot be is said at the start', async (t) => {
  t.throws(() => start('nosuch x'), { message: /No such command in rename-command/ })
  t.throws(() => start('get set'), { message: /Target command name already exists/ })
})
