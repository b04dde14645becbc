import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { AccessRecord } from '../../lib/keyspace/access-record.ts'

const settings = { logFactor: 10, decayMinutes: 1 }
const MINUTE = 60_000

t.test('idle mode keeps the second of the last access', async (t) => {
  const record = new AccessRecord('idle', new Random(1), settings)
  t.equal(record.lastSecondOf('k'), undefined)
  record.create('k', 5_999)
  t.equal(record.lastSecondOf('k'), 5)
  record.touch('k', 7_000)
  t.equal(record.lastSecondOf('k'), 7)
  record.forget('k')
  t.equal(record.lastSecondOf('k'), undefined)
  record.touch('k', 7_000)
  record.clear()
  t.equal(record.lastSecondOf('k'), undefined)
})

t.test('a new key has frequency 5, which grows slower and slower up to 255', async (t) => {
  const record = new AccessRecord('frequency', new Random(1), settings)
  t.equal(record.frequencyOf('k', 0), 5)
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
  const record = new AccessRecord('frequency', new Random(1), { logFactor: 0, decayMinutes: 2 })
  for (let i = 0; i < 20; i++) record.touch('k', 0)
  t.equal(record.frequencyOf('k', 0), 25)
  t.equal(record.frequencyOf('k', 3 * MINUTE), 24)
  t.equal(record.frequencyOf('k', 20 * MINUTE), 15)
  t.equal(record.frequencyOf('k', 900 * MINUTE), 0)
  record.touch('k', 20 * MINUTE)
  t.equal(record.frequencyOf('k', 20 * MINUTE), 16)
})

t.test('with a period of 0 nothing decays', async (t) => {
  const record = new AccessRecord('frequency', new Random(1), { logFactor: 0, decayMinutes: 0 })
  record.create('k', 0)
  t.equal(record.frequencyOf('k', 9999 * MINUTE), 5)
})
