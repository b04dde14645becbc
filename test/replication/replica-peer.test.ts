import t from 'tap'
import { Backlog } from '../../lib/replication/backlog.ts'
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
  const backlog = new Backlog(1, 1)
  const deliver = (bytes: string) => {
    backlog.keepFrom(peer.heldFrom)
    backlog.append(bytes)
    peer.deliver(bytes, (effect) => effects.push(effect))
  }
  deliver('before it is a replica')
  peer.state = 'send_bulk'
  peer.hold(backlog)
  t.ok(peer.isHeld)
  deliver('a')
  deliver('b')
  t.strictSame(effects, [])
  peer.state = 'online'
  deliver('c')
  t.equal(peer.heldBytes, 3)
  const late = new ReplicaPeer(8, '')
  late.holdLike(peer)
  t.equal(peer.release(), 'abc')
  t.notOk(peer.isHeld)
  t.equal(peer.release(), '')
  t.equal(late.release(), 'abc')
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
