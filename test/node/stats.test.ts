import t from 'tap'
import { NodeStats, Rate } from '../../lib/node/stats.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('a rate is the mean of the last 16 samples', async (t) => {
  const rate = new Rate()
  t.equal(rate.perSecond, 0)
  rate.sample(1000, 5_000)
  t.equal(rate.perSecond, 0, 'the first sample only begins')
  rate.sample(1010, 5_100)
  t.equal(rate.perSecond, 100 / 16)
  for (let i = 1; i <= 15; i++) rate.sample(1010 + i * 10, 5_100 + i * 100)
  t.equal(rate.perSecond, 100)
  rate.sample(1160, 6_700)
  t.equal(rate.perSecond, (15 * 100) / 16, 'the oldest goes')
  rate.sample(9999, 6_700)
  t.equal(rate.perSecond, (15 * 100) / 16, 'no time, no rate')
})

t.test('samples that were not taken tell of what came before them', async (t) => {
  const taken = new Rate()
  const passed = new Rate()
  for (const rate of [taken, passed]) rate.sample(0, 5000)
  for (let i = 1; i <= 4; i++) taken.sample(30, 5000 + i * 100)
  passed.letPass(30, 4, 100)
  for (let i = 5; i <= 20; i++) {
    t.equal(passed.perSecond, taken.perSecond)
    for (const rate of [taken, passed]) rate.sample(30 + i, 5000 + i * 100)
  }
  const blank = new Rate()
  blank.letPass(30, 4, 100)
  blank.sample(30, 9000)
  t.equal(blank.perSecond, 0, 'before the first there is none')
})

t.test('errors are counted by their first word, 128 of them', async (t) => {
  const stats = new NodeStats()
  stats.countError('ERR syntax error')
  stats.countError('ERR no such key')
  stats.countError('MOVED 1 a:1')
  stats.countError('ODD')
  t.same(
    [...stats.errors],
    [
      ['ERR', 2],
      ['MOVED', 1],
      ['ODD', 1],
    ],
  )
  for (let i = 0; i < 200; i++) stats.countError(`E${i} x`)
  t.equal(stats.errors.size, 128)
  t.equal(stats.errorReplies, 204)
  stats.countError('ERR again')
  t.equal(stats.errors.get('ERR'), 3, 'known words go on counting')
})

t.test('a reset forgets all but the peak', async (t) => {
  const stats = new NodeStats()
  stats.commands = 5
  stats.bytesIn = 6
  stats.outputLimitDisconnections = 1
  stats.countError('ERR x')
  stats.reset()
  const { errors, ...counters } = stats
  t.equal(errors.size, 0)
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === 'number') t.equal(value, 0, name)
  }
})

t.test('a node counts what it does', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const stat = (name: string) =>
    Number(new RegExp(`^${name}:(.*)\\r$`, 'm').exec(harness.type(client, 'INFO stats'))?.[1])
  const before = stat('total_net_input_bytes')
  const question = 'INFO stats\r\n'.length
  harness.type(client, 'SET k 1', 'GET k', 'GET nosuch', 'NOSUCH')
  t.equal(
    stat('total_net_input_bytes'),
    before + 'SET k 1\r\nGET k\r\nGET nosuch\r\nNOSUCH\r\n'.length + question,
  )
  t.equal(stat('total_commands_processed'), 5, 'what runs, and not what asks')
  t.equal(stat('keyspace_hits'), 1)
  t.equal(stat('keyspace_misses'), 1)
  t.equal(stat('total_error_replies'), 1)
  t.equal(stat('total_connections_received'), 1)
  harness.type(client, 'SET k 1 PX 1')
  harness.pass(1600)
  t.equal(stat('expired_keys'), 1)
  harness.type(client, ...Array.from({ length: 160 }, () => 'PING'))
  harness.pass(1600)
  t.equal(stat('instantaneous_ops_per_sec'), Math.floor(162 / 1.6))
  harness.type(client, 'CONFIG RESETSTAT')
  t.equal(stat('total_commands_processed'), 1, 'the reset itself')
  t.equal(stat('keyspace_hits'), 0)
  t.match(harness.type(client, 'INFO commandstats'), /resetstat:calls=1,.*,failed_calls=0\r/)
})

t.test('commands count calls, refusals and failures apart', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'SET k a', 'MULTI', 'INCR k', 'PING', 'EXEC', 'GET')
  const info = harness.type(client, 'INFO commandstats')
  t.match(info, /cmdstat_incr:calls=1,.*,rejected_calls=0,failed_calls=1\r/)
  t.match(info, /cmdstat_ping:calls=1,.*,rejected_calls=0,failed_calls=0\r/)
  t.match(info, /cmdstat_exec:calls=1,.*,rejected_calls=0,failed_calls=0\r/, 'not for its commands')
  t.match(info, /cmdstat_get:calls=0,.*,rejected_calls=1,failed_calls=0\r/)
  t.notMatch(info, 'cmdstat_info')
})
