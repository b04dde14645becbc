import { Buffer } from 'node:buffer'
import t from 'tap'
import { bytesIn } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { bytesOfSource } from '../../lib/rdb/source.ts'
import type { ReplicationEffect } from '../../lib/replication/effect.ts'
import { History } from '../../lib/replication/history.ts'
import { ReplicationMaster } from '../../lib/replication/master.ts'
import { ReplicaLink } from '../../lib/replication/replica.ts'
import { defaultSettings } from '../support/replicating-node.ts'

const ID = 'b'.repeat(40)
const GREETED = '+PONG\r\n+OK\r\n+OK\r\n'
const MASTER = { host: 'h', port: 1 }

function start(given = {}) {
  const settings = { ...defaultSettings(), ...given }
  const history = new History(new Random(1))
  const effects: ReplicationEffect[] = []
  const sink = (effect: ReplicationEffect) => effects.push(effect)
  const master = new ReplicationMaster(
    history,
    { settings, random: new Random(2), background: { kind: 'none' } },
    sink,
  )
  const link = new ReplicaLink(history, settings, master, sink)
  let now = 1000
  const clock = {
    get now() {
      return now
    },
    pass: (ms: number) => {
      now += ms
      link.tick(now)
    },
  }
  const feed = (text: string) => link.data(Buffer.from(text, 'latin1'), now)
  /** Effects but log lines since the last call, in short. */
  const seen = () =>
    effects.splice(0).flatMap((effect) => {
      switch (effect.type) {
        case 'log':
          return []
        case 'write':
          return [`> ${effect.bytes.replaceAll('\r\n', ' ').trim()}`]
        case 'apply':
          return [`apply ${effect.bytes.toString('latin1')}`]
        case 'load':
          return [`load ${bytesIn(bytesOfSource(effect.payload))}`]
        case 'link-up':
          return [effect.resumed ? 'resumed' : 'up']
        default:
          return [effect.type]
      }
    })
  /** Connects and asks; PSYNC is out. */
  const ask = () => {
    link.follow(MASTER, now)
    link.connected(now)
    feed(GREETED)
    effects.splice(0)
  }
  return { history, master, link, clock, feed, seen, ask }
}

t.test('everything anew, with a mark', async (t) => {
  const { history, link, clock, feed, seen, ask } = start()
  ask()
  const mark = 'm'.repeat(40)
  feed(`+FULLRESYNC ${ID} 5\r\n$EOF:${mark}\r\nrdb${mark}`)
  t.strictSame(seen(), ['load rdb'])
  t.equal(link.offsets, undefined, 'the old data is gone')
  link.loaded(clock.now)
  t.strictSame(seen(), ['up', '> *3 $8 REPLCONF $3 ACK $1 5'], 'acknowledged at once')
  t.match(history, { id: ID, offset: 5, secondaryOffset: -1 })
  t.equal(history.backlog?.firstOffset, 6)
})

t.test('everything anew, with a length', async (t) => {
  const { history, link, clock, feed, seen, ask } = start()
  ask()
  feed(`+FULLRESYNC ${ID} 5\r\n\n$3\r\nrdbSTR`)
  feed('EAM')
  t.strictSame(seen(), ['load rdb'])
  link.loaded(clock.now)
  t.strictSame(seen(), ['up', 'apply STREAM'], 'the stream that came early comes after the data')
  link.applied(6)
  t.equal(history.offset, 11)
  clock.pass(1000)
  t.strictSame(seen(), ['> *3 $8 REPLCONF $3 ACK $2 11'])
})

t.test('going on under a new id', async (t) => {
  const { history, feed, seen, ask } = start()
  const own = history.id
  history.offset = 70
  ask()
  feed(`\n+CONTINUE ${ID}\r\nSTREAM`)
  t.strictSame(seen(), ['resumed', 'apply STREAM'])
  t.match(history, { id: ID, secondaryId: own, secondaryOffset: 71, offset: 70 })
})

