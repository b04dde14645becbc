/** What becomes of a file that is written in the background, whatever the disk says to it. */
import t from 'tap'
import type { Database } from '../../lib/keyspace/database.ts'
import { Alarm } from '../../lib/node/alarm.ts'
import { BackgroundFile, writeAtOnce } from '../../lib/node/background-file.ts'
import { CommandForm } from '../../lib/node/command-form.ts'
import { Config } from '../../lib/node/config/config.ts'
import { Snapshot } from '../../lib/node/snapshot.ts'
import { NodeHarness } from '../support/node-harness.ts'

const KEYS = 20
const VALUE_BYTES = 30_000

function stage() {
  const harness = new NodeHarness()
  const client = harness.connect()
  for (let i = 0; i < KEYS; i++) harness.run(client, 'SET', `k${i}`, 'x'.repeat(VALUE_BYTES))
  const database = harness.node.databases[0] as Database
  const clock = { now: 1000, microseconds: 0 }
  const alarm = new Alarm(clock, () => {})
  const disk = { bytes: 0, roomBytes: Number.POSITIVE_INFINITY, isOpen: false }
  const syncs: ((failure?: Error) => void)[] = []
  const draft = {
    append({ length }: Uint8Array) {
      if (disk.bytes + length > disk.roomBytes) throw new Error('No space left on device')
      disk.bytes += length
    },
    finishLater: (done: (failure?: Error) => void) => syncs.push(done),
    discard: () => {
      disk.isOpen = false
    },
  }
  const open = () => {
    if (disk.roomBytes === 0) throw new Error('Permission denied')
    disk.isOpen = true
    return draft
  }
  const snapshot = () => new Snapshot([database], new CommandForm(''))
  const begin = () =>
    new BackgroundFile(snapshot(), open, {
      clock,
      alarm,
      config: new Config(),
      microseconds: () => 0,
    })
  const pass = (milliseconds: number) => {
    clock.now += milliseconds
    alarm.ring()
  }
  const written = () => {
    const file = begin()
    for (let i = 0; i < 10 * KEYS && syncs.length === 0; i++) pass(500)
    return file
  }
  return { begin, written, disk, syncs, draft, snapshot, pass }
}

t.test('it is written in slices', async (t) => {
  const { begin, disk, draft, syncs, pass } = stage()
  const file = begin()
  t.notOk(file.isOver)
  t.notOk(file.isWritten)
  t.ok(disk.bytes > 0 && disk.bytes < (KEYS * VALUE_BYTES) / 2, `${disk.bytes} at first`)
  t.match(file.progress, { seconds: 0, keys: KEYS })
  t.ok(file.progress.part > 0 && file.progress.part < 1)
  for (let i = 0; i < KEYS && syncs.length === 0; i++) pass(500)
  t.notOk(file.isOver, 'it is not on disk yet')
  t.ok(file.isWritten)
  syncs.pop()?.()
  t.ok(file.isOver)
  t.equal(file.draft, draft)
  t.ok(disk.bytes > KEYS * VALUE_BYTES)
  t.match(file.progress, { keys: KEYS, part: 1 })
  t.ok(file.progress.seconds > 0)
  t.ok(disk.isOpen)
})

t.test('a disk that fills up ends it', async (t) => {
  for (const roomBytes of [VALUE_BYTES, (KEYS * VALUE_BYTES) / 2]) {
    const { begin, disk, pass } = stage()
    disk.roomBytes = roomBytes
    const file = begin()
    for (let i = 0; i < KEYS && !file.isOver; i++) pass(1)
    t.ok(file.isOver)
    t.match(file.draft, { message: 'No space left on device' })
    t.notOk(disk.isOpen)
    const { part } = file.progress
    pass(1000)
    t.equal(file.progress.part, part, 'nothing more is drawn')
    file.abandon()
  }
})

t.test('a disk that cannot keep it', async (t) => {
  const { written, syncs } = stage()
  const file = written()
  t.notOk(file.isOver)
  syncs.pop()?.(new Error('Input/output error'))
  t.ok(file.isOver)
  t.notOk(file.isWritten)
  t.match(file.draft, { message: 'Input/output error' })
})

t.test('abandoned while the disk is at it', async (t) => {
  const { written, disk } = stage()
  const file = written()
  t.ok(disk.isOpen)
  file.abandon()
  t.ok(file.isOver)
  t.notOk(disk.isOpen)
})

t.test('a file that cannot be opened', async (t) => {
  const { begin, disk } = stage()
  disk.roomBytes = 0
  const file = begin()
  t.ok(file.isOver)
  t.match(file.draft, { message: 'Permission denied' })
  t.equal(file.progress.part, 0)
})

t.test('abandoned, it leaves nothing', async (t) => {
  const { begin, disk, pass } = stage()
  const file = begin()
  const { bytes } = disk
  file.abandon()
  t.notOk(disk.isOpen)
  pass(1000)
  t.equal(disk.bytes, bytes)
})

t.test('all at once', async (t) => {
  const { disk, draft, snapshot } = stage()
  writeAtOnce(snapshot(), draft)
  t.ok(disk.bytes > KEYS * VALUE_BYTES)
  disk.isOpen = true
  disk.roomBytes = disk.bytes + VALUE_BYTES * 5
  const half = snapshot()
  t.throws(() => writeAtOnce(half, draft), { message: 'No space left on device' })
  t.notOk(disk.isOpen)
  t.same(half.next(), { done: true, value: undefined })
})
