import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { RdbError } from '../../lib/rdb/format.ts'
import { decodeListpack, encodeListpack } from '../../lib/rdb/listpack.ts'

t.test('integers are written as a real server writes them', async (t) => {
  const elements =
    '1 127 128 4095 -1 -4096 -4097 32767 32768 8388607 8388608 2147483647 2147483648 -9223372036854775808'.split(
      ' ',
    )
  const hex =
    '490000000e000101' +
    '7f01c08002cfff02dfff02d00002f1ffef03f1ff7f03f200800004f2ffff7f04f30000800005f3ffffff7f05f4000000800000000009f4000000000000008009ff'
  t.equal(encodeListpack(elements).toString('hex'), hex)
  t.strictSame(decodeListpack(Buffer.from(hex, 'hex')), elements)
})

t.test('strings of every length class read back', async (t) => {
  const elements = [
    0, 1, 63, 64, 125, 126, 127, 128, 4095, 4096, 16_380, 16_381, 16_382, 70_000, 2_097_200,
  ].map((length) => 'x'.repeat(length))
  t.strictSame(decodeListpack(encodeListpack(elements)), elements)
  t.strictSame(decodeListpack(encodeListpack([])), [])
})

t.test('what only looks like an integer stays a string', async (t) => {
  const elements = ['-0', '01', '+1', '1.0', '9223372036854775808', ' 1', '']
  t.strictSame(decodeListpack(encodeListpack(elements)), elements)
})

t.test('an unknown count is no error', async (t) => {
  const elements = Array.from({ length: 70_000 }, (_, i) => `${i}`)
  const block = encodeListpack(elements)
  t.equal(block.readUInt16LE(4), 0xffff)
  t.strictSame(decodeListpack(block), elements)
})

t.test('random elements read back, mutated blocks throw or give elements', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  let refused = 0
  for (let round = 0; round < 3000; round++) {
    const elements = Array.from({ length: random.below(12) }, () =>
      random.below(2) === 0
        ? String(
            BigInt.asIntN(
              random.below(65),
              (BigInt(random.nextUint32()) << 32n) | BigInt(random.nextUint32()),
            ),
          )
        : random.bytes(random.below(90)),
    )
    const block = encodeListpack(elements)
    if (decodeListpack(block).join('\n') !== elements.join('\n'))
      t.fail(`round ${round} of seed ${seed}`)
    block[6 + random.below(block.length - 6)] = random.below(256)
    try {
      decodeListpack(block)
    } catch (error) {
      if (!(error instanceof RdbError)) throw error
      refused++
    }
  }
  t.ok(refused > 0, 'some mutations are refused')
})

t.test('broken blocks', async (t) => {
  const table: [what: string, hex: string][] = [
    ['too short', '0600000000ff'],
    ['wrong total', '0800000000 00ff'],
    ['no end', '07000000000000'],
    ['wrong count', '090000000200 0101ff'],
    ['a string beyond the end', '0a0000000100 bf6101ff'],
    ['a long string beyond the end', '0d0000000100 f0ffffff0005ff'],
    ['an unknown encoding', '090000000100 f501ff'],
  ]
  for (const [what, hex] of table) {
    const block = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    t.throws(() => decodeListpack(block), RdbError, what)
  }
})

t.test('sizes that only a walk backwards needs', async (t) => {
  const name = 'Hash listpack'
  const strings = encodeListpack(['a', 'x'.repeat(200), '70000'])
  t.equal(decodeListpack(strings, { sanitizes: true }).length, 3)
  for (const at of [8, 8 + 1 + 2 + 200]) {
    const block = Buffer.from(strings)
    block.writeUInt8(block.readUInt8(at) ^ 1, at)
    t.equal(decodeListpack(block).length, 3, 'nobody looks')
    t.throws(() => decodeListpack(block, { name, sanitizes: true }), {
      name: 'RdbError',
      message: /^Hash listpack integrity check failed: size behind element [01]$/,
    })
  }
})
