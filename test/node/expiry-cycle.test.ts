/** Keys that go by themselves: all of them, in bounded time, each a unit of its own. */
import t from 'tap'
import { ExpiryCycle } from '../../lib/node/expiry-cycle.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { wire } from '../support/replica-wire.ts'

/** A cycle over the databases of a runner; each key that goes takes so many microseconds. */
function stage(perKey: number, effort = 1) {
  const runner = new CommandRunner()
  const node = {
    databases: runner.databases,
    isReplica: false,
    expireEffort: effort,
    now: 0,
    units: 0,
    propagation: {
      endUnit: () => {
        node.units++
        node.now += perKey
      },
    },
    microseconds: () => node.now,
  }
  return { runner, node, cycle: new ExpiryCycle(node) }
}

t.test('all that is over goes, of every database', async (t) => {
  const { runner, node, cycle } = stage(1)
  for (let i = 0; i < 100; i++) runner.run(`SET k${i} v PX ${i % 2 === 0 ? 10 : 5000}`)
  runner.runAll('SELECT 5', 'SET k v PX 10')
  runner.clock.now += 11
  t.equal(cycle.run(), 51)
  t.equal(node.units, 51)
  t.equal(runner.stats.expired, 51)
  t.same([cycle.cutShort, cycle.staleShare, cycle.microseconds], [0, 0, 51])
})

t.test('a cycle takes a quarter of the time, more with more effort', async (t) => {
  for (const [effort, gone] of [
    [1, 256],
    [10, 432],
  ] as const) {
    const { runner, cycle } = stage(100, effort)
    for (let i = 0; i < 1000; i++) runner.run(`SET k${i} v PX 10`)
    runner.clock.now += 11
    cycle.run()
    t.equal(runner.stats.expired, gone, `effort ${effort}`)
    t.equal(cycle.cutShort, 1)
    t.equal(cycle.staleShare.toFixed(4), '0.0500', 'all that is left is over')
  }
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
