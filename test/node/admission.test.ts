/** Which connections become clients. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

t.test('above maxclients connections are told why they are refused', async (t) => {
  const harness = new NodeHarness({ config: { maxclients: '2' } })
  const first = harness.connect()
  harness.connect()
  const refused = harness.connect()
  t.equal(refused.reply.take(), '-ERR max number of clients reached\r\n')
  harness.disconnect(refused)
  t.equal(harness.node.clients.count, 2)
  harness.disconnect(first)
  t.equal(harness.connect().closing, 'no')
  t.equal(harness.connect().closing, 'after-reply', 'full again')
  t.equal(harness.node.stats.connectionsRejected, 2)
})

t.test('protected mode keeps other machines away until there is a password', async (t) => {
  const harness = new NodeHarness({ isOwnServer: true })
  const visit = (address: string) => {
    const session = harness.node.openSession({ address, localAddress: '?:0', descriptor: 9 })
    const said = session.reply.take()
    harness.disconnect(session)
    return said
  }
  const here = harness.connect()
  const far = '192.0.2.1:50000'
  t.match(visit(far), /^-DENIED Redis is running in protected mode because /)
  t.equal(visit('[::1]:50000'), '')
  t.equal(visit('/tmp/redis.sock:0'), '')
  t.match(harness.type(here, 'INFO stats'), 'rejected_connections:1\r\n')
  harness.type(here, 'CONFIG SET requirepass secret')
  t.equal(visit(far), '')
  harness.type(here, 'CONFIG SET requirepass ""')
  t.match(visit(far), /^-DENIED /)
  harness.type(here, 'CONFIG SET protected-mode no')
  t.equal(visit(far), '')
  t.equal(
    new NodeHarness().node
      .openSession({ address: far, localAddress: '?:0', descriptor: 9 })
      .reply.take(),
    '',
  )
})
