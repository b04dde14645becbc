/** What a node holds back: what sets it off, who waits, and how each kind of client goes on when less is held. */
import t from 'tap'
import { Holding } from '../../lib/node/holding.ts'
import { PauseLevel } from '../../lib/node/pause.ts'
import type { Session } from '../../lib/node/session.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { NodeHarness } from '../support/node-harness.ts'

/** Holding with nothing around it but what it hears and tells; `did` says what it had others do. */
function alone() {
  const did: string[] = []
  const clock = { now: 1000, microseconds: 0 }
  const inFlight = { isRunning: false, isExclusive: false }
  const scripting = { isSuspended: false, busy: undefined as ReplyError | undefined }
  const machine = { isPaused: false, hasKeysInFlight: false }
  /** What dispatch does with a request. */
  const dispatch = { run: (_session: Session, _argv: readonly string[]): void => {} }
  const node = {
    clock,
    inFlight,
    scripting,
    replication: { machine, goOn: (argv: readonly string[]) => did.push(`master ${argv}`) },
    dispatcher: {
      execute: (session: Session, argv: readonly string[]) => {
        did.push(`${session.id} ${argv}`)
        dispatch.run(session, argv)
      },
      conclude: (session: Session, { finish }: { finish: () => void }) => {
        session.postponed = undefined
        finish()
      },
    },
    markUnflushed: (session: Session) => did.push(`flush ${session.id}`),
    setExpiry: () => did.push(holding.isActive ? 'holds' : 'holds nothing'),
  }
  const holding: Holding = new Holding({
    node,
    requests: { run: (session) => did.push(`next of ${session.id}`) },
    host: { conclude: () => did.push('answer the host') },
  })
  return { holding, did, clock, inFlight, scripting, machine, dispatch }
}

t.test('a pause, keys in flight and a script that stopped hold back, each by itself', async (t) => {
  const { holding, did, clock, inFlight, scripting, machine } = alone()
  const state = () => [
    holding.isActive,
    holding.isExclusive,
    machine.isPaused,
    machine.hasKeysInFlight,
  ]
  holding.pause('failover', PauseLevel.writes, 2000)
  t.same(state(), [true, false, true, false])
  t.equal(holding.level, PauseLevel.writes)
  inFlight.isRunning = true
  inFlight.isExclusive = true
  holding.changed()
  holding.unpause('failover')
  t.same(state(), [true, true, false, true])
  inFlight.isRunning = false
  inFlight.isExclusive = false
  scripting.isSuspended = true
  holding.scriptChanged()
  t.same(state(), [true, true, false, false])
  scripting.isSuspended = false
  holding.scriptChanged()
  t.same(state(), [false, false, false, false])
  t.same(did.splice(0), ['holds', 'holds', 'holds', 'holds', 'holds nothing'], 'and it is told')
  holding.refresh()
  t.same(did, [], 'without a pause time ends nothing')
  holding.pause('command', PauseLevel.all, 1500)
  t.same([holding.isPausedFor('command'), holding.isPausedFor('failover')], [true, false])
  clock.now = 1500
  holding.refresh()
  t.same([holding.isActive, holding.level], [false, PauseLevel.none])
  t.same(did, ['holds', 'holds nothing'])
})

t.test('clients go on when less is held than when they came, each in its way', async (t) => {
  const { holding, did } = alone()
  const harness = new NodeHarness()
  const [first, gone, closing] = [harness.connect(), harness.connect(), harness.connect()]
  const host = harness.node.openHostSession()
  const master = harness.node.openMasterSession('127.0.0.1:7000')
  holding.pause('command', PauseLevel.all, 2000)
  for (const session of [first, gone, host, closing, master]) holding.postpone(session, ['SET'])
  closing.closing = 'now'
  holding.forget(gone)
  t.equal(holding.waitingCount, 4)
  did.splice(0)
  t.notOk(holding.settle(), 'nobody can')
  t.same(did.splice(0), ['holds'], 'but the pause was looked at')
  holding.unpause('command')
  holding.pause('failover', PauseLevel.writes, 2000)
  did.splice(0)
  t.ok(holding.settle(), 'a weaker pause is a reason to try')
  t.equal(holding.waitingCount, 0)
  const flushed = [first, host, closing, master].map(({ id }) => `flush ${id}`)
  t.same(did.splice(0), [
    'holds',
    ...flushed,
    `${first.id} SET`,
    `next of ${first.id}`,
    `${host.id} SET`,
    'answer the host',
    'master SET',
  ])
  t.notOk(holding.settle(), 'once')
})

