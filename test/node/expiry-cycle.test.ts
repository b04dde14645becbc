/** Keys that go by themselves: all of them, in bounded time, each a unit of its own. */
import t from 'tap'
import { ExpiryCycle } from '../../lib/node/expiry-cycle.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

/** A cycle over the databases of a runner; each key that goes takes so many microseconds. */
function stage(perKey: number, effort = 1) {
  const runner = new CommandRunner()
  const { clock } = runner
  const startedMs = clock.now
  /** Of the clocks, the steady one goes on with what is done only. */
  let doneMicroseconds = 0
  const node = {
    clock,
    databases: runner.databases,
    isReplica: false,
    expires: true,
    expireEffort: effort,
    units: 0,
    /** What the node is to be woken for. */
    wishes: [] as { readonly wake: () => void; readonly atMs: number }[],
    slices: [] as number[],
    alarm: {
      set: (wake: () => void, atMs: number) => {
        node.wishes = [{ wake, atMs }]
      },
    },
    latency: { add: (_event: 'expire-cycle', elapsed: number) => node.slices.push(elapsed) },
    propagation: {
      endUnit: () => {
        node.units++
        doneMicroseconds += perKey
      },
    },
    microseconds: () => (clock.now - startedMs) * 1000 + doneMicroseconds,
  }
  const cycle = new ExpiryCycle(node)
  /** Lets a tick pass: what the node is to be woken for before the next one happens at its time, late by so much. */
  const tick = (lateMs = 0) => {
    const untilMs = clock.now + 100
    cycle.run()
    for (let wish = node.wishes.pop(); wish !== undefined; wish = node.wishes.pop()) {
      if (wish.atMs + lateMs >= untilMs) break
      clock.now = wish.atMs + lateMs
      doneMicroseconds = 0
      wish.wake()
    }
    clock.now = untilMs
    doneMicroseconds = 0
  }
  return { runner, node, cycle, tick }
}

/** So many keys of the first database are over. */
function overdue(keys: number, staged: ReturnType<typeof stage>) {
  const { runner } = staged
  for (let i = 0; i < keys; i++) runner.run(`SET k${i} v PX 10`)
  runner.clock.now += 11
  return staged
}

t.test('all that is over goes, of every database', async (t) => {
  const { runner, node, cycle } = stage(1)
  for (let i = 0; i < 100; i++) runner.run(`SET k${i} v PX ${i % 2 === 0 ? 10 : 5000}`)
  runner.runAll('SELECT 5', 'SET k v PX 10')
  runner.clock.now += 11
  cycle.run()
  t.equal(node.units, 51)
  t.equal(runner.stats.expired, 51)
  t.same([cycle.cutShort, cycle.staleShare, cycle.microseconds], [0, 0, 51])
  t.same([node.slices, node.wishes, cycle.isAtRest], [[51], [], true])
})

t.test(
  'a cycle takes a quarter of the time, more with more effort, and little of it at once',
  async (t) => {
    for (const [effort, share] of [
      [1, 0.25],
      [10, 0.43],
    ] as const) {
      for (const lateMs of [0, 1, 3]) {
        const { node, cycle, tick } = overdue(20_000, stage(5, effort))
        tick(lateMs)
        const before = cycle.microseconds
        tick(lateMs)
        const found = (cycle.microseconds - before) / 100_000
        t.ok(Math.abs(found - share) < 0.1 * share, `effort ${effort}, late by ${lateMs}: ${found}`)
        const longest = Math.max(...node.slices)
        t.ok(longest < 4000, `at once: ${longest}`)
        t.equal(cycle.isAtRest, false)
        t.equal(cycle.cutShort, 1, 'the first one')
        t.equal(cycle.staleShare.toFixed(4), '0.0500', 'all that was left was over')
      }
    }
  },
)

t.test('a cycle that came to its end was not cut short', async (t) => {
  const { runner, cycle, tick } = overdue(100, stage(100))
  tick()
  tick()
  t.same([runner.stats.expired, cycle.cutShort, cycle.isAtRest], [100, 0, true])
})

