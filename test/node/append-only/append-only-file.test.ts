/** The append-only file of a node as its clients and its next life see it. */
import t from 'tap'
import type { MemoryFiles } from '../../../lib/runtime/memory-files.ts'
import { NodeHarness } from '../../support/node-harness.ts'

const DIRECTORY = 'appendonlydir'
const MANIFEST = `${DIRECTORY}/appendonly.aof.manifest`

function node(config: Record<string, string> = {}, files?: MemoryFiles, snapshot?: Buffer) {
  const harness = new NodeHarness({
    version: '7.2',
    config: { save: '', 'enable-debug-command': 'yes', ...config },
    ...(files === undefined ? {} : { disk: files }),
    ...(snapshot === undefined ? {} : { snapshot }),
  })
  harness.checkLoaded()
  const client = harness.connect()
  return {
    harness,
    client,
    files: harness.io.files,
    run: (...lines: string[]) => harness.type(client, ...lines),
    fact: (name: string) =>
      new RegExp(`\\b${name}:([^\\r]*)`).exec(harness.type(client, 'INFO persistence'))?.[1],
    text: (name: string) => harness.io.files.read(`${DIRECTORY}/${name}`).toString('latin1'),
    manifest: () => harness.io.files.read(MANIFEST).toString('latin1').trim().split('\n'),
    logs: () => harness.io.logs.splice(0).map(([, line]) => line),
  }
}

const logged = (...commands: string[]) =>
  commands
    .map((line) => line.split(' '))
    .map((words) => `*${words.length}\r\n${words.map((w) => `$${w.length}\r\n${w}\r\n`).join('')}`)
    .join('')

t.test('a new life has all that was written', async (t) => {
  const first = node({ appendonly: 'yes' })
  t.same(first.manifest(), [
    'file appendonly.aof.1.base.rdb seq 1 type b',
    'file appendonly.aof.1.incr.aof seq 1 type i',
  ])
  first.run(
    'SET a 1',
    'GET a',
    'INCR a',
    'MULTI',
    'SET b 2',
    'SET c 3',
    'EXEC',
    'SELECT 3',
    'SET d 4 PX 5000',
  )
  t.equal(
    first.text('appendonly.aof.1.incr.aof'),
    logged('SELECT 0', 'SET a 1', 'INCR a', 'MULTI', 'SET b 2', 'SET c 3', 'EXEC', 'SELECT 3') +
      logged(`SET d 4 PXAT ${first.harness.clock.now + 5000}`),
  )
  t.equal(first.fact('aof_enabled'), '1')
  t.equal(first.fact('aof_current_size'), `${first.text('appendonly.aof.1.incr.aof').length}`)

  const second = node({ appendonly: 'yes' }, first.files)
  t.same(
    second.logs().filter((line) => /aof|AOF|append/.test(line)),
    [
      'Reading RDB base file on AOF loading...',
      'RDB is base AOF',
      'DB loaded from base file appendonly.aof.1.base.rdb: 0.000 seconds',
      'DB loaded from incr file appendonly.aof.1.incr.aof: 0.000 seconds',
      'DB loaded from append only file: 0.000 seconds',
      'Opening AOF incr file appendonly.aof.1.incr.aof on server start',
    ],
  )
  t.equal(
    second.run('MGET a b c', 'SELECT 3', 'GET d'),
    '*3\r\n$1\r\n2\r\n$1\r\n2\r\n$1\r\n3\r\n+OK\r\n$1\r\n4\r\n',
  )
  second.run('SET e 5')
  t.match(
    second.text('appendonly.aof.1.incr.aof'),
    new RegExp(`${logged('SELECT 3', 'SET e 5').replaceAll('$', '\\$').replaceAll('*', '\\*')}$`),
  )
})

