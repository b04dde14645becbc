/** Loading what a log holds, and refusing what it should not: the lines are those of redis-server 7.0.15. */
import t from 'tap'
import { encodeCommand } from '../../../lib/resp/command.ts'
import { MemoryFiles } from '../../../lib/runtime/memory-files.ts'
import { NodeHarness } from '../../support/node-harness.ts'

const INCR = 'appendonly.aof.1.incr.aof'
const BASE = 'appendonly.aof.1.base.aof'
const INCR_LINE = `file ${INCR} seq 1 type i\n`
const BASE_LINE = `file ${BASE} seq 1 type b\n`
const command = (line: string) => encodeCommand(line.split(' '))

function disk(texts: Record<string, string>): MemoryFiles {
  const files = new MemoryFiles()
  for (const [name, text] of Object.entries(texts)) files.replace(`appendonlydir/${name}`, text)
  const manifest = (BASE in texts ? BASE_LINE : '') + (INCR in texts ? INCR_LINE : '')
  files.replace('appendonlydir/appendonly.aof.manifest', manifest)
  return files
}

function load(texts: Record<string, string>, config: Record<string, string> = {}) {
  const files = disk(texts)
  const harness = new NodeHarness({
    config: { save: '', appendonly: 'yes', ...config },
    disk: files,
  })
  const client = harness.connect()
  return {
    failure: harness.io.loadFailure ?? '',
    slice: () => {
      harness.clock.now++
      harness.wake()
    },
    lines: harness.io.logs.map(([, line]) => line),
    run: (...lines: string[]) => harness.type(client, ...lines),
    text: (name: string) => files.read(`appendonlydir/${name}`).toString('latin1'),
  }
}

t.test('files are loaded in their order; commands that fail again do no harm', async (t) => {
  const { run, failure } = load({
    [BASE]: command('SET a 1') + command('RPUSH a x') + command('SELECT 3') + command('SET b 1'),
    [INCR]: command('INCR a') + command('SELECT 3') + command('INCR b'),
  })
  t.equal(failure, '')
  t.equal(run('GET a', 'SELECT 3', 'GET b'), '$1\r\n2\r\n+OK\r\n$1\r\n2\r\n')
})

t.test('keys whose time is over live as long as the log lasts', async (t) => {
  const { run } = load({
    [INCR]: command('RPUSH l a') + command('PEXPIREAT l 1000') + command('RPUSH l b'),
  })
  t.equal(run('LLEN l'), ':0\r\n')
})

t.test('commands that wait or pop behave as they did', async (t) => {
  const { run } = load({
    [INCR]:
      command('SADD s a b c') + command('SPOP s 2') + command('BLPOP none 0') + command('SET a 1'),
  })
  t.equal(run('SCARD s', 'GET a'), ':1\r\n$1\r\n1\r\n')
})

t.test('a tail that was being written is cut off', async (t) => {
  const whole = command('SET a 1')
  const cut = load({ [INCR]: whole + command('SET b 2').slice(0, -1) })
  t.equal(cut.run('DBSIZE'), ':1\r\n')
  t.equal(cut.text(INCR), whole)
  t.same(cut.lines.slice(0, 3), [
    `!!! Warning: short read while loading the AOF file ${INCR}!!!`,
    `!!! Truncating the AOF ${INCR} at offset ${whole.length} !!!`,
    `AOF ${INCR} loaded anyway because aof-load-truncated is enabled`,
  ])
  const open = command('MULTI') + command('SET b 2')
  for (const tail of [open, `${open}*1\r\n`]) {
    const reverted = load({ [INCR]: whole + tail })
    t.equal(reverted.run('DBSIZE'), ':1\r\n')
    t.equal(reverted.text(INCR), whole)
    t.equal(reverted.lines[0], `Revert incomplete MULTI/EXEC transaction in AOF file ${INCR}`)
  }
})

t.test('or refused, where that is wanted', async (t) => {
  const { failure, lines } = load(
    { [INCR]: `${command('SET a 1')}*1\r` },
    { 'aof-load-truncated': 'no' },
  )
  t.match(failure, /^Unexpected end of file reading the append only file .* at offset 27$/)
  t.match(
    lines[0],
    /^Unexpected end of file reading the append only file .* You can: 1\) Make a backup/,
  )
})

t.test('only the last file may end early, and none is cut then', async (t) => {
  const spoiled = `${command('SET a 1')}*1\r`
  const { failure, lines, text } = load({ [BASE]: spoiled, [INCR]: command('SET b 1') })
  t.match(failure, /ends within a command at offset 27, and is not the last file$/)
  t.ok(lines.includes('Fatal error: the truncated file is not the last file'))
  t.equal(text(BASE), spoiled)
})

