import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

function node() {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  return { harness, run: (...lines: string[]) => harness.type(client, ...lines) }
}

t.test('RELOAD saves, forgets and loads', async (t) => {
  const { harness, run } = node()
  run('SET a 1', 'SADD s x y', 'SET e 1 EX 100')
  const digest = run('DEBUG DIGEST')
  t.equal(run('DEBUG RELOAD'), '+OK\r\n')
  t.equal(run('DEBUG DIGEST'), digest)
  t.equal(run('TTL e'), ':100\r\n')
  t.not(harness.io.snapshot, undefined)
  run('SET b 1')
  t.equal(run('DEBUG RELOAD NOSAVE', 'DBSIZE'), '+OK\r\n:3\r\n', 'b was not saved')
  run('SET c 1')
  t.equal(run('DEBUG reload merge noflush nosave', 'DBSIZE'), '+OK\r\n:4\r\n')
  t.match(run('DEBUG RELOAD x'), /^-ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE/)
  harness.io.snapshot = Buffer.from('REDIS0010 nonsense')
  t.equal(run('DEBUG RELOAD NOSAVE'), '-ERR Error trying to load the RDB dump\r\n')
})

t.test('RESTORE takes a wrong checksum if it is told to', async (t) => {
  const { run } = node()
  const wrong = 'RESTORE k 0 "\\x00\\x01a\\n\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"'
  t.equal(run(wrong), '-ERR DUMP payload version or checksum are wrong\r\n')
  t.equal(run('DEBUG SET-SKIP-CHECKSUM-VALIDATION 1', wrong), '+OK\r\n+OK\r\n')
  t.equal(run('GET k'), '$1\r\na\r\n')
  t.match(run('DEBUG SET-SKIP-CHECKSUM-VALIDATION 0', wrong), /-ERR DUMP|-BUSYKEY/)
})

t.test('LOG, LOADAOF, REPLYBUFFER', async (t) => {
  const { harness, run } = node()
  t.equal(run('DEBUG LOG "hello you"'), '+OK\r\n')
  t.same(harness.io.logs.at(-1), ['warning', 'DEBUG LOG: hello you'])
  t.equal(run('DEBUG LOADAOF'), '-ERR Error trying to load the AOF files, check server logs\r\n')
  t.equal(run('DEBUG REPLYBUFFER resizing 0'), '+OK\r\n')
  t.match(run('DEBUG REPLYBUFFER x 0'), /^-ERR unknown subcommand/)
})

t.test('what ends the server ends it', async (t) => {
  for (const word of ['SEGFAULT', 'PANIC', 'ASSERT']) {
    const { run } = node()
    t.throws(() => run(`DEBUG ${word}`), { message: `ended by DEBUG ${word}` })
  }
})
