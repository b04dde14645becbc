/**
 * A snapshot for replicas is a save in the background: there is one at a time, whoever it is for, and all that concerns a
 * BGSAVE concerns it. What is expected here was seen on redis-server 7.0.15.
 */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

const FAILED = 'SYNC failed. BGSAVE child returned an error'

/** A node with a megabyte of data, which it takes several turns to write. */
function node(config: Record<string, string> = {}) {
  const harness = new NodeHarness({
    config: { save: '', rdbcompression: 'no', 'enable-debug-command': 'yes', ...config },
  })
  const client = harness.connect()
  const run = (...lines: string[]) => harness.type(client, ...lines)
  for (let i = 0; i < 10; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
  const fact = (name: string) =>
    new RegExp(`\\b${name}:([^\\r]*)`).exec(run('INFO everything'))?.[1]
  const state = (index: number) => /state=(\w+)/.exec(fact(`slave${index}`) ?? '')?.[1]
  const follow = (...capabilities: string[]) => {
    const replica = harness.connect()
    for (const name of ['psync2', ...capabilities]) harness.type(replica, `REPLCONF capa ${name}`)
    return { replica, reply: harness.type(replica, 'PSYNC ? -1') }
  }
  const logs = () => harness.io.logs.splice(0).map(([, line]) => line)
  const pass = () => {
    for (let i = 0; i < 10; i++) harness.pass(100)
  }
  return { harness, client, run, fact, state, follow, logs, pass }
}

const disk = { 'repl-diskless-sync': 'no' }

t.test('while it goes, nothing else does', async (t) => {
  for (const config of [{}, disk]) {
    const { run, fact, state, follow, pass } = node(config)
    const forks = Number(fact('total_forks'))
    follow('eof')
    t.equal(fact('rdb_bgsave_in_progress'), '1')
    t.equal(fact('rdb_current_bgsave_time_sec'), '0')
    t.equal(fact('current_save_keys_total'), '10')
    t.equal(state(0), 'wait_bgsave')
    for (const line of ['BGSAVE', 'SAVE', 'BGSAVE SCHEDULE']) {
      t.equal(run(line), '-ERR Background save already in progress\r\n', line)
    }
    t.equal(run('BGREWRITEAOF'), '+Background append only file rewriting scheduled\r\n')
    pass()
    t.equal(state(0), 'online')
    t.equal(fact('rdb_bgsave_in_progress'), '0')
    t.equal(fact('rdb_last_bgsave_time_sec'), '0')
    t.equal(fact('aof_rewrites'), '1', 'what was scheduled followed')
    t.equal(fact('total_forks'), `${forks + 2}`)
    t.equal(fact('rdb_saves'), config === disk ? '1' : '0')
    t.equal(fact('rdb_changes_since_last_save'), config === disk ? '0' : '10')
  }
})

t.test('with a disk the file is that of BGSAVE, and stays', async (t) => {
  const { harness, run, follow, logs, pass } = node(disk)
  logs()
  const { replica } = follow('eof')
  run('SET later 1')
  pass()
  t.same(logs().slice(-3), [
    'DB saved on disk',
    'Background saving terminated with success',
    'Synchronization with replica 127.0.0.1:<unknown-replica-port> succeeded',
  ])
  const got = harness.take(replica)
  const file = harness.io.snapshot as Buffer
  t.ok(got.includes(`$${file.length}\r\n${file.toString('latin1')}`))
  t.match(got.slice(-100), /\*3\r\n\$3\r\nSET\r\n\$5\r\nlater/)
  const next = new NodeHarness({ snapshot: file })
  t.equal(next.type(next.connect(), 'DBSIZE'), ':10\r\n')
})

t.test('a node that saves nothing keeps no file', async (t) => {
  const { harness, state, follow, pass } = node(disk)
  harness.io.savesToDisk = false
  const { replica } = follow()
  pass()
  t.equal(state(0), 'online')
  t.equal(harness.io.snapshot, undefined)
  t.match(harness.take(replica).slice(0, 60), /\$\d+\r\nREDIS0010/)
})

t.test('FLUSHALL ends it, and the synchronization', async (t) => {
  for (const config of [{}, disk]) {
    const { harness, run, fact, follow, logs } = node(config)
    const { replica } = follow('eof')
    logs()
    run('FLUSHALL')
    t.equal(fact('rdb_bgsave_in_progress'), '1')
    t.equal(fact('connected_slaves'), '1')
    harness.pass(100)
    t.equal(fact('rdb_bgsave_in_progress'), '0')
    t.equal(fact('rdb_last_bgsave_status'), 'ok')
    t.equal(fact('connected_slaves'), '0')
    t.ok(harness.io.closed.includes(replica))
    t.ok(logs().includes(FAILED))
    follow('eof')
    harness.pass(200)
    t.match(fact('slave0'), /state=online/, 'another may begin')
  }
})

t.test('who comes while it is streamed waits for the next', async (t) => {
  const { harness, run, state, follow, logs, pass } = node()
  follow('eof')
  const { replica, reply } = follow('eof')
  t.equal(reply, '')
  t.ok(logs().includes('Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC'))
  run('SET between 1')
  t.same([state(0), state(1)], ['wait_bgsave', 'wait_bgsave'])
  pass()
  pass()
  t.same([state(0), state(1)], ['online', 'online'])
  t.match(harness.take(replica), /between/, 'its data is of a later instant')
})

t.test('who comes while a file is written gets it, too', async (t) => {
  const { harness, run, fact, state, follow, logs, pass } = node(disk)
  const first = follow()
  run('SET between 1')
  const { replica, reply } = follow('eof')
  t.equal(reply, first.reply, 'the same place in the stream')
  t.ok(logs().includes('Waiting for end of BGSAVE for SYNC'))
  pass()
  t.same([state(0), state(1)], ['online', 'online'])
  t.equal(fact('rdb_saves'), '1')
  t.equal(
    harness.take(replica).replace(/^\n*/, ''),
    harness.take(first.replica).replace(/^\n*/, ''),
    'and the same stream',
  )
})

t.test('a file for one that can do more is nothing for one that can do less', async (t) => {
  const { state, follow, logs, pass } = node(disk)
  follow('eof')
  t.equal(follow().reply, '')
  t.ok(
    logs().includes(
      "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC",
    ),
  )
  pass()
  pass()
  t.same([state(0), state(1)], ['online', 'online'])
})

t.test('who comes during a BGSAVE or a rewriting waits for its end', async (t) => {
  for (const [line, why] of [
    ['BGSAVE', "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC"],
    [
      'BGREWRITEAOF',
      'No BGSAVE in progress, but another BG operation is active. BGSAVE for replication delayed',
    ],
  ] as const) {
    const { run, state, follow, logs, pass } = node()
    run(line)
    t.equal(follow('eof').reply, '')
    t.ok(logs().includes(why))
    t.equal(state(0), 'wait_bgsave')
    pass()
    pass()
    t.equal(state(0), 'online')
  }
})

t.test('without its last replica it ends', async (t) => {
  for (const [config, goesOn] of [
    [{}, false],
    [disk, false],
    [{ ...disk, save: '3600 1' }, true],
  ] as const) {
    const { harness, fact, follow, pass } = node(config)
    const { replica } = follow('eof')
    harness.disconnect(replica)
    harness.pass(100)
    t.equal(fact('rdb_bgsave_in_progress'), goesOn ? '1' : '0')
    pass()
    t.equal(fact('rdb_bgsave_in_progress'), '0')
    t.equal(harness.io.snapshot !== undefined, goesOn, 'a file that save points want, too')
  }
})

t.test('a disk that fails ends the synchronization', async (t) => {
  const { harness, fact, follow, logs, pass } = node(disk)
  harness.io.diskFailure = 'No space left on device'
  follow('eof')
  pass()
  t.equal(fact('connected_slaves'), '0')
  t.equal(fact('rdb_last_bgsave_status'), 'err')
  t.ok(logs().includes(FAILED))
})

t.test('SHUTDOWN and DEBUG RELOAD heed it', async (t) => {
  const { harness, run, state, follow, logs, pass } = node(disk)
  follow('eof')
  t.equal(run('DEBUG RELOAD'), '+OK\r\n')
  pass()
  t.equal(state(0), 'online', 'a reload is nothing to it')
  follow('eof')
  logs()
  run('SHUTDOWN NOSAVE NOW')
  t.equal(harness.io.shutdowns, 1)
  t.ok(logs().includes('There is a child saving an .rdb. Killing it!'))
})

t.test('enough replicas need not wait for more', async (t) => {
  const { harness, state, follow } = node({
    'repl-diskless-sync-delay': '60',
    'repl-diskless-sync-max-replicas': '2',
  })
  follow('eof')
  harness.pass(1000)
  t.equal(state(0), 'wait_bgsave')
  t.match(follow('eof').reply, /^\+FULLRESYNC/)
  for (let i = 0; i < 10; i++) harness.pass(100)
  t.same([state(0), state(1)], ['online', 'online'])
})

t.test('a part of the data takes a stream', async (t) => {
  const { harness } = node(disk)
  const replica = harness.connect()
  harness.type(replica, 'REPLCONF rdb-filter-only functions')
  const refused = '-ERR Filtered replica requires EOF capability\r\n'
  t.equal(harness.type(replica, 'PSYNC ? -1'), refused)
  t.equal(harness.type(replica, 'SYNC'), refused)
  harness.type(replica, 'REPLCONF capa eof')
  t.match(harness.type(replica, 'SYNC'), /\$EOF:/)
})