t.test('a cycle goes on only while keys may go by themselves', async (t) => {
  const { runner, node, cycle, tick } = overdue(100, stage(100))
  cycle.run()
  const before = runner.stats.expired
  node.expires = false
  node.wishes.pop()?.wake()
  tick()
  t.same([runner.stats.expired, node.wishes, cycle.isAtRest], [before, [], true])
  node.expires = true
  tick()
  t.equal(runner.stats.expired, 100)
})

t.test('a node that became a replica leaves what is left to its master', async (t) => {
  const { runner, node, cycle, tick } = overdue(100, stage(100))
  cycle.run()
  const before = runner.stats.expired
  node.isReplica = true
  for (const database of runner.databases) database.expiry = 'hide'
  tick()
  t.same([runner.stats.expired, node.wishes, cycle.isAtRest], [before, [], true])
})

t.test('a database with much to do does not starve the others', async (t) => {
  const { runner, cycle } = stage(100)
  for (let i = 0; i < 300; i++) runner.run(`SET k${i} v PX 10`)
  runner.runAll('SELECT 1', 'SET k v PX 10')
  runner.clock.now += 11
  cycle.run()
  t.equal(runner.databases[1]?.size, 1)
  cycle.run()
  t.equal(runner.databases[1]?.size, 0)
  t.not(runner.databases[0]?.size, 0)
})

t.test('INFO tells of it, and RESETSTAT forgets', async (t) => {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  const stats = () => harness.type(client, 'INFO stats')
  harness.type(client, 'SET a v PX 10', 'SET b v PX 10')
  t.equal(harness.type(client, 'DEBUG SET-ACTIVE-EXPIRE 0'), '+OK\r\n')
  harness.pass(1000)
  t.equal(harness.type(client, 'DBSIZE', 'GET a', 'DBSIZE'), ':2\r\n$-1\r\n:1\r\n')
  harness.type(client, 'DEBUG SET-ACTIVE-EXPIRE 1')
  harness.pass(100)
  t.equal(harness.type(client, 'DBSIZE'), ':0\r\n')
  t.match(
    stats(),
    /\r\nexpired_keys:2\r\nexpired_stale_perc:0\.00\r\nexpired_time_cap_reached_count:0\r\nexpire_cycle_cpu_milliseconds:0\r\n/,
  )
  Object.assign(harness.node.expiryCycle, { cutShort: 3, microseconds: 7654, staleShare: 0.1234 })
  t.match(
    stats(),
    /perc:12\.34\r\nexpired_time_cap_reached_count:3\r\nexpire_cycle_cpu_milliseconds:7\r\n/,
  )
  harness.type(client, 'CONFIG RESETSTAT')
  t.match(
    stats(),
    /\r\nexpired_keys:0\r\nexpired_stale_perc:0\.00\r\nexpired_time_cap_reached_count:0\r\n/,
  )
})

t.test('what a command comes upon goes key by key, what it names as one', async (t) => {
  const config = { 'enable-debug-command': 'yes' }
  const master = new NodeHarness({ port: 7001, config })
  const replica = new NodeHarness({ port: 7002, id: 'b'.repeat(40) })
  const client = master.connect()
  const connection = wire(master, replica)
  master.type(client, 'DEBUG SET-ACTIVE-EXPIRE 0')
  for (const [command, told] of [
    ['SCAN 0', 'DEL [ab] DEL [ab] '],
    ['RANDOMKEY', 'DEL [ab] DEL [ab] '],
    ['EXISTS a b', 'MULTI DEL a DEL b EXEC '],
    ['KEYS *', ''],
  ] as const) {
    master.type(client, 'FLUSHALL', 'SET a 1 PX 5', 'SET b 1 PX 5')
    connection.pump()
    connection.received = ''
    master.clock.now += 6
    master.type(client, command)
    connection.pump()
    const words = connection.received.replaceAll(/[*$]\d+\r\n/g, '').replaceAll('\r\n', ' ')
    t.match(words, new RegExp(`^${told}$`), command)
  }
})
