import { Buffer } from 'node:buffer'
import t from 'tap'
import { bytesIn } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { bytesOfSource } from '../../lib/rdb/source.ts'
import { PayloadReceiver } from '../../lib/replication/payload-receiver.ts'

const MARK = 'm'.repeat(40)

/** Feeds bytes in chunks of given sizes; what came of it, and what was left over. */
function receive(text: string, sizes: () => number) {
  const receiver = new PayloadReceiver()
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, sizes())
    let chunk = Buffer.from(bytes.subarray(at, at + size))
    at += size
    for (;;) {
      const progress = receiver.take(chunk)
      if (progress.state === 'begun') {
        chunk = chunk.subarray(progress.consumed)
        continue
      }
      if (progress.state === 'done') {
        const rest = chunk.subarray(progress.consumed).toString('latin1') + text.slice(at)
        return { payload: bytesIn(bytesOfSource(progress.payload)), rest, receiver }
      }
      if (progress.state !== 'more') return { refused: progress, receiver }
      break
    }
    chunk.fill(0)
  }
  return { receiver }
}

t.test('payloads in chunks of any size', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (let round = 0; round < 500; round++) {
    const payload = random.bytes(random.below(300))
    const isMarked = random.below(2) === 0
    const lines = '\n'.repeat(random.below(3))
    const rest = isMarked ? '' : random.bytes(random.below(20))
    const head = isMarked ? `$EOF:${MARK}` : `$${payload.length}`
    const text = `${lines}${head}\r\n${payload}${isMarked ? MARK : ''}${rest}`
    const got = receive(text, () => random.below(random.below(2) === 0 ? 8 : 400))
    if (got.payload !== payload || got.rest !== rest) t.fail(`round ${round} of seed ${seed}`)
    if (got.receiver.isMarked !== isMarked) t.fail(`round ${round} of seed ${seed}`)
  }
})

t.test('a payload of many blocks is read in pieces of any size', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (const size of [65_535, 65_536, 65_537, 131_072, 200_000]) {
    for (const head of [`$${size}\r\n`, `$EOF:${MARK}\r\n`]) {
      const payload = random.bytes(size)
      const receiver = new PayloadReceiver()
      receiver.take(Buffer.from(head))
      const end = head.startsWith('$EOF') ? MARK : ''
      const progress = receiver.take(Buffer.from(payload + end, 'latin1'))
      if (progress.state !== 'done') throw new Error(progress.state)
      t.equal(progress.payload.sizeBytes, size)
      let read = ''
      for (let count = -1; count !== 0; ) {
        const target = Buffer.alloc(1 + random.below(150_000))
        const start = random.below(target.length)
        count = progress.payload.read(target, start)
        read += bytesIn(target, start, start + count)
      }
      if (read !== payload) t.fail(`${size} bytes after ${head}, seed ${seed}`)
    }
  }
})

t.test('progress as INFO shows it', async (t) => {
  const { receiver } = receive('\n', () => 10)
  t.match(receiver, { announcedBytes: -1, receivedBytes: 0 })
  receiver.take(Buffer.from('$100\r\n'))
  receiver.take(Buffer.from('abc'))
  t.match(receiver, { announcedBytes: 100, receivedBytes: 3, isMarked: false })
  const marked = receive(`$EOF:${MARK}\r\nab`, () => 10).receiver
  t.match(marked, { announcedBytes: 0, receivedBytes: 2, isMarked: true })
})

t.test('an empty payload is complete at once', async (t) => {
  const receiver = new PayloadReceiver()
  t.match(receiver.take(Buffer.from('$0\r\n+')), { state: 'begun', consumed: 4 })
  t.match(receiver.take(Buffer.from('+')), { state: 'done', consumed: 0 })
})

t.test('what is no payload', async (t) => {
  const table: [text: string, state: string][] = [
    ['-ERR sorry\r\n', 'refused'],
    ['!foo\r\n', 'strange'],
    ['$-1\r\n', 'strange'],
    ['$EOF:short\r\n', 'strange'],
    ['x'.repeat(2000), 'strange'],
  ]
  for (const [text, state] of table)
    t.match(receive(text, () => 7).refused, { state }, text.slice(0, 9))
})
