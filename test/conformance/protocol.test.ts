/**
 * Byte streams, good and bad, to a real server and to one of our nodes: the same bytes come back, and the connection ends
 * or not. Each stream is sent whole and cut in pieces at random places. SEED repeats a run.
 */
import t from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { RespClient } from '../support/resp-client.ts'
import { startContestants, withoutBoth } from './contestant.ts'
import { typed } from './differential.ts'
import { type Exchange, exchange } from './raw-exchange.ts'
import { shortest } from './shortest.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

const seed = process.env.SEED ?? String(Date.now())
const CUTS = 3
const MUTANTS = Number(process.env.MUTANTS ?? 400)
/** Streams above this length are sent whole. */
const CUT_MAX = 4096

/** Ends a stream that the server survives. */
const LAST = '*2\r\n$4\r\nECHO\r\n$9\r\nlast word\r\n'
const LAST_WORD = '$9\r\nlast word\r\n'

const K64 = 64 * 1024
const word = (text: Bytes) => `$${text.length}\r\n${text}\r\n`
const request = (...words: Bytes[]) => `*${words.length}\r\n${words.map(word).join('')}`

/** Streams after which the connection lives; {@link LAST} follows each. */
const survived: Record<string, Bytes> = {
  'an inline command': 'PING\r\n',
  'a line that ends in LF alone': 'PING\n',
  'inline words': 'ECHO   "a b"   \r\n',
  'inline escapes': 'ECHO "\\x41\\n\\r\\t\\a\\b\\"\\\\\\q"\r\n',
  'inline form feeds and vertical tabs': 'ECHO \f\va\f\vb\f\r\n',
  'inline single quotes': "ECHO 'a\\'b\\n\"'\r\n",
  'inline tabs': '\tECHO\t\tx\t\r\n',
  'empty lines': '\r\n\r\n\n   \r\nPING\r\n',
  'an inline empty word': 'ECHO ""\r\n',
  'an inline unknown command': 'nosuch a b\r\n',
  'a long inline command': `ECHO ${'x'.repeat(60_000)}\r\n`,
  'an inline carriage return inside': 'ECHO a\rb\r\n',
  'a request': request('PING'),
  'an empty request': `*0\r\n${request('PING')}`,
  'a negative request': `*-1\r\n*-10\r\n${request('PING')}`,
  'an empty name': request(''),
  'an empty name with words': request('', 'a', 'b'),
  'bytes of every kind': request('ECHO', '\x00\r\n$5\r\n*3\r\n\xff'),
  'many words': request('DEL', ...Array.from({ length: 5000 }, (_, i) => `{k}${i}`)),
  'a long word': request('ECHO', 'y'.repeat(300_000)),
  'many requests at once': Array.from({ length: 300 }, (_, i) => request('ECHO', `${i}`)).join(''),
  'inline and arrays in turns': `PING\r\n${request('PING')}PING\r\n${request('ECHO', 'x')}`,
  'errors between replies': `${request('SET', 'k')}${request('PING')}${request('NOSUCH')}PING\r\n`,
  'a bulk string that is not ended by CRLF': '*2\r\n$4\r\nECHO\r\n$2\r\nabXY',
  'a command in odd letters': request('eChO', 'x'),
  'CLIENT REPLY OFF and ON': [
    request('CLIENT', 'REPLY', 'OFF'),
    request('PING'),
    request('NOSUCH'),
    request('SET', 'k'),
    request('CLIENT', 'REPLY', 'SKIP'),
    request('CLIENT', 'REPLY', 'ON'),
    request('ECHO', 'on again'),
  ].join(''),
  'CLIENT REPLY SKIP': [
    request('CLIENT', 'REPLY', 'SKIP'),
    request('PING'),
    request('ECHO', 'heard'),
    request('CLIENT', 'REPLY', 'SKIP'),
    request('NOSUCH'),
    request('ECHO', 'heard too'),
  ].join(''),
  'an empty request uses up CLIENT REPLY SKIP': ['*0\r\n', '*-1\r\n', '\r\n', '  \n']
    .map((nothing) => `CLIENT REPLY SKIP\r\n${nothing}${request('PING')}`)
    .join(''),
  'an empty request does not undo CLIENT REPLY OFF': [
    'CLIENT REPLY OFF\r\n',
    '*0\r\n\r\n',
    request('PING'),
    request('CLIENT', 'REPLY', 'ON'),
  ].join(''),
  'HELLO in the middle': [
    request('HSET', 'h', 'f', 'v'),
    request('HGETALL', 'h'),
    request('HELLO', '3'),
    request('HGETALL', 'h'),
    request('GET', 'none'),
    request('DEL', 'h'),
  ].join(''),
}

