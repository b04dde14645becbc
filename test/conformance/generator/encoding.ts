/**
 * Random writes to values of all types, near the sizes at which they take another form, and looks at the form they have: the
 * encoding, the digest, the bytes of a dump where they have one order. Now and then all is saved and loaded again.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import { type Choice, choose, oneIn } from './vocabulary.ts'

const TYPES = ['string', 'list', 'set', 'intset', 'zset', 'hash', 'stream'] as const
const keyOf = (random: Random, type: string): Bytes => `{k}${type}${random.below(3)}`
const anyKey = (random: Random): Bytes => keyOf(random, random.pick(TYPES))

/** Texts on both sides of the limits of listpacks (64) and of strings beside their header (44). */
function text(random: Random): Bytes {
  return choose(random, [
    [10, (r) => `t${r.below(200)}`],
    [6, (r) => String(r.below(70_000) - 300)],
    [2, (r) => r.pick(['-1', '127', '128', '4095', '32768', '8388608', '2147483648', '0012'])],
    [1, (r) => 'x'.repeat(r.pick([31, 32, 43, 44, 45, 63, 64, 65, 66, 255, 256]))],
  ])
}

/** A few, or so many that the value outgrows a listpack (128) or an intset (512). */
function several<T>(random: Random, make: (index: number) => T): T[] {
  const count = oneIn(random, 12) ? 60 + random.below(90) : 1 + random.below(6)
  const first = random.below(400)
  return Array.from({ length: count }, (_, i) => make(first + i))
}

const ends = (random: Random) => [random.pick(['LEFT', 'RIGHT']), random.pick(['LEFT', 'RIGHT'])]

const writes: Choice<Bytes[]> = [
  [2, (r) => ['SET', keyOf(r, 'string'), text(r)]],
  [1, (r) => ['APPEND', keyOf(r, 'string'), text(r)]],
  [1, (r) => ['SETRANGE', keyOf(r, 'string'), String(r.below(60)), text(r)]],
  [1, (r) => ['SET', keyOf(r, 'string'), String(r.below(20_000))]],
  [1, (r) => ['INCRBY', keyOf(r, 'string'), String(r.below(9))]],
  [1, (r) => ['SETBIT', keyOf(r, 'string'), String(r.below(99)), '1']],
  [4, (r) => [r.pick(['RPUSH', 'LPUSH']), keyOf(r, 'list'), ...several(r, () => text(r))]],
  [2, (r) => [r.pick(['LPOP', 'RPOP']), keyOf(r, 'list'), String(1 + r.below(40))]],
  [1, (r) => ['LSET', keyOf(r, 'list'), String(r.below(4)), text(r)]],
  [1, (r) => ['LINSERT', keyOf(r, 'list'), 'BEFORE', `t${r.below(200)}`, text(r)]],
  [1, (r) => ['LREM', keyOf(r, 'list'), '0', `t${r.below(200)}`]],
  [1, (r) => ['LTRIM', keyOf(r, 'list'), String(r.below(9)), String(-1 - r.below(20))]],
  [1, (r) => ['LMOVE', keyOf(r, 'list'), keyOf(r, 'list'), ...ends(r)]],
  [3, (r) => ['SADD', keyOf(r, 'set'), ...several(r, () => text(r))]],
  [3, (r) => ['SADD', keyOf(r, 'intset'), ...several(r, (i) => String(i * (i % 3) - 50))]],
  [1, (r) => ['SADD', keyOf(r, 'intset'), text(r)]],
  [
    2,
    (r) => ['SREM', r.pick([keyOf(r, 'set'), keyOf(r, 'intset')]), ...several(r, (i) => `t${i}`)],
  ],
  [1, (r) => ['SUNIONSTORE', keyOf(r, 'set'), keyOf(r, 'intset'), keyOf(r, 'intset')]],
  [1, (r) => ['SINTERSTORE', keyOf(r, 'intset'), keyOf(r, 'intset'), keyOf(r, 'intset')]],
  [
    3,
    (r) => [
      'ZADD',
      keyOf(r, 'zset'),
      ...several(r, () => [String(r.below(90) / r.pick([1, 1, 4])), text(r)]).flat(),
    ],
  ],
  [1, (r) => ['ZINCRBY', keyOf(r, 'zset'), '1.5', text(r)]],
  [1, (r) => ['ZREMRANGEBYRANK', keyOf(r, 'zset'), '0', String(r.below(30))]],
  [1, (r) => ['ZUNIONSTORE', keyOf(r, 'zset'), '2', keyOf(r, 'zset'), keyOf(r, 'intset')]],
  [3, (r) => ['HSET', keyOf(r, 'hash'), ...several(r, (i) => [`f${i}`, text(r)]).flat()]],
  [1, (r) => ['HINCRBY', keyOf(r, 'hash'), `n${r.below(5)}`, '7']],
  [1, (r) => ['HDEL', keyOf(r, 'hash'), ...several(r, (i) => `f${i}`)]],
  [2, (r) => ['XADD', keyOf(r, 'stream'), '7-*', 'f', text(r)]],
  [1, (r) => ['XADD', keyOf(r, 'stream'), '7-*', `f${r.below(3)}`, text(r), 'g', text(r)]],
  [1, (r) => ['XTRIM', keyOf(r, 'stream'), 'MAXLEN', String(r.below(150))]],
  [1, (r) => ['XDEL', keyOf(r, 'stream'), `7-${r.below(150)}`]],
  [1, (r) => ['DEL', anyKey(r)]],
]

const looks: Choice<Bytes[]> = [
  [5, (r) => ['OBJECT', 'ENCODING', anyKey(r)]],
  [5, (r) => ['DEBUG', 'DIGEST-VALUE', anyKey(r)]],
  // Of a hash table the order is open.
  [4, (r) => ['DUMP', keyOf(r, r.pick(['string', 'list', 'zset', 'stream']))]],
  [1, (r) => ['DEBUG', 'SDSLEN', keyOf(r, 'list')]],
  [1, (r) => ['DEBUG', r.pick(['LISTPACK', 'QUICKLIST']), anyKey(r)]],
  [1, (r) => ['OBJECT', 'REFCOUNT', anyKey(r)]],
  [1, (r) => ['STRLEN', keyOf(r, 'string')]],
]

const copies: Choice<Bytes[]> = [
  [8, (r) => copied(r, 'COPY')],
  [8, (r) => copied(r, 'RENAME')],
  [1, () => ['DEBUG', 'RELOAD']],
]

function copied(random: Random, word: 'COPY' | 'RENAME'): Bytes[] {
  const type = random.pick(TYPES)
  const keys = [keyOf(random, type), keyOf(random, type)]
  return word === 'COPY' ? [word, ...keys, 'REPLACE'] : [word, ...keys]
}

/** One command on a value, or on how it is kept. */
export function generate(random: Random): Bytes[] {
  return choose(random, random.pick([writes, writes, writes, looks, looks, copies]))
}
