import generate from 'cluster-key-slot'
import t from 'tap'
import {
  CRC16_TABLE_LENGTH,
  crc16,
  fillCrc16Table,
  keySlot,
  keySlotIn,
  SLOT_COUNT,
  useCrc16Table,
} from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'

/** What CLUSTER KEYSLOT of a real server answers. */
const slots: [key: string, slot: number][] = [
  ['', 0],
  ['foo', 12182],
  ['bar', 5061],
  ['hello', 866],
  ['123456789', 12739],
  ['user1000', 3443],
  ['{user1000}.following', 3443],
  ['{user1000}.followers', 3443],
  ['{}', 15257],
  ['{}foo', 9500],
  ['foo{}{bar}', 8363],
  ['foo{{bar}}', 4015],
  ['{bar', 4015],
  ['foo{bar}{zap}', 5061],
  ['{', 4092],
  ['{{}}', 4092],
  ['}', 12090],
  ['}{', 12793],
  ['a{b', 13340],
  ['{a{b}c}', 13340],
  ['a}b{c}', 7365],
  ['{a}b', 15495],
  ['b{a}', 15495],
  ['a', 15495],
  ['{{bar', 16086],
  ['bar}', 6624],
  ['\x00', 0],
  ['\xff', 7920],
  ['\x00\x01\x02\xff\xfe', 5626],
  ['{\x00}x', 0],
  ['\xc3\xa9', 10180],
  ['k\r\n', 15500],
  ['key:000000000001', 8924],
  ['somekey', 11058],
  ['x'.repeat(100), 2134],
  ['{ }', 9314],
  [' ', 9314],
  ['key:{10}:111', 247],
  ['key:{test}:111', 6918],
  ['key:{hu}:111', 11441],
]

function slotInBuffer(key: string): number {
  const buffer = Buffer.from(`{x}${key}}`, 'latin1')
  return keySlotIn(buffer, 3, buffer.length - 1)
}

t.test('crc16 is XMODEM', async (t) => {
  t.equal(crc16('123456789'), 0x31c3)
  t.equal(crc16(''), 0)
  t.equal(crc16('\0\0\0'), 0)
  t.equal(crc16('\x01'), 0x1021)
})

t.test('the slots of a real server', async (t) => {
  for (const [key, slot] of slots) {
    t.equal(keySlot(key), slot, `keySlot ${JSON.stringify(key)}`)
    t.equal(slotInBuffer(key), slot, `keySlotIn ${JSON.stringify(key)}`)
  }
})

/** The definition, a bit at a time. */
function slotByDefinition(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open)
  let crc = 0
  for (const byte of Buffer.from(close > open + 1 ? key.slice(open + 1, close) : key, 'latin1')) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x11021 : 0)
  }
  return crc % SLOT_COUNT
}

t.test('random keys agree with the definition and with cluster-key-slot', async (t) => {
  const seed = process.env.SEED ?? 'crc16'
  const random = new Random(seed)
  const alphabet = ['{', '}', '{', '}', 'a', 'b', '\0', '\xff', '\x80', '\xc3']
  for (let i = 0; i < 3000; i++) {
    let key = ''
    for (let left = random.below(24); left > 0; left--) key += random.pick(alphabet)
    const expected = slotByDefinition(key)
    const found = [keySlot(key), slotInBuffer(key)]
    // The package takes a later tag when the first one is empty; a server takes the whole key.
    const firstTagIsEmpty = key.startsWith('{}', key.indexOf('{'))
    if (!firstTagIsEmpty) found.push(generate(Buffer.from(key, 'latin1')))
    if (found.some((slot) => slot !== expected)) {
      t.same(found, expected, `SEED=${seed} key ${JSON.stringify(key)}`)
    }
  }
  t.pass(`SEED=${seed}`)
})

t.test('keys of every length, with a tag and without', async (t) => {
  const random = new Random('lengths')
  const lengths = [...Array(140).keys(), 1023, 1024, 1025, 16_383, 16_384, 16_385, 40_000]
  for (const length of lengths) {
    let key = ''
    for (let i = 0; i < length; i++) key += String.fromCharCode(0x80 + random.below(0x80))
    for (const shown of [key, `{${key}}`, `${key}{a}`, `{${key}`, `${key}{}`, `a{${key}}b}`]) {
      const expected = slotByDefinition(shown)
      const found = [keySlot(shown), slotInBuffer(shown)]
      if (found.some((slot) => slot !== expected)) t.same(found, expected, `${length} bytes`)
    }
  }
  t.pass()
})

t.test('a table in shared memory serves as well', async (t) => {
  const shared = new Uint16Array(new SharedArrayBuffer(CRC16_TABLE_LENGTH * 2))
  t.throws(() => useCrc16Table(shared), { message: 'the CRC16 table is not filled' })
  t.throws(() => fillCrc16Table(new Uint16Array(256)), { name: 'AssertionError' })
  fillCrc16Table(shared)
  useCrc16Table(shared)
  t.equal(keySlot('foo'), 12182)
  shared.fill(0)
  t.equal(keySlot('foo'), 0, 'it is read in place')
  fillCrc16Table(shared)
  t.equal(keySlot('foo{bar}{zap}'), 5061)
})

t.test('every slot is reached', async (t) => {
  const reached = new Set<number>()
  for (let i = 0; i < 200_000; i++) reached.add(keySlot(`key:${i}`))
  t.equal(reached.size, SLOT_COUNT)
})
