/** Requests come out of the byte stream as Redis reads them, however it is cut. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import { RequestDecoder } from '../../lib/resp/decoder.ts'

const limits = { maxBulkLength: 512 * 1024 * 1024, restricted: false }

/** All requests of a stream fed in pieces of `size` bytes, then the error if there is one. */
function decode(stream: string, size = stream.length, given = limits): (string[] | string)[] {
  const decoder = new RequestDecoder(given)
  const bytes = Buffer.from(stream, 'latin1')
  // One buffer for all chunks, as the runtime does: what is not consumed must have been copied.
  const shared = Buffer.alloc(Math.max(1, size))
  const out: (string[] | string)[] = []
  for (let at = 0; at < bytes.length; at += size) {
    shared.fill(0x7e)
    const length = bytes.copy(shared, 0, at, at + size)
    decoder.feed(shared, length)
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) out.push(argv)
    if (decoder.error !== undefined) {
      out.push(decoder.error)
      break
    }
  }
  return out
}

const CASES: readonly (readonly [what: string, stream: string, expected: (string[] | string)[]])[] =
  [
    ['an array of bulk strings', '*2\r\n$3\r\nGET\r\n$1\r\nk\r\n', [['GET', 'k']]],
    ['several requests', '*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n', [['PING'], ['PING']]],
    ['binary bytes', '*2\r\n$4\r\nECHO\r\n$4\r\n\0\xff\r\n\r\n', [['ECHO', '\0\xff\r\n']]],
    ['empty bulk strings', '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', [['ECHO', '']]],
    ['empty and negative arrays as empty requests', '*0\r\n*-7\r\nPING\r\n', [[], [], ['PING']]],
    [
      'inline commands',
      'SET a b\r\nGET a\n',
      [
        ['SET', 'a', 'b'],
        ['GET', 'a'],
      ],
    ],
    ['empty lines as empty requests', '\r\n  \r\n\nPING\r\n', [[], [], [], ['PING']]],
    [
      'quotes',
      'SET "a b" \'c d\' "\\x41\\n\\"" \'\\\'\'\r\n',
      [['SET', 'a b', 'c d', 'A\n"', "'"]],
    ],
    [
      'a bulk string without its CRLF as if it had one',
      '*1\r\n$4\r\nPINGxxPING\r\n',
      [['PING'], ['PING']],
    ],
    ['unbalanced quotes', 'SET "a\r\n', ['unbalanced quotes in request']],
    ['text after a closing quote', 'SET "a"b\r\n', ['unbalanced quotes in request']],
    ['a multibulk length that is no number', '*x\r\n', ['invalid multibulk length']],
    ['a multibulk length with a leading zero', '*01\r\n', ['invalid multibulk length']],
    ['a multibulk length that is empty', '*\r\n', ['invalid multibulk length']],
    ['a multibulk length over 2^31-1', '*2147483648\r\n', ['invalid multibulk length']],
    ['a type that is not a bulk string', '*1\r\n:1\r\n', ["expected '$', got ':'"]],
    ['a bulk length that is no number', '*1\r\n$a\r\n', ['invalid bulk length']],
    ['a negative bulk length', '*1\r\n$-1\r\n', ['invalid bulk length']],
    ['a bulk length over the limit', '*1\r\n$536870913\r\n', ['invalid bulk length']],
    [
      'a request, then an error',
      '*1\r\n$4\r\nPING\r\n*x\r\n',
      [['PING'], 'invalid multibulk length'],
    ],
    ['an inline line that never ends', 'a'.repeat(70000), ['too big inline request']],
    ['a multibulk line that never ends', `*${'1'.repeat(70000)}`, ['too big mbulk count string']],
    ['a bulk line that never ends', `*1\r\n$${'1'.repeat(70000)}`, ['too big bulk count string']],
  ]

for (const [what, stream, expected] of CASES) {
  t.test(`reads ${what}`, (t) => {
    t.strictSame(decode(stream), expected)
    if (stream.length < 1000) {
      for (const size of [1, 2, 3, 5, 7]) t.strictSame(decode(stream, size), expected, `by ${size}`)
    }
    t.end()
  })
}

t.test('a client that has not authenticated may send little', (t) => {
  const restricted = { ...limits, restricted: true }
  t.strictSame(decode('*11\r\n', 5, restricted), ['unauthenticated multibulk length'])
  t.strictSame(decode('*1\r\n$16385\r\n', 12, restricted), ['unauthenticated bulk length'])
  t.strictSame(decode('*1\r\n$4\r\nPING\r\n', 3, restricted), [['PING']])
  t.end()
})

t.test('a large bulk string in small pieces is collected without a copy per piece', (t) => {
  const size = 4 * 1024 * 1024
  const value = 'v'.repeat(size)
  const [request] = decode(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${size}\r\n${value}\r\n`, 1000)
  t.equal(request?.[2], value)
  t.end()
})

t.test('a request may have more words than room is made for at once', (t) => {
  const words = Array.from({ length: 3000 }, (_, i) => `word ${i}`)
  const bulks = words.map((word) => `$${word.length}\r\n${word}\r\n`)
  const stream = `*3000\r\n${bulks.join('')}`
  for (const size of [stream.length, 1000, 7]) t.strictSame(decode(stream, size), [words])
  t.end()
})

t.test('short words are kept apart, however alike they are', (t) => {
  const letters = ['', 'a', 'b', 'aa', 'ab', '\0', '\xff', '\xff\0']
  const words = letters.flatMap((first) => letters.map((second) => first + second))
  const requests = words.map((word) => `*2\r\n$4\r\nECHO\r\n$${word.length}\r\n${word}\r\n`)
  const expected = words.map((word) => ['ECHO', word])
  t.strictSame(decode(requests.join('')), expected)
  t.strictSame(decode(requests.join(''), 11), expected)
  t.end()
})

t.test('a reader may stop between requests and go on later', (t) => {
  const decoder = new RequestDecoder(limits)
  const chunk = Buffer.from('*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n', 'latin1')
  decoder.feed(chunk, chunk.length)
  t.strictSame(decoder.next(), ['PING'])
  decoder.hold()
  chunk.fill(0)
  t.strictSame(decoder.next(), ['ECHO', 'hi'])
  t.equal(decoder.next(), undefined)
  t.equal(decoder.pendingBytes, 0)
  t.end()
})
