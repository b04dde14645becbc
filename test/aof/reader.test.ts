/** Files read to their end, cut off, and spoiled: each is told apart, with the place. */
import { Buffer } from 'node:buffer'
import t from 'tap'
import { AofError, AofReader, AofTruncatedError } from '../../lib/aof/reader.ts'
import { Random } from '../../lib/base/random.ts'
import { encodeCommand } from '../../lib/resp/command.ts'

const MAX = 1_000_000

function read(text: string, from = 0): string[][] {
  const reader = new AofReader(Buffer.from(text, 'latin1'), { from, maxBulkLength: MAX })
  const found: string[][] = []
  for (let argv = reader.next(); argv !== undefined; argv = reader.next()) found.push(argv)
  return found
}

const first = encodeCommand(['SET', 'k\r\n\xff', ''])
const second = encodeCommand(['INCR', 'n'])

t.test('gives the commands in their order', async (t) => {
  t.same(read(''), [])
  t.same(read(`#TS:1\r\n${first}#TS:2\r\n#x\n${second}#TS:3\r\n`), [
    ['SET', 'k\r\n\xff', ''],
    ['INCR', 'n'],
  ])
  t.same(read(`junk${second}`, 4), [['INCR', 'n']])
  const reader = new AofReader(Buffer.from(first + second, 'latin1'), { maxBulkLength: MAX })
  reader.next()
  reader.next()
  t.equal(reader.lastStart, first.length)
  t.equal(reader.position, first.length + second.length)
})

t.test('a file cut anywhere ends where its last whole command does', async (t) => {
  const text = `${first}#TS:12\r\n${second}`
  for (let length = 0; length <= text.length; length++) {
    const whole = [0, first.length, first.length + 8, text.length]
    const cut = text.slice(0, length)
    if (whole.includes(length)) {
      t.doesNotThrow(() => read(cut), `${length} bytes`)
      continue
    }
    const end = whole.findLast((at) => at < length) ?? 0
    try {
      read(cut)
      t.fail(`${length} bytes were taken`)
    } catch (error) {
      t.ok(error instanceof AofTruncatedError, `${length} bytes: ${(error as Error).message}`)
      t.equal((error as AofError).offset, end)
    }
  }
})

t.test('what no writer leaves is refused, however it ends', async (t) => {
  for (const spoiled of [
    '!!!',
    '\0\0',
    '*0\r\n',
    '*-1\r\n$1\r\nx\r\n',
    '*x\r\n',
    '*1\n$1\nx\n',
    '*1\r$1\r\nx\r\n',
    '*1\r\nx1\r\nx\r\n',
    '*1\r\n$\r\nx\r\n',
    '*1\r\n$2\r\nx\r\nyy',
    '*1\r\n$1\r\nxy\r\n',
    '*99999999999\r\n$1\r\nx\r\n',
    `*1\r\n$${MAX + 1}\r\nx`,
  ]) {
    try {
      read(first + spoiled)
      t.fail(`${JSON.stringify(spoiled)} was taken`)
    } catch (error) {
      t.notOk(error instanceof AofTruncatedError, JSON.stringify(spoiled))
      t.match((error as Error).message, new RegExp(`^bad format .* at offset ${first.length}$`))
    }
  }
})

t.test('whatever bytes come, it ends with an answer', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const text = (first + second).repeat(3)
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(text, 'latin1')
    for (let n = 0; n <= random.below(3); n++) bytes[random.below(bytes.length)] = random.below(256)
    const reader = new AofReader(bytes, { maxBulkLength: MAX })
    try {
      while (reader.next() !== undefined);
    } catch (error) {
      if (!(error instanceof AofError)) {
        t.fail(`seed ${seed}, run ${i}: ${(error as Error).message}`)
        return
      }
    }
    if (reader.position > bytes.length) t.fail(`seed ${seed}, run ${i}`)
  }
})
