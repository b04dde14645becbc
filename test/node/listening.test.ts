/** CONFIG SET of where the node listens. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function harnessWith(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ port: 7001, config: { bind: '127.0.0.1', ...config } })
  const client = harness.connect()
  const get = (name: string) => harness.type(client, `CONFIG GET ${name}`).split('\r\n').at(-2)
  const answer = (isMoved: boolean) => {
    harness.turn(() => harness.node.listened(isMoved))
    return harness.take(client)
  }
  return { harness, client, get, answer }
}

t.test('CONFIG SET port is answered when the node listens there', async (t) => {
  const { harness, client, get, answer } = harnessWith()
  t.equal(harness.type(client, 'CONFIG SET port 7005', 'PING'), '')
  t.same(harness.io.listeningAt, [{ addresses: ['127.0.0.1'], port: 7005 }])
  t.equal(harness.type(harness.connect(), 'PING'), '+PONG\r\n', 'others go on')
  t.equal(answer(true), '+OK\r\n+PONG\r\n')
  t.equal(get('port'), '7005')
  t.match(harness.type(client, 'INFO server'), /tcp_port:7005\r/)
  t.equal(harness.type(client, 'CONFIG SET port 7005 maxmemory 0'), '+OK\r\n', 'it is there')
  t.equal(harness.io.listeningAt.length, 1)
})

t.test('what cannot be leaves all directives as they were', async (t) => {
  const { harness, client, get, answer } = harnessWith()
  harness.type(client, 'CONFIG SET port 7005 maxmemory 100mb')
  t.equal(
    answer(false),
    "-ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port. Check server logs.\r\n",
  )
  t.equal(get('port'), '7001')
  t.equal(get('maxmemory'), '0')
  t.match(harness.io.logs.at(-1), ['warning', /^Failed applying new configuration\./])
  harness.type(client, 'CONFIG SET port 7005 bind 127.0.0.2')
  t.match(answer(false), /related to argument 'bind'\) - Failed to bind to specified addresses\./)
  t.equal(get('bind'), '127.0.0.1')
})

t.test('one change after the other, and a client that leaves meanwhile', async (t) => {
  const { harness, client, get, answer } = harnessWith()
  const other = harness.connect()
  harness.type(other, 'CONFIG SET port 7005')
  harness.type(client, 'CONFIG SET bind 127.0.0.1 port 7006')
  t.equal(harness.io.listeningAt.length, 1)
  harness.disconnect(other)
  t.equal(answer(true), '')
  t.equal(harness.io.listeningAt.length, 2)
  t.equal(answer(true), '+OK\r\n')
  t.equal(get('port'), '7006')
})

t.test('within a transaction', async (t) => {
  const { harness, client, answer } = harnessWith()
  harness.type(client, 'MULTI', 'SET a 1', 'CONFIG SET port 7005', 'GET a')
  t.equal(harness.type(client, 'EXEC'), '')
  t.equal(answer(true), '*3\r\n+OK\r\n+OK\r\n$1\r\n1\r\n')
})

t.test('port 0 and no address listen nowhere', async (t) => {
  const { harness, client, answer } = harnessWith()
  harness.type(client, 'CONFIG SET port 0')
  t.equal(answer(true), '+OK\r\n')
  harness.run(client, 'CONFIG', 'SET', 'bind', '')
  t.equal(answer(true), '+OK\r\n')
  t.same(harness.io.listeningAt, [
    { addresses: ['127.0.0.1'], port: 0 },
    { addresses: [], port: 0 },
  ])
})
