/** How often a rewriting is tried that fails. */
import t from 'tap'
import { Alarm } from '../../../lib/node/alarm.ts'
import { RewriteRecord } from '../../../lib/node/append-only/rewrite.ts'
import { BackgroundFile } from '../../../lib/node/background-file.ts'
import { CommandForm } from '../../../lib/node/command-form.ts'
import { Config } from '../../../lib/node/config/config.ts'
import { Snapshot } from '../../../lib/node/snapshot.ts'

function record() {
  const clock = { now: 5_000_000, microseconds: 0 }
  const state = { discarded: 0 }
  const draft = {
    sizeBytes: 1,
    append() {},
    finish() {},
    finishLater: (done: (failure: undefined) => void) => done(undefined),
    publish() {},
    discard: () => {
      state.discarded++
    },
  }
  const ports = {
    clock,
    alarm: new Alarm(clock, () => {}),
    config: new Config(),
    microseconds: () => 0,
  }
  const file = () => new BackgroundFile(new Snapshot([], new CommandForm('')), () => draft, ports)
  return { clock, state, file, record: new RewriteRecord(clock) }
}

t.test('counts what was begun, and how long it took', async (t) => {
  const { record: rewrites, clock, file } = record()
  t.equal(rewrites.currentSeconds, undefined)
  rewrites.isScheduled = true
  rewrites.begin({ file: file(), format: 'rdb' })
  t.notOk(rewrites.isScheduled)
  clock.now += 2999
  t.equal(rewrites.currentSeconds, 2)
  clock.now += 1
  rewrites.end(true)
  t.equal(rewrites.lastSeconds, 3)
  t.equal(rewrites.currentSeconds, undefined)
  t.equal(rewrites.count, 1)
})

t.test('three failures make the next one wait, each time twice as long', async (t) => {
  const { record: rewrites, clock, file } = record()
  const warnings: string[] = []
  const isLimited = () => rewrites.isLimited((line) => warnings.push(line))
  const fail = () => {
    rewrites.begin({ file: file(), format: 'rdb' })
    rewrites.end(false)
  }
  fail()
  fail()
  t.notOk(isLimited())
  fail()
  for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
    t.ok(isLimited())
    clock.now += minutes * 60_000 - 1
    t.ok(isLimited())
    clock.now += 1
    t.notOk(isLimited(), `${minutes} minutes are over`)
    t.match(warnings.pop(), new RegExp(`will retry in ${minutes} minutes$`))
    t.equal(warnings.length, 0)
    fail()
  }
  rewrites.begin({ file: file(), format: 'rdb' })
  rewrites.end(true)
  t.notOk(isLimited())
  t.ok(rewrites.lastWasGood)
})

t.test('one that is given up leaves nothing', async (t) => {
  const { record: rewrites, state, file } = record()
  rewrites.abort()
  rewrites.begin({ file: file(), format: 'aof' })
  rewrites.abort()
  t.equal(state.discarded, 1)
  t.equal(rewrites.running, undefined)
  t.equal(rewrites.consecutiveFailures, 0)
})
