import t from 'tap'
import { millisecondsTimeout, secondsTimeout } from '../../lib/commands/timeout-argument.ts'

const NOW = 1_700_000_000_000

t.test('seconds become the end of the wait, rounded up to milliseconds', async (t) => {
  for (const [text, milliseconds] of [
    ['1', 1000],
    ['0.001', 1],
    ['0.0011', 2],
    ['1.5', 1500],
    ['0.1', 100],
    ['1e-400', 1],
    ['0x1p-3', 125],
    ['2e3', 2_000_000],
  ] as const) {
    t.equal(secondsTimeout(text, NOW), NOW + milliseconds, text)
  }
  for (const text of ['0', '-0', '0.0', '-0.0001', '-0.001'])
    t.equal(secondsTimeout(text, NOW), undefined)
})

t.test('seconds that are none', async (t) => {
  const negative = { message: 'ERR timeout is negative' }
  const broken = { message: 'ERR timeout is not a float or out of range' }
  for (const text of ['-1', '-0.0011', 'inf', '-inf', '1e20', '1e400', '9223372036854776']) {
    t.throws(() => secondsTimeout(text, NOW), negative, text)
  }
  t.doesNotThrow(() => secondsTimeout('9223372036854775', NOW))
  for (const text of ['', 'abc', ' 1', '1 ', 'nan']) {
    t.throws(() => secondsTimeout(text, NOW), broken, text)
  }
})

t.test('milliseconds', async (t) => {
  t.equal(millisecondsTimeout('25', NOW), NOW + 25)
  t.equal(millisecondsTimeout('0', NOW), undefined)
  t.throws(() => millisecondsTimeout('-1', NOW), { message: 'ERR timeout is negative' })
  for (const text of ['1.5', 'x', '']) {
    t.throws(() => millisecondsTimeout(text, NOW), {
      message: 'ERR timeout is not an integer or out of range',
    })
  }
})
