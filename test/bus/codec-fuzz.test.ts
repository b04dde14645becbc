/**
 * Hostile streams against the decoder: real and random messages, mutated and cut at random. FUZZ_RUNS streams (default 10000),
 * from SEED. Whatever arrives, nothing throws, memory follows what arrived, and the cuts do not change what is read.
 */
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { decodeMessage, encodeMessage } from '../../lib/bus/codec.ts'
import { BusDecoder, type BusEvent } from '../../lib/bus/decoder.ts'
import { captured } from './fixtures/captured.ts'
import { bytesOfNotation } from './fixtures/notation.ts'
import { randomMessage } from './random-message.ts'

const seed = process.env.SEED ?? 'bus-fuzz'
const runs = Number(process.env.FUZZ_RUNS ?? 10_000)

const random = new Random(seed)
const corpus = [
  ...Object.values(captured).map(bytesOfNotation),
  ...Array.from({ length: 100 }, () => encodeMessage(randomMessage(random))),
]

/** Places of a message whose values decide how it is read: frame, version, type, counts, flags, lengths in the body. */
const decisive = [
  0, 4, 6, 7, 8, 9, 12, 13, 14, 15, 16, 24, 32, 2214, 2215, 2253, 2256, 2259, 2260, 2263, 2264,
]

function mutate(message: Buffer): Buffer {
  const bytes = Buffer.from(message)
  switch (random.below(7)) {
    case 0:
      return bytes
    case 1:
      bytes[random.pick(decisive) % bytes.length] = random.pick([
        0,
        1,
        4,
        7,
        8,
        255,
        random.below(256),
      ])
      return bytes
    case 2:
      for (let i = random.below(8); i >= 0; i--)
        bytes[random.below(bytes.length)] = random.below(256)
      return bytes
    case 3:
      return lengthened(bytes.subarray(0, random.below(bytes.length)))
    case 4:
      return lengthened(
        Buffer.concat([bytes, Buffer.from(random.bytes(random.below(200)), 'latin1')]),
      )
    case 5: {
      const other = random.pick(corpus)
      return lengthened(
        Buffer.concat([bytes.subarray(0, 2256), other.subarray(random.below(2256))]),
      )
    }
    default:
      bytes[random.below(8)] = random.below(256)
      return bytes
  }
}

/** Mostly makes the claimed length true again, so that the mutation reaches what lies behind it. */
function lengthened(bytes: Buffer): Buffer {
  if (bytes.length >= 8 && random.below(4) > 0) bytes.writeUInt32BE(bytes.length, 4)
  return bytes
}

function hostileStream(): Buffer {
  const parts: Buffer[] = []
  for (let left = 1 + random.below(3); left > 0; left--) {
    const garbage = random.below(20) === 0
    if (garbage) parts.push(Buffer.from(random.bytes(random.below(60)), 'latin1'))
    parts.push(mutate(random.pick(corpus)))
  }
  return Buffer.concat(parts)
}

/** Pushes a stream in random pieces and watches the decoder's memory. */
function decodeInPieces(stream: Buffer): BusEvent[] {
  const decoder = new BusDecoder()
  const events: BusEvent[] = []
  const largest = random.pick([1, 7, 60, 1000, 4000])
  for (let at = 0; at < stream.length; ) {
    const size = largest === 1 && at > 40 ? stream.length : 1 + random.below(largest)
    const piece = Buffer.from(stream.subarray(at, at + size))
    events.push(...decoder.push(piece))
    piece.fill(0)
    at += size
    const { roomBytes } = decoder.memory
    if (roomBytes > Math.max(4096, 2 * at, 65_536)) throw new Error(`${roomBytes} bytes for ${at}`)
  }
  return events
}

function check(stream: Buffer): void {
  const decoder = new BusDecoder()
  const whole = decoder.push(stream)
  const cut = decodeInPieces(stream)
  if (!isDeepStrictEqual(cut, whole)) throw new Error('the cuts change what is read')
  const last = whole.at(-1)
  if (decoder.closed !== (last?.kind === 'closed')) throw new Error('closed without a word')
  for (const event of whole) {
    if (event.kind !== 'message') continue
    const bytes = encodeMessage(event.message)
    const again = decodeMessage(bytes, 0, bytes.length)
    if (!isDeepStrictEqual(again, event)) throw new Error('what was read is not what is written')
  }
}

t.test(`${runs} hostile streams`, { timeout: 600_000 }, async (t) => {
  const seen = new Map<string, number>()
  for (let run = 0; run < runs; run++) {
    const stream = hostileStream()
    try {
      check(stream)
    } catch (error) {
      t.fail(`SEED=${seed} run ${run}: ${error}`, {
        stream: stream.toString('hex').slice(0, 20_000),
      })
      return
    }
    for (const event of new BusDecoder().push(stream)) {
      const kind = event.kind === 'invalid' ? event.reason : event.kind
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
    }
  }
  for (const kind of ['message', 'closed', 'version', 'type', 'length', 'number']) {
    t.ok((seen.get(kind) ?? 0) > 0, `${seen.get(kind) ?? 0} times ${kind}`)
  }
  t.pass(`SEED=${seed} FUZZ_RUNS=${runs}`)
})
