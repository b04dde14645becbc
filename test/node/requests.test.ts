/** Requests: in any pieces, in order, and what ends them. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

t.test('a request may come in any pieces', async (t) => {
  const requests =
    '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n'
  const replies = '+OK\r\n+PONG\r\n$4\r\na\r\nb\r\n'
  for (const size of [1, 2, 3, 5, 8, 13, 1000]) {
    const harness = new NodeHarness()
    const client = harness.connect()
    let got = ''
    for (let at = 0; at < requests.length; at += size) {
      got += harness.send(client, requests.slice(at, at + size))
    }
    t.equal(got, replies, `pieces of ${size}`)
  }
})

t.test('what was received may be overwritten afterwards', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const shared = Buffer.from('*2\r\n$4\r\nECHO\r\n$4\r\nab')
  harness.turn(() => harness.node.receive(client, shared, shared.length))
  shared.fill('x')
  t.equal(harness.send(client, 'cd\r\n'), '$4\r\nabcd\r\n')
})

t.test('who listens to a client hears all it says, and nobody else does', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const heard: string[] = []
  client.line = { hear: (bytes) => heard.push(bytes), hangUp: () => heard.push('<end>') }
  t.equal(harness.send(client, 'PING\r\n*1\r\n$'), '')
  client.line = undefined
  t.equal(harness.send(client, 'PING\r\n'), '+PONG\r\n')
  client.line = { hear: () => {}, hangUp: () => heard.push('<end>') }
  harness.disconnect(client)
  t.same(heard, ['PING\r\n*1\r\n$', '<end>'])
})

t.test('after QUIT nothing is read', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(harness.type(client, 'SET k 1', 'QUIT', 'SET k 2'), '+OK\r\n+OK\r\n')
  t.equal(harness.type(harness.connect(), 'GET k'), '$1\r\n1\r\n')
})

t.test('a long pipeline is answered in parts, in order', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  let flushes = 0
  const flush = harness.io.flush.bind(harness.io)
  harness.io.flush = (session) => {
    flushes++
    flush(session)
  }
  harness.run(client, 'SET', 'big', 'x'.repeat(100_000))
  flushes = 0
  const replies = harness.type(
    client,
    ...Array.from({ length: 9 }, (_, i) => `GETRANGE big 0 ${99_990 + i}`),
  )
  t.same(
    [...replies.matchAll(/\$(\d+)\r\n/g)].map(([, length]) => Number(length)),
    [99_991, 99_992, 99_993, 99_994, 99_995, 99_996, 99_997, 99_998, 99_999],
  )
  t.equal(flushes, 4, 'three times 256 KB and the rest')
})

t.test('a protocol error ends the connection with its reason, after what was right', async (t) => {
  const harness = new NodeHarness()
  for (const [bytes, reply] of [
    ['*1\r\n:4\r\n', "-ERR Protocol error: expected '$', got ':'\r\n"],
    ['PING\r\nECHO "a\r\n', '+PONG\r\n-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['*-5\r\n*0\r\n\r\nPING\r\n', '+PONG\r\n'],
  ] as const) {
    const client = harness.connect()
    t.equal(harness.send(client, bytes), reply)
    t.equal(client.closing, reply.includes('-ERR') ? 'after-reply' : 'no')
  }
})
