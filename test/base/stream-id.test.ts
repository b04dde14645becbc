import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import {
  formatStreamId,
  MAX_STREAM_ID,
  MIN_STREAM_ID,
  nextStreamId,
  nextStreamIdAt,
  nextStreamIdWithin,
  previousStreamId,
  type StreamId,
  streamIdAfter,
  streamIdAt,
  streamIdDistance,
  streamIdOf,
} from '../../lib/base/stream-id.ts'

const MAX = 2n ** 64n - 1n

/** Numbers at the edges of doubles, words and 64 bits, and others. */
function random64(random: Random): bigint {
  const edge = 2n ** BigInt(random.below(65)) + BigInt(random.below(5) - 2)
  return BigInt.asUintN(64, edge)
}

function pairsOf(count: number): [bigint, bigint][] {
  const random = new Random('stream ids')
  return Array.from({ length: count }, () => [random64(random), random64(random)])
}

function formatted(id: StreamId | undefined): string | undefined {
  return id && formatStreamId(id)
}

t.test('ids are exact and come in their order', async (t) => {
  const pairs = pairsOf(300)
  const ids = pairs.map(([ms, seq]) => streamIdOf(ms, seq))
  for (const [i, [ms, seq]] of pairs.entries()) {
    t.equal(formatStreamId(ids[i] as StreamId), `${ms}-${seq}`)
  }
  const sorted = pairs.toSorted(([a, b], [c, d]) =>
    a === c ? Number(b > d) - 0.5 : a > c ? 1 : -1,
  )
  t.strictSame(
    ids.toSorted().map((id) => formatStreamId(id)),
    sorted.map(([ms, seq]) => `${ms}-${seq}`),
  )
  t.equal(formatStreamId(streamIdAt(1_795_841_737_406)), '1795841737406-0')
  t.equal(formatStreamId(MAX_STREAM_ID, '.'), `${MAX}.${MAX}`)
})

t.test('the next and the previous id', async (t) => {
  for (const [ms, seq] of pairsOf(300)) {
    const id = streamIdOf(ms, seq)
    const whole = (ms << 64n) | seq
    const text = (value: bigint) => `${value >> 64n}-${value & MAX}`
    if (id !== MAX_STREAM_ID) t.equal(formatted(nextStreamId(id)), text(whole + 1n))
    if (id !== MIN_STREAM_ID) t.equal(formatted(previousStreamId(id)), text(whole - 1n))
  }
  t.equal(nextStreamId(MAX_STREAM_ID), undefined)
  t.equal(previousStreamId(MIN_STREAM_ID), undefined)
})

t.test('ids of a moment never go back', async (t) => {
  t.equal(formatted(nextStreamIdAt(5, streamIdOf(4n, 9n))), '5-0')
  t.equal(formatted(nextStreamIdAt(5, streamIdOf(5n, 9n))), '5-10')
  t.equal(formatted(nextStreamIdAt(5, streamIdOf(6n, 9n))), '6-10')
  t.equal(formatted(nextStreamIdAt(5, streamIdOf(5n, MAX))), '6-0')
  t.equal(nextStreamIdAt(5, MAX_STREAM_ID), undefined)
})

t.test('ids within given milliseconds', async (t) => {
  t.equal(formatted(nextStreamIdWithin(streamIdOf(5n, 0n), streamIdOf(4n, 9n))), '5-0')
  t.equal(formatted(nextStreamIdWithin(streamIdOf(5n, 0n), streamIdOf(5n, 9n))), '5-10')
  t.equal(nextStreamIdWithin(streamIdOf(5n, 0n), streamIdOf(5n, MAX)), undefined)
})

t.test('distances wrap around and lead back', async (t) => {
  const pairs = pairsOf(200)
  for (const [i, [ms, seq]] of pairs.entries()) {
    const id = streamIdOf(ms, seq)
    const from = streamIdOf(...(pairs[(i * 7) % pairs.length] as [bigint, bigint]))
    const [milliseconds, sequence] = streamIdDistance(id, from)
    t.equal(streamIdAfter(from, BigInt(milliseconds), BigInt(sequence)), id)
  }
  t.strictSame(streamIdDistance(streamIdOf(5n, 1n), streamIdOf(3n, 9n)), [2, -8])
  t.strictSame(streamIdDistance(streamIdOf(MAX, 0n), streamIdOf(0n, 0n)), [-1, 0])
})
