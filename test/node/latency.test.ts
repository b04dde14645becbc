import t from 'tap'
import { LatencyMonitor } from '../../lib/node/latency.ts'
import { NodeHarness } from '../support/node-harness.ts'

function monitor(thresholdMs: number) {
  const clock = { now: 1_000_000, microseconds: 0 }
  const made = new LatencyMonitor(clock)
  made.thresholdMs = thresholdMs
  return { clock, monitor: made }
}

t.test('only what reaches the threshold is kept', async (t) => {
  const { monitor: on } = monitor(10)
  on.add('command', 9_999)
  t.same(on.events(), [])
  on.add('command', 10_000)
  t.same(on.events(), [
    { name: 'command', samples: [{ timeSeconds: 1000, milliseconds: 10 }], longest: 10 },
  ])
  const { monitor: off } = monitor(0)
  off.add('command', 1e9)
  t.same(off.events(), [])
})

t.test('a second has one sample, its longest; 160 of them are kept', async (t) => {
  const { clock, monitor: kept } = monitor(1)
  for (const milliseconds of [3, 7, 5]) kept.add('command', milliseconds * 1000)
  clock.now += 1000
  kept.add('command', 2000)
  const samples = () => kept.event('command')?.samples.map(({ milliseconds }) => milliseconds)
  t.same(samples(), [7, 2])
  for (let i = 0; i < 160; i++) {
    clock.now += 1000
    kept.add('command', 4000)
  }
  t.equal(samples()?.length, 160)
  t.equal(samples()?.[0], 4)
  t.equal(kept.event('command')?.longest, 7, 'the longest is remembered')
})

t.test('events are forgotten by name, or all', async (t) => {
  const { monitor: kept } = monitor(1)
  kept.add('command', 1000)
  kept.add('expire-cycle', 1000)
  t.equal(kept.reset(['nosuch']), 0)
  t.equal(kept.reset(['command', 'command']), 1)
  t.equal(kept.reset([]), 1)
  t.same(kept.events(), [])
})

t.test('a node watches its commands', async (t) => {
  const harness = new NodeHarness({
    config: { 'enable-debug-command': 'yes', 'latency-monitor-threshold': '200' },
  })
  const client = harness.connect()
  const run = (...lines: string[]) => harness.type(client, ...lines)
  run('DEBUG SLEEP 0.3')
  run('DEBUG SLEEP 0.1')
  harness.clock.now += 1000
  run('DEBUG SLEEP 0.25')
  t.equal(
    run('LATENCY LATEST'),
    '*1\r\n*4\r\n$7\r\ncommand\r\n:1700000001\r\n:250\r\n:300\r\n'.replace(
      '1700000001',
      String(Math.floor(harness.clock.now / 1000)),
    ),
  )
  t.equal(
    run('LATENCY HISTORY command'),
    '*2\r\n*2\r\n:1700000000\r\n:300\r\n*2\r\n:1700000001\r\n:250\r\n',
  )
  t.match(run('LATENCY GRAPH command'), /^\$\d+\r\ncommand - high 300 ms, low 250 ms /)
  t.match(run('LATENCY DOCTOR'), /1\. command: 2 latency spikes \(average 275ms/)
  t.equal(run('LATENCY RESET'), ':1\r\n')
  t.equal(run('LATENCY LATEST'), '*0\r\n')
})
