import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import type { AclPort } from '../../lib/commands/acl-port.ts'
import type { ClusterPort } from '../../lib/commands/cluster-port.ts'
import type { Context, ReplicationPort, ServerPort } from '../../lib/commands/context.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

const WRONG = '-WRONGPASS invalid username-password pair or user is disabled.\r\n'
const HELLO_NOAUTH =
  '-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time\r\n'

/** A client of a node whose default user has this password, or none. */
function connect(password = '', ports: Partial<Context> = {}) {
  const client = new FakeClient()
  client.authenticated = password === ''
  client.passwords.set('default', password)
  const acl = { defaultNeedsNoPassword: password === '' } as AclPort
  const server = {
    version: new Version('7.0'),
    databases: { length: 16 },
  } as unknown as ServerPort
  const replication = { role: 'master' } as ReplicationPort
  const runner = new CommandRunner({ ports: { acl, client, server, replication, ...ports } })
  client.onProtocol = (protocol) => {
    runner.protocol = protocol
  }
  return { client, runner }
}

function hello(head: string, protocol: number, mode = 'standalone', role = 'master'): string {
  return `${head}\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$5\r\nproto\r\n:${protocol}\r\n$2\r\nid\r\n:7\r\n$4\r\nmode\r\n$${mode.length}\r\n${mode}\r\n$4\r\nrole\r\n$${role.length}\r\n${role}\r\n$7\r\nmodules\r\n*0\r\n`
}

t.test('HELLO describes the server in the protocol it switches to', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('HELLO'), hello('*14', 2))
  t.equal(runner.run('HELLO 3'), hello('%7', 3))
  t.equal(runner.run('hello'), hello('%7', 3), 'and stays')
  t.equal(runner.run('HELLO 2'), hello('*14', 2))
  const clustered = connect('', {
    cluster: {} as ClusterPort,
    replication: { role: 'replica' } as ReplicationPort,
  })
  t.equal(clustered.runner.run('HELLO 3'), hello('%7', 3, 'cluster', 'replica'))
})

t.test('HELLO refuses what it does not understand', async (t) => {
  const { client, runner } = connect()
  for (const [line, error] of [
    ['HELLO 1', 'NOPROTO unsupported protocol version'],
    ['HELLO 4', 'NOPROTO unsupported protocol version'],
    ['HELLO x', 'ERR Protocol version is not an integer or out of range'],
    ['HELLO 3 FOO', "ERR Syntax error in HELLO option 'FOO'"],
    ['HELLO 3 setname', "ERR Syntax error in HELLO option 'setname'"],
    ['HELLO 3 AUTH default', "ERR Syntax error in HELLO option 'AUTH'"],
    [
      'HELLO 3 SETNAME "a b"',
      'ERR Client names cannot contain spaces, newlines or special characters.',
    ],
  ] as const) {
    t.equal(runner.run(line), `-${error}\r\n`, line)
  }
  t.equal(runner.run('HELLO'), hello('*14', 2), 'the protocol is what it was')
  t.equal(runner.run('HELLO 3 SETNAME bob FOO'), "-ERR Syntax error in HELLO option 'FOO'\r\n")
  t.equal(client.name, 'bob', 'what came before the mistake has happened')
})

t.test('HELLO authenticates and names', async (t) => {
  const { client, runner } = connect('secret')
  t.equal(runner.run('HELLO'), HELLO_NOAUTH)
  t.equal(runner.run('HELLO 3'), HELLO_NOAUTH)
  t.equal(runner.run('HELLO 3 AUTH default wrong'), WRONG)
  t.equal(runner.run('HELLO 3 AUTH nobody secret'), WRONG)
  t.notOk(client.authenticated)
  t.equal(runner.run('HELLO 3 SETNAME x AUTH default secret'), hello('%7', 3))
  t.ok(client.authenticated)
  t.equal(client.name, 'x')
  t.equal(runner.run('HELLO 3 AUTH default wrong'), WRONG)
  t.ok(client.authenticated, 'a wrong password does not log out')
  t.same(client.attempts.at(-1), { userName: 'default', password: 'wrong', command: 'HELLO' })
})

t.test('AUTH', async (t) => {
  const open = connect()
  t.equal(
    open.runner.run('AUTH x'),
    '-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n',
  )
  t.equal(open.runner.run('AUTH default x'), '+OK\r\n')
  const { client, runner } = connect('secret')
  t.equal(runner.run('AUTH wrong'), WRONG)
  t.equal(runner.run('AUTH nobody secret'), WRONG)
  t.equal(runner.run('AUTH a b c'), '-ERR syntax error\r\n')
  t.equal(runner.run('AUTH'), "-ERR wrong number of arguments for 'auth' command\r\n")
  t.notOk(client.authenticated)
  t.equal(runner.run('AUTH secret'), '+OK\r\n')
  t.ok(client.authenticated)
  t.same(client.attempts.at(-1), { password: 'secret', command: 'AUTH' })
  client.authenticated = false
  t.equal(runner.run('auth default secret'), '+OK\r\n')
  t.ok(client.authenticated)
  t.same(client.attempts.at(-1), { userName: 'default', password: 'secret', command: 'auth' })
})

t.test('PING and ECHO', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('PING'), '+PONG\r\n')
  t.equal(runner.run('PING "a b"'), '$3\r\na b\r\n')
  t.equal(runner.run('PING a b'), "-ERR wrong number of arguments for 'ping' command\r\n")
  t.equal(runner.run('ECHO hi'), '$2\r\nhi\r\n')
  t.equal(runner.run('ECHO'), "-ERR wrong number of arguments for 'echo' command\r\n")
})

t.test('SELECT', async (t) => {
  const { client, runner } = connect()
  t.equal(runner.run('SELECT 15'), '+OK\r\n')
  t.equal(client.databaseIndex, 15)
  for (const [index, error] of [
    ['16', 'DB index is out of range'],
    ['-1', 'DB index is out of range'],
    ['abc', 'value is not an integer or out of range'],
    ['99999999999', 'value is out of range, value must between -2147483648 and 2147483647'],
    ['99999999999999999999', 'value is not an integer or out of range'],
  ]) {
    t.equal(runner.run(`SELECT ${index}`), `-ERR ${error}\r\n`)
  }
  t.equal(client.databaseIndex, 15)
  const clustered = connect('', { cluster: {} as ClusterPort })
  t.equal(clustered.runner.run('SELECT 0'), '+OK\r\n')
  t.equal(clustered.runner.run('SELECT 1'), '-ERR SELECT is not allowed in cluster mode\r\n')
  t.equal(clustered.runner.run('SELECT abc'), '-ERR value is not an integer or out of range\r\n')
})

t.test('QUIT and RESET', async (t) => {
  const { client, runner } = connect()
  runner.run('HELLO 3')
  t.equal(runner.run('RESET'), '+RESET\r\n')
  t.equal(client.resets, 1)
  t.notOk(client.closing)
  t.equal(runner.run('QUIT now or later'), '+OK\r\n')
  t.ok(client.closing)
})
