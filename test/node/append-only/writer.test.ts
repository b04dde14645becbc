/** When what was written is written, kept, and what is done when it cannot be. */
import t from 'tap'
import { AofWriter } from '../../../lib/node/append-only/writer.ts'
import { Config } from '../../../lib/node/config/config.ts'
import type { Appended, GrowingFile, NodeFiles } from '../../../lib/node/files.ts'

const ADDED = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n'
const A = '*1\r\n$1\r\nA\r\n'
const B = '*1\r\n$1\r\nB\r\n'

function writer(policy: string, directives: Record<string, string> = {}) {
  const config = new Config()
  config.loadPairs(Object.entries({ appendfsync: policy, ...directives }))
  const clock = { now: 1_000_000, microseconds: 0 }
  const did: string[] = []
  const waiting: ((failure: string | undefined) => void)[] = []
  const disk = {
    isBusy: false,
    failure: undefined as string | undefined,
    takes: Number.POSITIVE_INFINITY,
    keeps: false,
    microseconds: 0,
  }
  let microseconds = 0
  const heldUp: string[] = []
  const stream = { offset: 0 }
  let text = ''
  const file = (name: string): GrowingFile => ({
    append(bytes): Appended {
      microseconds += disk.microseconds
      const part = bytes.slice(0, disk.takes)
      text += part
      did.push(`write ${part.length}`)
      return part.length === bytes.length
        ? { bytes: part.length }
        : { bytes: part.length, failure: 'No space left on device' }
    },
    truncate(length) {
      if (disk.keeps) throw new Error('Read-only file system')
      text = text.slice(0, length)
      did.push(`truncate ${length}`)
    },
    sync() {
      if (disk.failure !== undefined) throw new Error(disk.failure)
      microseconds += disk.microseconds
      did.push('sync')
    },
    syncLater: (done) => {
      did.push(`sync ${name} later`)
      waiting.push(done)
    },
    close: () => did.push(`close ${name}`),
  })
  const files = { grow: file, sizeOf: () => text.length } as unknown as NodeFiles
  const logs: string[] = []
  const made = new AofWriter({
    clock,
    config,
    files,
    log: (_, line) => logs.push(line),
    isDiskBusy: () => disk.isBusy,
    sleep: (milliseconds) => did.push(`sleep ${milliseconds}`),
    streamOffset: () => stream.offset,
    microseconds: () => microseconds,
    heldUp: (event, time) => heldUp.push(`${event} ${time}`),
  })
  made.open('one')
  return {
    writer: made,
    clock,
    disk,
    stream,
    logs,
    did: () => did.splice(0),
    heldUp: () => heldUp.splice(0),
    text: () => text,
    synced: (failure?: string) => waiting.shift()?.(failure),
  }
}

t.test('always: on disk before anything else happens', async (t) => {
  const { writer: log, did, text } = writer('always')
  log.add(0, ['A'])
  t.ok(log.isDirty)
  t.equal(text(), '')
  log.flush()
  t.notOk(log.isDirty)
  t.equal(text(), ADDED + A)
  t.same(did(), [`write ${text().length}`, 'sync'])
  t.equal(log.syncedPosition, log.position)
  log.flush()
  t.same(did(), [])
})

t.test('everysec: once a second, in the background', async (t) => {
  const { writer: log, did, synced, clock, stream } = writer('everysec')
  stream.offset = 10
  log.add(0, ['A'])
  log.flush()
  t.equal(did().length, 1, 'the second of the opening is too early')
  clock.now += 1000
  log.cron()
  t.same(did(), ['sync one later'])
  t.equal(log.syncedPosition, 0)
  t.equal(log.syncedOffset, 0)
  stream.offset = 20
  synced()
  t.equal(log.syncedPosition, log.position)
  t.equal(log.syncedOffset, 20, 'all there is is on disk')
  clock.now += 5000
  log.cron()
  t.same(did(), [], 'there is nothing to do')
  log.add(0, ['B'])
  log.flush()
  t.equal(log.syncedOffset, 10)
  t.same(did(), [`write ${B.length}`, 'sync one later'])
})

t.test('everysec: a disk that takes its time is waited for, for two seconds', async (t) => {
  const { writer: log, did, synced, clock, logs } = writer('everysec')
  clock.now += 1000
  log.add(0, ['A'])
  log.flush()
  did()
  log.add(0, ['B'])
  log.flush()
  t.same(did(), [])
  clock.now += 1999
  log.cron()
  t.same(did(), [])
  t.ok(log.isDirty)
  clock.now += 1
  log.cron()
  t.same(did(), [`write ${B.length}`])
  t.equal(log.delayedSyncs, 1)
  t.match(logs[0], /^Asynchronous AOF fsync is taking too long/)
  log.add(0, ['B'])
  synced()
  clock.now += 1000
  log.flush()
  t.same(did(), [`write ${B.length}`, 'sync one later'])
})

t.test('no: the system decides', async (t) => {
  const { writer: log, did, clock } = writer('no')
  clock.now += 5000
  log.add(0, ['A'])
  log.flush()
  t.equal(did().length, 1)
  t.equal(log.syncedPosition, 0)
})

