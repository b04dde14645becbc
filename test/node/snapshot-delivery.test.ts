import { Buffer } from 'node:buffer'
import t from 'tap'
import { Alarm } from '../../lib/node/alarm.ts'
import { Config } from '../../lib/node/config/config.ts'
import { SnapshotDelivery } from '../../lib/node/snapshot-delivery.ts'

const SLICE_BYTES = 128 * 1024

/** A source of chunks of one size with some keys each, and a taker that says when it is ready. */
function stage({ chunks = 1, chunkBytes = 64 * 1024, keysEach = 10, delay = '0' }) {
  const config = new Config()
  config.assign('rdb-key-save-delay', delay)
  const clock = { now: 1000, microseconds: 0 }
  const alarm = new Alarm(clock, () => {})
  const cost = { chunkMicroseconds: 0, spent: 0 }
  const state = { taken: 0, isReady: true, isDone: false, isReturned: false }
  let left = chunks
  const source = {
    keys: 0,
    next() {
      if (left === 0) return { done: true as const, value: undefined }
      left--
      cost.spent += cost.chunkMicroseconds
      this.keys += keysEach
      return { done: false as const, value: Buffer.alloc(chunkBytes) }
    },
    return() {
      state.isReturned = true
      return { done: true as const, value: undefined }
    },
  }
  const taker = {
    isReady: () => state.isReady,
    take: ({ length }: Buffer) => {
      state.taken += length
    },
    done: () => {
      state.isDone = true
    },
  }
  const delivery = new SnapshotDelivery(source, taker, {
    clock,
    alarm,
    config,
    microseconds: () => cost.spent,
  })
  const pass = (milliseconds: number) => {
    clock.now += milliseconds
    alarm.ring()
  }
  return { delivery, state, config, cost, pass }
}

t.test('what is small goes at once', async (t) => {
  const { delivery, state } = stage({ chunkBytes: 1000 })
  t.match(state, { taken: 1000, isDone: true })
  t.ok(delivery.isOver)
})

t.test('a slice goes in each turn', async (t) => {
  const { state, pass } = stage({ chunks: 5 })
  t.match(state, { taken: SLICE_BYTES, isDone: false })
  pass(0)
  t.match(state, { taken: 2 * SLICE_BYTES, isDone: false })
  pass(0)
  t.match(state, { taken: 2.5 * SLICE_BYTES, isDone: true })
})

t.test('a slice takes no longer than a client may wait', async (t) => {
  const { state, cost, pass } = stage({ chunks: 400, chunkBytes: 1000 })
  t.equal(state.taken, 132_000, 'no more than fits')
  cost.chunkMicroseconds = 15
  pass(0)
  t.equal(state.taken, 135_000)
})

t.test('the longer others keep it waiting, the more goes at once', async (t) => {
  const { state, cost, pass } = stage({ chunks: 4000, chunkBytes: 1000 })
  cost.chunkMicroseconds = 10
  const takenAfter = (waitedMicroseconds: number) => {
    const before = state.taken
    cost.spent += waitedMicroseconds
    pass(0)
    return (state.taken - before) / 1000
  }
  t.equal(takenAfter(0), 4)
  t.equal(takenAfter(100), 4)
  t.equal(takenAfter(4000), 100, 'a quarter of what others took')
  t.equal(takenAfter(1_000_000), 1000, 'but no more than 10 ms')
  t.equal(takenAfter(0), 4)
})

t.test('nothing is drawn while the taker has enough', async (t) => {
  const { state, pass } = stage({ chunks: 4 })
  state.isReady = false
  pass(1)
  pass(1000)
  t.equal(state.taken, SLICE_BYTES)
  state.isReady = true
  pass(1)
  t.equal(state.taken, 2 * SLICE_BYTES, 'it is looked at each millisecond')
})

t.test('keys take their time, as long as that is asked for', async (t) => {
  const { state, config, pass } = stage({ chunks: 3, delay: '100000' })
  t.equal(state.taken, 0)
  pass(900)
  t.equal(state.taken, 0, 'ten keys of 100 ms')
  pass(200)
  t.equal(state.taken, SLICE_BYTES / 2)
  config.assign('rdb-key-save-delay', '0')
  pass(100)
  pass(0)
  t.ok(state.isDone)
})

t.test('cancelled, it draws no more', async (t) => {
  const { delivery, state, pass } = stage({ chunks: 10 })
  delivery.cancel()
  pass(1000)
  t.match(state, { taken: SLICE_BYTES, isDone: false, isReturned: true })
  delivery.cancel()
})