/** Streams that end the connection; nothing follows. */
const ended: Record<string, Bytes> = {
  'an unbalanced quote': 'ECHO "abc\r\n',
  'an unbalanced single quote': "ECHO 'abc\r\n",
  'a quote that goes on': 'ECHO "abc"def\r\n',
  'a count that is no number': '*abc\r\n',
  'a count with a blank': '* 1\r\n',
  'a count with a plus': '*+1\r\n',
  'a count with a zero before': '*01\r\n',
  'an empty count': '*\r\n',
  'a count too big': '*2147483648\r\n',
  'a count beyond 64 bits': '*99999999999999999999\r\n',
  'no dollar': '*1\r\nPING\r\n',
  'a colon for a dollar': '*1\r\n:4\r\nPING\r\n',
  'a line break for a dollar': '*1\r\n\r\nPING\r\n',
  'an unprintable for a dollar': '*1\r\n\x01\r\n',
  'a length that is no number': '*1\r\n$abc\r\n',
  'an empty length': '*1\r\n$\r\n',
  'a negative length': '*1\r\n$-1\r\n',
  'a length too big': '*1\r\n$536870913\r\n',
  'a length beyond 64 bits': '*1\r\n$99999999999999999999\r\n',
  'a length with a blank': '*1\r\n$4 \r\nPING\r\n',
  'an error after good requests': `${request('PING')}${request('ECHO', 'x')}*x\r\n`,
  'an error in a transaction': `${request('MULTI')}${request('SET', 'k', 'v')}*1\r\n$x\r\n`,
  QUIT: request('QUIT'),
  'an inline QUIT': 'quit\r\n',
  'QUIT after others': `${request('PING')}${request('QUIT')}`,
  POST: 'POST / HTTP/1.1\r\n',
  'Host:': 'Host: localhost\r\n',
  'a count line that never ends': `*${'1'.repeat(K64)}`,
  'a length line that never ends': `*1\r\n$${'1'.repeat(K64)}`,
}

/** Streams after which the client hangs up: with a request begun, or one that gets no answer. */
const abandoned: Record<string, Bytes> = {
  nothing: '',
  'half a line': `${request('PING')}PIN`,
  'half a count': '*12',
  'half a length': '*1\r\n$12',
  'half a bulk string': `PING\r\n*2\r\n$4\r\nECHO\r\n$100\r\nabc`,
  'a NUL for a dollar': '*1\r\n\x004\r\nPING\r\n',
  'a NUL in a count': '*1\x00\r\nPING\r\n',
  'a NUL in a line': 'PING\x00\r\nPING\r\n',
  'an error while replies are off': `${request('CLIENT', 'REPLY', 'OFF')}*x\r\n`,
  'an error after a skipped reply': `${request('CLIENT', 'REPLY', 'SKIP')}*x\r\n`,
  'POST after a request': `${request('PING')}POST / HTTP/1.1\r\n`,
}

