/** A database written and read again is the same database, whatever it holds. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { HashValue } from '../../lib/data/hash.ts'
import { loadRecord, recordOf, storedValueOf } from '../../lib/keyspace/snapshot.ts'
import { readRdb } from '../../lib/rdb/reader.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { snapshotOf, writeRdb } from '../support/rdb-file.ts'

const seed = process.env.SEED ?? `${Date.now()}`

/** Writes all databases of one runner and loads them into another. */
function carried(from: CommandRunner): CommandRunner {
  const file = Buffer.concat([
    ...writeRdb({ auxiliary: [], databases: from.databases.map(snapshotOf) }),
  ])
  const to = new CommandRunner()
  let [database] = to.databases
  for (const item of readRdb(file)) {
    if (item.type === 'database') database = to.databases[item.index]
    if (item.type === 'record' && database !== undefined) loadRecord(database, item.record)
  }
  return to
}

const READERS: Readonly<Record<string, (key: string) => string[]>> = {
  hash: (key) => ['HGETALL', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
}

/** All that can be asked about all keys. */
function described(runner: CommandRunner): string[] {
  const lines: string[] = []
  for (const database of runner.databases) {
    runner.execute(['SELECT', String(database.index)])
    for (const key of [...database.keys()].sort()) {
      const type = runner.execute(['TYPE', key]).slice(1, -2)
      const value = runner.execute(READERS[type]?.(key) ?? ['GET', key])
      const encoding = runner.execute(['OBJECT', 'ENCODING', key])
      lines.push(JSON.stringify([database.index, key, value, encoding, database.expiryOf(key)]))
    }
    lines.push(`${database.index}: ${database.size} keys, ${database.expiring} expire`)
  }
  return lines
}

t.test('every value there is', async (t) => {
  const runner = new CommandRunner()
  runner.runAll(
    'SET empty ""',
    'SET number 12345',
    'SET negative -9223372036854775808',
    'SET almost 012',
    'SET short hello',
    'SET bytes "\\x00\\xff\\r\\n"',
    `SET long ${'ab'.repeat(30_000)}`,
    'SET timed 1 PX 5000',
    'SET past 1',
    'PEXPIREAT past 99999999999999',
    'HSET small f v g ""',
    'HSET numbers 1 2 -3 4',
    `HSET large f ${'x'.repeat(65)}`,
    'EXPIRE large 100',
    'ZADD sorted 1 a -0 b inf c',
    `ZADD wide -0 a 0.1 ${'x'.repeat(65)}`,
    'SELECT 9',
    'SET elsewhere 1',
  )
  runner.execute(['HSET', 'many', ...Array.from({ length: 1200 }, (_, i) => `${i}`)])
  runner.run('SELECT 0')
  const loaded = carried(runner)
  t.strictSame(described(loaded), described(runner))
  t.equal(loaded.databases[0]?.size, 14)
  t.equal(loaded.databases[9]?.size, 2)
})

t.test('a string that was edited is the string it was edited to', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET s abc', 'APPEND s def', 'SETRANGE s 10 x', 'SET n 1', 'APPEND n 2')
  const loaded = carried(runner)
  t.equal(loaded.run('GET s'), '$11\r\nabcdef\0\0\0\0x\r\n')
  t.equal(loaded.run('GET n'), '$2\r\n12\r\n')
  t.equal(loaded.run('OBJECT ENCODING n'), '$3\r\nint\r\n', 'its history is forgotten, as in Redis')
})

t.test('keys whose time is over are part of it', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k 1 PX 10')
  runner.clock.now += 11
  const loaded = carried(runner)
  t.equal(loaded.db.size, 1)
  t.equal(loaded.db.expiryOf('k'), 1_700_000_000_010)
})

t.test('loading tells nobody', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET k 1 PX 10', 'HSET h f v')
  const loaded = carried(runner)
  t.strictSame(loaded.takeEvents(), [])
  t.strictSame(loaded.takeTouched(), [])
  t.equal(loaded.changes.dirty, 0)
})

t.test('what is loaded can be edited without touching where it came from', async (t) => {
  const runner = new CommandRunner()
  runner.run('HSET h f v')
  const value = runner.db.readHash('h')
  const copy = storedValueOf(recordOf(value as HashValue), defaultEncodingLimits())
  t.ok(copy instanceof HashValue)
  ;(copy as HashValue).set('f', 'w')
  t.equal(runner.run('HGET h f'), '$1\r\nv\r\n')
})

t.test('limits of the one who loads decide', async (t) => {
  const record = recordOf(new HashValue(defaultEncodingLimits(), new Map([['f', 'v']])))
  t.match(record, { type: 'hash', packed: true, size: 1 })
  const strict = { ...defaultEncodingLimits(), hashMaxListpackEntries: 0 }
  t.equal((storedValueOf(record, strict) as HashValue).encoding(), 'hashtable')
})

t.test('a value of no known type is a defect', async (t) => {
  const strange = {
    type: 'stream',
    encoding: () => 'x',
    copy: () => strange,
    memoryBytes: () => 0,
    freeEffort: () => 0,
  } as const
  t.throws(() => recordOf(strange), { message: 'no RDB record for a stream' })
})

t.test('the counts tell what follows', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET a 1', 'SET b 1 PX 100')
  const { index, keys, expiring, records } = snapshotOf(runner.db)
  t.same([index, keys, expiring], [0, 2, 1])
  t.equal([...records].length, 2)
})

t.test(`random databases, SEED=${seed}`, async (t) => {
  const random = new Random(seed)
  const runner = new CommandRunner()
  for (let i = 0; i < 2000; i++) {
    const key = `k${random.below(300)}`
    switch (random.below(6)) {
      case 0:
        runner.execute(['SET', key, random.bytes(random.below(100))])
        break
      case 1:
        runner.execute([
          'SET',
          key,
          String(random.below(2 ** 32) - 2 ** 31),
          'PX',
          `${1 + random.below(1e6)}`,
        ])
        break
      case 2: {
        // A value as long as any the field had: a hash that was large once is loaded as what it is now, as in Redis.
        const field = random.bytes(random.below(8))
        runner.execute(['HSET', key, field, random.bytes(10 * field.length)])
        break
      }
      case 3:
        runner.execute(['DEL', key])
        break
      case 4:
        runner.execute(['EXPIRE', key, `${1 + random.below(10_000)}`])
        break
      default:
        runner.execute(['SELECT', `${random.below(3)}`])
    }
  }
  t.strictSame(described(carried(runner)), described(runner))
})
