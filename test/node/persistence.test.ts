/** What is saved, when, and what becomes of it. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function node(config: Record<string, string> = {}, snapshot?: Buffer, nowMs?: number) {
  const harness = new NodeHarness({
    config: { save: '', 'enable-debug-command': 'yes', ...config },
    ...(snapshot && { snapshot }),
    ...(nowMs && { nowMs }),
  })
  const client = harness.connect()
  const run = (...lines: string[]) => harness.type(client, ...lines)
  const fact = (name: string) =>
    new RegExp(`\\b${name}:([^\\r]*)`).exec(run('INFO persistence'))?.[1]
  return { harness, client, run, fact }
}

t.test('SAVE and a new life', async (t) => {
  const { harness, run, fact } = node()
  run('MSET a 1 b 2', 'SELECT 3', 'RPUSH l x', 'PEXPIRE l 5000', 'SET gone x PX 10', 'SELECT 0')
  t.equal(fact('rdb_changes_since_last_save'), '5')
  harness.clock.now += 3000
  t.equal(run('SAVE'), '+OK\r\n')
  t.equal(fact('rdb_changes_since_last_save'), '0')
  t.equal(fact('rdb_saves'), '1')
  t.equal(run('LASTSAVE'), `:${Math.floor(harness.clock.now / 1000)}\r\n`)

  const next = node({}, harness.io.snapshot, harness.clock.now)
  t.equal(
    next.run('GET a', 'DBSIZE', 'SELECT 3', 'LRANGE l 0 -1', 'EXISTS gone'),
    '$1\r\n1\r\n:2\r\n+OK\r\n*1\r\n$1\r\nx\r\n:0\r\n',
  )
  t.equal(next.fact('rdb_last_load_keys_loaded'), '3')
  t.equal(next.fact('rdb_last_load_keys_expired'), '1')
  t.equal(next.fact('rdb_changes_since_last_save'), '0')
})

t.test('BGSAVE saves what there was when it was asked', async (t) => {
  const { harness, run, fact } = node({ 'rdb-key-save-delay': '300000' })
  run('SET k old')
  t.equal(run('BGSAVE'), '+Background saving started\r\n')
  run('SET k new')
  for (const line of ['BGSAVE', 'SAVE', 'BGSAVE SCHEDULE']) {
    t.equal(run(line), '-ERR Background save already in progress\r\n', line)
  }
  harness.pass(200)
  t.equal(fact('rdb_bgsave_in_progress'), '1')
  t.equal(fact('current_save_keys_total'), '1')
  t.equal(harness.io.snapshot, undefined)
  harness.pass(400)
  t.equal(fact('rdb_bgsave_in_progress'), '0')
  t.equal(fact('rdb_last_bgsave_status'), 'ok')
  t.equal(fact('rdb_changes_since_last_save'), '1', 'the change since is not saved')
  const next = node({}, harness.io.snapshot)
  t.equal(next.run('GET k'), '$3\r\nold\r\n')
})

t.test('BGSAVE of much data lets commands in between', async (t) => {
  const { harness, client, run, fact } = node({ rdbcompression: 'no' })
  for (let i = 0; i < 10; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
  t.equal(run('BGSAVE'), '+Background saving started\r\n')
  t.equal(fact('rdb_bgsave_in_progress'), '1')
  t.match(fact('current_save_keys_processed'), /^[1-9]$/)
  for (let i = 0; i < 10; i++) run(`SET ${i} new`)
  run('SET more 1')
  for (let i = 0; i < 10; i++) harness.pass(100)
  t.equal(fact('rdb_bgsave_in_progress'), '0')
  t.equal(fact('rdb_changes_since_last_save'), '11')
  const next = node({}, harness.io.snapshot)
  t.equal(next.run('DBSIZE', 'STRLEN 0', 'STRLEN 9'), ':10\r\n:100000\r\n:100000\r\n')
})

t.test('writes are refused after a save that failed, until one succeeds', async (t) => {
  const { harness, run, fact } = node({ save: '3600 1' })
  harness.io.diskFailure = 'No space left on device'
  t.equal(run('BGSAVE'), '+Background saving started\r\n')
  harness.pass(100)
  t.equal(fact('rdb_last_bgsave_status'), 'err')
  t.match(run('SET k v'), /^-MISCONF Redis is configured to save RDB snapshots/)
  t.match(run('PING'), /^-MISCONF/)
  t.equal(run('GET k'), '$-1\r\n')
  t.match(run('SAVE'), /^-ERR/)
  t.match(run('SHUTDOWN'), /^-ERR Errors trying to SHUTDOWN\. Check logs\.\r\n$/)
  t.equal(harness.io.shutdowns, 0)
  run('CONFIG SET stop-writes-on-bgsave-error no')
  t.equal(run('SET k v'), '+OK\r\n')
  run('CONFIG SET stop-writes-on-bgsave-error yes')
  harness.io.diskFailure = undefined
  t.equal(run('SAVE', 'SET k v'), '+OK\r\n+OK\r\n')
  t.equal(run('SHUTDOWN'), '')
  t.equal(harness.io.shutdowns, 1)
})

t.test('a save in the background is done when the disk says so', async (t) => {
  const { harness, run, fact } = node()
  run('SET a 1', 'SAVE', 'SET a 2')
  harness.io.syncs = []
  const before = harness.io.snapshot
  const conclude = (failure?: Error) => {
    run('BGSAVE')
    harness.pass(1000)
    t.equal(fact('rdb_bgsave_in_progress'), '1')
    t.equal(harness.io.snapshot, before)
    harness.io.syncs?.pop()?.(failure)
    t.equal(fact('rdb_bgsave_in_progress'), '1', 'the next cron tells')
    harness.pass(100)
    t.equal(fact('rdb_bgsave_in_progress'), '0')
  }
  conclude(new Error('Write error saving DB on disk: Input/output error'))
  t.equal(fact('rdb_last_bgsave_status'), 'err')
  t.equal(fact('rdb_changes_since_last_save'), '1')
  t.equal(harness.io.snapshot, before)
  t.same(
    harness.io.logs.slice(-2).map(([, line]) => line),
    ['Write error saving DB on disk: Input/output error', 'Background saving error'],
  )
  conclude()
  t.equal(fact('rdb_last_bgsave_status'), 'ok')
  t.equal(fact('rdb_changes_since_last_save'), '0')
  t.equal(node({}, harness.io.snapshot).run('GET a'), '$1\r\n2\r\n')
})

t.test('save points', async (t) => {
  const { harness, run, fact } = node({ save: '10 2 2 5' })
  run('SET a 1')
  harness.pass(20_000)
  t.equal(fact('rdb_saves'), '0', 'one change is too few')
  run('SET b 1')
  harness.pass(300)
  t.equal(fact('rdb_saves'), '1')
  run('MSET a 1 b 2 c 3 d 4 e 5')
  harness.pass(1900)
  t.equal(fact('rdb_saves'), '1', 'too early')
  harness.pass(600)
  t.equal(fact('rdb_saves'), '2')
  run('MSET a 1 b 2 c 3 d 4 e 5')
  harness.io.savesToDisk = false
  harness.pass(20_000)
  t.equal(fact('rdb_saves'), '2', 'without a disk only when asked')
  t.equal(run('SHUTDOWN'), '')
  t.equal(fact('rdb_saves'), '2')
})

t.test(
  'FLUSHALL ends a save, and empties what is saved where the node saves by itself',
  async (t) => {
    for (const [save, left] of [
      ['', 1],
      ['60 1000', 0],
    ] as const) {
      const { harness, run, fact } = node({ save, 'rdb-key-save-delay': '9000000' })
      run('SET a 1', 'SAVE', 'BGSAVE', 'FLUSHALL')
      t.equal(fact('rdb_bgsave_in_progress'), '1', 'its end is told by the next cron')
      harness.pass(100)
      t.equal(fact('rdb_bgsave_in_progress'), '0')
      t.equal(fact('rdb_last_bgsave_status'), 'ok')
      t.ok(harness.io.logs.some(([, line]) => line === 'Background saving terminated by signal 10'))
      t.equal(fact('rdb_saves'), '2', 'SAVE and BGSAVE')
      const next = node({}, harness.io.snapshot)
      t.equal(next.run('DBSIZE'), `:${left}\r\n`)
    }
  },
)

t.test('SHUTDOWN saves as it is told', async (t) => {
  for (const [save, words, saves] of [
    ['', '', false],
    ['', 'SAVE', true],
    ['60 1', '', true],
    ['60 1', 'NOSAVE', false],
  ] as const) {
    const { harness, run } = node({ save })
    run('SET a 1', `SHUTDOWN ${words}`.trim())
    t.equal(harness.io.snapshot !== undefined, saves, `save '${save}', SHUTDOWN ${words}`)
    t.equal(harness.io.shutdowns, 1)
  }
  const { harness, run } = node()
  harness.io.diskFailure = 'No space left on device'
  t.equal(run('SHUTDOWN SAVE FORCE'), '')
  t.equal(harness.io.shutdowns, 1)
})
