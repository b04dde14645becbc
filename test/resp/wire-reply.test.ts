/** Replies as bytes, in both protocols. */
import t from 'tap'
import type { ReplySink } from '../../lib/resp/reply-sink.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'
import { parseReply } from '../support/resp-client.ts'

const SHAPES: readonly [
  what: string,
  write: (reply: ReplySink) => void,
  two: string,
  three: string,
][] = [
  ['OK', (reply) => reply.ok(), '+OK\r\n', '+OK\r\n'],
  ['simple', (reply) => reply.simple('QUEUED'), '+QUEUED\r\n', '+QUEUED\r\n'],
  ['error', (reply) => reply.error('ERR no'), '-ERR no\r\n', '-ERR no\r\n'],
  ['integer', (reply) => reply.integer(-42), ':-42\r\n', ':-42\r\n'],
  ['negative zero', (reply) => reply.integer(-0), ':0\r\n', ':0\r\n'],
  [
    'large integer',
    (reply) => reply.integer(2 ** 53),
    ':9007199254740992\r\n',
    ':9007199254740992\r\n',
  ],
  [
    'bigint',
    (reply) => reply.integer(-(2n ** 63n)),
    ':-9223372036854775808\r\n',
    ':-9223372036854775808\r\n',
  ],
  ['bulk', (reply) => reply.bulk('a\r\n\xff'), '$4\r\na\r\n\xff\r\n', '$4\r\na\r\n\xff\r\n'],
  ['empty bulk', (reply) => reply.bulk(''), '$0\r\n\r\n', '$0\r\n\r\n'],
  ['bulks', (reply) => reply.bulks(['a', '']), '$1\r\na\r\n$0\r\n\r\n', '$1\r\na\r\n$0\r\n\r\n'],
  [
    'many bulks',
    (reply) => reply.bulks(['a', 'b', 'c', 'd', 'e']),
    '$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n$1\r\nd\r\n$1\r\ne\r\n',
    '$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n$1\r\nd\r\n$1\r\ne\r\n',
  ],
  ['bulk or null', (reply) => reply.bulkOrNull('a'), '$1\r\na\r\n', '$1\r\na\r\n'],
  ['empty bulk or null', (reply) => reply.bulkOrNull(''), '$0\r\n\r\n', '$0\r\n\r\n'],
  ['null or bulk', (reply) => reply.bulkOrNull(undefined), '$-1\r\n', '_\r\n'],
  ['null', (reply) => reply.null(), '$-1\r\n', '_\r\n'],
  ['null array', (reply) => reply.nullArray(), '*-1\r\n', '_\r\n'],
  ['array', (reply) => reply.array(3), '*3\r\n', '*3\r\n'],
  ['empty array', (reply) => reply.array(0), '*0\r\n', '*0\r\n'],
  ['map', (reply) => reply.map(3), '*6\r\n', '%3\r\n'],
  ['empty map', (reply) => reply.map(0), '*0\r\n', '%0\r\n'],
  ['set', (reply) => reply.set(3), '*3\r\n', '~3\r\n'],
  ['push', (reply) => reply.push(3), '*3\r\n', '>3\r\n'],
  ['double', (reply) => reply.double(1.5), '$3\r\n1.5\r\n', ',1.5\r\n'],
  [
    'odd double',
    (reply) => reply.double(0.1),
    '$19\r\n0.10000000000000001\r\n',
    ',0.10000000000000001\r\n',
  ],
  ['whole double', (reply) => reply.double(3), '$1\r\n3\r\n', ',3\r\n'],
  ['infinite double', (reply) => reply.double(-Infinity), '$4\r\n-inf\r\n', ',-inf\r\n'],
  [
    'double given as digits',
    (reply) => reply.doubleText('13.361389'),
    '$9\r\n13.361389\r\n',
    ',13.361389\r\n',
  ],
  ['true', (reply) => reply.boolean(true), ':1\r\n', '#t\r\n'],
  ['false', (reply) => reply.boolean(false), ':0\r\n', '#f\r\n'],
  [
    'big number',
    (reply) => reply.bigNumber('12345678901234567890'),
    '$20\r\n12345678901234567890\r\n',
    '(12345678901234567890\r\n',
  ],
  ['verbatim', (reply) => reply.verbatim('txt', 'a\nb'), '$3\r\na\nb\r\n', '=7\r\ntxt:a\nb\r\n'],
  ['empty verbatim', (reply) => reply.verbatim('mkd', ''), '$0\r\n\r\n', '=4\r\nmkd:\r\n'],
]

