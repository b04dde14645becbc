/**
 * Random and mutated byte streams against the request decoder: no crash, no endless loop, nothing kept that was
 * consumed, the same result however the stream is cut. FUZZ_RUNS streams (20,000 by default), SEED to repeat a run.
 */
import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { RequestDecoder } from '../../lib/resp/decoder.ts'
import { splitArguments } from '../../lib/resp/inline.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 20_000)
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32)
const limits = { maxBulkLength: 1024 * 1024, restricted: false }
const ALPHABET = '*$\r\n0123456789-+:"\'\\ abx\0\xff'

const KNOWN_ERRORS = [
  /^invalid multibulk length$/,
  /^invalid bulk length$/,
  /^expected '\$', got '[\s\S]'$/,
  /^unbalanced quotes in request$/,
  /^too big (inline request|mbulk count string|bulk count string)$/,
]

function randomStream(random: Random): Buffer {
  const style = random.below(4)
  if (style === 0) return randomBytes(random, random.below(200))
  if (style === 1) return fromAlphabet(random, random.below(200))
  const valid = Buffer.concat(
    Array.from({ length: 1 + random.below(5) }, () => validRequest(random)),
  )
  return style === 2 ? valid : mutated(random, valid)
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}

function fromAlphabet(random: Random, length: number): Buffer {
  let text = ''
  for (let i = 0; i < length; i++) text += ALPHABET.charAt(random.below(ALPHABET.length))
  return Buffer.from(text, 'latin1')
}

function validRequest(random: Random): Buffer {
  if (random.below(5) === 0) return Buffer.from(`PING "a${random.below(100)}"\r\n`)
  const words = Array.from({ length: 1 + random.below(6) }, () =>
    randomBytes(random, random.below(40)),
  )
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)]
  for (const word of words)
    parts.push(Buffer.from(`$${word.length}\r\n`), word, Buffer.from('\r\n'))
  return Buffer.concat(parts)
}

function mutated(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let i = 1 + random.below(4); i > 0 && copy.length > 0; i--) {
    copy[random.below(copy.length)] = random.below(256)
  }
  return copy.subarray(0, copy.length - random.below(Math.min(10, copy.length + 1)))
}

function decode(stream: Buffer, cut: (left: number) => number): unknown[] {
  const decoder = new RequestDecoder(limits)
  const out: unknown[] = []
  for (let at = 0; at < stream.length; ) {
    const length = Math.min(stream.length - at, Math.max(1, cut(stream.length - at)))
    decoder.feed(Buffer.from(stream.subarray(at, at + length)), length)
    at += length
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) {
      if (out.length > stream.length) throw new Error('more requests than bytes')
      out.push(argv)
    }
    if (decoder.pendingBytes > at) throw new Error('keeps more than it was given')
    if (decoder.error !== undefined) {
      out.push(decoder.error)
      return out
    }
  }
  return out
}

t.test(`${runs} streams, SEED=${seed}`, (t) => {
  const random = new Random(seed)
  let errors = 0
  for (let run = 0; run < runs; run++) {
    const stream = randomStream(random)
    const whole = decode(stream, (left) => left)
    const cut = decode(stream, () => 1 + random.below(20))
    if (JSON.stringify(whole) !== JSON.stringify(cut)) {
      t.strictSame(cut, whole, `run ${run}: ${stream.toString('latin1')}`)
      break
    }
    const last = whole.at(-1)
    if (typeof last !== 'string') continue
    errors++
    if (!KNOWN_ERRORS.some((known) => known.test(last))) {
      t.fail(`run ${run}: an error Redis does not know: ${last}`)
      break
    }
  }
  t.ok(errors > 0, `${errors} streams ended with an error Redis knows`)
  t.end()
})

t.test(`the short way through plain lines gives the same words, SEED=${seed}`, (t) => {
  const random = new Random(seed)
  const letters = 'PING ab  "\'\\\t\v\xff'
  for (let run = 0; run < runs; run++) {
    let line = ' PI'.charAt(random.below(3))
    for (let i = random.below(20); i > 0; i--) line += letters.charAt(random.below(letters.length))
    const words = splitArguments(line)
    const expected = words === undefined ? 'unbalanced quotes in request' : words
    const found = decode(Buffer.from(`${line}\r\n`, 'latin1'), (left) => left)
    if (JSON.stringify(found) === JSON.stringify([expected])) continue
    t.strictSame(found, [expected], `run ${run}: ${JSON.stringify(line)}`)
    break
  }
  t.end()
})
