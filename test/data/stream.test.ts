import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { MIN_STREAM_ID, type StreamId, streamIdOf } from '../../lib/base/stream-id.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { StreamValue } from '../../lib/data/stream.ts'
import { ConsumerGroup } from '../../lib/data/stream-group.ts'

const id = (ms: number, seq = 0) => streamIdOf(BigInt(ms), BigInt(seq))
const limits = { ...defaultEncodingLimits(), streamNodeMaxEntries: 10 }

/** Entries 1-0, 2-0 and so on. */
function streamOf(count: number): StreamValue {
  const stream = new StreamValue(limits)
  for (let ms = 1; ms <= count; ms++) stream.append(id(ms), ['f'], [`${ms}`])
  return stream
}

function idsOf(entries: Iterable<{ readonly id: StreamId }>): StreamId[] {
  return Array.from(entries, (entry) => entry.id)
}

t.test('ranges of a stream that is edited at random', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const stream = new StreamValue(limits)
  let model: StreamId[] = []
  let last = 0
  for (let step = 0; step < 3000; step++) {
    const some = id(random.below(last + 2))
    switch (random.below(step < 1500 ? 8 : 5)) {
      case 0:
      case 1:
        if (stream.delete(some) !== model.includes(some)) t.fail(`step ${step}: delete`)
        model = model.filter((other) => other !== some)
        break
      case 2: {
        const left = random.below(2) === 0 ? model.slice(2) : model.filter((other) => other >= some)
        if (model.length - left.length > 20) break
        const goal = left.length < model.length - 2 ? { minId: some } : { maxLength: left.length }
        const removed = stream.trim(goal, { isApproximate: false, limit: 0 })
        if (removed !== model.length - left.length) t.fail(`step ${step}: trim`)
        model = left
        break
      }
      default:
        last += 1 + random.below(3)
        stream.append(id(last), [random.pick(['f', 'g'])], ['v'])
        model.push(id(last))
    }
    if (step % 300 !== 0) continue
    const [start, end] = [id(random.below(last + 2)), id(random.below(last + 2))]
    const between = model.filter((other) => other >= start && other <= end)
    t.strictSame(idsOf(stream.range()), model)
    t.strictSame(idsOf(stream.reversed()), model.toReversed())
    t.strictSame(idsOf(stream.range(start, end)), between)
    t.strictSame(idsOf(stream.reversed(end, start)), between.toReversed())
    t.equal(stream.size, model.length)
    t.equal(stream.firstId, model[0] ?? MIN_STREAM_ID)
    t.equal(
      stream.get(start)?.id,
      model.find((other) => other === start),
    )
  }
})

t.test('an approximate trim takes whole nodes, up to its limit', async (t) => {
  const trim = (maxLength: number, limit: number) =>
    streamOf(35).trim({ maxLength }, { isApproximate: true, limit })
  t.equal(trim(26, 0), 0)
  t.equal(trim(25, 0), 10)
  t.equal(trim(0, 0), 35)
  t.equal(trim(0, 25), 20)
  const byId = (ms: number) =>
    streamOf(35).trim({ minId: id(ms) }, { isApproximate: true, limit: 0 })
  t.equal(byId(10), 0)
  t.equal(byId(11), 10)
})

t.test('what it remembers of what is gone', async (t) => {
  const stream = streamOf(5)
  stream.delete(id(3))
  stream.delete(id(2))
  t.match(stream, { maxDeletedId: id(3), entriesAdded: 5, lastId: id(5), size: 3 })
  t.equal(stream.hasGapFrom(id(3)), true)
  t.equal(stream.hasGapFrom(id(4)), false)
  stream.trim({ maxLength: 1 }, { isApproximate: false, limit: 0 })
  t.equal(stream.hasGapFrom(id(1)), false, 'the gap is before the first')
  t.match(stream, { maxDeletedId: id(3), firstId: id(5) })
  stream.delete(id(5))
  t.match(stream, { maxDeletedId: id(5), firstId: MIN_STREAM_ID, lastId: id(5), size: 0 })
})

t.test('how many entries came up to an id, where that can be told', async (t) => {
  t.equal(new StreamValue(limits).countUpTo(id(5)), 0)
  const stream = streamOf(5)
  const counts = () => [0, 1, 2, 5, 6].map((ms) => stream.countUpTo(id(ms)))
  t.strictSame(counts(), [0, 1, undefined, 5, undefined])
  stream.trim({ maxLength: 4 }, { isApproximate: false, limit: 0 })
  t.strictSame(counts(), [1, 1, 2, 5, undefined])
  stream.delete(id(3))
  t.strictSame(counts(), [undefined, undefined, undefined, 5, undefined])
  stream.trim({ maxLength: 0 }, { isApproximate: false, limit: 0 })
  t.strictSame(counts(), [5, 5, 5, 5, undefined])
})

t.test('an entry that is too large is refused', async (t) => {
  const stream = new StreamValue(limits)
  const large = 'x'.repeat(2 ** 28)
  t.equal(stream.append(id(1), ['', '', '', ''], [large, large, large, `${large}x`]), false)
  t.equal(stream.size, 0)
})

t.test('a copy goes its own way', async (t) => {
  const stream = streamOf(12)
  stream.delete(id(4))
  stream.groups.set('g', new ConsumerGroup(id(2), 2))
  const copy = stream.copy()
  t.strictSame(idsOf(copy.range()), idsOf(stream.range()))
  t.match(copy, { size: 11, maxDeletedId: id(4), entriesAdded: 12, lastId: id(12) })
  copy.append(id(20), ['f'], ['v'])
  copy.delete(id(1))
  copy.groups.delete('g')
  t.match(stream, { size: 11, firstId: id(1), lastId: id(12) })
  t.equal(stream.groups.size, 1)
  t.equal(stream.encoding(), 'stream')
})
