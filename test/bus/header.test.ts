import t from 'tap'
import {
  extensionCountAt,
  FRAME_BYTES,
  frameLength,
  gossipCountAt,
  HEADER_BYTES,
  isKnownVersion,
  messageTypeAt,
  readHeader,
  writeHeader,
} from '../../lib/bus/header.ts'
import type { BusHeader } from '../../lib/bus/message.ts'
import { bytesOfNotation } from './fixtures/notation.ts'

const slots = new Uint8Array(2048)
slots[0] = 0x81
slots[2047] = 0x80
const header: BusHeader = {
  sender: 'a'.repeat(40),
  port: 0x0102,
  otherPort: 0x0304,
  busPort: 0x0506,
  currentEpoch: 0x0102030405,
  configEpoch: 7,
  offset: 0x1f0000000000,
  slots,
  masterId: 'b'.repeat(40),
  ip: '10.1.2.3',
  flags: 0x0212,
  state: 'fail',
  messageFlags: 3,
}
const envelope = { type: 0x0a, length: 0x01020304, gossipCount: 0x0506, extensionCount: 0x0708 }

t.test('every field has its place', async (t) => {
  const bytes = Buffer.alloc(HEADER_BYTES)
  writeHeader(bytes, envelope, header)
  const expected = bytesOfNotation(`
    "RCmb" 01020304 0001 0102 000a 0506 0000000102030405 0000000000000007 00001f0000000000
    "${'a'.repeat(40)}" 81 00*2046 80 "${'b'.repeat(40)}" "10.1.2.3" 00*38 0708 00*30
    0304 0506 0212 01 070000
  `)
  t.equal(bytes.toString('hex'), expected.toString('hex'))
  t.strictSame(readHeader(bytes, 0), { ...header, messageFlags: 7 }, 'extensions set their flag')
  t.equal(frameLength(bytes, 0), envelope.length)
  t.equal(messageTypeAt(bytes, 0), envelope.type)
  t.equal(gossipCountAt(bytes, 0), envelope.gossipCount)
  t.equal(extensionCountAt(bytes, 0), envelope.extensionCount)
  t.equal(isKnownVersion(bytes, 0), true)
})

t.test('the flag announces extensions, not the count', async (t) => {
  const bytes = Buffer.alloc(HEADER_BYTES)
  writeHeader(bytes, { ...envelope, extensionCount: 0 }, header)
  t.equal(bytes[2253], 3, 'no extensions, no flag')
  bytes.writeUInt16BE(2, 2214)
  t.equal(extensionCountAt(bytes, 0), 0)
  writeHeader(bytes, { ...envelope, extensionCount: 0 }, { ...header, messageFlags: 4 })
  t.equal(readHeader(bytes, 0)?.messageFlags, 4, 'a flag without extensions is kept')
})

t.test('a frame begins with the signature and is as long as a header at least', async (t) => {
  const table: [hex: string, length: number | undefined][] = [
    ['52436d62000008d0', 2256],
    ['52436d62000008cf', undefined],
    ['52436d6200000000', undefined],
    ['52436d62ffffffff', 0xffff_ffff],
    ['52436d63000008d0', undefined],
    ['0000000000000000', undefined],
  ]
  for (const [hex, length] of table) {
    t.equal(hex.length, 2 * FRAME_BYTES)
    t.equal(frameLength(Buffer.from(hex, 'hex'), 0), length, hex)
  }
})

t.test('a master has no master, a node that says nothing has no address', async (t) => {
  const bytes = Buffer.alloc(HEADER_BYTES)
  writeHeader(bytes, envelope, { ...header, masterId: undefined, ip: '' })
  const read = readHeader(bytes, 0)
  t.equal(read?.masterId, undefined)
  t.equal(read?.ip, '')
})
