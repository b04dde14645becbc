import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import { EditableString } from '../../lib/data/editable-string.ts'
import { HashValue } from '../../lib/data/hash.ts'
import { errors } from '../../lib/resp/reply-error.ts'
import { CommandRunner } from '../support/command-runner.ts'

/** A runner whose key `k` ended a millisecond ago, with nothing recorded yet. */
function withExpired(): CommandRunner {
  const runner = new CommandRunner({ now: 1_000_000 })
  runner.db.set('k', 'v')
  runner.db.setExpiry('k', 1_000_000)
  runner.clock.now++
  runner.takeEvents()
  runner.takeTouched()
  return runner
}

t.test('a key lives through its last millisecond', async (t) => {
  const { db, clock } = new CommandRunner({ now: 5000 })
  db.set('k', 'v')
  db.setExpiry('k', 5010)
  clock.now = 5010
  t.equal(db.read('k'), 'v')
  t.equal(db.isExpired('k'), false)
  clock.now = 5011
  t.equal(db.isExpired('k'), true)
  t.equal(db.read('k'), undefined)
})

t.test('every look-up of a master deletes a key whose time is over, and tells', async (t) => {
  const lookups: Record<string, (runner: CommandRunner) => unknown> = {
    read: ({ db }) => db.read('k'),
    write: ({ db }) => db.write('k'),
    readString: ({ db }) => db.readString('k'),
    writeString: ({ db }) => db.writeString('k'),
    readHash: ({ db }) => db.readHash('k'),
    writeHash: ({ db }) => db.writeHash('k'),
  }
  for (const [name, lookup] of Object.entries(lookups)) {
    const runner = withExpired()
    t.equal(lookup(runner), undefined, name)
    t.equal(runner.db.size, 0, name)
    t.equal(runner.db.expiring, 0, name)
    t.equal(runner.stats.expired, 1, name)
    t.strictSame(runner.takePropagated(), [['DEL', 'k']], name)
    t.equal(runner.takeEvents()[0], 'x expired k', name)
    t.strictSame(runner.takeTouched(), ['k'], name)
    t.equal(runner.changes.dirty, 0, 'an expiry is no change of a command')
  }
  const runner = withExpired()
  t.equal(runner.db.exists('k'), false)
  t.equal(runner.db.size, 0)
  const another = withExpired()
  t.equal(another.db.typeOf('k'), 'none')
  t.equal(another.db.size, 0)
})

t.test('peeking leaves it where it is', async (t) => {
  const { db } = withExpired()
  t.equal(db.peek('k'), undefined)
  t.equal(db.size, 1)
  t.strictSame([...db.keys()], ['k'])
  t.equal(db.expiryOf('k'), 1_000_000)
})

t.test('a replica hides it and waits for its master', async (t) => {
  const runner = withExpired()
  const { db } = runner
  db.expiry = 'hide'
  t.equal(db.read('k'), undefined)
  t.equal(db.exists('k'), false)
  t.equal(db.peek('k'), undefined)
  t.equal(db.expireDue(10), 0)
  t.equal(db.size, 1)
  t.equal(runner.stats.expired, 0)
  t.strictSame(runner.takePropagated(), [])
  t.equal(runner.stats.misses, 1)
})

t.test('a client that writes on a replica ends it first', async (t) => {
  const runner = withExpired()
  const { db } = runner
  db.expiry = 'hide'
  t.equal(runner.run('APPEND k w'), ':1\r\n')
  t.strictSame(runner.takeEvents(), ['x expired k', 'n new k', '$ append k'])
  t.equal(runner.stats.expired, 1)
  t.equal(db.expiryOf('k'), undefined, 'what it makes does not end with what was there')
})

t.test('a replica deletes what its own clients let end, and nothing else', async (t) => {
  const { db, clock } = new CommandRunner({ now: 1000 })
  db.expiry = 'hide'
  db.load('of the master', '', 2000)
  for (const key of ['own', 'of old']) db.set(key, '')
  db.setExpiry('of old', 2000)
  db.disown()
  db.setExpiry('own', 2000)
  db.expireOwn()
  t.equal(db.size, 3, 'their time has not come')
  clock.now = 2001
  db.expireOwn()
  t.strictSame([...db.keys()].sort(), ['of old', 'of the master'])
})

t.test('while the stream of the master is applied it is there', async (t) => {
  const { db } = withExpired()
  db.expiry = 'keep'
  t.equal(db.read('k'), 'v')
  t.equal(db.write('k'), 'v')
  t.equal(db.peek('k'), 'v')
  t.equal(db.exists('k'), true)
  t.equal(db.isExpired('k'), false)
})

