import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import type { ReplicationEffect } from '../../lib/replication/effect.ts'
import { History } from '../../lib/replication/history.ts'
import { ReplicationMaster } from '../../lib/replication/master.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'
import type { BackgroundWork } from '../../lib/replication/settings.ts'
import { defaultSettings } from '../support/replicating-node.ts'

const NOW = 1_700_000_000_000

function start(given = {}) {
  const settings = { ...defaultSettings(), ...given }
  const history = new History(new Random(1))
  const effects: ReplicationEffect[] = []
  const background: { kind: BackgroundWork['kind'] } = { kind: 'none' }
  const master = new ReplicationMaster(
    history,
    { settings, random: new Random(2), background },
    (effect) => effects.push(effect),
  )
  let client = 0
  const peerOf = (options: Partial<ReplicaPeer> = {}) =>
    Object.assign(new ReplicaPeer(++client, 'h'), { port: 1, ...options })
  /** Effects since the last call: log lines without their level, bytes with visible line ends. */
  const seen = () =>
    effects.splice(0).map((effect) => {
      if (effect.type === 'log') return effect.text
      if (effect.type === 'send') return `${effect.client}< ${effect.bytes.replaceAll('\r\n', '|')}`
      return effect.type === 'drop' ? `drop ${effect.client} ${effect.afterSend}` : effect.type
    })
  return { settings, history, master, background, peerOf, seen }
}

/** Gives a peer an empty snapshot of its own. */
function synchronize(master: ReplicationMaster, peer: ReplicaPeer, transfer: number, now = NOW) {
  master.restart(peer, now)
  if (!peer.takesEof) master.tellLength(transfer, 3)
  master.addChunk(transfer, Buffer.from('rdb'))
  master.endChunks(transfer, now)
}

t.test('the first replica begins the history', async (t) => {
  const { history, master, peerOf, seen } = start()
  const before = history.id
  const peer = peerOf()
  master.restart(peer, NOW)
  t.not(history.id, before)
  t.strictSame(seen(), [
    `Replication backlog created, my new replication IDs are '${history.id}' and '${'0'.repeat(40)}'`,
    `1< +FULLRESYNC ${history.id} 0|`,
    'Starting BGSAVE for SYNC with target: disk',
    'snapshot',
  ])
  const { id } = history
  t.strictSame(master.takersOf(1), [1])
  master.tellLength(1, 1)
  master.stream.feed(0, ['DEL', 'k'])
  master.stream.flush()
  t.strictSame(seen(), [], 'what happens meanwhile waits')
  master.addChunk(1, Buffer.from('r'))
  master.endChunks(1, NOW)
  t.strictSame(seen(), [
    '1< $1|r',
    '1< *2|$6|SELECT|$1|0|*2|$3|DEL|$1|k|',
    'Synchronization with replica h:1 succeeded',
  ])
  synchronize(master, peerOf(), 2)
  t.equal(history.id, id, 'the second one does not')
  t.match(seen()[0], `2< +FULLRESYNC ${id} 43|`)
})

t.test('a marked snapshot holds the stream until it is acknowledged', async (t) => {
  const { master, peerOf, seen } = start()
  const peer = peerOf({ takesEof: true })
  synchronize(master, peer, 1)
  master.stream.feed(0, ['A'])
  master.stream.flush()
  const sent = seen()
  t.match(sent[4], /^1< \$EOF:[0-9a-f]{40}\|rdb$/)
  t.match(sent[5], /^1< [0-9a-f]{40}$/)
  t.equal(sent.at(-1), 'Synchronization with replica h:1 succeeded')
  t.equal(peer.state, 'online')
  master.stream.feed(0, ['B'])
  master.acknowledge(peer, { applied: 0, persisted: 0 }, NOW)
  t.strictSame(seen(), ['1< *1|$4|ping|*2|$6|SELECT|$1|0|*1|$1|A|*1|$1|B|'])
  master.stream.feed(0, ['C'])
  master.stream.flush()
  t.strictSame(seen(), ['1< *1|$1|C|'])
})

t.test('every snapshot is followed by SELECT', async (t) => {
  const { master, peerOf, seen } = start()
  synchronize(master, peerOf(), 1)
  master.stream.feed(5, ['A'])
  synchronize(master, peerOf(), 2)
  seen()
  master.stream.feed(5, ['A'])
  master.stream.flush()
  t.strictSame(seen(), ['1< *2|$6|SELECT|$1|5|*1|$1|A|', '2< *2|$6|SELECT|$1|5|*1|$1|A|'])
})

