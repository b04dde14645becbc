import t from 'tap'
import { Crc64, crc64 } from '../../lib/base/crc64.ts'

t.test('the check value of the Jones polynomial', async (t) => {
  t.equal(crc64(Buffer.from('123456789')), 0xe9c6d914c4b8d9can)
  t.equal(crc64(new Uint8Array(0)), 0n)
})

/** DUMP payloads of a real server; the last 8 bytes are the checksum of the rest. */
const dumps = [
  '0001760a009108ceb219388ace',
  '00c30615016161e00a000a00fd0cb36807413f68',
  '00c30b1e0361626361e00f020162630a008874be6d67e59d2a',
  '00c3123c0a3031323334353637383930e026090138390a00090ee3b7e2193ed2',
  '0a005d9b5c400f7fa2da',
]

t.test('the checksums of real payloads', async (t) => {
  for (const dump of dumps) {
    const bytes = Buffer.from(dump, 'hex')
    const end = bytes.length - 8
    t.equal(crc64(bytes.subarray(0, end)), bytes.readBigUInt64LE(end), dump)
    t.ok(new Crc64().update(bytes, 0, end).equals(bytes, end))
    for (let i = 0; i < bytes.length; i++) {
      const broken = Buffer.from(bytes)
      broken[i] = (broken[i] as number) ^ 0x10
      if (new Crc64().update(broken, 0, end).equals(broken, end)) t.fail(`byte ${i} does not count`)
    }
  }
})

t.test('many bytes at once count as one by one', async (t) => {
  for (const length of [4095, 4096, 4097, 4103, 10_001]) {
    const bytes = Buffer.from(Array.from({ length: length + 3 }, (_, i) => (i * 7919) >> 5))
    const single = new Crc64().update(Buffer.from('before'))
    const whole = new Crc64().update(Buffer.from('before')).update(bytes, 3)
    for (let at = 3; at < bytes.length; at++) single.update(bytes, at, at + 1)
    t.equal(whole.value(), single.value(), `${length} bytes`)
  }
})

t.test('parts add up to the whole', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7919) >> 3))
  const crc = new Crc64()
  for (let at = 0; at < 1000; at += 37) crc.update(bytes, at, Math.min(at + 37, 1000))
  t.equal(crc.value(), crc64(bytes))
  const written = Buffer.alloc(10)
  crc.writeTo(written, 1)
  t.equal(written.readBigUInt64LE(1), crc.value())
  t.same([written[0], written[9]], [0, 0])
})
