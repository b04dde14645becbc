import t from 'tap'
import { HeaderFlag, MESSAGE_TYPES, NodeFlag, SLOT_BITMAP_BYTES } from '../../lib/bus/message.ts'
import { captured } from './fixtures/captured.ts'
import { bytesOfNotation } from './fixtures/notation.ts'

t.test('types have the numbers that a real server sends', async (t) => {
  const numbers = Object.values(captured).map((notation) =>
    bytesOfNotation(notation).readUInt16BE(12),
  )
  const sent = [...new Set(numbers)].sort((a, b) => a - b)
  t.same(
    sent.map((number) => MESSAGE_TYPES[number]),
    [
      'ping',
      'pong',
      'meet',
      'fail',
      'publish',
      'auth-req',
      'auth-ack',
      'update',
      'mfstart',
      'publishshard',
    ],
  )
  t.equal(MESSAGE_TYPES.indexOf('module'), 9)
})

t.test('flags are single bits, none twice', async (t) => {
  for (const flags of [Object.values(NodeFlag), Object.values(HeaderFlag)]) {
    t.ok(flags.every((flag) => flag > 0 && (flag & (flag - 1)) === 0))
    t.equal(new Set<number>(flags).size, flags.length)
  }
})

t.test('a bitmap has a bit for every slot', async (t) => {
  t.equal(SLOT_BITMAP_BYTES * 8, 16384)
})
