import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { NodeBoot } from '../../lib/control/message.ts'
import { type NodeSetup, STANDARD_OUTPUT, setUp } from '../../lib/runtime/node-setup.ts'
import { bootFor } from '../support/test-threads.ts'

const directory = mkdtempSync(join(tmpdir(), 'node-setup-'))
t.teardown(() => rmSync(directory, { recursive: true }))

function boot(differences: Partial<NodeBoot>): NodeBoot {
  const [ordinary, control] = bootFor(0)
  control.close()
  return { ...ordinary, directives: [], ...differences }
}

/** The setup of a server of its own. */
function server(configText: string): NodeSetup {
  return setUp(boot({ server: { configText, configPath: '', workingDirectory: directory } }))
}

t.test('the host decides for a node of a cluster', async (t) => {
  t.match(setUp(boot({ host: '127.0.0.1', port: 7000, bus: 'tcp' })), {
    addresses: ['127.0.0.1'],
    port: 7000,
    busPort: undefined,
    bus: 'tcp',
    directory: undefined,
    log: undefined,
  })
  t.equal(setUp(boot({ directives: [['cluster-enabled', 'no']] })).bus, 'none')
  const log = (logfile: string, place?: string) =>
    setUp(boot({ directives: [['logfile', logfile]], directory: place })).log
  t.equal(log('redis.log'), undefined, 'there is no directory for it')
  t.equal(log('redis.log', '/data'), '/data/redis.log')
  t.equal(log('/var/log/redis.log'), '/var/log/redis.log')
})

t.test('a redis.conf decides for a server of its own', async (t) => {
  const setup = server('')
  t.match(setup, {
    addresses: ['*', '-::*'],
    port: 6379,
    bus: 'none',
    directory,
    log: STANDARD_OUTPUT,
    pidFile: undefined,
    unixSocket: undefined,
  })
  t.equal(setup.config.text('dir'), directory)
  mkdirSync(join(directory, 'data'))
  const lines = [
    'port 7000',
    'bind 127.0.0.1 -::1',
    'cluster-enabled yes',
    'cluster-port 7001',
    'dir ./data',
    'logfile redis.log',
    'pidfile redis.pid',
    'unixsocket redis.sock',
    'unixsocketperm 700',
  ]
  t.match(server(lines.join('\n')), {
    addresses: ['127.0.0.1', '-::1'],
    port: 7000,
    busPort: 7001,
    bus: 'tcp',
    directory: join(directory, 'data'),
    log: join(directory, 'data/redis.log'),
    pidFile: join(directory, 'data/redis.pid'),
    unixSocket: { path: join(directory, 'data/redis.sock'), mode: 0o700 },
  })
  t.same(server('port 0').addresses, [], 'no port is served')
})

t.test('files are included, by a glob too', async (t) => {
  writeFileSync(join(directory, 'a.conf'), 'port 7010\n')
  writeFileSync(join(directory, 'b.conf'), 'port 7011\n')
  t.equal(server('include a.conf').port, 7010)
  t.equal(server('include [ab].conf').port, 7011)
  t.throws(() => server('port 1\ninclude c.conf'), {
    message: /at line 2\n>>> 'include c.conf'\nNo such file or directory/,
  })
})

t.test('a directory that is not there is told with its line', async (t) => {
  t.throws(() => server('port 1\ndir ./gone\n'), {
    message:
      "Reading the configuration file, at line 2\n>>> 'dir ./gone'\nNo such file or directory",
  })
})