t.test('what was written is in the file before its reply leaves', async (t) => {
  const { harness, files } = node({ appendonly: 'yes', appendfsync: 'always' })
  const seen: number[] = []
  const size = () => files.sizeOf(`${DIRECTORY}/appendonly.aof.1.incr.aof`) ?? 0
  const { sentFrom } = harness.io
  harness.io.sentFrom = (session, bytes) => {
    if (bytes > 0) seen.push(size())
    sentFrom(session, bytes)
  }
  const [writer, waiter] = [harness.connect(), harness.connect()]
  harness.type(waiter, 'BLPOP list 0')
  harness.type(writer, 'SET a 1')
  harness.type(writer, 'RPUSH list x')
  t.equal(harness.take(waiter), '*2\r\n$4\r\nlist\r\n$1\r\nx\r\n')
  const [afterSet, afterPush, afterPop] = seen
  t.equal(afterSet, logged('SELECT 0', 'SET a 1').length)
  t.ok((afterPush ?? 0) >= (afterSet ?? 0) + logged('RPUSH list x').length)
  t.equal(afterPop, size(), 'the reply of a client that waited, too')
})

t.test('the file wins over what was saved, and an empty one, too', async (t) => {
  const saved = node()
  saved.run('SET a saved', 'SAVE')
  const { snapshot } = saved.harness.io
  t.equal(node({ appendonly: 'yes' }, undefined, snapshot).run('DBSIZE'), ':0\r\n')
  t.equal(node({}, undefined, snapshot).run('DBSIZE'), ':1\r\n')
})

t.test('it is turned on with the data there is, and off again', async (t) => {
  const { run, fact, manifest, files, harness, logs, text } = node()
  run('SET a 1')
  t.equal(run('CONFIG SET appendonly yes'), '+OK\r\n')
  t.equal(fact('aof_rewrite_in_progress'), '1')
  t.equal(fact('aof_enabled'), '1')
  run('SET b 2')
  t.equal(files.sizeOf(MANIFEST), undefined)
  t.equal(text('temp-appendonly.aof.incr'), logged('SELECT 0', 'SET b 2'))
  harness.pass(100)
  t.equal(fact('aof_rewrite_in_progress'), '0')
  t.same(manifest(), [
    'file appendonly.aof.1.base.rdb seq 1 type b',
    'file appendonly.aof.1.incr.aof seq 1 type i',
  ])
  run('SET c 3')
  t.equal(text('appendonly.aof.1.incr.aof'), logged('SELECT 0', 'SET b 2', 'SET c 3'))
  t.equal(node({ appendonly: 'yes' }, files).run('DBSIZE'), ':3\r\n')
  logs()
  t.equal(run('CONFIG SET appendonly no', 'SET d 4'), '+OK\r\n+OK\r\n')
  t.equal(fact('aof_enabled'), '0')
  t.equal(fact('aof_current_size'), undefined)
  t.equal(run('DEBUG LOADAOF', 'DBSIZE'), '+OK\r\n:3\r\n', 'the file stays as it was')
  t.equal(run('BGREWRITEAOF'), '+Background append only file rewriting started\r\n')
  harness.pass(100)
  t.same(manifest(), ['file appendonly.aof.2.base.rdb seq 2 type b'])
})

t.test('a rewriting takes the place of all that was logged', async (t) => {
  const { run, fact, manifest, files, harness, text } = node({
    appendonly: 'yes',
    'aof-use-rdb-preamble': 'no',
  })
  run('INCR n', 'INCR n', 'SELECT 2', 'RPUSH l a b', 'BGREWRITEAOF', 'RPUSH l c')
  t.equal(run('BGREWRITEAOF'), '-ERR Background append only file rewriting already in progress\r\n')
  t.match(run('BGSAVE'), "-ERR Another child process is active (AOF?): can't BGSAVE right now.")
  t.equal(run('BGSAVE SCHEDULE'), '+Background saving scheduled\r\n')
  harness.pass(200)
  t.equal(fact('rdb_bgsave_in_progress'), '1')
  t.equal(run('BGREWRITEAOF'), '+Background append only file rewriting scheduled\r\n')
  t.equal(fact('aof_rewrite_scheduled'), '1')
  t.same(manifest(), [
    'file appendonly.aof.2.base.aof seq 2 type b',
    'file appendonly.aof.2.incr.aof seq 2 type i',
  ])
  t.equal(
    text('appendonly.aof.2.base.aof'),
    logged('SELECT 0', 'SET n 2', 'SELECT 2', 'RPUSH l a b'),
  )
  t.equal(text('appendonly.aof.2.incr.aof'), logged('SELECT 2', 'RPUSH l c'))
  t.same(files.paths.length, 3, 'history is gone')
  harness.pass(300)
  t.equal(fact('aof_rewrites'), '2')
  t.match(run('INFO stats'), /\r\ntotal_forks:3\r\n/)
  t.equal(fact('aof_rewrite_in_progress'), '0')
  t.equal(fact('aof_last_rewrite_time_sec'), '0')
  const next = node({ appendonly: 'yes' }, files)
  t.equal(
    next.run('GET n', 'SELECT 2', 'LRANGE l 0 -1'),
    '$1\r\n2\r\n+OK\r\n*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n',
  )
})

