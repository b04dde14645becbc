import t from 'tap'
import { Peers } from '../../lib/replication/peers.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'

t.test('replicas come and go', async (t) => {
  const peers = new Peers()
  const [first, second] = [new ReplicaPeer(1, ''), new ReplicaPeer(2, '')] as const
  t.same(peers.all, [])
  t.equal(peers.find(1), undefined)
  peers.add(second)
  peers.add(first)
  peers.add(second)
  t.strictSame(peers.all, [second, first], 'longest here first, each once')
  t.equal(peers.find(1), first)
  peers.remove(second)
  t.strictSame(peers.all, [first])
  peers.remove(second)
  t.equal(peers.find(2), undefined)
})

t.test('a list that somebody walks over does not change', async (t) => {
  const peers = new Peers()
  const all = [1, 2, 3].map((client) => new ReplicaPeer(client, ''))
  for (const peer of all) peers.add(peer)
  const seen: ReplicaPeer[] = []
  for (const peer of peers.all) {
    peers.remove(peer)
    seen.push(peer)
  }
  t.strictSame(seen, all)
  t.same(peers.all, [])
})
