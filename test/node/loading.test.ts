/** Data that takes more than a turn to load. */
import t from 'tap'
import { BufferSource } from '../../lib/rdb/source.ts'
import { NodeHarness } from '../support/node-harness.ts'

const LOADING = '-LOADING Redis is loading the dataset in memory\r\n'

/** What a node has saved that holds so many keys of a kilobyte. */
function saved(count: number): Buffer {
  const harness = new NodeHarness({ config: { save: '', rdbcompression: 'no' } })
  const client = harness.connect()
  for (let i = 0; i < count; i++) harness.run(client, 'SET', `key:${i}`, `${i}`.padEnd(1024, 'x'))
  harness.type(client, 'SAVE')
  return harness.io.snapshot as Buffer
}

/** A file that tells whether it was closed. */
function watched(file: Buffer) {
  const source = new BufferSource(file)
  let isOpen = true
  return {
    sizeBytes: file.length,
    read: (target: Buffer, start: number) => source.read(target, start),
    close() {
      isOpen = false
    },
    get isOpen() {
      return isOpen
    },
  }
}

t.test('a file is closed, whatever becomes of the load', async (t) => {
  const { node, clock } = new NodeHarness({
    config: { 'loading-process-events-interval-bytes': '2048' },
  })
  const told: string[] = []
  const begin = (file: Buffer) => {
    const source = watched(file)
    node.loading.begin({
      steps: node.dataset.reading(source),
      totalBytes: source.sizeBytes,
      done: ({ keys }) => told.push(`${keys} keys`),
      failed: ({ message }) => told.push(message),
    })
    return source
  }
  t.notOk(begin(saved(1)).isOpen)
  t.notOk(begin(saved(1).fill(0, 40)).isOpen)
  t.match(told.splice(0), ['1 keys', /offset/])
  const slow = begin(saved(10))
  t.ok(slow.isOpen)
  node.loading.abandon()
  t.notOk(slow.isOpen)
  const next = begin(saved(10))
  for (let i = 0; i < 20 && next.isOpen; i++) {
    clock.now += 100
    node.wake()
  }
  t.notOk(next.isOpen)
  t.same(told, ['10 keys'])
})

function info(harness: NodeHarness, name: string): string | undefined {
  const text = harness.type(harness.connect(), 'INFO')
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1]
}

/** Lets the node do what it wanted to do at once. */
function slice(harness: NodeHarness): void {
  harness.clock.now++
  harness.wake()
}

t.test('a large file is loaded in slices, and clients are told so', async (t) => {
  const snapshot = saved(20)
  const harness = new NodeHarness({
    snapshot,
    config: { save: '1 1', 'loading-process-events-interval-bytes': '2048' },
  })
  const client = harness.connect()
  t.equal(harness.type(client, 'GET key:1', 'PING', 'DBSIZE'), LOADING.repeat(3))
  t.equal(harness.type(client, 'CONFIG SET repl-diskless-load swapdb'), LOADING)
  t.equal(harness.type(client, 'CONFIG SET loglevel debug'), '+OK\r\n')
  t.equal(info(harness, 'loading'), '1')
  t.equal(info(harness, 'loading_total_bytes'), `${snapshot.length}`)
  const first = Number(info(harness, 'loading_loaded_bytes'))
  t.ok(first >= 2048 && first < 4096, `${first} bytes at first`)
  slice(harness)
  t.ok(Number(info(harness, 'loading_loaded_bytes')) > first)
  for (let i = 0; i < 20; i++) slice(harness)
  t.equal(info(harness, 'loading'), '0')
  t.equal(info(harness, 'loading_total_bytes'), undefined)
  t.equal(harness.type(client, 'DBSIZE', 'STRLEN key:19'), ':20\r\n:1024\r\n')
  t.match(
    harness.io.logs.map(([, text]) => text),
    [
      'Loading RDB produced by version 7.0.15',
      'RDB age 0 seconds',
      /^RDB memory usage when created \d\.\d\d Mb$/,
      'Done loading RDB, keys loaded: 20, keys expired: 0.',
      'DB loaded from disk: 0.010 seconds',
    ],
  )
})

t.test('a small file is there when the node is', async (t) => {
  const harness = new NodeHarness({ snapshot: saved(3) })
  t.equal(harness.type(harness.connect(), 'DBSIZE'), ':3\r\n')
})

t.test('key-load-delay counts from the start, and goes when it is taken away', async (t) => {
  const harness = new NodeHarness({
    snapshot: saved(3),
    config: { 'key-load-delay': '10000000' },
  })
  harness.pass(1000)
  t.equal(info(harness, 'loading'), '1')
  harness.type(harness.connect(), 'CONFIG SET key-load-delay 0')
  harness.pass(200)
  t.equal(info(harness, 'loading'), '0')
  t.equal(harness.type(harness.connect(), 'DBSIZE'), ':3\r\n')
})

t.test('nothing is saved, ended or followed before all is there', async (t) => {
  const harness = new NodeHarness({
    snapshot: saved(3),
    config: {
      save: '1 1',
      replicaof: '127.0.0.1 7001',
      'key-load-delay': '10000000',
    },
  })
  harness.pass(3000)
  t.same(harness.io.masterConnections, [])
  t.equal(info(harness, 'rdb_bgsave_in_progress'), '0')
  const before = harness.io.snapshot
  t.equal(harness.type(harness.connect(), 'SHUTDOWN'), '')
  t.equal(harness.io.shutdowns, 1)
  t.equal(harness.io.snapshot, before, 'half of the data does not take the place of all')
  harness.type(harness.connect(), 'CONFIG SET key-load-delay 0')
  harness.pass(200)
  t.equal(harness.io.masterConnections.length, 1)
})

t.test('a file that is damaged is refused, however much of it was good', async (t) => {
  const snapshot = saved(20)
  snapshot.write('foobar00', snapshot.length - 8)
  const harness = new NodeHarness({
    snapshot,
    config: { 'loading-process-events-interval-bytes': '2048' },
  })
  for (let i = 0; i < 20; i++) slice(harness)
  t.equal(harness.io.loadFailure, 'RDB CRC error')
  t.same(harness.io.logs.slice(-2), [
    ['warning', 'Internal error in RDB reading: RDB CRC error'],
    ['warning', 'Terminating server after rdb file reading failure.'],
  ])
})

t.test('keys in which nothing is are left out, and named', async (t) => {
  const records = Array.from({ length: 12 }, (_, i) =>
    Buffer.from(`\x04\x01${'abcdefghijkl'[i]}\0`),
  )
  const head = Buffer.from('REDIS0010')
  const snapshot = Buffer.concat([head, ...records, Buffer.from([255]), Buffer.alloc(8)])
  const harness = new NodeHarness({ snapshot })
  const told = harness.io.logs.filter(([, line]) => line.includes('empty key'))
  t.equal(told.length, 11, 'ten names and the count')
  t.same(told[0], ['warning', 'rdbLoadObject skipping empty key: a'])
  t.same(told.at(-1), [
    'warning',
    'Done loading RDB, keys loaded: 0, keys expired: 0, empty keys skipped: 12.',
  ])
})
