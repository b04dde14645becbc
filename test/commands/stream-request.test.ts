import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { parseReadRequest, streamPositions } from '../../lib/commands/stream-request.ts'

const V70 = new Version('7.0')

const words = (line: string) => line.split(' ')

t.test('what is to be read, and for whom', async (t) => {
  const line = 'XREADGROUP block 50 COUNT -3 noack GROUP g c STREAMS a b > 0'
  t.strictSame(parseReadRequest(words(line), true, 1000, V70), {
    keys: ['a', 'b'],
    starts: ['>', '0'],
    count: 0,
    member: { group: 'g', consumer: 'c', noAck: true },
    wait: { untilMs: 1050 },
  })
  t.match(parseReadRequest(words('XREAD BLOCK 0 STREAMS a $'), false, 1000, V70), {
    member: undefined,
    wait: { untilMs: undefined },
  })
  t.equal(parseReadRequest(words('XREAD STREAMS a $'), false, 1000, V70).wait, undefined)
})

t.test('what is refused, in order', async (t) => {
  const refused: readonly [line: string, message: RegExp][] = [
    ['XREAD GROUP g c COUNT x STREAMS a b 0', /^ERR The GROUP option is only supported/],
    ['XREAD NOACK STREAMS a 0', /^ERR The NOACK option is only supported/],
    ['XREAD COUNT x STREAMS a b 0', /^ERR value is not an integer/],
    ['XREAD STREAMS a b 0', /^ERR Unbalanced XREAD list of streams/],
    ['XREAD COUNT 1', /^ERR syntax error/],
    ['XREAD FOO STREAMS a 0', /^ERR syntax error/],
  ]
  for (const [line, message] of refused) {
    t.throws(() => parseReadRequest(words(line), false, 0, V70), { message })
  }
  t.throws(() => parseReadRequest(words('xread BLOCK x STREAMS a $'), false, 0, V70, true), {
    message: 'ERR xread command is not allowed with BLOCK option from scripts',
  })
  t.throws(() => parseReadRequest(words('XREADGROUP STREAMS a >'), true, 0, V70), {
    message: 'ERR Missing GROUP option for XREADGROUP',
  })
})

t.test('keys are found behind names that look like words', async (t) => {
  const keysOf = (line: string) => streamPositions(words(line)).map((at) => words(line)[at])
  t.strictSame(keysOf('XREADGROUP GROUP streams streams COUNT 1 STREAMS a b > >'), ['a', 'b'])
  t.strictSame(keysOf('XREAD COUNT 1 STREAMS streams 0'), ['streams'])
  t.strictSame(keysOf('XREAD FOO STREAMS a 0'), [])
  t.strictSame(keysOf('XREAD STREAMS a b 0'), [])
  t.strictSame(keysOf('XREAD BLOCK 0'), [])
})
