/** The reports are those of a real server. */
import t from 'tap'
import { reportOn } from '../../lib/commands/latency-doctor.ts'

const facts = { nowSeconds: 105, thresholdMs: 1, slowLogMicroseconds: 0, hz: 10 }

function event(name: string, ...milliseconds: number[]) {
  return {
    name,
    samples: milliseconds.map((each, i) => ({ timeSeconds: 100 + i, milliseconds: each })),
    longest: Math.max(...milliseconds),
  }
}

const GREETING =
  "Dave, I have observed latency spikes in this Redis instance. You don't mind talking about it, do you Dave?\n\n"

t.test('nothing to say', async (t) => {
  t.match(reportOn([], { ...facts, thresholdMs: 0 }), /^I'm sorry, Dave.*\.\n$/)
  t.match(reportOn([], facts), /^Dave, no latency spike was observed.*\.\n$/)
})

t.test('figures and advice', async (t) => {
  const report = reportOn([event('command', 10, 23, 108, 64, 110)], facts)
  t.equal(
    report,
    `${GREETING}1. command: 5 latency spikes (average 63ms, mean deviation 37ms, period 1.00 sec). Worst all time event 110ms.\n\nI have a few advices for you:\n\n- Check your Slow Log to understand what are the commands you are running which are too slow to execute. Please check https://redis.io/commands/slowlog for more information.\n- Deleting, expiring or evicting (because of maxmemory policy) large objects is a blocking operation. If you have very large objects that are often deleted, expired, or evicted, try to fragment those objects into multiple smaller objects.\n`,
  )
})

const advicesOf = (report: string) => report.match(/^- .{12}/gm)

t.test('advice by what was slow and how the node is set up', async (t) => {
  const command = [event('command', 5)]
  t.same(advicesOf(reportOn(command, { ...facts, slowLogMicroseconds: -1 })), [
    '- There are la',
    '- Check your S',
    '- Deleting, ex',
  ])
  t.same(advicesOf(reportOn(command, { ...facts, slowLogMicroseconds: 1001 })), [
    '- Your current',
    '- Check your S',
    '- Deleting, ex',
  ])
  t.same(advicesOf(reportOn([event('fast-command', 5)], facts)), ['- The system i'])
  const expiry = [event('expire-cycle', 5)]
  t.same(advicesOf(reportOn(expiry, facts)), ['- In order to ', '- Deleting, ex'])
  t.same(advicesOf(reportOn(expiry, { ...facts, hz: 100 })), ['- Deleting, ex'])
  t.match(reportOn([event('command-unblocking', 5)], facts), /not able to suggest any easy fix/)
})
