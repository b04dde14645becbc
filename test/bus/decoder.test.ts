import t from 'tap'
import { encodeMessage } from '../../lib/bus/codec.ts'
import { BusDecoder, type BusEvent, MESSAGE_BYTES_MAX } from '../../lib/bus/decoder.ts'
import { captured } from './fixtures/captured.ts'
import { bytesOfNotation } from './fixtures/notation.ts'

const frames = Object.values(captured).map(bytesOfNotation)
const types = frames.map((bytes) => bytes.readUInt16BE(12))

function decodedTypes(events: BusEvent[]): string[] {
  return events.map((event) => (event.kind === 'message' ? event.message.type : event.kind))
}

/** A frame that says how long it is and nothing else. */
function frame(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.write('RCmb', 'latin1')
  bytes.writeUInt32BE(length, 4)
  return bytes
}

t.test('a stream of real messages in one piece', async (t) => {
  const decoder = new BusDecoder()
  const events = decoder.push(Buffer.concat(frames))
  t.equal(events.length, frames.length)
  events.forEach((event, i) => {
    const again = event.kind === 'message' ? encodeMessage(event.message) : Buffer.alloc(0)
    t.equal(again.toString('hex'), frames[i]?.toString('hex'))
  })
  t.same(decoder.memory, { heldBytes: 0, roomBytes: 0 }, 'whole messages are read in place')
})

t.test('however the stream is cut, the same messages come out', async (t) => {
  const stream = Buffer.concat(frames)
  const expected = decodedTypes(new BusDecoder().push(stream))
  t.equal(expected.length, types.length)
  for (const size of [1, 3, 7, 8, 9, 100, 2255, 2256, 2257, 5000, 30_000]) {
    const decoder = new BusDecoder()
    const events: BusEvent[] = []
    const chunk = Buffer.alloc(size)
    for (let at = 0; at < stream.length; at += size) {
      // The same memory every time, as a socket that reads into one buffer gives it.
      const copied = stream.copy(chunk, 0, at, at + size)
      events.push(...decoder.push(chunk.subarray(0, copied)))
    }
    t.same(decodedTypes(events), expected, `pieces of ${size}`)
    const bytes = events.map((e) => (e.kind === 'message' ? encodeMessage(e.message) : e.kind))
    t.same(bytes, frames, `pieces of ${size}, byte for byte`)
  }
})

t.test('a message inside of a message is its payload', async (t) => {
  const first = new BusDecoder().push(frames[0]!)[0]
  const header = first?.kind === 'message' ? first.message.header : undefined
  const payload = frames[0]!.toString('latin1')
  const bytes = encodeMessage({ type: 'publish', header: header!, channel: 'c', payload })
  const cut = bytes.length - payload.length
  const decoder = new BusDecoder()
  t.same(decoder.push(bytes.subarray(0, cut)), [])
  t.match(decoder.push(bytes.subarray(cut)), [{ message: { type: 'publish', payload } }])
})

t.test('an empty chunk changes nothing', async (t) => {
  const decoder = new BusDecoder()
  t.same(decoder.push(new Uint8Array(0)), [])
  t.same(decoder.push(frames[0]!.subarray(0, 100)), [])
  t.same(decoder.push(new Uint8Array(0)), [])
  t.same(decodedTypes(decoder.push(frames[0]!.subarray(100))), ['meet'])
})

t.test('an invalid message is reported and the stream goes on', async (t) => {
  const unknown = Buffer.from(frames[0]!)
  unknown.writeUInt16BE(99, 12)
  const decoder = new BusDecoder()
  const events = decoder.push(Buffer.concat([frames[0]!, unknown, frames[0]!]))
  t.same(decodedTypes(events), ['meet', 'invalid', 'meet'])
  t.match(events[1], { reason: 'type', typeNumber: 99, text: 'Received unknown packet type: 99' })
  t.equal(decoder.closed, false)
})

t.test('what is no frame closes the stream', async (t) => {
  const broken = [
    frame(2255),
    frame(0),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    frame(MESSAGE_BYTES_MAX + 1),
    frame(0xffff_ffff),
  ]
  for (const bytes of broken) {
    for (const size of [1, 4, 8, bytes.length]) {
      const decoder = new BusDecoder()
      const events: BusEvent[] = decoder.push(frames[0]!)
      for (let at = 0; at < bytes.length; at += size) {
        events.push(...decoder.push(bytes.subarray(at, at + size)))
      }
      t.same(events.slice(1), [
        { kind: 'closed', text: 'Bad message length or signature received from Cluster bus.' },
      ])
      t.equal(decoder.closed, true)
      t.same(decoder.push(frames[0]!), [], 'nothing more is taken')
      t.same(decoder.memory, { heldBytes: 0, roomBytes: 0 })
    }
  }
})

t.test('8 bytes decide, not less', async (t) => {
  const decoder = new BusDecoder()
  t.same(decoder.push(Buffer.from('garbage')), [])
  t.same(decodedTypes(decoder.push(Buffer.from('!'))), ['closed'])
})

t.test('a claimed length costs no memory, arrived bytes do', async (t) => {
  const decoder = new BusDecoder()
  decoder.push(frame(MESSAGE_BYTES_MAX))
  t.ok(decoder.memory.roomBytes <= 4096, `${decoder.memory.roomBytes} bytes after 8`)
  const chunk = Buffer.alloc(10_000)
  for (let arrived = 8; arrived < 1_000_000; ) {
    decoder.push(chunk)
    arrived += chunk.length
    const { heldBytes, roomBytes } = decoder.memory
    t.equal(heldBytes, arrived)
    if (roomBytes > 2 * arrived) t.fail(`${roomBytes} bytes for ${arrived}`)
  }
})

t.test('room for a great message is given back', async (t) => {
  const first = new BusDecoder().push(frames[0]!)[0]
  const header = first?.kind === 'message' ? first.message.header : undefined
  const payload = 'x'.repeat(300_000)
  const great = encodeMessage({ type: 'publish', header: header!, channel: 'c', payload })
  const decoder = new BusDecoder()
  t.same(decoder.push(great.subarray(0, 200_000)), [])
  t.ok(decoder.memory.roomBytes >= 200_000)
  t.match(decoder.push(great.subarray(200_000)), [{ message: { type: 'publish', payload } }])
  t.same(decoder.memory, { heldBytes: 0, roomBytes: 0 })
})
