import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import {
  type AccessMode,
  AccessRecord,
  type FrequencySettings,
} from '../../lib/keyspace/access-record.ts'

const settings = { logFactor: 10, decayMinutes: 1 }
const MINUTE = 60_000

/** A record of keys that were all used last at this Unix second before it began. */
function recordOf(
  mode: AccessMode,
  given: FrequencySettings = settings,
  earlier = 0,
): AccessRecord {
  return new AccessRecord(mode, new Random(1), given, () => earlier)
}

t.test('idle mode keeps the second of the last access', async (t) => {
  const record = recordOf('idle', settings, 3)
  t.equal(record.lastSecondOf('k'), 3, 'before the record began')
  record.create('k', 5_999)
  t.equal(record.lastSecondOf('k'), 5)
  record.touch('k', 7_000)
  t.equal(record.lastSecondOf('k'), 7)
  record.forget('k')
  t.equal(record.lastSecondOf('k'), 3)
  record.touch('k', 7_000)
  record.clear()
  t.equal(record.lastSecondOf('k'), 3)
})

t.test('a new key has frequency 5, which grows slower and slower up to 255', async (t) => {
  const record = recordOf('frequency')
  record.create('k', 0)
  t.equal(record.frequencyOf('k', 0), 5)
  record.touch('k', 0)
  t.equal(record.frequencyOf('k', 0), 6, 'the first access always counts')
  for (let i = 0; i < 100; i++) record.touch('k', 0)
  const afterHundred = record.frequencyOf('k', 0)
  t.ok(afterHundred > 6 && afterHundred < 20, `${afterHundred}`)
  for (let i = 0; i < 2_000_000; i++) record.touch('k', 0)
  t.equal(record.frequencyOf('k', 0), 255)
})

t.test('a frequency decays by one each period, never below 0', async (t) => {
  const record = recordOf('frequency', { logFactor: 0, decayMinutes: 2 })
  record.create('k', 0)
  for (let i = 0; i < 20; i++) record.touch('k', 0)
  t.equal(record.frequencyOf('k', 0), 25)
  t.equal(record.frequencyOf('k', 3 * MINUTE), 24)
  t.equal(record.frequencyOf('k', 20 * MINUTE), 15)
  t.equal(record.frequencyOf('k', 900 * MINUTE), 0)
  record.touch('k', 20 * MINUTE)
  t.equal(record.frequencyOf('k', 20 * MINUTE), 16)
})

t.test('with a period of 0 nothing decays', async (t) => {
  const record = recordOf('frequency', { logFactor: 0, decayMinutes: 0 })
  record.create('k', 0)
  t.equal(record.frequencyOf('k', 9999 * MINUTE), 5)
})

t.test('the second of a use before the record is taken for a minute and a counter', async (t) => {
  const second = 1_700_000_000
  const nowMs = (second + 10) * 1000
  const record = recordOf('frequency', settings, second)
  t.equal(record.frequencyOf('k', nowMs), 0, 'the minute is long ago, so the counter is used up')
  record.touch('k', nowMs)
  t.equal(record.frequencyOf('k', nowMs), 1)
  const undecayed = recordOf('frequency', { logFactor: 10, decayMinutes: 0 }, second)
  t.equal(undecayed.frequencyOf('k', nowMs), second % 256)
  const early = recordOf('frequency', settings, 1000)
  t.equal(
    early.frequencyOf('k', 1_000_000),
    (1000 % 256) - (16 - 3),
    'minute 3 as minute 16 begins',
  )
})

t.test('minutes count around at 16 bits', async (t) => {
  const record = recordOf('frequency')
  record.setFrequency('k', 100, 65_530 * MINUTE)
  t.equal(record.frequencyOf('k', 65_535 * MINUTE), 95)
  t.equal(record.frequencyOf('k', (65_536 + 10) * MINUTE), 85)
})
