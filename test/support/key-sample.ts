/**
 * Keys of every type in every encoding that Redis 7.0 has: for each kind the commands that make one. A kind that is new is
 * one line. Invariant: the commands of a key name that key alone, so each may run where its slot is.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import type { Random } from '../../lib/base/random.ts'

/** Beyond any clock this runs on, Unix ms. */
const FAR_MS = 4_000_000_000_000

/** The commands that make a key of a kind. */
export type Sample = (key: Bytes, random: Random) => readonly (readonly Bytes[])[]

/** Small keys; those of one kind differ by chance. */
export const smallSamples: Readonly<Record<string, Sample>> = {
  string: (key, random) => [['SET', key, `value of ${key} ${random.below(1000)}`]],
  integer: (key, random) => [['SET', key, `${random.below(2 ** 31) - 2 ** 30}`]],
  wideInteger: (key, random) => [['SET', key, `-${random.below(2 ** 31)}0000000`]],
  bytes: (key, random) => [['SET', key, random.bytes(1 + random.below(100))]],
  compressible: (key, random) => [['SET', key, 'again and '.repeat(3 + random.below(50))]],
  bitmap: (key, random) => [['SETBIT', key, `${random.below(4000)}`, '1']],
  appended: (key, random) => [
    ['SET', key, '12'],
    ['APPEND', key, random.bytes(random.below(60))],
  ],
  expiring: (key, random) => [['SET', key, 'v', 'PXAT', `${FAR_MS + random.below(100_000)}`]],
  expiringHash: (key, random) => [
    ['HSET', key, 'f', 'v'],
    ['PEXPIREAT', key, `${FAR_MS + random.below(100_000)}`],
  ],
  hash: (key, random) => [['HSET', key, 'field', key, 'number', `${random.below(70_000)}`]],
  list: (key, random) => [['RPUSH', key, 'a', key, '-7', `${random.below(2 ** 31)}00`, 'a', '']],
  set: (key) => [['SADD', key, 'a', key]],
  smallIntegerSet: (key, random) => [['SADD', key, '1', '-2', `${random.below(30_000)}`]],
  integerSet: (key, random) => [['SADD', key, '1', `${40_000 + random.below(2 ** 30)}`]],
  wideIntegerSet: (key, random) => [['SADD', key, '-3', `${1 + random.below(2 ** 31)}0000000000`]],
  sortedSet: (key, random) => [
    ['ZADD', key, '1', 'one', '-0.5', key, '1', 'eins', `${random.below(1000)}`, '17'],
  ],
  endlessSortedSet: (key) => [['ZADD', key, '-inf', 'least', '+inf', 'most', '1e300', 'much']],
  stream: (key, random) => [
    ['XADD', key, '5-1', 'name', key],
    ['XADD', key, '5-2', 'name', `${random.below(1000)}`],
    ['XADD', key, `${6 + random.below(1000)}-0`, 'other', 'x', 'field', ''],
  ],
  groupedStream: (key, random) => [
    ['XADD', key, '1-1', 'a', '1'],
    ['XADD', key, '2-1', 'a', '2'],
    ['XADD', key, '3-1', 'b', '3'],
    ['XGROUP', 'CREATE', key, 'readers', '0'],
    ['XGROUP', 'CREATE', key, 'late', '$', 'ENTRIESREAD', `${random.below(3)}`],
    ['XGROUP', 'CREATECONSUMER', key, 'late', 'idle'],
    ['XREADGROUP', 'GROUP', 'readers', 'one', 'COUNT', '2', 'STREAMS', key, '>'],
    ['XREADGROUP', 'GROUP', 'readers', 'two', 'COUNT', '1', 'STREAMS', key, '>'],
    ['XACK', key, 'readers', '1-1'],
  ],
  trimmedStream: (key) => [
    ['XADD', key, '1-1', 'a', '1'],
    ['XADD', key, '2-1', 'a', '2'],
    ['XADD', key, '3-1', 'a', '3'],
    ['XDEL', key, '2-1'],
    ['XTRIM', key, 'MAXLEN', '1'],
  ],
  emptyStream: (key) => [
    ['XGROUP', 'CREATE', key, 'g', '$', 'MKSTREAM'],
    ['XSETID', key, '7-7', 'ENTRIESADDED', '9', 'MAXDELETEDID', '5-5'],
  ],
  hyperLogLog: (key, random) => [['PFADD', key, 'a', key, `${random.below(1000)}`]],
  geo: (key, random) => [['GEOADD', key, '13.4', '52.5', 'b', '2.3', `${random.below(80)}.8`, 'p']],
}

/** Keys that are too large for the small encodings. */
export const largeSamples: Readonly<Record<string, Sample>> = {
  longString: (key, random) => [['SET', key, random.bytes(5000)]],
  longRun: (key, random) => [['SET', key, 'x'.repeat(20_000 + random.below(1000))]],
  wideHash: (key) => [['HSET', key, ...words(200, (i) => [`f${i}`, `${i}`])]],
  hashOfLongValue: (key, random) => [['HSET', key, 'field', random.bytes(65), 'g', '']],
  longList: (key, random) => [['RPUSH', key, ...words(300, () => [random.bytes(40)])]],
  listOfLongElement: (key, random) => [['RPUSH', key, 'a', random.bytes(9000), 'b']],
  wideSet: (key, random) => [['SADD', key, ...words(200, (i) => [`${i}${random.bytes(3)}`])]],
  wideIntegerSet: (key) => [['SADD', key, ...words(600, (i) => [`${i * 7}`])]],
  wideSortedSet: (key, random) => [
    ['ZADD', key, ...words(200, (i) => [`${random.below(50) / 8}`, `m${i}`])],
  ],
  sortedSetOfLongMember: (key, random) => [['ZADD', key, '1', random.bytes(65), '2', 'b']],
  longStream: (key, random) => [
    ...Array.from({ length: 120 }, (_, i) => ['XADD', key, `${i + 1}-0`, 'f', random.bytes(20)]),
    ['XGROUP', 'CREATE', key, 'g', '0'],
    ['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', '50', 'STREAMS', key, '>'],
    ['XDEL', key, '3-0', '77-0'],
  ],
  denseHyperLogLog: (key) => [['PFADD', key, ...words(2000, (i) => [`${key}${i}`])]],
}

function words(count: number, wordsOf: (i: number) => readonly Bytes[]): Bytes[] {
  return Array.from({ length: count }, (_, i) => wordsOf(i)).flat()
}