t.test('what is wrong in the middle is refused with the place', async (t) => {
  const whole = command('SET a 1')
  for (const [text, pattern] of [
    [
      `${whole}!!!${whole}`,
      /^Bad file format .*: bad format \(expected '\*', got byte 33 at 27\) at offset 27$/,
    ],
    [whole + command('BLA x') + whole, /^Unknown command 'BLA' reading .* at offset 27$/],
    [
      whole + command('GET') + whole,
      /^Bad file format .*: bad format \('GET' with 0 arguments\) at offset 27$/,
    ],
    [
      'REDIS0010\xfe',
      /^Loading the RDB data of .*: the bytes end too early at offset 10, in the record at offset 9$/,
    ],
  ] as const) {
    t.match(load({ [INCR]: text }).failure, pattern)
  }
  t.ok(
    load({ [INCR]: '!!!' }).lines.includes(
      `Bad file format reading the append only file ${INCR}: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>`,
    ),
  )
  t.ok(
    load({ [INCR]: command('BLA') }).lines.includes(
      `Unknown command 'BLA' reading the append only file ${INCR}`,
    ),
  )
})

t.test('an old file may begin with an RDB file', async (t) => {
  const saver = new NodeHarness({ config: { save: '' } })
  const client = saver.connect()
  saver.type(client, 'SET a 1', 'SAVE')
  const files = new MemoryFiles()
  files.replace('appendonly.aof', String(saver.io.snapshot?.toString('latin1')) + command('INCR a'))
  const harness = new NodeHarness({ config: { save: '', appendonly: 'yes' }, disk: files })
  harness.checkLoaded()
  t.equal(harness.type(harness.connect(), 'GET a'), '$1\r\n2\r\n')
  const lines = harness.io.logs.map(([, line]) => line)
  t.ok(lines.includes('Reading RDB preamble from AOF file...'))
  t.ok(lines.includes('Reading the remaining AOF tail...'))
})

t.test('a long file is loaded in slices, and clients are told to wait', async (t) => {
  const value = 'x'.repeat(1000)
  const text = Array.from({ length: 20 }, (_, i) => command(`SET k${i} ${value}`)).join('')
  const { run, slice } = load(
    { [INCR]: text + command('PEXPIREAT k0 1000') + command('APPEND k0 x') },
    { 'loading-process-events-interval-bytes': '2048' },
  )
  t.match(run('GET k1'), /^-LOADING/)
  t.match(run('INFO persistence'), /\r\nloading_total_bytes:2\d{4}\r\n/)
  for (let i = 0; i < 15; i++) slice()
  t.equal(run('DBSIZE', 'STRLEN k19'), ':20\r\n:1000\r\n')
  t.equal(run('EXISTS k0'), ':0\r\n', 'a key whose time is over lived as long as the log lasted')
})

t.test('while a script of the log is slow clients hear that it is being loaded', async (t) => {
  const config = {
    save: '',
    appendonly: 'yes',
    'busy-reply-threshold': '1000',
    'enable-debug-command': 'yes',
  }
  const slow = 'for i = 1, 1000000 do end'
  const script = encodeCommand(['EVAL', `pcall(function() ${slow} end)`, '0'])
  const harness = new NodeHarness({ config, disk: disk({ [INCR]: command('SET a 1') + script }) })
  harness.checkLoaded()
  const client = harness.connect()
  const other = harness.connect()
  const heard = new Set<string>()
  harness.io.pollClients = () => {
    for (const line of ['GET a', 'PING', 'INFO persistence', 'CLIENT ID']) {
      const bytes = Buffer.from(`${line}\r\n`)
      harness.node.receive(other, bytes, bytes.length)
      harness.io.flush(other)
      heard.add(`${line}: ${/^-\w+/.exec(harness.take(other))?.[0]}`)
    }
  }
  harness.lookMicroseconds = 100_000
  t.equal(harness.type(client, 'DEBUG LOADAOF'), '+OK\r\n')
  t.same(
    [...heard],
    ['GET a: -LOADING', 'PING: -LOADING', 'INFO persistence: -BUSY', 'CLIENT ID: -BUSY'],
  )
  t.equal(harness.type(other, 'GET a'), '$1\r\n1\r\n')
})

t.test('what follows a slow script in the log does not overtake it', async (t) => {
  const slow = "for i = 1, 1000000 do end redis.call('append', 'a', 'script')"
  const script = encodeCommand(['EVAL', slow, '0'])
  const text = command('SET a 1') + script + command('APPEND a log') + script
  const config = { save: '', appendonly: 'yes', 'enable-debug-command': 'yes' }
  const harness = new NodeHarness({ config, disk: disk({ [INCR]: text }) })
  harness.checkLoaded()
  const client = harness.connect()
  const whole = '$16\r\n1scriptlogscript\r\n'
  t.equal(harness.type(client, 'GET a'), whole)
  harness.lookMicroseconds = 10_000
  t.equal(harness.type(client, 'DEBUG LOADAOF'), '+OK\r\n')
  t.equal(harness.type(client, 'GET a'), whole)
})
