import t from 'tap'
import { formatStreamId } from '../../lib/base/stream-id.ts'
import {
  countArgument,
  givenIdArgument,
  idArgument,
  intervalEnd,
  intervalStart,
  looseIdArgument,
  tryId,
} from '../../lib/commands/stream-argument.ts'

const MAX = '18446744073709551615'
const INVALID = { message: 'ERR Invalid stream ID specified as stream command argument' }

t.test('ids as C reads them', async (t) => {
  const good: readonly [text: string, id: string][] = [
    ['5', '5-0'],
    ['5-7', '5-7'],
    [`${MAX}-${MAX}`, `${MAX}-${MAX}`],
    ['007- 08', '7-8'],
    ['+1-+2', '1-2'],
    ['1- -1', `1-${MAX}`],
    ['1\0-5', '1-0'],
    ['9007199254740993', '9007199254740993-0'],
  ]
  for (const [text, id] of good) t.equal(formatStreamId(idArgument(text)), id, text)
  const bad = ['', '-', '+', '*', '1-', '-1', '1--1', '1-2-3', '18446744073709551616', ' ', 'x']
  for (const text of [...bad, '1-*', `1- -${MAX}0`, '0'.repeat(128)]) {
    t.throws(() => idArgument(text), INVALID, text)
    t.equal(tryId(text), undefined)
  }
  t.equal(formatStreamId(looseIdArgument('-')), '0-0')
  t.equal(formatStreamId(looseIdArgument('+')), `${MAX}-${MAX}`)
})

t.test('ids that leave the sequence number open', async (t) => {
  t.match(givenIdArgument('5-*'), { id: idArgument('5'), isComplete: false })
  t.match(givenIdArgument('5'), { id: idArgument('5'), isComplete: true })
  for (const text of ['*', '-', '+', '*-1', '5-**']) t.throws(() => givenIdArgument(text), INVALID)
})

t.test('intervals', async (t) => {
  t.equal(formatStreamId(intervalStart('5')), '5-0')
  t.equal(formatStreamId(intervalEnd('5')), `5-${MAX}`)
  t.equal(formatStreamId(intervalStart('(5')), '5-1')
  t.equal(formatStreamId(intervalEnd('(5')), '5-18446744073709551614')
  t.equal(formatStreamId(intervalEnd('(5-0')), `4-${MAX}`)
  for (const text of ['(', '(-', '(+', '((1']) {
    t.throws(() => intervalStart(text), INVALID)
    t.throws(() => intervalEnd(text), INVALID)
  }
  t.throws(() => intervalStart(`(${MAX}-${MAX}`), {
    message: 'ERR invalid start ID for the interval',
  })
  t.throws(() => intervalEnd('(0-0'), { message: 'ERR invalid end ID for the interval' })
})

t.test('other words', async (t) => {
  t.equal(countArgument('-5'), 0)
  t.equal(countArgument('5'), 5)
})
