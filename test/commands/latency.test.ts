import t from 'tap'
import type { Context, LatencyEvent } from '../../lib/commands/context.ts'
import { DurationHistogram } from '../../lib/data/duration-histogram.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const EVENT: LatencyEvent = {
  name: 'command',
  samples: [
    { timeSeconds: 10, milliseconds: 30 },
    { timeSeconds: 11, milliseconds: 20 },
  ],
  longest: 40,
}

function runner(): CommandRunner {
  const followed = new DurationHistogram()
  followed.add(3, 2)
  const ports: Partial<Context> = {
    latency: {
      events: () => [EVENT],
      event: (name) => (name === 'command' ? EVENT : undefined),
      reset: (names) => names.length,
    },
    durations: {
      histogramOf: ({ command }) =>
        ['get', 'client|id', 'client|info'].includes(command.fullName) ? followed : undefined,
    },
  }
  const made = new CommandRunner({ ports, now: 12_000 })
  made.config.set('latency-monitor-threshold', '1')
  made.config.set('slowlog-log-slower-than', '10000')
  made.config.set('hz', '10')
  return made
}

t.test('events and samples', async (t) => {
  expectReplies(t, runner(), [
    ['LATENCY LATEST', '*1|*4|$7|command|:11|:20|:40|'],
    ['LATENCY HISTORY command', '*2|*2|:10|:30|*2|:11|:20|'],
    ['LATENCY HISTORY nosuch', '*0|'],
    ['LATENCY RESET', ':0|'],
    ['LATENCY RESET a b', ':2|'],
    ['LATENCY GRAPH nosuch', "-ERR No samples available for event 'nosuch'|"],
    ['LATENCY', "-ERR wrong number of arguments for 'latency' command|"],
  ])
  t.match(runner().run('LATENCY HELP'), /^\*\d+\r\n\+LATENCY <subcommand> /)
})

t.test('texts are verbatim', async (t) => {
  const latency = runner()
  latency.protocol = 3
  t.match(latency.run('LATENCY GRAPH command'), /^=\d+\r\ntxt:command - high 30 ms, low 20 ms/)
  t.match(latency.run('LATENCY DOCTOR'), /^=\d+\r\ntxt:Dave, .*\n\n1\. command: 2 latency spikes/)
})

t.test('histograms of commands, and of what they contain', async (t) => {
  const get = '$3|get|*4|$5|calls|:2|$14|histogram_usec|*2|:4|:2|'
  const id = get.replace('$3|get', '$9|client|id')
  const info = get.replace('$3|get', '$11|client|info')
  expectReplies(t, runner(), [
    ['LATENCY HISTOGRAM get', `*2|${get}`],
    ['LATENCY HISTOGRAM nosuch set GET get', `*4|${get}${get}`],
    ['LATENCY HISTOGRAM client', `*4|${id}${info}`],
    ['LATENCY HISTOGRAM "client|id" "client|nosuch"', `*2|${id}`],
    ['LATENCY HISTOGRAM nosuch', '*0|'],
  ])
  t.match(runner().run('LATENCY HISTOGRAM'), /^\*6\r/)
})