t.test('going on: the decision', async (t) => {
  const { history, master, peerOf, seen } = start({ backlogSizeBytes: 20 })
  const first = peerOf({ knowsPsync2: true })
  t.notOk(master.resume(first, history.id, 1, NOW), 'there is no backlog')
  t.strictSame(seen(), [
    'Unable to partial resync with replica h:1 for lack of backlog (Replica request was: 1).',
    'Warning: replica h:1 tried to PSYNC with an offset that is greater than the master replication offset.',
  ])
  history.keepBacklog(20)
  for (let i = 0; i < 10; i++) master.stream.ping()
  const { id } = history
  t.notOk(master.resume(first, id, 120, NOW), 'too old')
  t.equal(seen().length, 1)
  t.notOk(master.resume(first, id, 142, NOW), 'from the future')
  t.equal(seen().length, 2)
  t.ok(master.resume(first, id.toUpperCase(), 141, NOW), 'nothing is missing')
  t.strictSame(seen(), [
    `1< +CONTINUE ${id}|`,
    'Partial resynchronization request from h:1 accepted. Sending 0 bytes of backlog starting from offset 141.',
  ])
  t.ok(master.resume(peerOf(), id, 127, NOW))
  t.equal(seen()[0], '2< +CONTINUE|*1|$4|ping|', 'a replica that takes no new id')

  history.shift()
  t.ok(master.resume(peerOf(), id, 141, NOW), 'by the id before the promotion, up to it')
  master.stream.ping()
  t.notOk(master.resume(peerOf(), id, 142, NOW), 'not beyond it')
  t.equal(
    seen().at(-1),
    'Partial resynchronization not accepted: Requested offset for second ID was 142, but I can reply up to 141',
  )
  t.notOk(master.resume(peerOf(), '?', -1, NOW))
  t.equal(seen().at(-1), 'Full resync requested by replica h:1')
  t.match(master.stats, { full: 0, partialOk: 3 })
})

t.test('a client that only wants a snapshot', async (t) => {
  const { master, peerOf, seen } = start()
  const peer = peerOf({ snapshotOnly: true, isSilent: true })
  synchronize(master, peer, 1)
  t.strictSame(seen().slice(-4), [
    '1< $3|rdb',
    'RDB transfer completed, rdb only replica (h:1) should be disconnected asap',
    'drop 1 true',
    'Connection with replica h:1 lost.',
  ])
  t.equal(peer.state, 'none')
  t.strictSame(master.peers, [])
})

t.test('a snapshot that nobody waits for any more', async (t) => {
  const { settings, master, peerOf, seen } = start()
  settings.disklessSync = true
  settings.disklessSyncDelayMs = 0
  const peers = [peerOf({ takesEof: true }), peerOf({ takesEof: true })] as const
  settings.disklessSyncDelayMs = 1
  for (const peer of peers) master.restart(peer, NOW)
  master.startDue(NOW + 1)
  t.strictSame(master.takersOf(1), [1, 2], 'both get the same one')
  seen()
  master.stream.feed(0, ['DEL', 'k'])
  master.stream.flush()
  t.ok(peers[0].heldBytes > 0)
  master.gone(1, NOW)
  t.equal(peers[0].heldBytes, 0)
  t.strictSame(master.takersOf(1), [2])
  master.stuck(1, NOW)
  t.strictSame(seen(), ['Connection with replica h:1 lost.'])
  master.stuck(2, NOW)
  t.strictSame(seen(), [
    'Disconnecting timedout replica (full sync): h:1',
    'drop 2 false',
    'Connection with replica h:1 lost.',
    'Diskless rdb transfer, last replica dropped, killing fork child.',
    'abandon-snapshot',
  ])
  master.addChunk(1, Buffer.from('too late'))
  t.strictSame(seen(), [])
})

t.test('a snapshot that fails', async (t) => {
  const { master, peerOf, seen } = start()
  master.restart(peerOf({ takesEof: true }), NOW)
  master.addChunk(1, Buffer.from('r'))
  seen()
  master.failTransfer(1, 'No room.', NOW)
  t.strictSame(seen(), [
    'SYNC failed. No room.',
    'drop 1 false',
    'Connection with replica h:1 lost.',
  ])
  master.endChunks(1, NOW)
  master.addChunk(1, Buffer.from('r'))
  master.failTransfer(1, 'again', NOW)
  t.strictSame(seen(), [], 'it is over')
})

t.test('who leaves gets nothing more', async (t) => {
  const { master, peerOf, seen } = start()
  const peer = peerOf()
  master.restart(peer, NOW)
  master.gone(1, NOW)
  master.gone(1, NOW)
  seen()
  master.endChunks(1, NOW)
  master.stream.feed(0, ['A'])
  master.stream.flush()
  t.strictSame(seen(), [])
  t.equal(peer.state, 'none')
})

