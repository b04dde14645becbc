/**
 * What LATENCY DOCTOR says of the events that were seen: a line each, then advice by what was slow and how the node is set
 * up (createLatencyReport). The words are Redis' own.
 */
import type { LatencyEvent } from './context.ts'

/** How the node is set up, as far as the doctor asks. */
export interface DoctorFacts {
  readonly nowSeconds: number
  /** 0: nothing is watched. */
  readonly thresholdMs: number
  /** `slowlog-log-slower-than`; negative: nothing is logged. */
  readonly slowLogMicroseconds: number
  readonly hz: number
}

const DISABLED = `I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use "CONFIG SET latency-monitor-threshold <milliseconds>." in order to enable it. If we weren't in a deep space mission I'd suggest to take a look at https://redis.io/topics/latency-monitor.\n`

const HEALTHY =
  'Dave, no latency spike was observed during the lifetime of this Redis instance, not in the slightest bit. I honestly think you ought to sit down calmly, take a stress pill, and think things over.\n'

const GREETING =
  "Dave, I have observed latency spikes in this Redis instance. You don't mind talking about it, do you Dave?\n\n"

const NO_ADVICE =
  "\nWhile there are latency events logged, I'm not able to suggest any easy fix. Please use the Redis community to get some help, providing this report in your help request.\n"

const LARGE_OBJECTS =
  '- Deleting, expiring or evicting (because of maxmemory policy) large objects is a blocking operation. If you have very large objects that are often deleted, expired, or evicted, try to fragment those objects into multiple smaller objects.\n'

/** An advice, and when it is given. */
interface Advice {
  readonly fits: (events: ReadonlySet<string>, facts: DoctorFacts) => boolean
  readonly text: (facts: DoctorFacts) => string
}

const ADVICES: readonly Advice[] = [
  {
    fits: (events, { slowLogMicroseconds }) => events.has('command') && slowLogMicroseconds < 0,
    text: ({ thresholdMs }) =>
      `- There are latency issues with potentially slow commands you are using. Try to enable the Slow Log Redis feature using the command 'CONFIG SET slowlog-log-slower-than ${thresholdMs * 1000}'. If the Slow log is disabled Redis is not able to log slow commands execution for you.\n`,
  },
  {
    fits: (events, { slowLogMicroseconds, thresholdMs }) =>
      events.has('command') && slowLogMicroseconds / 1000 > thresholdMs,
    text: ({ thresholdMs }) =>
      `- Your current Slow Log configuration only logs events that are slower than your configured latency monitor threshold. Please use 'CONFIG SET slowlog-log-slower-than ${thresholdMs * 1000}'.\n`,
  },
  {
    fits: (events) => events.has('command'),
    text: () =>
      '- Check your Slow Log to understand what are the commands you are running which are too slow to execute. Please check https://redis.io/commands/slowlog for more information.\n',
  },
  {
    fits: (events) => events.has('fast-command'),
    text: () =>
      '- The system is slow to execute Redis code paths not containing system calls. This usually means the system does not provide Redis CPU time to run for long periods. You should try to:\n' +
      '  1) Lower the system load.\n' +
      '  2) Use a computer / VM just for Redis if you are running other software in the same system.\n' +
      '  3) Check if you have a "noisy neighbour" problem.\n' +
      "  4) Check with 'redis-cli --intrinsic-latency 100' what is the intrinsic latency in your system.\n" +
      '  5) Check if the problem is allocator-related by recompiling Redis with MALLOC=libc, if you are using Jemalloc. However this may create fragmentation problems.\n',
  },
  {
    fits: (events, { hz }) => events.has('expire-cycle') && hz < 100,
    text: () =>
      "- In order to make the Redis keys expiring process more incremental, try to set the 'hz' configuration parameter to 100 using 'CONFIG SET hz 100'.\n",
  },
  {
    fits: (events) => ['command', 'expire-cycle', 'eviction-del'].some((name) => events.has(name)),
    text: () => LARGE_OBJECTS,
  },
]

/** The whole report. */
export function reportOn(events: readonly LatencyEvent[], facts: DoctorFacts): string {
  if (facts.thresholdMs === 0) return DISABLED
  if (events.length === 0) return HEALTHY
  const lines = events.map((event, i) => `${i + 1}. ${summaryOf(event, facts.nowSeconds)}\n`)
  const names = new Set(events.map(({ name }) => name))
  const advices = ADVICES.filter(({ fits }) => fits(names, facts)).map(({ text }) => text(facts))
  const advice = advices.length === 0 ? [NO_ADVICE] : ['\nI have a few advices for you:\n\n']
  return [GREETING, ...lines, ...advice, ...advices].join('')
}

function summaryOf({ name, samples, longest }: LatencyEvent, nowSeconds: number): string {
  const count = samples.length
  const meanOf = (values: readonly number[]) =>
    Math.floor(values.reduce((sum, value) => sum + value, 0) / count)
  const values = samples.map(({ milliseconds }) => milliseconds)
  const average = meanOf(values)
  const deviation = meanOf(values.map((value) => Math.abs(value - average)))
  const elapsed = nowSeconds - (samples[0]?.timeSeconds ?? nowSeconds)
  const period = (Math.max(1, elapsed) / count).toFixed(2)
  return `${name}: ${count} latency spikes (average ${average}ms, mean deviation ${deviation}ms, period ${period} sec). Worst all time event ${longest}ms.`
}
