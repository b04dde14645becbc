import t from 'tap'
import type { ReplicationEffect } from '../../lib/replication/effect.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'

t.test('its name', async (t) => {
  const peer = new ReplicaPeer(7, '10.0.0.1')
  t.equal(peer.name, '10.0.0.1:<unknown-replica-port>')
  peer.port = 7001
  t.equal(peer.name, '10.0.0.1:7001')
  peer.ip = 'replica.example'
  t.equal(peer.name, 'replica.example:7001')
  peer.ip = ''
  t.equal(peer.name, '10.0.0.1:7001')
})

t.test('the stream waits, flows, or passes by', async (t) => {
  const effects: ReplicationEffect[] = []
  const peer = new ReplicaPeer(7, '')
  const deliver = (bytes: string) => peer.deliver(bytes, (effect) => effects.push(effect))
  deliver('before it is a replica')
  peer.state = 'send_bulk'
  peer.hold()
  t.ok(peer.isHeld)
  deliver('a')
  deliver('b')
  t.strictSame(effects, [])
  peer.state = 'online'
  deliver('c')
  t.equal(peer.release(), 'abc')
  t.notOk(peer.isHeld)
  t.equal(peer.release(), '')
  deliver('d')
  t.strictSame(effects, [{ type: 'send', client: 7, bytes: 'd' }])
})

t.test('lag counts whole seconds of the clock', async (t) => {
  const peer = new ReplicaPeer(7, '')
  peer.ackMs = 1999
  t.equal(peer.lagSeconds(2000), 1)
  t.equal(peer.lagSeconds(2999), 1)
  peer.ackMs = 2000
  t.equal(peer.lagSeconds(2999), 0)
})