t.test('waiting replicas are kept alive, silent ones are not timed out', async (t) => {
  const { master, peerOf, seen } = start({ disklessSyncDelayMs: 2500, timeoutMs: 5000 })
  master.restart(peerOf({ takesEof: true }), NOW)
  const silent = peerOf({ isSilent: true })
  synchronize(master, silent, 1)
  t.equal(master.nextStartMs, NOW + 2500)
  seen()
  master.tick(NOW + 1000)
  t.equal(seen()[0], '1< \n')
  master.startDue(NOW + 2499)
  t.strictSame(seen(), [])
  master.startDue(NOW + 2500)
  t.equal(seen().at(-1), 'snapshot')
  t.equal(master.nextStartMs, undefined)
  master.endChunks(2, NOW + 2500)
  seen()
  master.tick(NOW + 7501)
  t.ok(seen().includes('Disconnecting timedout replica (streaming sync): h:1'))
  t.strictSame(master.peers, [silent])
  t.equal(master.goodPeers(7, NOW + 7501), 1)
  t.equal(master.goodPeers(6, NOW + 7501), 0)
})

t.test('the backlog takes a new size', async (t) => {
  const { settings, history, master, peerOf } = start()
  synchronize(master, peerOf(), 1)
  t.equal(history.backlog?.capacity, 1024 * 1024)
  Object.assign(settings, { backlogSizeBytes: 30 })
  master.tick(NOW)
  t.equal(history.backlog?.capacity, 30)
})

t.test('a replica serves replicas from the database its master selected', async (t) => {
  const { peerOf } = start()
  const databases: unknown[] = []
  for (const isSource of [true, false]) {
    const history = new History(new Random(1))
    const half = new ReplicationMaster(
      history,
      { settings: defaultSettings(), random: new Random(1), background: { kind: 'none' } },
      (effect) => {
        if (effect.type === 'snapshot') databases.push(effect.request.database)
      },
    )
    half.stream.isSource = isSource
    half.restart(peerOf(), NOW)
  }
  t.strictSame(databases, [0, undefined])
})

t.test('without a cluster a new replica hears nothing before the next beat', async (t) => {
  const { master, peerOf, seen } = start({ clusterEnabled: false, pingPeriodMs: 10_000 })
  master.tick(NOW)
  const peer = peerOf({ takesEof: true })
  synchronize(master, peer, 1, NOW + 3000)
  master.acknowledge(peer, { applied: 0, persisted: 0 }, NOW + 3000)
  seen()
  master.tick(NOW + 9000)
  t.strictSame(seen(), [])
  master.tick(NOW + 10_000)
  t.strictSame(seen(), ['1< *1|$4|ping|'])
})

t.test('a tick that comes a little early is the one it is', async (t) => {
  const { master, peerOf, seen } = start({ pingPeriodMs: 2000 })
  synchronize(master, peerOf(), 1)
  master.tick(NOW)
  seen()
  const heard = [1001, 1998, 3000, 3997].map((afterMs) => {
    master.tick(NOW + afterMs)
    return seen().length
  })
  t.same(heard, [0, 1, 0, 1])
})

t.test('what one waits for is there for others to go on with', async (t) => {
  const { history, master, peerOf, seen } = start({ backlogSizeBytes: 64 })
  const [waiting, late, back] = [peerOf(), peerOf(), peerOf()] as const
  synchronize(master, back, 1)
  master.restart(waiting, NOW)
  const { id } = history
  const next = history.offset + 1
  master.gone(back.client, NOW)
  for (let i = 0; i < 100; i++) {
    master.stream.feed(0, ['DEL', `key:${i}`])
    master.stream.flush()
  }
  master.restart(late, NOW)
  t.ok(waiting.heldBytes > 64)
  t.equal(late.heldBytes, waiting.heldBytes, 'one who comes later gets the same')
  t.ok((history.backlog?.length ?? 0) >= waiting.heldBytes)
  t.ok(master.resume(back, id, next, NOW))
  const sent = seen()
  t.match(
    sent.find((text) => text.startsWith(`${back.client}< +CONTINUE|`)),
    /key:0\|.*key:99\|$/,
  )
  master.gone(waiting.client, NOW)
  t.ok(history.backlog?.reaches(next), 'another still waits for it')
  master.gone(late.client, NOW)
  t.equal(history.backlog?.length, 64)
  t.notOk(master.resume(peerOf(), id, next, NOW))
})
