/**
 * Random stream commands. Ids are few and small, so that they meet; none is made by a clock, since two servers would make
 * different ones.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import {
  anyCase,
  type Choice,
  choose,
  keyOf,
  oneIn,
  options,
  smallIntegerText,
  valueText,
} from './vocabulary.ts'

/** Streams that may have groups; now and then a key of another family. */
const key = (random: Random) => (oneIn(random, 30) ? keyOf(random, 's') : `{k}x${random.below(3)}`)
/** Streams that never have groups, so that no time is in their dumps. */
const plainKey = (random: Random) => `{k}plain${random.below(2)}`
const anyKey = (random: Random) => (oneIn(random, 3) ? plainKey(random) : key(random))
const group = (random: Random) =>
  oneIn(random, 15) ? random.pick(['none', '']) : random.pick(['g', 'g', 'g', 'h'])
const consumer = (random: Random) => random.pick(['alice', 'bob', 'carol', ''])

/** The first half of the id said last of all: what is added comes behind it, and what is asked for lies before. */
const tops = new WeakMap<Random, number>()
const top = (random: Random): number => tops.get(random) ?? 0

function nextTop(random: Random): number {
  const next = top(random) + random.below(3)
  tops.set(random, next)
  return next
}

const recent = (random: Random) => String(Math.max(0, top(random) - random.below(60)))

const strange = [
  '',
  '-',
  '+',
  '*-1',
  '$',
  '>',
  '(1',
  '1-',
  '-1',
  '1-2-3',
  '01-02',
  '+5-+6',
  ' 7',
  '7 ',
  '1\0-9',
  '18446744073709551616',
  '0-18446744073709551616',
  '1- -1',
  'x',
  '9'.repeat(130),
]

function id(random: Random): Bytes {
  return choose(random, [
    [30, (r) => `${recent(r)}-${r.below(3)}`],
    [8, recent],
    [2, (r) => r.pick(['0', '0-0', '0-1', '9007199254740993-9007199254740995'])],
    [
      1,
      (r) =>
        r.pick([
          '18446744073709551615',
          '18446744073709551615-18446744073709551615',
          '0-18446744073709551615',
          '9223372036854775808-9223372036854775808',
        ]),
    ],
    [1, (r) => r.pick(strange)],
  ])
}

/** Ids to add come one after the other, mostly. */
function newId(random: Random): Bytes {
  return choose(random, [
    [12, (r) => `${nextTop(r)}-*`],
    [6, (r) => `${nextTop(r)}-${r.below(4)}`],
    [1, (r) => (oneIn(r, 30) ? id(r) : recent(r))],
  ])
}

/** Mostly as high as the top of any stream. */
function topId(random: Random): Bytes {
  return oneIn(random, 4) ? id(random) : `${top(random) + random.below(3)}-${random.below(4)}`
}

function ids(random: Random): Bytes[] {
  return Array.from({ length: 1 + random.below(5) }, () => id(random))
}

function bound(random: Random): Bytes {
  return choose(random, [
    [6, id],
    [4, (r) => r.pick(['-', '+'])],
    [3, (r) => `(${id(r)}`],
  ])
}

function pairs(random: Random): Bytes[] {
  if (oneIn(random, 40)) return Array.from({ length: random.below(5) }, () => 'x')
  const usual = ['f', 'v', 'g', '12']
  if (oneIn(random, 2)) return usual.slice(0, 2 + 2 * random.below(2))
  return Array.from({ length: 1 + random.below(3) }, (_, i) => [`f${i}`, valueText(random)]).flat()
}

function trimWords(random: Random): Bytes[] {
  const strategy = anyCase(random, random.pick(['MAXLEN', 'MAXLEN', 'MINID']))
  const threshold = /^maxlen$/i.test(strategy)
    ? choose(random, [
        [8, (r) => String(r.below(250))],
        [1, smallIntegerText],
      ])
    : id(random)
  const operator = choose(random, [
    [3, () => ['~']],
    [1, () => ['=']],
    [2, (): Bytes[] => []],
  ])
  const limit = oneIn(random, 4) ? [anyCase(random, 'LIMIT'), smallIntegerText(random)] : []
  return [strategy, ...operator, threshold, ...limit]
}

function add(random: Random): Bytes[] {
  const noMake = oneIn(random, 10) ? [anyCase(random, 'NOMKSTREAM')] : []
  const trim = oneIn(random, 6) ? trimWords(random) : []
  return ['XADD', anyKey(random), ...noMake, ...trim, newId(random), ...pairs(random)]
}

const count = (random: Random) => [anyCase(random, 'COUNT'), smallIntegerText(random)]
const maybe = (random: Random, words: (random: Random) => Bytes[]) =>
  oneIn(random, 2) ? words(random) : []

function read(random: Random): Bytes[] {
  const keys = Array.from({ length: 1 + random.below(3) }, () => key(random))
  const starts = keys.map(() => (oneIn(random, 6) ? random.pick(['$', '>']) : id(random)))
  if (oneIn(random, 40)) starts.pop()
  return ['XREAD', ...maybe(random, count), anyCase(random, 'STREAMS'), ...keys, ...starts]
}