t.test('who has to wait again does, and what it said next with it', async (t) => {
  const { holding, did, clock, dispatch } = alone()
  const client = new NodeHarness().connect()
  holding.pause('command', PauseLevel.writes, 2000)
  holding.postpone(client, ['SET'])
  holding.pause('failover', PauseLevel.writes, 3000)
  dispatch.run = (session, argv) => {
    if (holding.isActive) holding.postpone(session, argv)
  }
  clock.now = 2000
  t.notOk(holding.settle(), 'as much is held as before, for another reason')
  holding.release(client)
  did.splice(0)
  t.ok(holding.settle())
  t.same(did.splice(0), ['holds', `${client.id} SET`], 'it went through the gates again')
  t.equal(holding.waitingCount, 1)
  clock.now = 3000
  t.ok(holding.settle())
  t.same(did, ['holds nothing', `flush ${client.id}`, `${client.id} SET`, `next of ${client.id}`])
})

t.test('who waits for a script that becomes slow is told so', async (t) => {
  const { holding, did, scripting } = alone()
  const client = new NodeHarness().connect()
  scripting.isSuspended = true
  holding.scriptChanged()
  holding.postpone(client, ['GET'])
  holding.scriptChanged()
  t.notOk(holding.settle(), 'it may end any time')
  scripting.busy = new ReplyError('BUSY')
  holding.scriptChanged()
  did.splice(0)
  t.ok(holding.settle())
  t.same(did, [`${client.id} GET`, `next of ${client.id}`])
})

t.test('a command that took more than its turn ends, and its client goes on', async (t) => {
  const { holding, did } = alone()
  const harness = new NodeHarness()
  const [client, transaction] = [harness.connect(), harness.connect()]
  const entry = harness.node.commands.find('migrate')
  if (entry === undefined) throw new Error('MIGRATE is a command')
  const conclude = (session: Session, finish: () => void) => {
    session.postponed = ['MIGRATE']
    holding.conclude(session, { entry, argv: ['MIGRATE'], finish })
  }
  conclude(client, () => did.push('end'))
  conclude(transaction, () => {
    transaction.postponed = ['MIGRATE']
  })
  t.ok(holding.settle())
  t.same(did, ['end', `flush ${client.id}`, `next of ${client.id}`], 'unless it stops once more')
})

/** A node whose writers are paused. */
function paused() {
  const harness = new NodeHarness()
  const [a, b, reader] = [harness.connect(), harness.connect(), harness.connect()]
  harness.type(a, 'SET k 0')
  const pause = (ms: number | undefined) =>
    harness.turn(() => {
      const { holding } = harness.node
      if (ms === undefined) holding.unpause('failover')
      else holding.pause('failover', PauseLevel.writes, harness.clock.now + ms)
    })
  pause(10_000)
  return { harness, a, b, reader, pause }
}

t.test('while writers are paused reads go on', async (t) => {
  const { harness, a, reader, pause } = paused()
  t.equal(harness.type(a, 'GET k', 'SET k 1', 'GET k', 'PING'), '$1\r\n0\r\n')
  t.equal(harness.type(a, 'GET k'), '', 'nobody overtakes himself')
  t.equal(harness.type(reader, 'GET k', 'PING'), '$1\r\n0\r\n+PONG\r\n')
  t.match(harness.type(reader, `CLIENT LIST ID ${a.id}`), / flags=b .* cmd=set /)
  pause(undefined)
  t.equal(harness.take(a), '+OK\r\n$1\r\n1\r\n+PONG\r\n$1\r\n1\r\n')
  t.match(harness.type(reader, `CLIENT LIST ID ${a.id}`), / flags=N /)
})

