import t from 'tap'
import { streamIdOf } from '../../lib/base/stream-id.ts'
import { appendValue, DataDigest, uint32 } from '../../lib/rdb/digest.ts'
import type { RdbValue, StreamRecord } from '../../lib/rdb/record.ts'

function digestOf(value: RdbValue, expires = false): string {
  const digest = new DataDigest()
  appendValue(digest, value, expires)
  return digest.hex()
}

function hash(...pairs: [string, string][]): RdbValue {
  return { type: 'hash', packed: true, size: pairs.length, entries: () => pairs }
}

t.test('a digest takes things in this order or in any', async (t) => {
  const [one, other, ordered] = [new DataDigest(), new DataDigest(), new DataDigest()]
  for (const text of ['a', 'b']) one.add(text)
  for (const text of ['b', 'a']) other.add(text)
  for (const text of ['a', 'b']) ordered.append(text)
  t.equal(one.hex(), other.hex())
  t.not(one.hex(), ordered.hex())
  t.equal(one.bytes().length, 20)
})

t.test('values as a real server digests them', async (t) => {
  const bar: RdbValue = { type: 'string', bytes: 'bar' }
  t.equal(digestOf(bar), '68467c70ae30376e7ce005bcc8827f5ba7fd67dc')
  t.equal(digestOf(bar, true), '8ec3828f7209dd3abdf6ee448de8b0c0bd53265f')
  const expected = '8530acc75d5274eb0fc0da86f28ed5533274a6d4'
  t.equal(digestOf(hash(['f', 'v'], ['g', '12'])), expected)
  t.equal(digestOf(hash(['g', '12'], ['f', 'v'])), expected, 'in any order')
  t.not(digestOf(hash(['g', 'v'], ['f', '12'])), expected, 'a field keeps its value')
  const elements = ['a', 'b', '12']
  const list = { type: 'list', size: 3, maxListpackSize: -2, elements: () => elements } as const
  t.equal(digestOf(list), '4fddf5ecfb89aa53ce571890ffcd91dc9c8824bf')
  t.not(digestOf({ ...list, elements: () => elements.toReversed() }), digestOf(list))
})

t.test('a set in any order, as a real server digests it', async (t) => {
  const set = (...members: string[]): RdbValue => {
    return { type: 'set', packed: undefined, size: members.length, members: () => members }
  }
  t.equal(digestOf(set('a', '12')), '4f1c2d55e0fe2858a8d0dd9219f630e5e93f8b0a')
  t.equal(digestOf(set('12', 'a')), '4f1c2d55e0fe2858a8d0dd9219f630e5e93f8b0a')
})

t.test('a sorted set in any order, as a real server digests it', async (t) => {
  const sorted = (...pairs: [string, number][]): RdbValue => {
    return { type: 'zset', packed: true, size: pairs.length, descending: () => pairs }
  }
  const digest = 'c45c5b051acd64070e5ed1a949939d5145f806c5'
  t.equal(digestOf(sorted(['a', 1], ['b', 2.5])), digest)
  t.equal(digestOf(sorted(['b', 2.5], ['a', 1])), digest)
})

t.test('a stream by its entries, as a real server digests it', async (t) => {
  const id = (ms: bigint) => streamIdOf(ms, 1n)
  const fields = ['f']
  const entry = { id: id(1n), fields, values: ['v'], isDeleted: false }
  const entries = [entry, { ...entry, id: id(2n), fields: ['f', 'g'], values: ['w', '12'] }]
  const stream: StreamRecord = {
    type: 'stream',
    size: 2,
    nodes: [{ masterId: id(1n), fields, entries }],
    lastId: id(2n),
    firstId: id(1n),
    maxDeletedId: id(0n),
    entriesAdded: 2,
    groups: [],
  }
  t.equal(digestOf(stream), '48fdd5f89f267d0fa489e4874754a5577d3fdde6')
  const deleted = { ...entry, id: id(3n), isDeleted: true }
  const nodes = [{ masterId: id(1n), fields, entries: [...entries, deleted] }]
  t.equal(digestOf({ ...stream, nodes }), digestOf(stream))
})

t.test('a number in network order', async (t) => {
  t.equal(uint32(0x01020304), '\x01\x02\x03\x04')
  t.equal(uint32(0xff00_0000), '\xff\0\0\0')
})