function readAsGroup(random: Random): Bytes[] {
  const keys = Array.from({ length: 1 + random.below(2) }, () => key(random))
  const starts = keys.map(() =>
    choose(random, [
      [6, () => '>'],
      [3, () => '0'],
      [2, id],
      [1, () => '$'],
    ]),
  )
  return [
    'XREADGROUP',
    'GROUP',
    group(random),
    consumer(random),
    ...maybe(random, count),
    ...(oneIn(random, 5) ? [anyCase(random, 'NOACK')] : []),
    'STREAMS',
    ...keys,
    ...starts,
  ]
}

function changeGroup(random: Random): Bytes[] {
  const name = key(random)
  const start = oneIn(random, 4) ? '$' : id(random)
  const read = oneIn(random, 4) ? [anyCase(random, 'ENTRIESREAD'), smallIntegerText(random)] : []
  const make = oneIn(random, 4) ? [] : [anyCase(random, 'MKSTREAM')]
  const words = choose<Bytes[]>(random, [
    [16, (r) => ['CREATE', name, group(r), start, ...make, ...read]],
    [4, (r) => ['SETID', name, group(r), start, ...read]],
    [1, (r) => ['DESTROY', name, group(r)]],
    [2, (r) => ['CREATECONSUMER', name, group(r), consumer(r)]],
    [2, (r) => ['DELCONSUMER', name, group(r), consumer(r)]],
  ])
  return ['XGROUP', ...words]
}

/** Idle times as long as no run lasts, or none. */
const idle = (random: Random) =>
  oneIn(random, 12) ? random.pick(['-1', 'x']) : random.pick(['0', '0', '0', '10000000'])

function claim(random: Random): Bytes[] {
  const words = [
    () => ['FORCE'],
    () => ['JUSTID'],
    () => ['RETRYCOUNT', smallIntegerText(random)],
    () => ['IDLE', '20000000'],
    () => ['TIME', random.pick(['0', '1', '-1', 'x'])],
    () => ['LASTID', id(random)],
  ]
  const tail = oneIn(random, 2) ? options(random, words) : []
  return [
    'XCLAIM',
    key(random),
    group(random),
    consumer(random),
    idle(random),
    ...ids(random),
    ...tail,
  ]
}

function claimIdle(random: Random): Bytes[] {
  const tail = oneIn(random, 2) ? options(random, [() => count(random), () => ['JUSTID']]) : []
  const words = [group(random), consumer(random), idle(random), bound(random)]
  return ['XAUTOCLAIM', key(random), ...words, ...tail]
}

function pending(random: Random): Bytes[] {
  if (oneIn(random, 2)) return ['XPENDING', key(random), group(random)]
  const filter = oneIn(random, 3) ? ['IDLE', random.pick(['0', '10000000', 'x'])] : []
  const words = [bound(random), bound(random), smallIntegerText(random)]
  return [
    'XPENDING',
    key(random),
    group(random),
    ...filter,
    ...words,
    ...maybe(random, (r) => [consumer(r)]),
  ]
}

const commands: Choice<Bytes[]> = [
  [30, add],
  [3, (r) => ['XLEN', key(r)]],
  [4, (r) => ['XRANGE', anyKey(r), bound(r), bound(r), ...maybe(r, count)]],
  [4, (r) => ['XREVRANGE', anyKey(r), bound(r), bound(r), ...maybe(r, count)]],
  [5, (r) => ['XDEL', anyKey(r), ...ids(r)]],
  [4, (r) => ['XTRIM', anyKey(r), ...trimWords(r)]],
  [6, read],
  [14, readAsGroup],
  [8, changeGroup],
  [5, (r) => ['XACK', key(r), group(r), ...ids(r)]],
  [6, pending],
  [6, claim],
  [5, claimIdle],
  [
    2,
    (r) => [
      'XSETID',
      key(r),
      topId(r),
      ...maybe(r, () => ['ENTRIESADDED', smallIntegerText(r)]),
      ...maybe(r, () => ['MAXDELETEDID', id(r)]),
    ],
  ],
  [6, (r) => ['XINFO', 'STREAM', anyKey(r)]],
  [3, (r) => ['XINFO', 'STREAM', key(r), 'FULL', ...maybe(r, count)]],
  [3, (r) => ['XINFO', 'GROUPS', key(r)]],
  [2, (r) => ['XINFO', 'CONSUMERS', key(r), group(r)]],
  [4, (r) => ['DUMP', plainKey(r)]],
  [1, (r) => ['OBJECT', 'ENCODING', key(r)]],
  [1, (r) => ['DEL', anyKey(r)]],
  [1, (r) => ['COPY', anyKey(r), key(r), 'REPLACE']],
  [1, (r) => ['SET', keyOf(r, 's'), valueText(r)]],
]

/** One command on streams. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
