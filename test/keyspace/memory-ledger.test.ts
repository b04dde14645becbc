/**
 * The running sum of a database against weighing all of it anew, while random commands of every family run: it never
 * drifts. Print of the seed, SEED takes one.
 */
import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import { EditableString } from '../../lib/data/editable-string.ts'
import type { Database } from '../../lib/keyspace/database.ts'
import { EXPIRY_BYTES, keyBytes, valueBytes } from '../../lib/keyspace/memory-ledger.ts'
import { CommandRunner } from '../support/command-runner.ts'

const BUCKET_BYTES = 8

/** Copies of all values, weighed: nothing that was reckoned along the way counts. */
function weighedAnew(database: Database): number {
  let bytes = database.expiring * EXPIRY_BYTES
  for (const [key, value] of database.entries()) {
    // The copy of a string that is edited has no room to spare.
    const isCopied = typeof value !== 'string' && !(value instanceof EditableString)
    bytes += keyBytes(key, false) + BUCKET_BYTES + valueBytes(isCopied ? value.copy() : value)
  }
  return bytes
}

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
t.comment(`SEED=${seed}`)

const KEYS = 12
const templates = [
  'SET $k $v',
  'SET $k $v PX 50',
  'SET $k $v KEEPTTL',
  'GETSET $k $v',
  'APPEND $k $v',
  'SETRANGE $k 30 $v',
  'SETBIT $k 900 1',
  'INCR $k',
  'MSET $k $v $k $v',
  'DEL $k',
  'UNLINK $k $k',
  'RENAME $k $k',
  'COPY $k $k REPLACE',
  'PEXPIRE $k 40',
  'PERSIST $k',
  'GETEX $k PX 30',
  'GETDEL $k',
  'HSET $k $w $v $w $v',
  'HDEL $k $w',
  'HINCRBY $k n 7',
  'SADD $k $w $w 5 6',
  'SREM $k $w',
  'SPOP $k',
  'SMOVE $k $k $w',
  'SUNIONSTORE $k $k $k',
  'ZADD $k 1 $w 2.5 $w',
  'ZINCRBY $k 1.25 $w',
  'ZREM $k $w',
  'ZPOPMIN $k',
  'ZREMRANGEBYRANK $k 0 1',
  'ZUNIONSTORE $k 2 $k $k',
  'RPUSH $k $v $w',
  'LPOP $k',
  'LSET $k 0 $v',
  'LINSERT $k BEFORE $w $v',
  'LREM $k 1 $w',
  'LTRIM $k 1 -1',
  'LMOVE $k $k LEFT RIGHT',
  'SORT $k ALPHA STORE $k',
  'XADD $k * f $v',
  'XDEL $k 1-1',
  'XTRIM $k MAXLEN 3',
  'XGROUP CREATE $k g 0',
  'XGROUP CREATECONSUMER $k g $w',
  'XREADGROUP GROUP g c COUNT 2 STREAMS $k >',
  'XAUTOCLAIM $k g d 0 0',
  'XGROUP DESTROY $k g',
  'PFADD $k $v $w',
  'PFCOUNT $k',
  'GEOADD $k 1 2 $w',
  'FLUSHDB',
]

/** Runs many commands; what is told after each is what weighing anew finds. */
function neverDrifts(t: Test, isSummed: boolean): void {
  const random = new Random(seed)
  const runner = new CommandRunner({ seed })
  Object.assign(runner.limits, { hashMaxListpackEntries: 4, setMaxIntsetEntries: 4 })
  const words: Readonly<Record<string, () => string>> = {
    $k: () => `key${random.below(KEYS)}`,
    $w: () => `w${random.below(6)}`,
    $v: () =>
      random.below(3) === 0 ? String(random.below(100_000)) : 'v'.repeat(random.below(99)),
  }
  runner.config.set('hll-sparse-max-bytes', '3000')
  runner.db.accountMemory(isSummed)
  const ran: string[] = []
  for (let step = 0; step < 3000; step++) {
    const template = random.pick(templates)
    if (template === 'FLUSHDB' && random.below(20) > 0) continue
    const line = template.replaceAll(/\$\w/g, (word) => words[word]?.() || '""')
    runner.run(line)
    ran.push(line)
    if (random.below(10) === 0) runner.clock.now += 20
    if (runner.db.memoryBytes() === weighedAnew(runner.db)) continue
    t.fail(
      `${runner.db.memoryBytes()} is not ${weighedAnew(runner.db)} after ${ran.slice(-3).join('; ')}`,
    )
    return
  }
  t.pass(`${ran.length} commands`)
}

t.test('the sum never drifts, whatever runs', async (t) => neverDrifts(t, true))

t.test('what was weighed is told as long as it holds', async (t) => neverDrifts(t, false))

t.test('what is summed is what is weighed when it is not summed', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET a 1', 'SET b abc PX 100', 'RPUSH l a b c', 'HSET h f v')
  const weighed = runner.db.memoryBytes()
  runner.db.accountMemory(true)
  t.equal(runner.db.memoryBytes(), weighed)
  runner.db.accountMemory(false)
  t.equal(runner.db.memoryBytes(), weighed)
  runner.db.accountMemory(true)
  runner.run('FLUSHDB')
  t.equal(runner.db.memoryBytes(), 0)
})

t.test('what was weighed of keys that are gone, or elsewhere, is not told of others', async (t) => {
  const runner = new CommandRunner()
  const { db } = runner
  db.load('k', 'v')
  db.memoryBytes()
  db.flush()
  db.load('k', 'v'.repeat(1000))
  const large = db.memoryBytes()
  t.equal(large, weighedAnew(db))
  const twin = db.twin()
  twin.load('k', 'v')
  db.swap(twin)
  t.equal(db.memoryBytes(), weighedAnew(db))
  t.equal(twin.memoryBytes(), large)
})

t.test('of very many keys a part is weighed', async (t) => {
  const runner = new CommandRunner()
  for (let i = 0; i < 60_000; i++) runner.db.load(`key:${i + 100_000}`, 'x'.repeat(30))
  const estimated = runner.db.memoryBytes()
  runner.db.accountMemory(true)
  t.equal(estimated, runner.db.memoryBytes(), 'keys of one size')
})

t.test('databases that change places keep their sums', async (t) => {
  const runner = new CommandRunner()
  const [first, second] = runner.databases as [Database, Database]
  first.accountMemory(true)
  second.accountMemory(true)
  runner.runAll('SET a 1 PX 100', 'SELECT 1', 'RPUSH l a b c')
  const before = [first.memoryBytes(), second.memoryBytes()]
  runner.runAll('SWAPDB 0 1', 'SET b 2', 'DEL b')
  t.same([second.memoryBytes(), first.memoryBytes()], before)
  t.equal(first.memoryBytes(), weighedAnew(first))
})

t.test('fields that end by themselves are weighed no more', async (t) => {
  const runner = new CommandRunner({ version: '8.0' })
  runner.db.accountMemory(true)
  runner.runAll('HSET h a 1 b 2 c 3', 'HPEXPIRE h 10 FIELDS 2 a b')
  runner.clock.now += 11
  t.equal(runner.db.expireFieldsDue(10), 1)
  t.equal(runner.db.memoryBytes(), weighedAnew(runner.db))
})