t.test('set keeps the expiry of a key, replace does not', async (t) => {
  const { db } = new CommandRunner({ now: 1000 })
  db.set('k', 'a')
  db.setExpiry('k', 9000)
  db.set('k', 'b')
  t.equal(db.expiryOf('k'), 9000)
  db.replace('k', 'c')
  t.equal(db.expiryOf('k'), undefined)
  t.equal(db.expiring, 0)
  t.equal(db.read('k'), 'c')
})

t.test('replacing a key whose time is over tells of its end first', async (t) => {
  const runner = withExpired()
  runner.db.replace('k', 'new')
  t.strictSame(runner.takeEvents(), ['x expired k', 'n new k'])
  t.strictSame(runner.takePropagated(), [['DEL', 'k']])
  t.equal(runner.db.expiryOf('k'), undefined)
  t.equal(runner.db.read('k'), 'new')
  const replica = withExpired()
  replica.db.expiry = 'hide'
  replica.db.replace('k', 'new')
  t.equal(replica.db.expiryOf('k'), undefined)
  t.strictSame(replica.takeEvents(), ['x expired k', 'n new k'])
})

t.test('who is told what by each change', async (t) => {
  const runner = new CommandRunner()
  const { db } = runner
  const told = () => [runner.takeTouched(), runner.takeEvents(), runner.changes.dirty]
  db.set('a', '1')
  t.strictSame(told(), [['a'], ['n new a'], 0])
  db.set('a', '2')
  t.strictSame(told(), [['a'], [], 0])
  db.add('b', '1')
  t.strictSame(told(), [[], ['n new b'], 0])
  db.modified('b', '$', 'append', 3)
  t.strictSame(told(), [['b'], ['$ append b'], 3])
  db.setExpiry('b', 2e12)
  db.clearExpiry('b')
  t.strictSame(told(), [[], [], 3])
  db.rename('a', 'c')
  t.strictSame(told(), [['a', 'c'], ['n new c'], 3])
  t.equal(db.remove('a'), false)
  t.equal(db.remove('b'), true)
  t.strictSame(told(), [['b'], [], 3])
  t.equal(db.delete('c'), true)
  t.strictSame(told(), [['c'], ['g del c'], 4])
  t.equal(db.delete('c'), false)
  db.load('d', '1', 2e12)
  t.strictSame(told(), [[], [], 4])
  t.equal(db.flush(), 1)
  t.strictSame(told(), [['d'], [], 4])
})

t.test('renaming moves the expiry and forgets that of the key it replaces', async (t) => {
  const { db } = new CommandRunner({ now: 0 })
  db.set('a', '1')
  db.set('b', '2')
  db.setExpiry('b', 5000)
  db.rename('a', 'b')
  t.equal(db.expiryOf('b'), undefined)
  db.setExpiry('b', 7000)
  db.rename('b', 'c')
  t.equal(db.expiryOf('c'), 7000)
  t.equal(db.expiring, 1)
  t.equal(db.size, 1)
  db.rename('none', 'x')
  t.equal(db.size, 1)
})

t.test('an expiry needs a key', async (t) => {
  const { db } = new CommandRunner({ now: 0 })
  db.setExpiry('k', 5000)
  t.equal(db.expiring, 0)
  t.equal(db.expiryOf('k'), undefined)
  t.equal(db.clearExpiry('k'), false)
  db.set('k', '')
  t.equal(db.clearExpiry('k'), false)
})

t.test('a counter is a string to whoever does not count', async (t) => {
  const { db } = new CommandRunner()
  for (const counter of [0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n]) {
    const digits = String(counter)
    db.set('n', digits)
    const bytes = db.memoryOf('n')
    db.setInteger('n', counter)
    t.equal(db.memoryOf('n'), bytes)
    t.strictSame(
      [db.read('n'), db.write('n'), db.peek('n'), db.held('n'), db.readString('n')],
      Array(5).fill(digits),
    )
    t.equal(db.writeInteger('n'), counter)
    t.equal(db.typeOf('n'), 'string')
    t.ok(db.exists('n') && db.holds('n'))
    db.rename('n', 'm')
    t.strictSame([...db.entries()], [['m', digits, undefined]])
    t.equal(db.writeInteger('m'), counter)
    t.throws(() => db.readHash('m'), errors.wrongType)
    t.ok(db.remove('m'))
    t.equal(db.writeInteger('m'), undefined)
  }
})

