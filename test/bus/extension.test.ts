import t from 'tap'
import {
  extensionLength,
  extensionLengthAt,
  readExtension,
  writeExtension,
} from '../../lib/bus/extension.ts'
import type { PingExtension } from '../../lib/bus/message.ts'

function written(extension: PingExtension): Buffer {
  const bytes = Buffer.alloc(extensionLength(extension))
  writeExtension(bytes, 0, extension)
  return bytes
}

t.test('each type has its bytes', async (t) => {
  const id = '0123456789'.repeat(4)
  const idHex = Buffer.from(id).toString('hex')
  const table: [extension: PingExtension, hex: string][] = [
    [
      { type: 'hostname', hostname: 'node-a.example' },
      '0000001800000000 6e6f64652d612e6578616d706c650000',
    ],
    [{ type: 'hostname', hostname: '' }, '0000001000000000 0000000000000000'],
    [{ type: 'hostname', hostname: '1234567' }, '0000001000000000 3132333435363700'],
    [
      { type: 'hostname', hostname: '12345678' },
      '0000001800000000 31323334353637380000000000000000',
    ],
    [{ type: 'nodename', nodename: 'a' }, '0000001000010000 6100000000000000'],
    [
      { type: 'forgotten-node', node: id, ttlSeconds: 60 },
      `0000003800020000 ${idHex} 000000000000003c`,
    ],
    [{ type: 'shard-id', shardId: id }, `0000003000030000 ${idHex}`],
    [
      { type: 'unknown', code: 500, payload: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      '0000001001f40000 0102030405060708',
    ],
    [{ type: 'unknown', code: 5, payload: new Uint8Array(0) }, '0000000800050000'],
  ]
  for (const [extension, hex] of table) {
    const bytes = written(extension)
    t.equal(bytes.toString('hex'), hex.replaceAll(' ', ''), extension.type)
    t.strictSame(readExtension(bytes, 0, bytes.length), extension)
  }
})

t.test('a known type in a strange form is kept as bytes', async (t) => {
  const table: [hex: string, code: number][] = [
    ['0000000800000000', 0],
    ['00000010000200000000000000000000', 2],
    ['00000010000300000000000000000000', 3],
    [`0000003800020000${'61'.repeat(40)}ffffffffffffffff`, 2],
  ]
  for (const [hex, code] of table) {
    const bytes = Buffer.from(hex, 'hex')
    const extension = readExtension(bytes, 0, bytes.length)
    t.match(extension, { type: 'unknown', code })
    t.equal(written(extension).toString('hex'), hex)
  }
})

t.test('a hostname ends at its NUL or with its room', async (t) => {
  const cut = Buffer.from('0000001000000000 6162006364656667'.replace(' ', ''), 'hex')
  t.same(readExtension(cut, 0, 16), { type: 'hostname', hostname: 'ab' })
  const full = Buffer.from('0000001000000000 6162636465666768'.replace(' ', ''), 'hex')
  t.same(readExtension(full, 0, 16), { type: 'hostname', hostname: 'abcdefgh' })
})

t.test('a claimed length is bounded by the room', async (t) => {
  const bytes = Buffer.from('0000001000000000', 'hex')
  t.equal(extensionLengthAt(bytes, 0, 16), 16)
  t.equal(extensionLengthAt(bytes, 0, 15), undefined)
  t.equal(extensionLengthAt(bytes, 0, 7), undefined)
  t.equal(extensionLengthAt(bytes.subarray(0, 3), 0, 3), undefined)
  t.equal(extensionLengthAt(bytes, 8, 0), undefined)
})

t.test('a payload that is no multiple of 8 is a broken invariant', async (t) => {
  t.throws(() => written({ type: 'unknown', code: 9, payload: new Uint8Array(3) }), {
    name: 'AssertionError',
  })
})
