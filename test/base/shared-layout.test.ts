/** The shared memory: every cell has a place of its own, and all who share the buffer see the same. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { CRC16_TABLE_LENGTH, SLOT_COUNT } from '../../lib/base/crc16.ts'
import type { PathFault } from '../../lib/base/fault-matrix.ts'
import { Field, FOREIGN_OWNER, NO_OWNER, SharedMemory } from '../../lib/base/shared-layout.ts'
import { waitForChange } from '../../lib/host/wait.ts'

const FIELDS = Object.values(Field)

/** Something wrong on this path, or nothing. */
function faultOf(from: number, to: number): PathFault | undefined {
  if ((from + to) % 2 === 0) return undefined
  return { isCut: from > to, minMs: from, maxMs: to, dropProbability: 0.5 }
}

/** Writes something else into every cell there is; returns what reads all of it back. */
function fill(memory: SharedMemory): () => unknown[] {
  const { capacity } = memory
  const indexes = Array.from({ length: capacity }, (_, index) => index)
  memory.head[0] = 11
  memory.clock[0] = -1.5
  memory.crcTable.forEach((_, i, table) => {
    table[i] = i + 1
  })
  for (const index of indexes) {
    for (const field of FIELDS) memory.set(index, field, -1000 * index - field)
    memory.setReplicationOffset(index, 2 ** 52 + index)
    memory.setId(index, String(index % 10).repeat(40))
    memory.slotView(index).fill(index + 1)
    for (const other of indexes) memory.faults.write(index, other, faultOf(index, other))
  }
  return () => [
    memory.head[0],
    memory.clock[0],
    [...memory.crcTable],
    indexes.map((index) => [
      FIELDS.map((field) => memory.get(index, field)),
      memory.replicationOffset(index),
      memory.id(index),
      [...new Set(memory.slotView(index))],
      indexes.map((other) => memory.faults.read(index, other)),
    ]),
  ]
}

t.test('no cell lies on another', async (t) => {
  for (const capacity of [1, 2, 3, 6, 7, 20]) {
    const read = fill(new SharedMemory(capacity))
    const [head, clock, table, nodes] = read() as [number, number, number[], unknown[][]]
    t.equal(head, 11)
    t.equal(clock, -1.5)
    t.equal(table.length, CRC16_TABLE_LENGTH)
    t.ok(table.every((entry, i) => entry === i + 1))
    for (const [index, [fields, offset, id, owners, faults]] of nodes.entries()) {
      t.same(
        fields,
        FIELDS.map((field) => -1000 * index - field),
      )
      t.equal(offset, 2 ** 52 + index)
      t.equal(id, String(index % 10).repeat(40))
      t.same(owners, [index + 1])
      t.same(
        faults,
        Array.from({ length: capacity }, (_, other) => faultOf(index, other)),
      )
    }
  }
})

t.test('who has the buffer sees the same', async (t) => {
  const memory = new SharedMemory(3)
  const read = fill(memory)
  const other = new SharedMemory(3, memory.buffer)
  t.equal(other.buffer, memory.buffer)
  t.equal(other.get(2, Field.port), memory.get(2, Field.port))
  t.equal(other.id(1), memory.id(1))
  t.equal(other.slotView(2)[SLOT_COUNT - 1], 3)
  const before = JSON.stringify(read())
  other.set(0, Field.life, 2)
  t.not(JSON.stringify(read()), before)
  t.equal(memory.get(0, Field.life), 2)
})

t.test('a node is found by its id', async (t) => {
  const memory = new SharedMemory(4)
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string]
  const between = 'a'.repeat(20) + 'b'.repeat(20)
  memory.setId(0, a)
  memory.setId(1, b)
  t.equal(memory.indexOf(a), 0)
  t.equal(memory.indexOf(b), 1)
  t.equal(memory.indexOf(c), undefined)
  t.equal(memory.indexOf(between), undefined, 'of none, though it stands there')
  memory.setId(3, between)
  t.equal(memory.indexOf(between), 3)
})

t.test('fresh memory is empty', async (t) => {
  const memory = new SharedMemory(2)
  t.ok(FIELDS.every((field) => memory.get(1, field) === 0))
  t.equal(memory.slotView(1).length, SLOT_COUNT)
  t.ok(memory.slotView(1).every((owner) => owner === NO_OWNER))
  t.equal(memory.clock[0], 0)
  for (const from of [0, 1, 2]) for (const to of [0, 1, 2]) t.ok(memory.faults.isWhole(from, to))
  t.equal(memory.id(1), '\0'.repeat(40))
})

t.test('the field names stand for different cells, and owners for no index', async (t) => {
  t.equal(new Set(FIELDS).size, FIELDS.length)
  t.ok(FIELDS.every((field) => field >= 0 && field < 32))
  t.equal(NO_OWNER, 0)
  t.equal(FOREIGN_OWNER, new Uint16Array([FOREIGN_OWNER])[0])
})

t.test('an announcement counts and wakes whoever waits, in another thread', async (t) => {
  const memory = new SharedMemory(2)
  const waiting = `
    const { workerData, parentPort } = require('node:worker_threads')
    const head = new Int32Array(workerData, 0, 4)
    parentPort.postMessage('ready')
    parentPort.postMessage([Atomics.wait(head, 0, 0, 20000), head[0]])
  `
  const worker = new Worker(waiting, { eval: true, workerData: memory.buffer, execArgv: [] })
  t.same(await once(worker, 'message'), ['ready'])
  const woken = once(worker, 'message')
  memory.announce(1)
  const [[how, count]] = await woken
  // Whoever comes to wait after the announcement does not wait at all.
  t.ok(how === 'ok' || how === 'not-equal', how)
  t.equal(count, 1)
  t.equal(memory.get(1, Field.version), 1)
  t.equal(memory.get(0, Field.version), 0)
  memory.announce(0)
  t.equal(memory.head[0], 2)
  await worker.terminate()
})

t.test(
  'a thread that was asked to sleep sleeps until it is woken, any other does not',
  async (t) => {
    const memory = new SharedMemory(2)
    memory.sleep(0)
    memory.askToSleep(0)
    memory.wake(0)
    memory.sleep(0)
    t.notOk(memory.isAsleep(0), 'the wish was taken back')
    const sleeping = `
    import(process.env.LAYOUT).then(({ SharedMemory }) => {
      const { workerData, parentPort } = require('node:worker_threads')
      new SharedMemory(2, workerData).sleep(1)
      parentPort.postMessage('awake')
    })
  `
    memory.askToSleep(1)
    const LAYOUT = new URL('../../lib/base/shared-layout.js', import.meta.url).href
    const options = { eval: true, workerData: memory.buffer, execArgv: [], env: { LAYOUT } }
    const worker = new Worker(sleeping, options)
    const awake = once(worker, 'message')
    await waitForChange(memory, () => memory.isAsleep(1), {
      timeoutMs: 20_000,
      onTimeout: () => new Error('it did not fall asleep'),
    })
    t.equal(memory.get(1, Field.version), 1, 'it says so')
    t.notOk(memory.isAsleep(0))
    memory.wake(1)
    t.same(await awake, ['awake'])
    await worker.terminate()
  },
)