t.test('a look-up of another type is refused', async (t) => {
  const { db } = new CommandRunner()
  db.set('string', '')
  db.set('edited', new EditableString(''))
  db.set('hash', new HashValue(db.limits))
  t.throws(() => db.readString('hash'), errors.wrongType)
  t.throws(() => db.writeString('hash'), errors.wrongType)
  t.throws(() => db.readHash('string'), errors.wrongType)
  t.throws(() => db.writeHash('edited'), errors.wrongType)
  t.strictSame(
    ['string', 'edited', 'hash', 'none'].map((key) => db.typeOf(key)),
    ['string', 'string', 'hash', 'none'],
  )
})

t.test('keys end when their time comes, the earliest first, so many at a time', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  const { db, clock } = runner
  t.equal(db.firstToExpire()?.atMs, undefined)
  for (const [key, atMs] of [
    ['c', 1300],
    ['a', 1100],
    ['b', 1200],
    ['d', 9000],
  ] as const) {
    db.set(key, '')
    db.setExpiry(key, atMs)
  }
  db.set('forever', '')
  t.equal(db.firstToExpire()?.atMs, 1100)
  t.equal(db.expireDue(10), 0)
  clock.now = 1301
  t.equal(db.expireDue(2), 2)
  t.strictSame(runner.takePropagated(), [
    ['DEL', 'a'],
    ['DEL', 'b'],
  ])
  t.equal(db.expireDue(10), 1)
  t.equal(db.firstToExpire()?.atMs, 9000)
  t.equal(db.clearExpiry('d'), true)
  t.equal(db.firstToExpire()?.atMs, undefined)
  t.equal(db.size, 2)
  t.equal(runner.stats.expired, 3)
})

t.test('the average time to live is that of the keys that end', async (t) => {
  const { db } = new CommandRunner({ now: 1000 })
  t.equal(db.averageTtl(), 0)
  db.set('forever', '')
  for (const [key, atMs] of [
    ['a', 1100],
    ['b', 1400],
    ['over', 500],
  ] as const) {
    db.set(key, '')
    db.setExpiry(key, atMs)
  }
  t.equal(db.averageTtl(), 166)
  t.ok([0, 100, 400].includes(db.averageTtl(1)))
})

t.test('a random key has not ended; a replica may have nothing else', async (t) => {
  const runner = new CommandRunner({ now: 1000 })
  const { db, clock } = runner
  t.equal(db.randomKey(), undefined)
  for (let i = 0; i < 20; i++) {
    db.set(`k${i}`, '')
    db.setExpiry(`k${i}`, 1001)
  }
  db.set('stays', '')
  clock.now = 2000
  t.equal(db.randomKey(), 'stays')
  db.remove('stays')
  db.expiry = 'hide'
  for (let i = 0; i < 3; i++) db.load(`k${i}`, '', 1001)
  t.match(db.randomKey(), /^k/)
  db.expiry = 'delete'
  t.equal(db.randomKey(), undefined)
  t.equal(db.size, 0)
})

t.test('the keys of a slot are counted, listed and removed alone', async (t) => {
  const runner = new CommandRunner()
  const { db } = runner
  const slot = keySlot('tag')
  for (const key of ['{tag}1', '{tag}2', 'other']) db.set(key, '')
  db.setExpiry('{tag}1', 2e12)
  runner.takeTouched()
  t.equal(db.slotOf('{tag}1'), slot)
  t.equal(db.countInSlot(slot), 2)
  t.strictSame(db.keysInSlot(slot, 9), ['{tag}2', '{tag}1'])
  t.strictSame(db.removeSlot(slot), ['{tag}2', '{tag}1'])
  t.strictSame(runner.takeTouched(), ['{tag}2', '{tag}1'])
  t.equal(runner.changes.dirty, 2)
  t.equal(db.expiring, 0)
  t.strictSame([...db.keys()], ['other'])
  t.strictSame(db.removeSlot(slot), [])
})

t.test('a snapshot is read and loaded with expiries, ended keys too', async (t) => {
  const { db, clock } = new CommandRunner({ now: 1000 })
  db.load('a', '1')
  db.load('b', '2', 500)
  t.strictSame([...db.entries()].toSorted(), [
    ['a', '1', undefined],
    ['b', '2', 500],
  ])
  t.strictSame([...db.expiries()], [['b', 500]])
  t.equal(db.scan(0, 10).keys.length, 2)
  t.equal(db.expireDue(10), 1)
  clock.now = 1001
  t.equal(db.size, 1)
})