for (const protocol of [2, 3] as const) {
  t.test(`RESP${protocol}`, async (t) => {
    for (const [what, write, two, three] of SHAPES) {
      const reply = new WireReply()
      reply.protocol = protocol
      write(reply)
      t.equal(reply.take(), protocol === 2 ? two : three, what)
    }
  })
}

t.test('a bulk string of any length says its length', async (t) => {
  for (const length of [1, 9, 10, 1022, 1023, 1024, 1025, 100_000]) {
    const reply = new WireReply()
    reply.bulk('x'.repeat(length))
    t.equal(reply.take(), `$${length}\r\n${'x'.repeat(length)}\r\n`)
  }
})

t.test('line ends in an error become blanks, or it would be two replies', async (t) => {
  const reply = new WireReply()
  reply.error("ERR unknown command 'a\r\nb\nc\rd'")
  t.equal(reply.take(), "-ERR unknown command 'a  b c d'\r\n")
})

t.test('errors are heard of as they were meant', async (t) => {
  const heard: string[] = []
  const reply = new WireReply((text) => heard.push(text))
  reply.error('ERR a\nb')
  reply.simple('ERR not an error')
  reply.raw('-ERR raw\r\n')
  t.strictSame(heard, ['ERR a\nb'])
})

t.test('what is taken is gone', async (t) => {
  const reply = new WireReply()
  t.equal(reply.length, 0)
  t.equal(reply.take(), '')
  reply.ok()
  reply.raw('+MORE\r\n')
  t.equal(reply.length, 12)
  t.equal(reply.take(), '+OK\r\n+MORE\r\n')
  t.equal(reply.length, 0)
  t.equal(reply.take(), '')
})

t.test('the protocol may change between two replies', async (t) => {
  const reply = new WireReply()
  reply.null()
  reply.protocol = 3
  reply.null()
  reply.protocol = 2
  reply.null()
  t.equal(reply.take(), '$-1\r\n_\r\n$-1\r\n')
})

t.test('nested replies are what a reader makes of them', async (t) => {
  const reply = new WireReply()
  reply.protocol = 3
  reply.map(2)
  reply.bulk('list')
  reply.array(2)
  reply.integer(1)
  reply.null()
  reply.bulk('set')
  reply.set(1)
  reply.double(1.5)
  t.strictSame(
    parseReply(reply.take())?.value,
    new Map<string, unknown>([
      ['list', [1, null]],
      ['set', new Set([1.5])],
    ]),
  )
})

t.test('doubles as short as they go, where a version has that', async (t) => {
  const reply = new WireReply(undefined, { hasShortDoubles: true })
  reply.double(0.1)
  t.equal(reply.take(), '$3\r\n0.1\r\n')
  reply.protocol = 3
  reply.double(1e17)
  t.equal(reply.take(), ',100000000000000000\r\n')
})

t.test('a reply that was made one piece reads as before', async (t) => {
  const reply = new WireReply()
  const words = Array.from({ length: 100 }, (_, i) => `word ${i}`)
  for (const word of words) {
    reply.bulk(word)
    reply.flatten()
  }
  t.equal(reply.take(), words.map((word) => `$${word.length}\r\n${word}\r\n`).join(''))
})

t.test('what is too long for one text is taken part by part', async (t) => {
  const reply = new WireReply()
  const long = 'x'.repeat(200 * 2 ** 20)
  const head = `$${long.length}\r\n`
  reply.array(2)
  reply.bulk(long)
  reply.bulks([long, 'a', long, 'b', long])
  reply.raw('+more\r\n')
  reply.raw(long)
  t.equal(reply.length, 5 * long.length + 4 + 4 * (head.length + 2) + 2 * 7 + 7)
  const parts = [...reply.takeParts(), reply.take()]
  t.strictSame(
    parts.map((part) => (part === long ? 'long' : part)),
    [
      `*2\r\n${head}`,
      'long',
      `\r\n${head}`,
      'long',
      `\r\n$1\r\na\r\n${head}`,
      'long',
      `\r\n$1\r\nb\r\n${head}`,
      'long',
      '\r\n+more\r\n',
      'long',
    ],
  )
  t.equal(reply.length, 0)
  t.same([...reply.takeParts(), reply.take()], [''])
  reply.bulk(long)
  t.equal(reply.take().length, head.length + long.length + 2, 'or at once, if it can be')
  t.equal(reply.length, 0)
  for (let i = 0; i < 3; i++) reply.bulk(long)
  t.throws(() => reply.take(), RangeError)
})
