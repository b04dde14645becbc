import t from 'tap'
import type { ConfigPort } from '../../lib/commands/context.ts'
import {
  deletionWord,
  expiryMs,
  isPast,
  positiveExpiryMs,
  timeForms,
} from '../../lib/commands/expiry-argument.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { CommandRunner } from '../support/command-runner.ts'

const NOW = 1_700_000_000_000
const INVALID = new ReplyError("ERR invalid expire time in 'x' command")
const { EX, PX, EXAT, PXAT } = timeForms

t.test('each form gives Unix milliseconds', async (t) => {
  t.equal(expiryMs('10', EX, NOW, 'x'), NOW + 10_000)
  t.equal(expiryMs('-10', PX, NOW, 'x'), NOW - 10)
  t.equal(expiryMs('10', EXAT, NOW, 'x'), 10_000)
  t.equal(expiryMs('10', PXAT, NOW, 'x'), 10)
})

t.test('64 bits are the limit, beyond 2^53 at the precision of a double', async (t) => {
  t.equal(expiryMs('9223372036854775807', PXAT, NOW, 'x'), 2 ** 63 - 1024)
  t.equal(expiryMs('9223372036854775', EXAT, NOW, 'x'), Number(9223372036854775000n))
  t.equal(expiryMs('-9223372036854775808', PXAT, NOW, 'x'), -(2 ** 63))
  t.equal(expiryMs('9007199254740000', PX, 992, 'x'), 2 ** 53)
  for (const [text, form] of [
    ['9223372036854775807', PX],
    ['9223372036854775', EX],
    ['9223372036854776', EXAT],
    ['-9223372036854776', EXAT],
  ] as const) {
    t.throws(() => expiryMs(text, form, NOW, 'x'), INVALID, text)
  }
})

t.test('where a time must be positive 0 is refused', async (t) => {
  t.equal(positiveExpiryMs('1', PXAT, NOW, 'x'), 1)
  for (const text of ['0', '-1', '-9223372036854775808']) {
    t.throws(() => positiveExpiryMs(text, PX, NOW, 'x'), INVALID, text)
  }
  t.throws(() => positiveExpiryMs('x', PX, NOW, 'x'), { message: /not an integer/ })
})

t.test('past is this millisecond and before, and only a master acts on it', async (t) => {
  const { db } = new CommandRunner({ now: NOW })
  t.equal(isPast(NOW, db), true)
  t.equal(isPast(NOW + 1, db), false)
  db.expiry = 'hide'
  t.equal(isPast(NOW, db), false)
  db.expiry = 'keep'
  t.equal(isPast(NOW, db), false)
})

t.test('the word of a deletion follows lazyfree-lazy-expire', async (t) => {
  const config = (lazy: boolean) => ({ boolean: () => lazy }) as unknown as ConfigPort
  t.equal(deletionWord(config(false)), 'DEL')
  t.equal(deletionWord(config(true)), 'UNLINK')
})
