/** Which calls are timed, and what becomes of the durations. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

/** A node whose clock for statistics goes on by 3 us with each look; how often it was read. */
function node(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config })
  const client = harness.connect()
  let reads = 0
  Object.assign(harness.node, { microseconds: () => ++reads * 3 })
  return {
    run: (...lines: string[]) => harness.type(client, ...lines),
    readsOf: (...lines: string[]) => {
      const before = reads
      harness.type(client, ...lines)
      return reads - before
    },
  }
}

const times = (count: number, line: string) => new Array<string>(count).fill(line)

t.test('quick commands are timed by samples, others always', async (t) => {
  const { readsOf, run } = node()
  for (const line of ['GET k', 'SET k v', 'LPOP l']) run(...times(64, line))
  t.equal(readsOf(...times(640, 'GET k')), 20)
  t.equal(readsOf(...times(640, 'SET k v')), 20)
  t.equal(readsOf(...times(640, 'LPOP l')), 20)
  t.equal(readsOf(...times(16, 'LPOP l 5')), 32, 'a count may be large')
  for (const line of ['LRANGE l 0 -1', 'SETBIT b 1 1', 'PUBLISH a b', 'MGET a b', 'INFO server']) {
    run(...times(64, line))
    t.equal(readsOf(...times(16, line)), 32, line)
  }
})

t.test('who asks for quick commands has all of them timed', async (t) => {
  const { readsOf, run } = node()
  run(...times(64, 'GET k'))
  for (const [on, off] of [
    ['slowlog-log-slower-than 9999', 'slowlog-log-slower-than 10000'],
    ['latency-monitor-threshold 9', 'latency-monitor-threshold 10'],
  ] as const) {
    run(`CONFIG SET ${on}`)
    t.equal(readsOf(...times(64, 'GET k')), 128, on)
    run(`CONFIG SET ${off}`)
    t.equal(readsOf(...times(64, 'GET k')), 2, off)
  }
})

t.test('calls between samples count as the others', async (t) => {
  const { run } = node()
  run(...times(100, 'GET k'))
  t.match(run('INFO commandstats'), /cmdstat_get:calls=100,usec=300,usec_per_call=3\.00,/)
  t.equal(
    run('LATENCY HISTOGRAM get'),
    '*2\r\n$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:100\r\n$14\r\nhistogram_usec\r\n*2\r\n:4\r\n:100\r\n',
  )
  run(...times(5, 'GET k'))
  t.match(run('LATENCY HISTOGRAM get'), /calls\r\n:105\r\n/)
  t.match(run('INFO commandstats'), /cmdstat_get:calls=105,usec=315,/)
})

t.test('percentiles as configured, unless nothing is followed', async (t) => {
  const { run } = node()
  const lines = () => /latency_percentiles_usec_get:([^\r]*)/.exec(run('INFO latencystats'))?.[1]
  run('GET k')
  t.equal(lines(), 'p50=3.007,p99=3.007,p99.9=3.007')
  run('CONFIG SET latency-tracking-info-percentiles "0.0 50.0 100.0"')
  t.equal(lines(), 'p0=2.992,p50=3.007,p100=3.007')
  run('CONFIG SET latency-tracking-info-percentiles ""')
  t.equal(lines(), undefined)
  run('CONFIG SET latency-tracking-info-percentiles 50', 'CONFIG SET latency-tracking no')
  t.equal(lines(), undefined)
  run('CONFIG RESETSTAT', 'GET k', 'CONFIG SET latency-tracking yes')
  t.equal(lines(), undefined)
})