t.test('byte streams', { skip: withoutBoth }, async (t) => {
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const { real, ours } = await startContestants(t, { masters: 1, replicas: 0 })
  const ports = [real.nodes[0]?.port ?? 0, ours.nodes[0]?.port ?? 0] as const

  const answers = (bytes: Bytes) =>
    Promise.all(ports.map((port) => exchange(port, [bytes], { hangUp: true }).then(comparable)))

  const streams = [
    ...Object.entries(survived).map(([name, bytes]) => ({
      name,
      bytes: bytes + LAST,
      ends: false,
    })),
    ...Object.entries(ended).map(([name, bytes]) => ({ name, bytes, ends: true })),
  ]
  for (const { name, bytes, ends } of streams) {
    const ways = [[bytes]]
    for (let i = 0; i < CUTS && bytes.length <= CUT_MAX; i++) ways.push(cut(random, bytes))
    for (const chunks of ways) {
      const [expected, got] = (await Promise.all(
        ports.map((port) => exchange(port, chunks, ends ? {} : { lastWord: LAST_WORD })),
      )) as [Exchange, Exchange]
      t.equal(expected.end, ends ? 'closed' : 'open', `a real server: ${name}`)
      t.equal(comparable(got), comparable(expected), name, {
        seed,
        chunks: chunks.map((c) => typed([c.slice(0, 200)])),
      })
    }
  }

  for (const [name, bytes] of Object.entries(abandoned)) {
    const [expected, got] = await answers(bytes)
    t.equal(got, expected, `${name}, then the client hangs up`)
  }

  await t.test(`${MUTANTS} mutated streams`, async (t) => {
    const good = [...Object.values(survived), ...Object.values(ended)].filter(
      // An empty line after SKIP is a request to Redis.
      (bytes) => bytes.length < CUT_MAX && !bytes.includes('SKIP'),
    )
    let differences = 0
    for (let i = 0; i < MUTANTS && differences < 5; i++) {
      const bytes = mutated(random, random.pick(good) + random.pick(good) + LAST)
      const [expected, got] = await answers(bytes)
      if (expected === got) continue
      differences++
      const found = await shortest([...bytes], async (candidate) => {
        const [theirs, ours] = await answers(candidate.join(''))
        return theirs !== ours
      })
      const [theirs, ours] = await answers(found.join(''))
      t.equal(ours, theirs, typed([found.join('')]), { seed, stack: '', at: null })
    }
    t.equal(differences, 0)
  })

  await t.test('who is not authenticated may send little', async (t) => {
    const admins = await Promise.all(ports.map((port) => RespClient.connect(port)))
    for (const admin of admins) await admin.command('CONFIG', 'SET', 'requirepass', 'secret')
    for (const bytes of [
      '*11\r\n',
      '*1\r\n$16385\r\n',
      request('AUTH', 'wrong') +
        request('AUTH', 'secret') +
        request(...'abcdefghijk') +
        request('QUIT'),
      request('PING') + request('ECHO', 'x'.repeat(16_384)) + request('QUIT'),
      `${request('AUTH', 'secret')}*2\r\n$4\r\nECHO\r\n$16385\r\n${'x'.repeat(16_385)}\r\nQUIT\r\n`,
      'PING\r\nQUIT\r\n',
    ]) {
      const [expected, got] = (await Promise.all(ports.map((port) => exchange(port, [bytes])))) as [
        Exchange,
        Exchange,
      ]
      t.equal(expected.end, 'closed')
      t.equal(comparable(got), comparable(expected), typed([bytes.slice(0, 100)]))
    }
    for (const admin of admins) {
      await admin.command('CONFIG', 'SET', 'requirepass', '')
      await admin.close()
    }
  })

  await t.test('an inline request of 64 KiB without an end', async (t) => {
    // The reply may be lost: the server closes with bytes unread.
    for (const port of ports) {
      const { received, end } = await exchange(port, ['x'.repeat(K64 + 1)])
      t.equal(end, 'closed')
      t.ok('-ERR Protocol error: too big inline request\r\n'.startsWith(received), received)
    }
  })
})

/** As text, without the number of the client, which HELLO tells. */
function comparable({ received, end }: Exchange): string {
  return typed([received.replace(/(\$2\r\nid\r\n:)\d+/g, '$1N'), end])
}

const SPECIAL = ['\r', '\n', '\r\n', '*', '$', '"', "'", '\0', '0', '1', '9', '-', ' ', '\xff']

/** A stream with a few bytes changed, inserted, deleted or repeated. */
function mutated(random: Random, bytes: Bytes): Bytes {
  let text = bytes
  for (let i = 1 + random.below(4); i > 0; i--) {
    const at = random.below(text.length)
    const length = random.below(6)
    const [before, hit, after] = [
      text.slice(0, at),
      text.slice(at, at + length),
      text.slice(at + length),
    ]
    const other = random.below(2) === 0 ? random.pick(SPECIAL) : random.bytes(1)
    text = before + random.pick(['', other, hit + hit, other + hit]) + after
  }
  return text
}

/** Cuts a stream into a few pieces. */
function cut(random: Random, bytes: Bytes): Bytes[] {
  const places = Array.from({ length: 1 + random.below(6) }, () => random.below(bytes.length + 1))
  const edges = [0, ...places.sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, i) => bytes.slice(edges[i], edge))
}
