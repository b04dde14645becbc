/** How often a rewriting is tried that fails, and how long it takes on purpose. */
import t from 'tap'
import { RewriteRecord } from '../../../lib/node/append-only/rewrite.ts'
import { Config } from '../../../lib/node/config/config.ts'

function record() {
  const clock = { now: 5_000_000, microseconds: 0 }
  const config = new Config()
  return { clock, config, record: new RewriteRecord(clock, config) }
}

const failure = new Error('No space left on device')

t.test('lasts as long as the delay says by now', async (t) => {
  const { record: rewrites, config, clock } = record()
  t.notOk(rewrites.isDue)
  t.equal(rewrites.currentSeconds, undefined)
  config.set([['rdb-key-save-delay', '1000000']])
  rewrites.isScheduled = true
  rewrites.begin({ draft: failure, format: 'rdb', keys: 3 })
  t.notOk(rewrites.isScheduled)
  clock.now += 2999
  t.notOk(rewrites.isDue)
  t.equal(rewrites.currentSeconds, 2)
  clock.now += 1
  t.ok(rewrites.isDue)
  config.set([['rdb-key-save-delay', '9000000']])
  t.notOk(rewrites.isDue)
  config.set([['rdb-key-save-delay', '0']])
  t.ok(rewrites.isDue)
  rewrites.end(true)
  t.equal(rewrites.lastSeconds, 3)
  t.equal(rewrites.count, 1)
})

t.test('three failures make the next one wait, each time twice as long', async (t) => {
  const { record: rewrites, clock } = record()
  const warnings: string[] = []
  const isLimited = () => rewrites.isLimited((line) => warnings.push(line))
  const fail = () => {
    rewrites.begin({ draft: failure, format: 'rdb', keys: 0 })
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
  rewrites.begin({ draft: failure, format: 'rdb', keys: 0 })
  rewrites.end(true)
  t.notOk(isLimited())
  t.ok(rewrites.lastWasGood)
})

t.test('one that is given up leaves nothing', async (t) => {
  const { record: rewrites } = record()
  let discarded = 0
  const draft = { sizeBytes: 1, publish() {}, discard: () => discarded++ }
  rewrites.abort()
  rewrites.begin({ draft, format: 'aof', keys: 0 })
  rewrites.abort()
  t.equal(discarded, 1)
  t.equal(rewrites.running, undefined)
  t.equal(rewrites.consecutiveFailures, 0)
})