t.test('while a snapshot is written, syncing may wait', async (t) => {
  const { writer: log, did, disk } = writer('always', { 'no-appendfsync-on-rewrite': 'yes' })
  disk.isBusy = true
  log.add(0, ['A'])
  log.flush()
  t.equal(did().length, 1)
  disk.isBusy = false
  log.flush()
  t.same(did(), ['sync'])
})

t.test('another file begins with what is needed to read it', async (t) => {
  const { writer: log, did, text, synced } = writer('everysec')
  log.add(0, ['A'])
  log.open('two')
  t.same(did(), [`write ${(ADDED + A).length}`, 'sync one later', 'close one'])
  log.add(0, ['B'])
  log.flush()
  t.equal(text(), ADDED + A + ADDED + B)
  synced()
  t.equal(log.syncedPosition, (ADDED + A).length)
})

t.test('what the disk does not take is tried again, and nothing half stays', async (t) => {
  const { writer: log, disk, text, logs, clock } = writer('no')
  log.add(0, ['A'])
  log.flush()
  const before = text()
  disk.takes = 3
  log.add(0, ['B'])
  log.flush()
  t.equal(log.failure, 'No space left on device')
  t.equal(text(), before)
  disk.takes = 0
  clock.now += 1000
  log.cron()
  t.equal(text(), before)
  disk.takes = Number.POSITIVE_INFINITY
  clock.now += 500
  log.cron()
  t.equal(text(), before)
  clock.now += 500
  log.cron()
  t.equal(log.failure, undefined)
  t.equal(text(), before + B)
  t.same(logs, [
    `Short write while writing to the AOF file: (nwritten=3, expected=${B.length})`,
    'AOF write error looks solved, Redis can write again.',
  ])
})

t.test('where half a command cannot be taken back, the rest of it follows', async (t) => {
  const { writer: log, disk, text, logs } = writer('no')
  log.add(0, ['A'])
  Object.assign(disk, { takes: 5, keeps: true })
  log.flush()
  t.equal(text(), ADDED.slice(0, 5))
  t.match(
    logs[1],
    /^Could not remove short write from the append-only file\..*ftruncate: Read-only/,
  )
  disk.takes = Number.POSITIVE_INFINITY
  log.flush()
  t.equal(text(), ADDED + A)
})

t.test('always: what cannot be kept ends the node', async (t) => {
  const full = writer('always')
  full.disk.takes = 0
  full.writer.add(0, ['A'])
  t.throws(() => full.writer.flush(), {
    message: 'the append-only file cannot be written: No space left on device',
  })
  t.match(
    full.logs.at(-1),
    /^Can't recover from AOF write error when the AOF fsync policy is 'always'/,
  )
  const broken = writer('always')
  broken.disk.failure = 'Input/output error'
  broken.writer.add(0, ['A'])
  t.throws(() => broken.writer.flush(), {
    message: 'the append-only file cannot be kept: Input/output error',
  })
  t.match(
    broken.logs.at(-1),
    /^Can't persist AOF for fsync error .*: Input\/output error\. Exiting\.\.\.$/,
  )
})

t.test('everysec: a disk that keeps nothing is a reason to refuse writes', async (t) => {
  const { writer: log, synced, clock, logs } = writer('everysec')
  clock.now += 1000
  log.add(0, ['A'])
  log.flush()
  synced('Input/output error')
  t.equal(log.failure, 'Input/output error')
  t.same(logs, ['Fail to fsync the AOF file: Input/output error'])
  clock.now += 1000
  log.cron()
  synced()
  t.equal(log.failure, undefined)
})

t.test('the end writes and keeps all, or forgets it', async (t) => {
  const { writer: log, did, text } = writer('no')
  log.add(0, ['A'])
  log.close()
  t.same(did(), [`write ${text().length}`, 'sync', 'close one'])
  const lost = writer('no')
  lost.writer.add(0, ['A'])
  lost.writer.abandon()
  t.notOk(lost.writer.isDirty)
  t.equal(lost.text(), '')
  lost.writer.flush()
  lost.writer.cron()
  t.same(lost.did(), ['close one'])
})

t.test('a test may hold up each write', async (t) => {
  const { writer: log, did } = writer('no')
  log.flushDelayMs = 5
  log.add(0, ['A'])
  log.flush()
  t.equal(did()[0], 'sleep 5')
})

t.test('how long the disk holds the node up is told', async (t) => {
  const always = writer('always')
  always.disk.microseconds = 7
  always.writer.add(0, ['A'])
  always.writer.flush()
  t.same(always.heldUp(), ['aof-write-alone 7', 'aof-write 7', 'aof-fsync-always 7'])
  const { writer: log, clock, disk, heldUp } = writer('everysec')
  const write = (isForced: boolean) => {
    log.add(0, ['A'])
    log.flush({ isForced })
    return heldUp()
  }
  disk.microseconds = 5
  disk.isBusy = true
  clock.now += 1000
  t.same(write(false), ['aof-write-active-child 5', 'aof-write 5'])
  t.same(write(true), ['aof-write-pending-fsync 5', 'aof-write 5'])
})
