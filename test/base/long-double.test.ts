import t from 'tap'
import {
  addLongDoubles,
  ceilingOfProduct,
  doubleOfHex,
  formatFixed,
  formatLongDouble,
  isInfinite,
  type LongDouble,
  longDoubleOf,
  numberOf,
  parseLongDouble,
} from '../../lib/base/long-double.ts'
import { Random } from '../../lib/base/random.ts'

function parsed(text: string): LongDouble {
  const value = parseLongDouble(text)
  if (value === undefined) throw new Error(`no long double: ${text}`)
  return value
}

t.test('sums are those of INCRBYFLOAT', async (t) => {
  const table: [a: string, b: string, sum: string][] = [
    ['10.50', '0.1', '10.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['0.1', '0.2', '0.3'],
    ['0.3', '-0.1', '0.2'],
    ['3', '1.1', '4.1'],
    ['-1', '1', '0'],
    ['1000.1', '0', '1000.09999999999999998'],
    ['123456789.123456789', '1e-9', '123456789.12345678999554366'],
    ['9007199254740993', '0.5', '9007199254740993.5'],
    ['1e19', '1', '10000000000000000001'],
    ['36893488147419103233', '0', '36893488147419103232'],
    ['0x1p-3', '0', '0.125'],
    ['1e-4949', '0', '0'],
    ['-1e-30', '0', '0'],
  ]
  for (const [a, b, sum] of table) {
    const value = addLongDoubles(parsed(a), parsed(b))
    t.equal(value && formatLongDouble(value), sum, `${a} + ${b}`)
  }
  const great = addLongDoubles(parsed('1e400'), parsed('1'))
  t.match(great && formatLongDouble(great), /^1000000000000000000028188068[0-9]{373}$/)
})

t.test('a sum that is infinite or no number is none', async (t) => {
  t.equal(addLongDoubles(parsed('inf'), parsed('1')), undefined)
  t.equal(addLongDoubles(parsed('inf'), parsed('-inf')), undefined)
  t.equal(addLongDoubles(parsed('1e4932'), parsed('1e4932')), undefined)
})

t.test('texts that Redis refuses', async (t) => {
  const texts = [
    '',
    ' 1',
    '1 ',
    'nan',
    '-nan',
    '1e',
    '.',
    '0x',
    '1e5000',
    '1e-5000',
    '-1e99999999999',
  ]
  for (const text of [...texts, '1e-99999999999', '1'.repeat(5120)]) {
    t.equal(parseLongDouble(text), undefined, text.slice(0, 20))
  }
  t.ok(isInfinite(parsed('-Infinity')))
  t.equal(formatLongDouble(parsed('-inf')), '-inf')
  t.equal(formatLongDouble(parsed('INF')), 'inf')
  t.equal(formatLongDouble(parsed('0e99999')), '0')
  t.equal(formatLongDouble(parsed(`0.${'0'.repeat(5000)}1e5001`)), '1')
})

t.test('doubles go in exactly and come back', async (t) => {
  const seed = process.env.SEED ?? 'long-double'
  const random = new Random(seed)
  const view = new DataView(new ArrayBuffer(8))
  const values = [0, 1, -1, 0.1, 5e-324, 2 ** -1022, 1.7976931348623157e308, 2 ** 53 + 2]
  for (let i = 0; i < 2000; i++) {
    view.setUint32(0, random.nextUint32())
    view.setUint32(4, random.nextUint32())
    if (Number.isFinite(view.getFloat64(0))) values.push(view.getFloat64(0))
  }
  for (const value of values) {
    if (numberOf(longDoubleOf(value)) !== value) t.fail(`SEED=${seed} ${value}`)
  }
  for (const text of ['0.1', '-2.5', '1e300', '123456789.125', '5e-324']) {
    t.equal(numberOf(parsed(text)), Number(text), text)
  }
  t.equal(numberOf(longDoubleOf(Number.NEGATIVE_INFINITY)), Number.NEGATIVE_INFINITY)
  t.equal(numberOf(parsed('1e400')), Number.POSITIVE_INFINITY)
  t.equal(numberOf(parsed('-1e-400')), 0)
  t.throws(() => longDoubleOf(Number.NaN), { name: 'AssertionError' })
})

t.test('a fixed number of decimals, halves to even', async (t) => {
  const table: [value: number, decimals: number, text: string][] = [
    [0.03125, 4, '0.0312'],
    [0.09375, 4, '0.0938'],
    [1.00005, 4, '1.0001'],
    [-0.00001, 4, '-0.0000'],
    [-0, 4, '-0.0000'],
    [2.5, 0, '2'],
    [3.5, 0, '4'],
    [123456.78905, 4, '123456.7891'],
    [123456.78905, 17, '123456.78905000000668224'],
    [1e22, 1, '10000000000000000000000.0'],
  ]
  for (const [value, decimals, text] of table) t.equal(formatFixed(value, decimals), text)
})

t.test('hexadecimal doubles', async (t) => {
  t.equal(doubleOfHex('0x1.8p1'), 3)
  t.equal(doubleOfHex('-0x0'), -0)
  t.equal(doubleOfHex('0x1p1024'), Number.POSITIVE_INFINITY)
  t.equal(doubleOfHex('-0x1p1024'), Number.NEGATIVE_INFINITY)
  t.equal(doubleOfHex('0x1p-1075'), 0, 'half of the smallest, to even')
  t.equal(doubleOfHex('0x1.8p-1075'), 5e-324)
  t.equal(doubleOfHex('1'), undefined)
  t.equal(doubleOfHex(`0x${'1'.repeat(6000)}`), undefined)
})

t.test('the ceiling of a product, rounded as the FPU rounds it first', async (t) => {
  for (const [text, ceiling] of [
    ['0.001', 1n],
    ['0.0011', 2n],
    ['-0.001', 0n],
    ['-0.0011', -1n],
    ['-2.5', -2500n],
    ['0', 0n],
    ['1e-400', 1n],
    ['1e20', 10n ** 23n],
  ] as const) {
    t.equal(ceilingOfProduct(parsed(text), 1000n), ceiling, text)
  }
  t.equal(ceilingOfProduct(parsed('inf'), 1000n), undefined)
})