t.test('a rewriting of much data lets commands in between', async (t) => {
  for (const preamble of ['yes', 'no']) {
    const { run, harness, client, fact, files } = node({
      appendonly: 'yes',
      'aof-use-rdb-preamble': preamble,
      rdbcompression: 'no',
    })
    for (let i = 0; i < 10; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
    run('BGREWRITEAOF')
    t.equal(fact('aof_rewrite_in_progress'), '1')
    t.equal(fact('rdb_bgsave_in_progress'), '0')
    t.match(fact('current_save_keys_processed'), /^[1-9]$/)
    t.equal(fact('current_save_keys_total'), '10')
    const base = () => files.paths.find((path) => path.includes('.2.base.'))
    run('APPEND 9 y', 'DEL 8', 'SET 7 new', 'RPUSH more a')
    harness.pass(100)
    t.equal(base(), undefined)
    for (let i = 0; i < 10; i++) harness.pass(100)
    t.equal(fact('aof_rewrite_in_progress'), '0')
    t.equal(fact('aof_last_bgrewrite_status'), 'ok')
    t.ok((files.sizeOf(base() ?? '') ?? 0) > 1_000_000)
    const next = node({ appendonly: 'yes' }, files)
    t.equal(
      next.run('DBSIZE', 'STRLEN 9', 'EXISTS 8', 'GET 7', 'LRANGE more 0 -1'),
      ':10\r\n:100001\r\n:0\r\n$3\r\nnew\r\n*1\r\n$1\r\na\r\n',
      'what came after it began happened once',
    )
    next.run('SELECT 0', 'FLUSHALL')
  }
})

t.test('FLUSHALL goes into the increment of a rewriting that goes on', async (t) => {
  const { run, harness, client, fact, files, text } = node({ appendonly: 'yes' })
  for (let i = 0; i < 10; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
  run('CONFIG SET rdbcompression no', 'BGREWRITEAOF', 'FLUSHALL', 'SET after 1')
  t.equal(fact('aof_rewrite_in_progress'), '1')
  for (let i = 0; i < 10; i++) harness.pass(100)
  t.equal(fact('aof_last_bgrewrite_status'), 'ok')
  t.ok(Number(fact('aof_base_size')) > 1_000_000, 'the data of its instant')
  t.equal(text('appendonly.aof.2.incr.aof'), logged('SELECT 0', 'FLUSHALL', 'SET after 1'))
  t.equal(node({ appendonly: 'yes' }, files).run('DBSIZE', 'GET after'), ':1\r\n$1\r\n1\r\n')
})

t.test('a disk that fills up leaves the files there were', async (t) => {
  const { run, harness, client, fact, files, manifest, logs } = node({ appendonly: 'yes' })
  for (let i = 0; i < 10; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
  const { draft } = files
  let left = 3
  files.draft = () => {
    const file = draft.call(files)
    const full = new Error('No space left on device')
    return {
      ...file,
      append: (chunk: Uint8Array) => {
        if (left-- === 0) throw full
        file.append(chunk)
      },
    }
  }
  run('CONFIG SET rdbcompression no', 'BGREWRITEAOF', 'SET after 1')
  t.equal(fact('aof_rewrite_in_progress'), '1')
  logs()
  harness.pass(300)
  t.equal(fact('aof_rewrite_in_progress'), '0')
  t.equal(fact('aof_last_bgrewrite_status'), 'err')
  t.same(logs(), [
    'Error writing append only file on disk: No space left on device',
    'Background AOF rewrite terminated with error',
  ])
  t.same(manifest(), [
    'file appendonly.aof.1.base.rdb seq 1 type b',
    'file appendonly.aof.1.incr.aof seq 1 type i',
    'file appendonly.aof.2.incr.aof seq 2 type i',
  ])
  t.equal(node({ appendonly: 'yes' }, files).run('DBSIZE', 'STRLEN 9'), ':11\r\n:100000\r\n')
})

t.test('SHUTDOWN ends a rewriting, and nothing is lost', async (t) => {
  const { run, harness, client, files, logs } = node({ appendonly: 'yes' })
  for (let i = 0; i < 10; i++) harness.run(client, 'SET', `${i}`, 'x'.repeat(100_000))
  run('CONFIG SET rdbcompression no', 'BGREWRITEAOF', 'SET after 1')
  logs()
  run('SHUTDOWN')
  t.equal(harness.io.shutdowns, 1)
  t.match(logs(), ['User requested shutdown...', 'There is a child rewriting the AOF. Killing it!'])
  t.equal(node({ appendonly: 'yes' }, files).run('DBSIZE'), ':11\r\n')
})

t.test('all types come back from either form of a base', async (t) => {
  for (const preamble of ['yes', 'no']) {
    const { run, harness, files, client } = node({
      appendonly: 'yes',
      'aof-use-rdb-preamble': preamble,
    })
    run('SET s \u00e9', 'SETRANGE s 30000 x', 'PEXPIRE s 9000', 'RPUSH l a b', 'HSET h f v')
    for (let i = 0; i < 200; i++) {
      run(`SADD set ${i}`, `SADD names n${i}`, `ZADD z ${i / 3} m${i}`, `HSET big f${i} ${i}`)
      run(`XADD st ${i + 1} f${i % 2} v`, `PFADD hll ${i}`)
    }
    run('XGROUP CREATE st g 0', 'XGROUP CREATECONSUMER st g idle', 'XDEL st 200', 'ZADD z inf i')
    run('XREADGROUP GROUP g a COUNT 3 STREAMS st >', 'XADD none 1-1 a b', 'XDEL none 1-1')
    run('GEOADD geo 13.4 52.5 berlin', 'SETBIT bits 70 1', 'SELECT 5', 'SET other 1', 'SELECT 0')
    const groups = run('XINFO GROUPS st', 'XPENDING st g - + 10', 'XINFO STREAM none')
    const digest = run('DEBUG DIGEST')
    run('BGREWRITEAOF')
    harness.pass(100)
    const next = node({ appendonly: 'yes' }, files)
    next.harness.clock.now = harness.clock.now
    t.equal(next.run('DEBUG DIGEST'), digest, `preamble ${preamble}`)
    t.equal(next.run('DEBUG LOADAOF', 'DEBUG DIGEST'), `+OK\r\n${digest}`)
    if (preamble === 'no') harness.pass(0)
    t.equal(
      next
        .run('XINFO GROUPS st', 'XPENDING st g - + 10', 'XINFO STREAM none')
        .replace(/:100\b/g, ':0'),
      harness
        .type(client, 'XINFO GROUPS st', 'XPENDING st g - + 10', 'XINFO STREAM none')
        .replace(/:100\b/g, ':0'),
      groups,
    )
  }
})

t.test('functions are in either form of a base', async (t) => {
  const source = "#!lua name=lib\nredis.register_function('f', function() return 7 end)\n"
  for (const preamble of ['yes', 'no']) {
    const { harness, client, run, files, text } = node({
      appendonly: 'yes',
      'aof-use-rdb-preamble': preamble,
    })
    harness.run(client, 'FUNCTION', 'LOAD', source)
    run('SET a 1', 'BGREWRITEAOF')
    harness.pass(100)
    if (preamble === 'no') {
      t.equal(
        text('appendonly.aof.2.base.aof'),
        `*3\r\n$8\r\nFUNCTION\r\n$4\r\nLOAD\r\n$${source.length}\r\n${source}\r\n${logged('SELECT 0', 'SET a 1')}`,
      )
    }
    t.equal(text('appendonly.aof.2.incr.aof'), '')
    t.equal(node({ appendonly: 'yes' }, files).run('FCALL f 0', 'GET a'), ':7\r\n$1\r\n1\r\n')
  }
})

t.test('it is written anew when it has grown enough', async (t) => {
  const { run, harness, fact, logs } = node({
    appendonly: 'yes',
    'auto-aof-rewrite-min-size': '1000',
    'auto-aof-rewrite-percentage': '50',
  })
  run('BGREWRITEAOF')
  harness.pass(200)
  const size = Number(fact('aof_base_size'))
  run(`SET a ${'x'.repeat(500)}`)
  harness.pass(200)
  t.equal(fact('aof_rewrites'), '1')
  run(`SET a ${'y'.repeat(500)}`)
  harness.pass(200)
  t.equal(fact('aof_rewrites'), '2')
  t.ok(logs().some((line) => /^Starting automatic rewriting of AOF on \d+% growth$/.test(line)))
  t.ok(Number(fact('aof_base_size')) > size)
  run('CONFIG SET auto-aof-rewrite-percentage 0', `SET a ${'z'.repeat(5000)}`)
  harness.pass(500)
  t.equal(fact('aof_rewrites'), '2')
})

t.test('within a transaction it is only scheduled', async (t) => {
  const { run, harness, fact } = node({ appendonly: 'yes' })
  t.equal(
    run('MULTI', 'SET a 1', 'BGREWRITEAOF', 'BGSAVE', 'EXEC').split('\r\n').slice(-4, -1).join(),
    '+OK,+Background append only file rewriting scheduled,+Background saving scheduled',
  )
  harness.pass(600)
  t.equal(fact('aof_rewrites'), '1')
  t.equal(fact('rdb_saves'), '1')
})

t.test('a first base that only waits for a cron keeps nobody from ending the server', async (t) => {
  for (const failure of [undefined, 'Input/output error']) {
    const { run, harness, files, logs, manifest } = node()
    const draft = files.draft.bind(files)
    const syncs: unknown[] = []
    files.draft = () =>
      Object.assign(draft(), {
        finishLater: (done: unknown) => syncs.push(done),
        finish() {
          if (failure !== undefined) throw new Error(failure)
        },
      })
    run('SET a 1', 'CONFIG SET appendonly yes', 'SET b 2')
    t.equal(syncs.length, 1, 'the disk is at it')
    t.equal(run('SHUTDOWN NOSAVE'), '')
    t.equal(harness.io.shutdowns, 1)
    if (failure === undefined) {
      t.equal(manifest().length, 2)
      t.equal(node({ appendonly: 'yes' }, files).run('MGET a b'), '*2\r\n$1\r\n1\r\n$1\r\n2\r\n')
    } else {
      t.ok(logs().includes(`Error writing append only file on disk: ${failure}`))
      t.same(files.paths, [], 'nothing of it is left')
    }
  }
})

t.test('turning it off ends a rewriting; a failed first one is tried again', async (t) => {
  const { run, harness, fact, files, logs } = node({ 'rdb-key-save-delay': '1000000' })
  run('SET a 1', 'CONFIG SET appendonly yes')
  harness.pass(200)
  t.equal(fact('aof_rewrite_in_progress'), '1')
  t.match(run('SHUTDOWN'), /^-ERR Errors trying to SHUTDOWN/)
  t.ok(logs().includes("Writing initial AOF, can't exit."))
  run('CONFIG SET appendonly no')
  t.equal(fact('aof_rewrite_in_progress'), '0')
  t.ok(logs().includes('Killing running AOF rewrite child: 1'))
  t.same(files.paths, [])

  const { draft } = files
  files.draft = () => {
    throw new Error('No space left on device')
  }
  run('CONFIG SET rdb-key-save-delay 0', 'CONFIG SET appendonly yes')
  harness.pass(200)
  t.equal(fact('aof_last_bgrewrite_status'), 'err')
  t.ok(
    logs().includes('Removing the temp incr aof file temp-appendonly.aof.incr in the background'),
  )
  harness.pass(2000)
  t.equal(fact('aof_rewrites_consecutive_failures'), '3')
  t.equal(
    logs().filter((line) =>
      /repeatedly failed and triggered the limit, will retry in 1 minutes/.test(line),
    ).length,
    1,
  )
  files.draft = draft
  harness.pass(60_100)
  t.equal(fact('aof_last_bgrewrite_status'), 'ok')
  t.equal(fact('aof_rewrites_consecutive_failures'), '0')
  t.equal(node({ appendonly: 'yes' }, files).run('GET a'), '$1\r\n1\r\n')
})

t.test('loading the data again is no write', async (t) => {
  const { run, text } = node({ appendonly: 'yes' })
  run('SET a 1', 'DEBUG LOADAOF', 'DEBUG RELOAD', 'SET b 1')
  t.equal(text('appendonly.aof.1.incr.aof'), logged('SELECT 0', 'SET a 1', 'SET b 1'))
  t.equal(run('DBSIZE'), ':2\r\n')
})

t.test('SHUTDOWN writes what waits', async (t) => {
  const { run, harness, logs } = node({ appendonly: 'yes' })
  run('SET a 1')
  logs()
  t.equal(run('SHUTDOWN'), '')
  t.equal(harness.io.shutdowns, 1)
  t.same(logs(), ['User requested shutdown...', 'Calling fsync() on the AOF file.'])
})

t.test('FLUSHALL and keys that end are told as commands', async (t) => {
  const { run, harness, text, files } = node({ appendonly: 'yes' })
  run('SET a 1 PX 50', 'FLUSHDB', 'FLUSHALL', 'SET b 1 PX 50')
  const { now } = harness.clock
  harness.clock.now += 51
  run('GET b')
  t.equal(
    text('appendonly.aof.1.incr.aof'),
    logged('SELECT 0', `SET a 1 PXAT ${now + 50}`, 'FLUSHDB', 'FLUSHALL') +
      logged(`SET b 1 PXAT ${now + 50}`, 'DEL b'),
  )
  t.equal(node({ appendonly: 'yes' }, files).run('DBSIZE'), ':0\r\n')
})

t.test('timestamps are noted where that is wanted', async (t) => {
  const { run, harness, text, files } = node({
    appendonly: 'yes',
    'aof-timestamp-enabled': 'yes',
    'aof-use-rdb-preamble': 'no',
  })
  const second = Math.floor(harness.clock.now / 1000)
  run('SET a 1', 'BGREWRITEAOF')
  harness.pass(100)
  t.equal(text('appendonly.aof.2.base.aof'), `#TS:${second}\r\n${logged('SELECT 0', 'SET a 1')}`)
  t.equal(node({ appendonly: 'yes' }, files).run('GET a'), '$1\r\n1\r\n')
})

t.test('history stays where the user collects it', async (t) => {
  const { run, harness, manifest } = node({ appendonly: 'yes' })
  t.match(run('CONFIG GET aof-disable-auto-gc'), /aof-disable-auto-gc/)
  run('CONFIG SET aof-disable-auto-gc yes', 'BGREWRITEAOF')
  harness.pass(100)
  t.same(manifest(), [
    'file appendonly.aof.2.base.rdb seq 2 type b',
    'file appendonly.aof.1.incr.aof seq 1 type h',
    'file appendonly.aof.1.base.rdb seq 1 type h',
    'file appendonly.aof.2.incr.aof seq 2 type i',
  ])
  run('CONFIG SET aof-disable-auto-gc no')
  t.equal(manifest().length, 2)
})