t.test('the pause ends by itself', async (t) => {
  const { harness, a, b } = paused()
  harness.type(a, 'SET k 1')
  harness.pass(9_900)
  t.equal(harness.take(a), '')
  harness.pass(200)
  t.equal(harness.take(a), '+OK\r\n')
  t.equal(harness.type(b, 'SET k 2'), '+OK\r\n')
})

t.test('a pause can be made longer, not shorter', async (t) => {
  const { harness, a, pause } = paused()
  harness.type(a, 'SET k 1')
  pause(20_000)
  harness.pass(15_000)
  t.equal(harness.take(a), '')
  pause(100)
  harness.pass(200)
  t.equal(harness.take(a), '')
  harness.pass(5000)
  t.equal(harness.take(a), '+OK\r\n')
})

t.test(
  'a transaction that writes waits when it is to run, and when it queues a write',
  async (t) => {
    const { harness, a, b, pause } = paused()
    pause(undefined)
    harness.type(b, 'MULTI', 'SET k 5')
    pause(1000)
    t.equal(harness.type(b, 'EXEC'), '')
    t.equal(harness.type(a, 'MULTI', 'GET k', 'EXEC'), '+OK\r\n+QUEUED\r\n*1\r\n$1\r\n0\r\n')
    t.equal(harness.type(a, 'MULTI', 'GET k', 'SET k 7', 'EXEC'), '+OK\r\n+QUEUED\r\n')
    pause(undefined)
    t.equal(harness.take(b), '*1\r\n+OK\r\n')
    t.equal(harness.take(a), '+QUEUED\r\n*2\r\n$1\r\n5\r\n+OK\r\n')
  },
)

t.test('what was asked for before the write still holds for it', async (t) => {
  const { harness, a, pause } = paused()
  t.equal(harness.type(a, 'CLIENT REPLY SKIP', 'SET k 1', 'GET k'), '')
  pause(undefined)
  t.equal(harness.take(a), '$1\r\n1\r\n', 'SET is not answered, GET is')
})

t.test('errors in a write are told at once', async (t) => {
  const { harness, a, b } = paused()
  t.match(harness.type(a, 'SET k'), /^-ERR wrong number/)
  t.match(harness.type(b, 'NOSUCH', 'PING'), /^-ERR unknown command.*\+PONG\r\n$/s)
})

t.test('while writers are paused nothing expires', async (t) => {
  const { harness, a, reader, pause } = paused()
  pause(undefined)
  harness.type(a, 'SET t 1 PX 50')
  pause(1000)
  harness.pass(100)
  t.equal(harness.type(reader, 'GET t', 'DBSIZE'), '$-1\r\n:2\r\n')
  harness.pass(1000)
  t.equal(harness.type(reader, 'DBSIZE'), ':1\r\n')
})

t.test('postponed writes run in the order they came, not in that of the clients', async (t) => {
  const { harness, a, b, pause } = paused()
  harness.type(b, 'APPEND k b1', 'GET k')
  harness.type(a, 'APPEND k a1', 'GET k')
  harness.type(b, 'APPEND k b2')
  pause(undefined)
  t.equal(harness.take(b), ':3\r\n$3\r\n0b1\r\n:5\r\n')
  t.equal(harness.take(a), ':7\r\n$7\r\n0b1b2a1\r\n')
})

t.test('who leaves or is killed does not write any more', async (t) => {
  const { harness, a, b, reader, pause } = paused()
  harness.type(a, 'SET k 1')
  harness.type(b, 'SET k 2')
  harness.disconnect(a)
  harness.type(reader, `CLIENT KILL ID ${b.id}`)
  pause(undefined)
  t.equal(harness.type(reader, 'GET k'), '$1\r\n0\r\n')
  t.equal(harness.take(b), '')
})