t.test('idle time is exact once asked for, and NO-TOUCH leaves it alone', async (t) => {
  const { db, clock } = new CommandRunner()
  db.set('{t}a', '')
  clock.now += 10_000
  db.read('{t}a')
  clock.now += 5_000
  t.equal(db.idleSecondsOf('{t}a'), 5)
  db.set('{t}b', '')
  clock.now += 2_000
  db.write('{t}a')
  clock.now += 1_000
  t.equal(db.idleSecondsOf('{t}a'), 1)
  t.equal(db.idleSecondsOf('{t}b'), 3)
  db.noTouch = true
  db.read('{t}b')
  db.write('{t}b')
  t.equal(db.idleSecondsOf('{t}b'), 3)
  t.equal(db.use('{t}b'), true)
  t.equal(db.idleSecondsOf('{t}b'), 0)
  t.equal(db.use('none'), false)
})

t.test('a frequency belongs to the key and ends with it', async (t) => {
  const { db } = new CommandRunner()
  db.recordAccesses('frequency')
  db.set('k', '')
  t.equal(db.frequencyOf('k'), 5)
  db.read('k')
  t.equal(db.frequencyOf('k'), 6)
  db.remove('k')
  db.set('k', '')
  t.equal(db.frequencyOf('k'), 5)
})

t.test('under random changes the counts are those of a plain model', async (t) => {
  const seed = process.env.SEED ?? 'database'
  const random = new Random(seed)
  const runner = new CommandRunner({ now: 10_000 })
  const { db, clock } = runner
  const model = new Map<string, number | undefined>()
  const alive = (key: string) => {
    const atMs = model.get(key)
    if (atMs !== undefined && clock.now > atMs) model.delete(key)
    return model.has(key)
  }
  for (let step = 0; step < 20_000; step++) {
    const key = random.pick(['', '{t}']) + random.below(60)
    const other = random.pick(['', '{t}']) + random.below(60)
    const choice = random.below(8)
    if (choice === 0) {
      db.set(key, 'v')
      if (!model.has(key)) model.set(key, undefined)
    } else if (choice === 1) {
      db.replace(key, 'v')
      model.set(key, undefined)
    } else if (choice === 2) {
      if (db.remove(key) !== model.delete(key)) t.fail(`SEED=${seed} step ${step}: ${key}`)
    } else if (choice === 3 && model.has(key)) {
      const atMs = clock.now + random.below(300)
      db.setExpiry(key, atMs)
      model.set(key, atMs)
    } else if (choice === 4) {
      db.clearExpiry(key)
      if (model.has(key)) model.set(key, undefined)
    } else if (choice === 5 && key !== other) {
      if (db.exists(key) !== alive(key)) t.fail(`SEED=${seed} step ${step}: ${key}`)
      db.rename(key, other)
      if (model.has(key)) model.set(other, model.get(key))
      model.delete(key)
    } else if (choice === 6) {
      if ((db.read(key) !== undefined) !== alive(key)) t.fail(`SEED=${seed} step ${step}: ${key}`)
    } else {
      clock.now += random.below(40)
      if (random.below(4) === 0) {
        db.expireDue(Number.POSITIVE_INFINITY)
        for (const name of [...model.keys()]) alive(name)
      }
    }
    const expiring = [...model.values()].filter((atMs) => atMs !== undefined)
    if (db.size !== model.size || db.expiring !== expiring.length) {
      t.fail(`SEED=${seed} step ${step}: ${db.size} keys, not ${model.size}`)
      break
    }
    const earliest = expiring.length > 0 ? Math.min(...(expiring as number[])) : undefined
    if (step % 50 === 0 && db.firstToExpire()?.atMs !== earliest)
      t.fail(`SEED=${seed} step ${step}: next`)
  }
  t.strictSame([...db.keys()].toSorted(), [...model.keys()].toSorted(), `SEED=${seed}`)
})

t.test('nobody hears of a recluse, and it counts for nothing', async (t) => {
  const runner = new CommandRunner({ now: 1_000_000 })
  const { db } = runner
  runner.takeEvents()
  runner.takeTouched()
  const { dirty } = db.changes
  const recluse = db.recluse()
  t.equal(recluse.size, 0)
  t.equal(recluse.index, db.index)
  t.equal(recluse.limits, db.limits)
  recluse.set('k', 'v')
  recluse.setExpiry('k', 1)
  recluse.exists('k')
  recluse.set('l', 'v')
  recluse.delete('l')
  t.same(runner.takeEvents(), [])
  t.same(runner.takeTouched(), [])
  t.equal(db.changes.dirty, dirty)
  t.equal(db.size, 0)
})
