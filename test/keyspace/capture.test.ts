import t from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import type { Capture } from '../../lib/keyspace/capture.ts'
import type { Database } from '../../lib/keyspace/database.ts'
import { CommandRunner } from '../support/command-runner.ts'

/** A capture of a database, and what it has handed out so far. */
function captureOf(database: Database): { capture: Capture; found: Map<Bytes, unknown> } {
  const found = new Map<Bytes, unknown>()
  const capture = database.capture((key, value, expiryMs) => {
    t.notOk(found.has(key), `${key} comes once`)
    found.set(key, [value, expiryMs])
  })
  return { capture, found }
}

function drain(capture: Capture): void {
  while (capture.step());
}

t.test('what changes before its turn comes as it was', async (t) => {
  const { db } = new CommandRunner()
  for (const key of ['kept', 'changed', 'removed', 'ended', 'endless']) db.set(key, `old ${key}`)
  db.setExpiry('endless', 4e12)
  const { capture, found } = captureOf(db)
  db.set('changed', 'new')
  db.set('changed', 'newer')
  db.remove('removed')
  db.set('added', 'new')
  db.setExpiry('ended', 5e12)
  db.clearExpiry('endless')
  db.remove('added')
  db.set('removed', 'back')
  drain(capture)
  t.strictSame([...found].sort(), [
    ['changed', ['old changed', undefined]],
    ['ended', ['old ended', undefined]],
    ['endless', ['old endless', 4e12]],
    ['kept', ['old kept', undefined]],
    ['removed', ['old removed', undefined]],
  ])
})

t.test('a counter comes as the digits it had', async (t) => {
  const { db } = new CommandRunner()
  for (const key of ['kept', 'counted']) db.setInteger(key, 7)
  const { capture, found } = captureOf(db)
  db.setInteger('counted', 8)
  drain(capture)
  t.strictSame([...found].sort(), [
    ['counted', ['7', undefined]],
    ['kept', ['7', undefined]],
  ])
})

t.test('what has had its turn may change', async (t) => {
  const { db } = new CommandRunner()
  const keys = Array.from({ length: 50 }, (_, i) => `{one}${i}`)
  for (const key of keys) db.set(key, 'old')
  const { capture, found } = captureOf(db)
  t.ok(capture.step())
  const [first] = found.keys()
  db.set(first as Bytes, 'new')
  db.remove(first as Bytes)
  db.set(first as Bytes, 'newest')
  db.set('{one}more', 'new')
  drain(capture)
  t.strictSame([...found.keys()].sort(), keys.sort())
  t.ok([...found.values()].every((item) => (item as unknown[])[0] === 'old'))
})

t.test('a database that is emptied is handed out all the same', async (t) => {
  const { db } = new CommandRunner()
  for (let i = 0; i < 100; i++) db.set(`${i}`, 'old')
  const { capture, found } = captureOf(db)
  capture.step()
  db.flush()
  db.set('5', 'new')
  drain(capture)
  t.equal(found.size, 100)
  t.strictSame(found.get('5'), ['old', undefined])
})

t.test('a capture goes with its keys to another database, and several go on at once', async (t) => {
  const { databases } = new CommandRunner()
  const [one, two] = databases as [Database, Database]
  one.set('a', 'one')
  two.set('a', 'two')
  const [ofOne, ofTwo] = [captureOf(one), captureOf(two)]
  one.swap(two)
  const late = captureOf(one)
  one.set('a', 'changed')
  two.set('a', 'changed too')
  for (const { capture } of [ofOne, ofTwo, late]) drain(capture)
  t.strictSame([...ofOne.found], [['a', ['one', undefined]]])
  t.strictSame([...ofTwo.found], [['a', ['two', undefined]]])
  t.strictSame([...late.found], [['a', ['two', undefined]]])
})

t.test('once released it hears of nothing', async (t) => {
  const { db } = new CommandRunner()
  db.set('a', '1')
  const { capture, found } = captureOf(db)
  const other = captureOf(db)
  db.release(capture)
  db.set('a', '2')
  t.equal(found.size, 0)
  t.equal(other.found.size, 1)
  db.release(other.capture)
  db.release(other.capture)
})

t.test('any changes between any steps', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (let round = 0; round < 50; round++) {
    const { db } = new CommandRunner()
    const name = () => `{${random.below(4)}}${random.below(30)}`
    for (let i = 0; i < 60; i++) db.set(name(), `old ${i}`)
    const expected = [...db.entries()].map(([key, value]) => [key, [value, undefined]])
    const { capture, found } = captureOf(db)
    for (let isMore = true; isMore; ) {
      const key = name()
      if (random.below(2) === 0) db.set(key, 'new')
      else db.remove(key)
      if (random.below(3) === 0) isMore = capture.step()
    }
    t.strictSame([...found].sort(), expected.sort())
  }
})