t.test('the place survives the link', async (t) => {
  const { history, link, clock, feed, seen, ask } = start()
  ask()
  feed('+CONTINUE\r\nabcdef')
  link.applied(4)
  link.closed('x', clock.now)
  t.strictSame(seen(), ['resumed', 'apply abcdef', 'link-down', 'connect'])
  t.strictSame(link.offsets, { read: 4, applied: 4 })
  t.equal(history.backlog?.from(1), 'abcd')
  t.equal(link.downSinceMs, clock.now)
  link.connected(clock.now)
  feed(GREETED)
  t.strictSame(seen().at(-1), `> *3 $5 PSYNC $40 ${history.id} $1 5`)
})

t.test('failures are tried again, not too often', async (t) => {
  const { link, clock, feed, seen } = start()
  link.follow(MASTER, clock.now)
  link.closed('Connection refused', clock.now)
  t.strictSame(seen(), ['connect'])
  clock.pass(1000)
  t.strictSame(seen(), ['connect'], 'once a second')
  const fail = () => {
    link.connected(clock.now)
    feed(`${GREETED}+FULLRESYNC ${ID} 5\r\n-ERR sorry\r\n`)
    return seen().filter((effect) => !effect.startsWith('>'))
  }
  t.strictSame(fail(), ['disconnect', 'connect'], 'at once after a transfer')
  t.strictSame(fail(), ['disconnect', 'connect'])
  t.strictSame(fail(), ['disconnect', 'connect'])
  t.strictSame(fail(), ['disconnect'], 'but not in a tight loop')
  clock.pass(1000)
  t.strictSame(seen(), ['connect'])
  link.connected(clock.now)
  feed(`${GREETED}-LOADING x\r\n`)
  t.strictSame(seen().slice(-1), ['disconnect'], 'a master that is not ready is given time')
})

t.test('silence', async (t) => {
  const { link, clock, feed, seen } = start({ timeoutMs: 5000 })
  link.follow(MASTER, clock.now)
  clock.pass(5000)
  t.strictSame(seen(), ['connect'])
  clock.pass(1)
  t.strictSame(seen(), ['disconnect', 'connect'], 'while connecting')
  link.connected(clock.now)
  clock.pass(5001)
  t.strictSame(seen(), ['> *1 $4 PING', 'disconnect', 'connect'], 'in the handshake')
  link.connected(clock.now)
  feed(`${GREETED}+FULLRESYNC ${ID} 5\r\n`)
  seen()
  clock.pass(3000)
  feed('\n')
  clock.pass(3000)
  t.strictSame(seen(), [], 'an empty line is a sign of life')
  clock.pass(2001)
  t.strictSame(seen(), ['disconnect', 'connect'], 'in the transfer')
  link.connected(clock.now)
  feed(`${GREETED}+CONTINUE\r\n`)
  seen()
  clock.pass(5001)
  t.strictSame(seen(), ['link-down', 'disconnect', 'connect'], 'in the stream')
})

t.test('a connection lost while the data is loaded', async (t) => {
  const { history, link, clock, feed, seen, ask } = start()
  ask()
  feed(`+FULLRESYNC ${ID} 5\r\n$3\r\nrdb`)
  link.closed('x', clock.now)
  t.equal(link.state, 'sync')
  clock.pass(70_000)
  t.strictSame(seen(), ['load rdb'], 'loading takes what it takes')
  link.loaded(clock.now)
  t.strictSame(seen(), ['up', 'link-down', 'connect'])
  link.connected(clock.now)
  feed(GREETED)
  t.equal(seen().at(-1), `> *3 $5 PSYNC $40 ${ID} $1 6`, 'the data is not lost')
  t.equal(history.id, ID)
})

