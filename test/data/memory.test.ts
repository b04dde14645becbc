/**
 * What values take in a Redis: the figures of redis-server 7.0.15's MEMORY USAGE, less key and entry, and that what is
 * reckoned while a value changes is what counting it anew gives.
 */
import t from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { streamIdOf } from '../../lib/base/stream-id.ts'
import { EditableString } from '../../lib/data/editable-string.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { HashValue } from '../../lib/data/hash.ts'
import { ListValue } from '../../lib/data/list.ts'
import { SetValue } from '../../lib/data/set.ts'
import { SortedSetValue } from '../../lib/data/sorted-set.ts'
import type { StoredObject } from '../../lib/data/stored-object.ts'
import { StreamValue } from '../../lib/data/stream.ts'
import { plainStringBytes } from '../../lib/data/string-encoding.ts'

const limits = { ...defaultEncodingLimits(), setMaxListpackEntries: 0 }
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

t.test('strings take what they take in redis-server', async (t) => {
  for (const [length, bytes] of [
    [0, 32],
    [28, 48],
    [44, 64],
    [45, 80],
    [500, 528],
    [40_000, 40_976],
  ] as const) {
    t.equal(plainStringBytes('a'.repeat(length)), bytes, `${length} bytes`)
  }
  t.equal(plainStringBytes('12345678901'), 16, 'an integer is kept in its header')
  t.equal(new EditableString('a'.repeat(28), 'embstr').memoryBytes(), 48)
  t.equal(new EditableString('a'.repeat(500)).memoryBytes(), 528)
})

t.test('collections take about what they take in redis-server', async (t) => {
  const hash = (count: number) =>
    new HashValue(limits, new Map(numbers(count).map((i) => [`f${i}`, `value${i}`])))
  const set = (count: number) => new SetValue(limits, new Set(numbers(count).map((i) => `m${i}`)))
  const integers = (count: number) => new SetValue(limits, new Set(numbers(count).map(String)))
  const sorted = (count: number) =>
    new SortedSetValue(limits, new Map(numbers(count).map((i) => [`m${i}`, i])))
  const list = (count: number) =>
    new ListValue(
      limits,
      numbers(count).map((i) => `element${i}`),
    )
  const figures: [what: string, value: StoredObject, bytes: number][] = [
    ['hash, listpack', hash(10), 144],
    ['hash, listpack', hash(100), 1552],
    ['hash, hashtable', hash(1000), 56_184],
    ['hash, hashtable', hash(10_000), 676_600],
    ['set, hashtable', set(128), 5192],
    ['set, hashtable', set(10_000), 516_688],
    ['set, intset', integers(128), 336],
    ['sorted set, listpack', sorted(100), 784],
    ['sorted set, skiplist', sorted(1000), 94_008],
    ['sorted set, skiplist', sorted(10_000), 1_050_424],
    ['list, one node', list(10), 208],
    ['list', list(1000), 12_424],
    ['list', list(10_000), 130_744],
    ['list of long elements', new ListValue(limits, Array(200).fill('v'.repeat(1000))), 205_856],
    ['list of longer elements', new ListValue(limits, Array(20).fill('v'.repeat(10_000))), 205_656],
    ['stream', stream(1), 4696],
    ['stream', stream(128), 8248],
    ['stream', stream(1000), 33_736],
    ['stream', stream(10_000), 363_604],
  ]
  for (const [what, value, bytes] of figures) {
    const off = value.memoryBytes() / bytes - 1
    t.ok(Math.abs(off) < 0.15, `${what}: ${value.memoryBytes()} for ${bytes}`)
  }
})

function stream(count: number): StreamValue {
  const value = new StreamValue(limits)
  for (const i of numbers(count)) {
    value.append(streamIdOf(BigInt(i + 1), 1n), ['f1', 'f2'], [`value${i}`, 'other'])
  }
  return value
}

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
t.comment(`SEED=${seed}`)

/** A text of up to 100 bytes, or an integer. */
function anyText(random: Random): Bytes {
  return random.below(2) === 0 ? String(random.below(100_000)) : 'x'.repeat(random.below(100))
}

t.test('what is reckoned along the way is what counting anew gives', async (t) => {
  const random = new Random(seed)
  const small = { ...limits, hashMaxListpackEntries: 20, zsetMaxListpackEntries: 20 }
  const hash = new HashValue(small)
  const set = new SetValue(small)
  const sorted = new SortedSetValue(small)
  const list = new ListValue(small)
  const entries = new StreamValue({ ...small, streamNodeMaxEntries: 5 })
  let id = 0n
  const steps: Record<string, [StoredObject, () => void][]> = {
    hash: [
      [hash, () => hash.set(anyText(random), anyText(random))],
      [hash, () => hash.set(String(random.below(10)), anyText(random))],
      [hash, () => hash.delete(hash.randomName(random) ?? '')],
    ],
    set: [
      [set, () => set.add(String(random.below(100_000)))],
      [set, () => set.add(anyText(random))],
      [set, () => set.delete(set.randomName(random) ?? '')],
    ],
    'sorted set': [
      [sorted, () => sorted.set(anyText(random), random.below(1000) / 4)],
      [sorted, () => sorted.set(String(random.below(10)), random.below(100_000))],
      [sorted, () => sorted.delete(sorted.randomName(random) ?? '')],
      [sorted, () => sorted.deleteRanks({ start: 0, end: Math.min(3, sorted.size) })],
    ],
    list: [
      [list, () => list.push(random.below(2) === 0 ? 'left' : 'right', anyText(random))],
      [list, () => list.push('right', 'y'.repeat(random.below(10_000)))],
      [list, () => list.pop(random.below(2) === 0 ? 'left' : 'right')],
      [list, () => list.set(random.below(list.size + 1), anyText(random))],
      [list, () => list.insert('before', list.at(0) ?? '', anyText(random))],
      [list, () => list.remove(list.at(1) ?? '', 2, 'right')],
      [list, () => list.trim(random.below(2), random.below(2))],
    ],
    stream: [
      [entries, () => entries.append(streamIdOf(++id, 0n), ['f'], [anyText(random)])],
      [entries, () => entries.append(streamIdOf(++id, 0n), [anyText(random)], ['v'])],
      [entries, () => entries.delete(streamIdOf(BigInt(random.below(Number(id) + 1)), 0n))],
      [
        entries,
        () => {
          const isApproximate = random.below(2) === 0
          entries.trim({ maxLength: entries.size - random.below(4) }, { isApproximate, limit: 0 })
        },
      ],
    ],
  }
  for (const [type, choices] of Object.entries(steps)) {
    for (let round = 0; round < 1000; round++) {
      const [value, step] = choices[random.below(choices.length)] as [StoredObject, () => void]
      step()
      const anew = value.copy().memoryBytes()
      if (value.memoryBytes() === anew) continue
      t.fail(`${type}, step ${round}: ${value.memoryBytes()} is not ${anew}`)
      break
    }
    t.pass(type)
  }
})

t.test('what is freed later', async (t) => {
  t.equal(new SetValue(limits, new Set(numbers(100).map(String))).freeEffort(), 1)
  t.equal(new SetValue(limits, new Set(numbers(100).map((i) => `m${i}`))).freeEffort(), 100)
  t.equal(new EditableString('x').freeEffort(), 1)
  t.equal(stream(1000).freeEffort(), 10)
})
