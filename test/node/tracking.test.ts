/** Client-side caching: who is told of which change, where, and what the node tells of it. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function stage(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config })
  const [reader, writer, other] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(reader, 'HELLO 3')
  return { harness, reader, writer, other }
}

const invalid = (...keys: string[]) =>
  `>2\r\n$10\r\ninvalidate\r\n*${keys.length}\r\n${keys.map((key) => `$${key.length}\r\n${key}\r\n`).join('')}`

t.test('a change is told once, of another at once, of its own after the reply', async (t) => {
  const { harness, reader, writer } = stage()
  harness.type(reader, 'CLIENT TRACKING on', 'GET k')
  harness.type(writer, 'SET k 1', 'SET k 2')
  t.equal(harness.take(reader), invalid('k'))
  t.equal(
    harness.type(reader, 'GET k', 'SET k 3', 'PING'),
    `$1\r\n2\r\n+OK\r\n${invalid('k')}+PONG\r\n`,
  )
})

t.test('messages go to another client: as pushes, or as messages of a channel', async (t) => {
  const { harness, reader, writer, other } = stage()
  t.equal(
    harness.type(reader, `CLIENT TRACKING on REDIRECT ${other.id}`, 'CLIENT GETREDIR', 'GET k'),
    `+OK\r\n:${other.id}\r\n_\r\n`,
  )
  harness.type(writer, 'SET k 1')
  t.equal(harness.take(other), '', 'in RESP2 it has to listen')
  harness.type(other, 'SUBSCRIBE __redis__:invalidate')
  harness.type(reader, 'GET k')
  harness.type(writer, 'SET k 2')
  const head = '*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n'
  t.equal(harness.take(other), `${head}*1\r\n$1\r\nk\r\n`)
  harness.type(writer, 'FLUSHALL')
  t.equal(harness.take(other), `${head}_\r\n`, 'the null is of the protocol of who tracks')
  t.equal(harness.take(reader), '')
  harness.type(reader, 'GET k')
  harness.disconnect(other)
  harness.type(writer, 'SET k 3')
  t.equal(harness.take(reader), `>2\r\n$21\r\ntracking-redir-broken\r\n:${other.id}\r\n`)
  t.match(
    harness.type(writer, `CLIENT LIST ID ${reader.id}`),
    new RegExp(` flags=tR .* redir=${other.id} `),
  )
  t.match(harness.type(reader, 'CLIENT TRACKINGINFO'), /broken_redirect/)
})

t.test('prefixes tell at the end of the turn, keys in order', async (t) => {
  const { harness, reader, writer } = stage()
  harness.type(reader, 'CLIENT TRACKING on BCAST PREFIX a PREFIX b')
  harness.type(writer, 'SET a2 v', 'SET b1 v', 'SET c v', 'SET a1 v', 'SET a2 w')
  t.equal(harness.take(reader), invalid('a1', 'a2') + invalid('b1'))
})

t.test('expiry and the end of a database are changes', async (t) => {
  const { harness, reader, writer } = stage()
  harness.type(writer, 'SET k v PX 150')
  harness.type(reader, 'CLIENT TRACKING on', 'GET k')
  harness.pass(200)
  t.equal(harness.take(reader), invalid('k'))
  harness.type(reader, 'GET k')
  harness.type(writer, 'FLUSHALL')
  t.equal(harness.take(reader), '>2\r\n$10\r\ninvalidate\r\n_\r\n', 'all databases are one flush')
})

t.test(
  'NOLOOP does not hide the end of a key that its client came upon, if a prefix tells',
  async (t) => {
    const { harness, reader } = stage()
    harness.type(reader, 'CLIENT TRACKING on BCAST NOLOOP', 'SET k v PX 1')
    harness.clock.now += 2
    t.equal(harness.type(reader, 'GET k'), `_\r\n${invalid('k')}`)
    harness.type(
      reader,
      'CLIENT TRACKING off',
      'CLIENT TRACKING on NOLOOP',
      'SET k v PX 1',
      'GET k',
    )
    harness.clock.now += 2
    t.equal(harness.type(reader, 'GET k'), '_\r\n')
  },
)

t.test('what is tracked is counted and bounded', async (t) => {
  const { harness, reader, writer, other } = stage({ 'tracking-table-max-keys': '2' })
  harness.type(reader, 'CLIENT TRACKING on', 'GET a', 'GET b', 'GET c')
  harness.type(other, 'CLIENT TRACKING on BCAST')
  const facts = () => harness.type(writer, 'INFO clients stats')
  t.match(
    facts(),
    /tracking_clients:2\r\n.*tracking_total_keys:3\r\ntracking_total_items:3\r\ntracking_total_prefixes:1\r\n/s,
  )
  harness.pass(100)
  t.equal(harness.take(reader), invalid('a'))
  t.match(facts(), /tracking_total_keys:2\r\n/)
  harness.type(writer, 'CONFIG SET tracking-table-max-keys 1')
  t.equal(harness.take(reader), invalid('b'), 'a lower bound holds at once')
  harness.type(writer, 'CONFIG SET tracking-table-max-keys 2')
  harness.type(reader, 'CLIENT TRACKING off', 'CLIENT TRACKING on NOLOOP', 'GET d')
  harness.take(reader)
  t.equal(
    harness.type(reader, 'CONFIG SET tracking-table-max-keys 1'),
    `+OK\r\n${invalid('c')}`,
    'NOLOOP hides what a client did to its keys, not that there are too many',
  )
  harness.disconnect(reader)
  harness.type(other, 'RESET')
  t.match(
    facts(),
    /tracking_clients:0\r\n.*tracking_total_keys:0\r\n.*tracking_total_prefixes:0\r\n/s,
  )
  t.equal(harness.node.isObserved, false, 'commands are no longer looked at')
})

t.test('a client that was blocked gets its reply before the news of what it changed', async (t) => {
  const harness = new NodeHarness()
  const [client, other] = [harness.connect(), harness.connect()]
  harness.type(client, 'HELLO 3', 'CLIENT TRACKING on', 'LRANGE {k}b 0 -1')
  t.equal(harness.type(client, 'BLMOVE {k}a {k}b LEFT LEFT 0'), '')
  harness.type(other, 'RPUSH {k}a foo')
  t.equal(harness.take(client), '$3\r\nfoo\r\n>2\r\n$10\r\ninvalidate\r\n*1\r\n$4\r\n{k}b\r\n')
})
