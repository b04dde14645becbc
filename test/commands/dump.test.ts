import t from 'tap'
import { bufferOf } from '../../lib/base/bytes.ts'
import { withDumpFooter } from '../../lib/rdb/dump.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { NodeHarness } from '../support/node-harness.ts'

const V = withDumpFooter(bufferOf('\0\x01v'))

t.test('what DUMP returns comes back by RESTORE', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET s v', 'HSET h f v g 12')
  t.equal(runner.run('DUMP none'), '$-1\r\n')
  t.equal(runner.run('DUMP s'), `$${V.length}\r\n${V}\r\n`)
  const hash = /^\$\d+\r\n(.*)\r\n$/s.exec(runner.run('DUMP h'))?.[1] ?? ''
  runner.takeEvents()
  runner.takePropagated()
  t.equal(runner.execute(['RESTORE', 'copy', '0', hash]), '+OK\r\n')
  t.equal(runner.run('HGETALL copy'), runner.run('HGETALL h'))
  t.same(runner.takeEvents(), ['n new copy', 'g restore copy'])
  t.same(runner.takePropagated(), [['RESTORE', 'copy', '0', hash]])
  t.same(
    runner.execute(['RESTORE', 's', 'x', '']),
    '-BUSYKEY Target key name already exists.\r\n',
    'before anything is read but the options',
  )
})

t.test('replicas hear the time that was meant, under the name that was used', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  runner.execute(['RESTORE-ASKING', 'k', '500', V])
  t.equal(runner.run('PEXPIRETIME k'), ':1500\r\n')
  t.same(runner.takePropagated(), [['RESTORE-ASKING', 'k', '1500', V, 'ABSTTL']])
  runner.execute(['restore', 'k', '2500', V, 'REPLACE', 'ABSTTL'])
  t.same(runner.takePropagated(), [['restore', 'k', '2500', V, 'REPLACE', 'ABSTTL']])
})

t.test('a key whose time is over is not created, and the one it replaces goes', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  t.equal(runner.execute(['RESTORE', 'k', '1000', V, 'ABSTTL']), '+OK\r\n')
  t.same(runner.takePropagated(), [])
  t.same(runner.takeTouched(), [])
  runner.run('SET k w')
  runner.takePropagated()
  runner.takeEvents()
  t.equal(runner.execute(['RESTORE', 'k', '1000', V, 'ABSTTL', 'REPLACE']), '+OK\r\n')
  t.same(runner.takePropagated(), [['DEL', 'k']])
  t.same(runner.takeEvents(), ['g del k'])
  t.equal(runner.run('EXISTS k'), ':0\r\n')
  runner.config.set('lazyfree-lazy-server-del', 'yes')
  runner.run('SET k w')
  runner.takePropagated()
  runner.execute(['RESTORE', 'k', '1000', V, 'ABSTTL', 'REPLACE'])
  t.same(runner.takePropagated(), [['UNLINK', 'k']])
})

t.test('a replica keeps a key whose time is over until its master says so', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  runner.db.expiry = 'keep'
  runner.execute(['RESTORE', 'k', '900', V, 'ABSTTL'])
  t.equal(runner.db.size, 1)
})

t.test('how a key was used comes with it', async (t) => {
  const runner = new CommandRunner()
  runner.execute(['RESTORE', 'k', '0', V, 'IDLETIME', '1000'])
  t.equal(runner.run('OBJECT IDLETIME k'), ':1000\r\n')
  runner.config.set('maxmemory-policy', 'allkeys-lfu')
  runner.execute(['RESTORE', 'l', '0', V, 'FREQ', '77'])
  t.equal(runner.run('OBJECT FREQ l'), ':77\r\n')
})

t.test('how closely a payload is looked at', async (t) => {
  const broken = withDumpFooter(Buffer.from('100d0d0000000200816603817602ff', 'hex'))
  const sanitized = () =>
    Number(/dump_payload_sanitizations:(\d+)/.exec(harness.type(admin, 'INFO stats'))?.[1])
  const harness = new NodeHarness()
  const admin = harness.connect()
  const restore = () => harness.run(admin, 'RESTORE', 'h', '0', broken, 'REPLACE')
  t.equal(restore(), '+OK\r\n')
  t.equal(sanitized(), 0)
  for (const rule of ['yes', 'clients']) {
    harness.type(admin, `CONFIG SET sanitize-dump-payload ${rule}`)
    t.equal(restore(), '-ERR Bad data format\r\n')
  }
  t.equal(sanitized(), 2)
  const [level, line] = harness.io.logs.at(-1) ?? []
  t.equal(level, 'verbose', 'a client can send what it likes: no warning')
  t.match(line, /Hash listpack integrity check failed/)
  harness.type(admin, 'ACL SETUSER default skip-sanitize-payload')
  t.equal(restore(), '+OK\r\n')
  harness.type(admin, 'CONFIG SET sanitize-dump-payload yes')
  t.equal(restore(), '-ERR Bad data format\r\n')
})
