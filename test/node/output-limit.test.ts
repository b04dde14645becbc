/** Who reads too slowly is closed: at once over the hard limit, after a while over the soft one. */
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { StreamReader } from '../support/stream-reader.ts'

function limited(limits: string) {
  const harness = new NodeHarness()
  harness.type(harness.connect(), `CONFIG SET client-output-buffer-limit "${limits}"`)
  /** So many bytes wait for the session. */
  const waits = (session: Session, bytes: number) => {
    session.output = { waitingBytes: bytes }
    harness.node.checkOutputLimit(session)
    return session.closing
  }
  return { harness, waits }
}

t.test('the hard limit is not to be reached', async (t) => {
  const { harness, waits } = limited('normal 1000 0 0')
  const client = harness.connect()
  t.equal(waits(client, 999), 'no')
  t.equal(waits(client, 1000), 'now')
  t.same(harness.io.closed, [client])
  const [level, text = ''] = harness.io.logs.at(-1) ?? []
  t.equal(level, 'warning')
  t.match(
    text,
    new RegExp(
      `^Client id=${client.id} addr=.* omem=1000 .* scheduled to be closed ASAP for overcoming of output buffer limits\\.$`,
    ),
  )
  waits(client, 2000)
  t.equal(harness.io.closed.length, 1, 'once')
  t.equal(harness.node.stats.outputLimitDisconnections, 1)
})

t.test('the soft limit may be exceeded for some seconds', async (t) => {
  const { harness, waits } = limited('normal 0 100 2')
  const client = harness.connect()
  t.equal(waits(client, 100), 'no')
  harness.pass(2000)
  t.equal(waits(client, 200), 'no')
  waits(client, 99)
  harness.pass(1000)
  t.equal(waits(client, 100), 'no', 'in between it was below: the time begins anew')
  harness.pass(2000)
  t.equal(client.closing, 'no')
  harness.pass(1000)
  t.equal(client.closing, 'now', 'the cron looks, too')
})

t.test('without limits nobody is closed', async (t) => {
  const { harness, waits } = limited('normal 0 0 0')
  const client = harness.connect()
  t.equal(waits(client, 1e9), 'no')
  harness.pass(10_000)
  t.equal(client.closing, 'no')
})

t.test('replicas have limits of their own, the master none', async (t) => {
  const { harness, waits } = limited('normal 10 0 0 replica 20000 0 0')
  harness.type(harness.connect(), 'CONFIG SET repl-backlog-size 16384')
  const { session } = new StreamReader(harness)
  t.equal(waits(session, 19_999), 'no')
  t.equal(waits(session, 20_000), 'now')
  const master = harness.node.openMasterSession('127.0.0.1:7001')
  t.equal(waits(master, 1e9), 'no')
})

t.test('no limit keeps replicas from what the backlog has for them', async (t) => {
  const { harness, waits } = limited('replica 20000 0 0')
  const { session } = new StreamReader(harness)
  harness.type(harness.connect(), 'CONFIG SET repl-backlog-size 30000')
  t.equal(waits(session, 29_999), 'no')
  t.equal(waits(session, 30_000), 'now')
  const unlimited = limited('replica 0 0 0')
  t.equal(unlimited.waits(new StreamReader(unlimited.harness).session, 1e9), 'no')
})

t.test('limits can be changed while somebody waits', async (t) => {
  const { harness, waits } = limited('normal 1000 0 0')
  const client = harness.connect()
  t.equal(waits(client, 500), 'no')
  harness.type(harness.connect(), 'CONFIG SET client-output-buffer-limit "normal 400 0 0"')
  harness.pass(1000)
  t.equal(client.closing, 'now')
})

t.test('a client over its limit in the midst of a pipeline runs no more of it', async (t) => {
  const { harness } = limited('normal 300kb 0 0')
  const client = harness.connect()
  const { io, node } = harness
  const flush = io.flush.bind(io)
  // A socket that takes nothing.
  io.flush = (session) => {
    if (session !== client) return flush(session)
    session.output = { waitingBytes: session.output.waitingBytes + session.reply.take().length }
  }
  const get = Array.from({ length: 50 }, () => 'GET big')
  harness.type(client, `SET big ${'x'.repeat(60_000)}`, ...get, 'SET after 1')
  t.equal(client.closing, 'now')
  t.equal(node.databases[0]?.peek('after'), undefined)
})

t.test('replies count as soon as they do not fit the buffer of the client', async (t) => {
  const { harness } = limited('normal 100000 0 0')
  const client = harness.connect()
  harness.type(client, `SET big ${'x'.repeat(60_000)}`)
  t.equal(harness.type(client, 'GET big').length, 60_010)
  harness.type(client, 'GET big', 'GET big', 'SET after 1')
  t.equal(client.closing, 'now', 'although it would have read them')
  t.equal(harness.node.databases[0]?.peek('after'), undefined, 'and runs no more')
})

t.test('a reply that nobody will read is not written to its end', async (t) => {
  const { harness } = limited('normal 100000 0 0')
  harness.type(
    harness.connect(),
    'HSET hash field value',
    'SADD set member',
    'ZADD sorted 1 member',
  )
  for (const request of [
    'HRANDFIELD hash -999999999',
    'HRANDFIELD hash -999999999 WITHVALUES',
    'SRANDMEMBER set -999999999',
    'ZRANDMEMBER sorted -999999999 WITHSCORES',
  ]) {
    const client = harness.connect()
    harness.type(client, request)
    t.equal(client.closing, 'now', request)
  }
  const served = harness.connect()
  t.match(
    harness.type(served, 'SRANDMEMBER set -3000'),
    /^\*3000\r\n/,
    'below the limit it is whole',
  )
  t.equal(served.closing, 'no')
})
