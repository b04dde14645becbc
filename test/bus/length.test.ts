import t from 'tap'
import { decodeMessage, encodeMessage } from '../../lib/bus/codec.ts'
import { lengthError, messageLength } from '../../lib/bus/length.ts'
import type { BusHeader, BusMessage, PingMessage } from '../../lib/bus/message.ts'

const id = 'a'.repeat(40)
const slots = new Uint8Array(2048)
const header: BusHeader = {
  sender: id,
  port: 1,
  otherPort: 0,
  busPort: 2,
  currentEpoch: 1,
  configEpoch: 1,
  offset: 0,
  slots,
  masterId: undefined,
  ip: '',
  flags: 17,
  state: 'ok',
  messageFlags: 0,
}
const entry = {
  id,
  pingSentSeconds: 0,
  pongReceivedSeconds: 0,
  ip: '',
  port: 1,
  otherPort: 0,
  busPort: 2,
  flags: 1,
}
const ping: PingMessage = { type: 'ping', header, gossip: [], extensions: [] }

t.test('every type has its length', async (t) => {
  const table: [message: BusMessage, length: number][] = [
    [ping, 2256],
    [{ ...ping, type: 'meet', gossip: [entry] }, 2360],
    [{ ...ping, type: 'pong', gossip: [entry, entry, entry] }, 2568],
    [{ ...ping, extensions: [{ type: 'hostname', hostname: 'node-a.example' }] }, 2256 + 24],
    [{ type: 'fail', header, node: id }, 2296],
    [{ type: 'publish', header, channel: 'chan', payload: 'hello' }, 2273],
    [{ type: 'publishshard', header, channel: '', payload: '' }, 2264],
    [{ type: 'auth-req', header }, 2256],
    [{ type: 'auth-ack', header }, 2256],
    [{ type: 'mfstart', header }, 2256],
    [{ type: 'update', header, node: id, configEpoch: 1, slots }, 4352],
    [{ type: 'module', header, moduleId: '12345678', moduleType: 1, payload: 'xyz' }, 2272],
  ]
  for (const [message, length] of table) {
    t.equal(messageLength(message), length, message.type)
    const bytes = encodeMessage(message)
    t.equal(bytes.length, length)
    t.equal(bytes.readUInt32BE(4), length)
    t.equal(lengthError(bytes, 0, length, message.type), undefined)
    const longer = Buffer.concat([bytes, Buffer.alloc(8)])
    t.same(
      decodeMessage(longer, 0, length + 8),
      {
        kind: 'invalid',
        reason: 'length',
        typeNumber: bytes.readUInt16BE(12),
        text: `Received invalid ${message.type} packet of length ${length + 8} but expected length ${length}`,
      },
      `a longer ${message.type}`,
    )
    for (let cut = 2256; cut < length; cut++) {
      const wrong = lengthError(bytes.subarray(0, cut), 0, cut, message.type)
      if (wrong === undefined) t.fail(`${message.type} cut to ${cut} bytes`)
    }
  }
})

t.test('lengths inside a message that point out of it', async (t) => {
  const table: [at: number, type: 'publish' | 'publishshard' | 'module'][] = [
    [2256, 'publish'],
    [2260, 'publish'],
    [2256, 'publishshard'],
    [2264, 'module'],
  ]
  for (const [at, type] of table) {
    const message: BusMessage =
      type === 'module'
        ? { type, header, moduleId: '12345678', moduleType: 1, payload: 'xyz' }
        : { type, header, channel: 'c', payload: 'p' }
    const bytes = encodeMessage(message)
    bytes.writeUInt32BE(0xffff_ffff, at)
    t.match(decodeMessage(bytes, 0, bytes.length), { kind: 'invalid', reason: 'length' }, type)
  }
  // Both together would be right again if they were added in 32 bits.
  const bytes = encodeMessage({ type: 'publish', header, channel: 'c', payload: 'p' })
  bytes.writeUInt32BE(0xffff_ffff, 2256)
  bytes.writeUInt32BE(3, 2260)
  t.match(decodeMessage(bytes, 0, bytes.length), { kind: 'invalid', reason: 'length' })
})

/** A PING whose header claims these numbers, followed by the given bytes. */
function claiming(gossipCount: number, extensionCount: number | undefined, body: string): Buffer {
  const bytes = Buffer.concat([encodeMessage(ping), Buffer.from(body.replaceAll(' ', ''), 'hex')])
  bytes.writeUInt32BE(bytes.length, 4)
  bytes.writeUInt16BE(gossipCount, 14)
  if (extensionCount !== undefined) {
    bytes.writeUInt16BE(extensionCount, 2214)
    bytes[2253] = 4
  }
  return bytes
}

t.test('gossip and extensions must fill a PING exactly', async (t) => {
  const table: [bytes: Buffer, text: string | undefined][] = [
    [
      claiming(2, undefined, ''),
      'Received invalid ping packet with gossip count 2 that exceeds total packet length (2256)',
    ],
    [
      claiming(0xffff, 3, '00'.repeat(104)),
      'Received invalid ping packet with gossip count 65535 that exceeds total packet length (2360)',
    ],
    [
      claiming(0, 1, ''),
      'Received invalid ping packet with extension data that exceeds total packet length (2256)',
    ],
    [
      claiming(0, 1, '00000008'),
      'Received invalid ping packet with extension data that exceeds total packet length (2260)',
    ],
    [
      claiming(0, 1, '00000018 00000000 0000000000000000'),
      'Received invalid ping packet with extension data that exceeds total packet length (2272)',
    ],
    [
      claiming(0, 2, '00000010 00090000 0000000000000000'),
      'Received invalid ping packet with extension data that exceeds total packet length (2272)',
    ],
    [
      claiming(0, 1, '0000000c 00000000 0000000000000000'),
      'Received a ping packet without proper padding (12 bytes)',
    ],
    [
      claiming(0, 1, '00000000 00000000'),
      'Received a ping packet without proper padding (0 bytes)',
    ],
    [
      claiming(0, 1, '00000008 00090000 0000000000000000'),
      'Received invalid ping packet of length 2272 but expected length 2264',
    ],
    [claiming(0, 0, ''), undefined],
    [claiming(0, 1, '00000008 00070000'), undefined],
    [claiming(0, 2, '00000008 00070000 00000010 00030000 0000000000000000'), undefined],
  ]
  for (const [bytes, text] of table) {
    t.equal(lengthError(bytes, 0, bytes.length, 'ping'), text, text ?? 'well formed')
  }
  // The count alone, without the flag, announces nothing.
  const unannounced = encodeMessage(ping)
  unannounced.writeUInt16BE(3, 2214)
  t.equal(lengthError(unannounced, 0, unannounced.length, 'ping'), undefined)
})
