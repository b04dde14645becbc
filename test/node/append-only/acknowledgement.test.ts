/** WAITAOF: what is on disk, here and on replicas, and who waits for it. */
import t from 'tap'
import { NodeHarness } from '../../support/node-harness.ts'
import { wire } from '../../support/replica-wire.ts'

function node(config: Record<string, string> = {}) {
  const harness = new NodeHarness({
    version: '7.2',
    config: { save: '', appendonly: 'yes', ...config },
  })
  harness.checkLoaded()
  const client = harness.connect()
  return { harness, client, run: (...lines: string[]) => harness.type(client, ...lines) }
}

/** Lets the disk of a node answer by hand. */
function slowDisk({ io }: NodeHarness) {
  const waiting: ((failure: string | undefined) => void)[] = []
  const { grow } = io.files
  io.files.grow = (path) => ({
    ...grow.call(io.files, path),
    syncLater: (done) => waiting.push(done),
  })
  return { answer: () => waiting.shift()?.(undefined) }
}

t.test('always: within the turn', async (t) => {
  const { run } = node({ appendfsync: 'always' })
  t.equal(run('WAITAOF 1 0 0'), '*2\r\n:1\r\n:0\r\n')
  t.equal(run('SET a 1', 'WAITAOF 1 0 0', 'SET b 2'), '+OK\r\n*2\r\n:1\r\n:0\r\n+OK\r\n')
  t.equal(
    run('MULTI', 'SET a 1', 'WAITAOF 1 0 0', 'EXEC'),
    '+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n*2\r\n:1\r\n:0\r\n',
  )
})

t.test('everysec: when the disk says so', async (t) => {
  const { harness, client, run } = node()
  const disk = slowDisk(harness)
  run('BGREWRITEAOF')
  harness.pass(1100)
  t.equal(run('SET a 1', 'WAITAOF 1 0 0'), '+OK\r\n')
  harness.turn(() => disk.answer())
  harness.turn(() => disk.answer())
  t.equal(harness.take(client), '*2\r\n:1\r\n:0\r\n')
})

t.test('no: never, but the wait ends', async (t) => {
  const { harness, client, run } = node({ appendfsync: 'no' })
  t.equal(run('SET a 1', 'WAITAOF 1 0 300'), '+OK\r\n')
  harness.pass(200)
  t.equal(harness.take(client), '')
  harness.pass(200)
  t.equal(harness.take(client), '*2\r\n:0\r\n:0\r\n')
  t.equal(run('WAITAOF 0 0 0'), '*2\r\n:0\r\n:0\r\n')
})

t.test('replicas tell what they have on disk', async (t) => {
  const { harness: master, client, run } = node({ appendfsync: 'always' })
  const kept = node({ appendfsync: 'always' }).harness
  const unkept = node({ appendonly: 'no' }).harness
  const wires = [wire(master, kept), wire(master, unkept)]
  const pump = () => {
    for (const each of wires) each.pump()
  }
  for (let i = 0; i < 12; i++) {
    kept.pass(100)
    pump()
  }
  t.equal(run('SET a 1', 'WAITAOF 1 1 0'), '+OK\r\n')
  pump()
  t.equal(master.take(client), '*2\r\n:1\r\n:1\r\n')
  t.equal(run('SET a 2', 'WAIT 2 0'), '+OK\r\n')
  pump()
  t.equal(master.take(client), ':2\r\n')
  t.equal(run('WAITAOF 0 2 100'), '')
  pump()
  master.pass(200)
  t.equal(master.take(client), '*2\r\n:1\r\n:1\r\n', 'one of them keeps nothing')
  t.match(
    kept.io.files.read('appendonlydir/appendonly.aof.2.incr.aof').toString(),
    /SET\r\n\$1\r\na\r\n\$1\r\n2\r\n$/,
    'a replica logs what it applies, in a file that began with its master',
  )
})
