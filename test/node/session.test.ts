/** The state of one client: what it is when new, what changes it, what it shows of itself. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function fieldsOf(reply: string): Map<string, string> {
  const line = reply.split('\r\n')[1]?.trim() ?? ''
  return new Map(line.split(' ').map((field) => field.split('=') as [string, string]))
}

t.test('a new client', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const info = fieldsOf(harness.type(client, 'CLIENT INFO'))
  t.match(Object.fromEntries(info), {
    id: '3',
    addr: '127.0.0.1:50001',
    laddr: '127.0.0.1:7000',
    fd: '8',
    name: '',
    age: '0',
    idle: '0',
    flags: 'N',
    db: '0',
    multi: '-1',
    events: 'r',
    cmd: 'client|info',
    user: 'default',
    resp: '2',
  })
})

t.test('what changes is shown', async (t) => {
  const harness = new NodeHarness()
  const [client, other] = [harness.connect(), harness.connect()]
  const shown = () => fieldsOf(harness.type(other, `CLIENT LIST ID ${client.id}`))
  harness.type(client, 'HELLO 3 SETNAME bob', 'SELECT 3', 'CLIENT NO-EVICT on')
  t.equal(shown().get('name'), 'bob')
  t.equal(shown().get('db'), '3')
  t.equal(shown().get('resp'), '3')
  t.equal(shown().get('flags'), 'e')
  t.equal(shown().get('cmd'), 'client|no-evict')
  harness.type(client, 'GET')
  t.equal(shown().get('cmd'), 'get', 'though it did not run')
  harness.type(client, 'NOSUCH')
  t.equal(shown().get('cmd'), 'NULL')
  harness.send(client, '*2\r\n$4\r\nECHO\r\n$10\r\nhalf')
  t.equal(shown().get('qbuf'), '4')
  client.output = { waitingBytes: 77 }
  t.equal(shown().get('omem'), '77')
  t.equal(shown().get('events'), 'rw')
})

t.test('age and idleness are whole seconds', async (t) => {
  const harness = new NodeHarness()
  const [client, other] = [harness.connect(), harness.connect()]
  harness.clock.now += 2_999
  harness.type(client, 'PING')
  harness.clock.now += 1_500
  const shown = fieldsOf(harness.type(other, `CLIENT LIST ID ${client.id}`))
  t.equal(shown.get('age'), '4')
  t.equal(shown.get('idle'), '1')
})

t.test('RESET makes it new again', async (t) => {
  const harness = new NodeHarness({ config: { requirepass: 'secret' } })
  const client = harness.connect()
  harness.type(
    client,
    'AUTH secret',
    'HELLO 3 SETNAME bob',
    'SELECT 3',
    'WATCH k',
    'MULTI',
    'SET k 1',
  )
  t.equal(harness.type(client, 'RESET'), '+RESET\r\n')
  t.equal(harness.type(client, 'GET k'), '-NOAUTH Authentication required.\r\n')
  harness.type(client, 'AUTH secret')
  t.match(Object.fromEntries(fieldsOf(harness.type(client, 'CLIENT INFO'))), {
    name: '',
    db: '0',
    resp: '2',
    multi: '-1',
    flags: 'N',
  })
  t.equal(harness.type(client, 'EXISTS k'), ':0\r\n', 'what was queued did not run')
})

t.test('RESET ends silence, READONLY and ASKING', async (t) => {
  const harness = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
  const client = harness.connect()
  harness.type(client, 'READONLY', 'ASKING', 'CLIENT REPLY OFF')
  t.equal(client.readonlyMode, true)
  t.equal(harness.type(client, 'PING', 'RESET'), '+RESET\r\n')
  t.same([client.readonlyMode, client.asking, client.replyMode], [false, false, 'on'])
})

t.test('CLIENT REPLY, step by step', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  for (const [lines, reply] of [
    [['CLIENT REPLY SKIP', 'SET a 1', 'GET a'], '$1\r\n1\r\n'],
    [['CLIENT REPLY SKIP', 'CLIENT REPLY SKIP', 'PING', 'PING'], '+PONG\r\n'],
    [['CLIENT REPLY SKIP', 'CLIENT REPLY ON'], '+OK\r\n'],
    [
      ['CLIENT REPLY SKIP', 'NOSUCH', 'GET', 'PING'],
      "-ERR wrong number of arguments for 'get' command\r\n+PONG\r\n",
    ],
    [['CLIENT REPLY SKIP', 'MULTI', 'PING', 'EXEC'], '+QUEUED\r\n*1\r\n+PONG\r\n'],
    [['CLIENT REPLY OFF', 'PING', 'CLIENT REPLY SKIP', 'PING', 'PING'], ''],
    [['SET a 2', 'NOSUCH', 'CLIENT REPLY foo'], ''],
    [['CLIENT REPLY ON', 'GET a'], '+OK\r\n$1\r\n2\r\n'],
    [['PING', 'CLIENT REPLY OFF', 'QUIT'], '+PONG\r\n'],
  ] as const) {
    t.equal(harness.type(client, ...lines), reply, lines.join(', '))
  }
  t.equal(client.closing, 'after-reply')
})

t.test('a client that has not said its password is allowed little', async (t) => {
  const harness = new NodeHarness({ config: { requirepass: 'secret' } })
  const client = harness.connect()
  t.equal(
    harness.send(client, `*2\r\n$4\r\nAUTH\r\n$16385\r\n`),
    '-ERR Protocol error: unauthenticated bulk length\r\n',
  )
  const many = harness.connect()
  t.equal(
    harness.send(many, '*11\r\n'),
    '-ERR Protocol error: unauthenticated multibulk length\r\n',
  )
  const known = harness.connect()
  const auth = '*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n'
  t.equal(harness.send(known, `${auth}*11\r\n$4\r\nMGET\r\n`), '+OK\r\n', 'and from then on all')
  t.equal(known.closing, 'no')
})

t.test('limits follow the configuration', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'CONFIG SET proto-max-bulk-len 1mb')
  t.equal(
    harness.send(client, '*1\r\n$1048577\r\n'),
    '-ERR Protocol error: invalid bulk length\r\n',
  )
})

t.test('CLIENT NO-TOUCH leaves the age of keys alone', async (t) => {
  const harness = new NodeHarness({ version: '7.2' })
  const [client, other] = [harness.connect(), harness.connect()]
  const idle = () => harness.type(other, 'OBJECT IDLETIME k')
  harness.type(other, 'SET k 1', 'OBJECT IDLETIME k')
  harness.type(client, 'CLIENT NO-TOUCH on')
  harness.clock.now += 5_000
  t.equal(harness.type(client, 'GET k', 'MULTI', 'GET k', 'EXEC').slice(0, 7), '$1\r\n1\r\n')
  t.equal(idle(), ':5\r\n')
  harness.type(client, 'TOUCH k')
  t.equal(idle(), ':0\r\n', 'unless it is the very wish')
  harness.clock.now += 5_000
  harness.type(other, 'GET k')
  t.equal(idle(), ':0\r\n', 'others touch')
  harness.clock.now += 5_000
  harness.type(client, 'CLIENT NO-TOUCH off', 'GET k')
  t.equal(idle(), ':0\r\n')
})

t.test('a session selects only databases there are', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.throws(() => client.selectDatabase(16), RangeError)
  t.equal(client.databaseIndex, 0)
})