t.test("data that cannot be loaded is nobody's history", async (t) => {
  const { history, link, clock, feed, seen, ask } = start()
  const own = history.id
  ask()
  feed(`+FULLRESYNC ${ID} 5\r\n$3\r\nrdb`)
  link.loadFailed('broken')
  t.strictSame(seen(), ['load rdb', 'disconnect'])
  t.not(history.id, own)
  t.not(history.id, ID)
  clock.pass(1000)
  link.connected(clock.now)
  feed(GREETED)
  t.equal(seen().at(-1), '> *3 $5 PSYNC $1 ? $2 -1')
})

t.test('a master without PSYNC', async (t) => {
  const { history, link, clock, feed, seen, ask } = start()
  ask()
  feed('-ERR unknown command\r\n$3\r\nrdb')
  link.loaded(clock.now)
  feed('PING')
  link.applied(4)
  clock.pass(1000)
  t.strictSame(seen(), ['> SYNC', 'load rdb', 'up', 'apply PING'], 'it is not told anything')
  t.equal(history.offset, 4)
  link.closed('x', clock.now)
  link.connected(clock.now)
  feed(GREETED)
  t.equal(seen().at(-1), '> *3 $5 PSYNC $1 ? $2 -1', 'nothing can be resumed')
})

t.test('another master, no master', async (t) => {
  const { history, master, link, clock, feed, seen, ask } = start()
  ask()
  t.notOk(master.stream.isSource)
  feed('+CONTINUE\r\nabc')
  link.applied(3)
  seen()
  link.follow({ host: 'other', port: 2 }, clock.now)
  t.strictSame(seen(), ['link-down', 'disconnect', 'connect'])
  t.strictSame(link.offsets, { read: 3, applied: 3 })
  link.follow(MASTER, clock.now)
  t.strictSame(seen(), ['disconnect', 'connect'])
  const { id } = history
  link.unfollow(clock.now)
  t.strictSame(seen(), ['disconnect'])
  t.match(history, { secondaryId: id, secondaryOffset: 4 })
  t.ok(master.stream.isSource)
  t.equal(link.state, 'none')
  t.equal(link.downSinceMs, undefined)
  link.unfollow(clock.now)
  link.closed('late', clock.now)
  link.connected(clock.now)
  link.loaded(clock.now)
  link.loadFailed('late')
  feed('late')
  link.applied(5)
  clock.pass(100_000)
  t.strictSame(seen(), [], 'nothing of it matters any more')
})

t.test('loaded as it comes, beside what there is or where nothing is', async (t) => {
  for (const loadManner of ['beside', 'in place'] as const) {
    const { history, link, clock, feed, seen, ask } = start({ loadManner })
    const isBeside = loadManner === 'beside'
    ask()
    const own = history.id
    feed(`+FULLRESYNC ${ID} 5\r\n$9\r\nab`)
    t.strictSame(seen(), ['expect-load'])
    t.equal(link.offsets !== undefined, isBeside, 'the place where it may go on')
    link.closed('Connection reset by peer', clock.now)
    t.strictSame(seen(), ['connect', 'abandon-load'])
    t.equal(history.id, own)
    link.connected(clock.now)
    feed(GREETED)
    seen()
    feed(`+FULLRESYNC ${ID} 5\r\n$3\r\nrdb`)
    t.strictSame(seen(), ['expect-load', 'load rdb'])
    link.loadFailed('no RDB file')
    t.strictSame(seen(), ['disconnect', 'abandon-load'])
    t.equal(history.id === own, isBeside, 'what is left of it is nobody’s history')
    clock.pass(1000)
    link.connected(clock.now)
    feed(GREETED)
    seen()
    feed(`+FULLRESYNC ${ID} 5\r\n$3\r\nrdb`)
    link.loaded(clock.now)
    t.strictSame(
      seen(),
      isBeside ? ['expect-load', 'load rdb', 'swap-data', 'up'] : ['expect-load', 'load rdb', 'up'],
    )
    t.match(history, { id: ID, offset: 5 })
  }
})
