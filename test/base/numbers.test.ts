import t from 'tap'
import {
  addIntegers,
  formatDouble,
  formatPackedDouble,
  formatShortestDouble,
  INT64_MAX,
  INT64_MIN,
  integerOf,
  leadingInteger,
  parseDouble,
  parseInteger,
  parseIntegerIn,
  parseRangeDouble,
  parseSortDouble,
} from '../../lib/base/numbers.ts'
import { Random } from '../../lib/base/random.ts'

t.test('integers in canonical form are taken', async (t) => {
  const table: [text: string, value: number | bigint][] = [
    ['0', 0],
    ['7', 7],
    ['-1', -1],
    ['123456789012345', 123456789012345],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', INT64_MAX],
    ['-9223372036854775808', INT64_MIN],
  ]
  for (const [text, value] of table) {
    t.equal(parseInteger(text), value, text)
    t.equal(String(value), text)
  }
})

t.test('anything else is no integer', async (t) => {
  const texts = [
    '',
    '-',
    '-0',
    '00',
    '01',
    '-01',
    '+1',
    ' 1',
    '1 ',
    '1.0',
    '1e3',
    '0x1',
    'a',
    '12a',
  ]
  const great = ['9223372036854775808', '-9223372036854775809', '9'.repeat(20), '1'.repeat(400)]
  const odd = ['1\0', '--1', '1-', '\xb2', '1_000', '10000000000000000000', ':', '/']
  for (const text of [...texts, ...great, ...odd]) t.equal(parseInteger(text), undefined, text)
})

t.test('integers within bounds', async (t) => {
  t.equal(parseIntegerIn('5', 0, 10), 5)
  t.equal(parseIntegerIn('0', 0, 10), 0)
  t.equal(parseIntegerIn('10', 0, 10), 10)
  t.equal(parseIntegerIn('11', 0, 10), undefined)
  t.equal(parseIntegerIn('-1', 0, 10), undefined)
  t.equal(parseIntegerIn('9223372036854775807', 0, Number.POSITIVE_INFINITY), undefined)
  t.equal(parseIntegerIn('x', 0, 10), undefined)
})

t.test('sums change their kind where they must and stop at 64 bits', async (t) => {
  t.equal(addIntegers(1, 2), 3)
  t.equal(addIntegers(9007199254740991, 1), 9007199254740992n)
  t.equal(addIntegers(9007199254740992n, -1), 9007199254740991)
  t.equal(addIntegers(INT64_MAX, 1), undefined)
  t.equal(addIntegers(INT64_MAX, 0), INT64_MAX)
  t.equal(addIntegers(INT64_MIN, -1), undefined)
  t.equal(addIntegers(INT64_MIN, INT64_MAX), -1)
  t.equal(integerOf(5n), 5)
  t.equal(integerOf(INT64_MAX + 1n), undefined)
})

t.test('doubles in every form that Redis takes', async (t) => {
  const table: [text: string, value: number][] = [
    ['0', 0],
    ['-0', -0],
    ['-0.0e5', -0],
    ['0e99999', 0],
    ['12', 12],
    ['-12', -12],
    ['+12', 12],
    ['00012', 12],
    ['5.', 5],
    ['.5', 0.5],
    ['-.5e1', -5],
    ['1E-3', 0.001],
    ['1e308', 1e308],
    ['5e-324', 5e-324],
    ['1e-320', 1e-320],
    ['123456789012345678', 123456789012345680],
    ['inf', Number.POSITIVE_INFINITY],
    ['+INF', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['0x10', 16],
    ['-0x1.8p1', -3],
    ['0X.8P-3', 0.0625],
    ['0x1p-1074', 5e-324],
    ['0x1.fffffffffffff8p0', 2],
    ['0x1.fffffffffffff7p0', 1.9999999999999998],
    ['0x0p5', 0],
  ]
  for (const [text, value] of table) t.equal(parseDouble(text), value, text)
})

t.test('anything else is no double', async (t) => {
  const texts = [
    '',
    ' 1',
    '1 ',
    '-',
    '+',
    '.',
    'e5',
    '1e',
    '1e+',
    '1.2.3',
    '1_0',
    '0b1',
    '1n',
    '--1',
  ]
  const words = ['nan', 'NaN', '-nan', 'nan(1)', 'infinit', 'inf ', 'Infinityy', '١']
  const range = ['1e309', '-1e309', '1e-400', '0x', '0x.', '0x1p', '0x1p99999', '0x1p-1075', '1\0']
  for (const text of [...texts, ...words, ...range]) t.equal(parseDouble(text), undefined, text)
})

t.test('bounds of score ranges are read more freely', async (t) => {
  const table: [text: string, value: number | undefined][] = [
    ['', 0],
    [' 1', 1],
    ['\t\n\v\f\r -2', -2],
    ['1\0x', 1],
    ['\0', 0],
    ['1e999', Number.POSITIVE_INFINITY],
    ['-1e999', Number.NEGATIVE_INFINITY],
    ['0x1p99999', Number.POSITIVE_INFINITY],
    ['1e-999', 0],
    ['+inf', Number.POSITIVE_INFINITY],
    ['0x1', 1],
    [' ', undefined],
    [' \0', undefined],
    ['1 ', undefined],
    ['\xa01', undefined],
    ['\x1c1', undefined],
    ['nan', undefined],
    ['(1', undefined],
  ]
  for (const [text, value] of table) t.equal(parseRangeDouble(text), value, JSON.stringify(text))
})

t.test('doubles are written with 17 digits', async (t) => {
  const table: [value: number, text: string][] = [
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-1.5, '-1.5'],
    [0.1, '0.10000000000000001'],
    [0.3, '0.29999999999999999'],
    [4.4, '4.4000000000000004'],
    [100000.5, '100000.5'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [9007199254740992, '9007199254740992'],
    [12345678901234568, '12345678901234568'],
    [1e17, '1e+17'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e21, '1e+21'],
    [-1e100, '-1e+100'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [5e-324, '4.9406564584124654e-324'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
    // Exactly between two texts of 17 digits: the even one.
    [2 ** -25, '2.9802322387695312e-08'],
    [3 * 2 ** -25, '8.9406967163085938e-08'],
  ]
  for (const [value, text] of table) t.equal(formatDouble(value), text)
})

t.test('what is written reads back equal', async (t) => {
  const seed = process.env.SEED ?? 'numbers'
  const random = new Random(seed)
  const view = new DataView(new ArrayBuffer(8))
  for (let i = 0; i < 5000; i++) {
    view.setUint32(0, random.nextUint32())
    view.setUint32(4, random.nextUint32())
    const value = view.getFloat64(0)
    if (!Number.isFinite(value)) continue
    const text = formatDouble(value)
    if (!Object.is(parseDouble(text), value))
      t.equal(parseDouble(text), value, `SEED=${seed} ${text}`)
    const integer = integerOf(view.getBigInt64(0) >> BigInt(random.below(64)))
    if (parseInteger(String(integer)) !== integer) t.fail(`SEED=${seed} ${integer}`)
  }
  t.pass(`SEED=${seed}`)
})

t.test('what SORT takes for a number', async (t) => {
  for (const [text, value] of [
    ['', 0],
    [' 5', 5],
    ['1\0x', 1],
    ['0x10', 16],
    ['inf', Number.POSITIVE_INFINITY],
    ['-0', -0],
  ] as const) {
    t.equal(parseSortDouble(text), value, text)
  }
  for (const text of ['x', '5 ', ' ', 'nan', '1e400', ' 1e400', '1e-400']) {
    t.equal(parseSortDouble(text), undefined, text)
  }
})

t.test('a double as a listpack holds it: integers in full', async (t) => {
  const rows: [number, string][] = [
    [1.5, '1.5'],
    [7, '7'],
    [1e17, '100000000000000000'],
    [-(2 ** 62), '-4611686018427387904'],
    [2 ** 63, '9.2233720368547758e+18'],
    [Number.POSITIVE_INFINITY, 'inf'],
  ]
  for (const [value, text] of rows) t.equal(formatPackedDouble(value), text)
})

t.test('doubles with fewer digits, as "%.14g" and others', async (t) => {
  const table: [value: number, digits: number, text: string][] = [
    [0.1, 14, '0.1'],
    [1 / 3, 14, '0.33333333333333'],
    [99999999999999, 14, '99999999999999'],
    [1e14, 14, '1e+14'],
    [-123456789012345, 14, '-1.2345678901234e+14'],
    [100000000000005, 14, '1e+14'],
    [100000000000015, 14, '1.0000000000002e+14'],
    [1000000000000250, 14, '1.0000000000002e+15'],
    [1000000000000350, 14, '1.0000000000004e+15'],
    [1000000000000002, 14, '1e+15'],
    [0.5, 1, '0.5'],
    [2.5, 1, '2'],
    [3.5, 1, '4'],
    [0.25, 1, '0.2'],
    [25, 1, '2e+01'],
    [-0, 3, '-0'],
    [9.9995, 4, '9.999'],
    [99.96, 3, '100'],
  ]
  for (const [value, digits, text] of table) t.equal(formatDouble(value, digits), text)
})

t.test('the shortest digits of a double, as Redis 7.2 replies them', async (t) => {
  for (const [value, text] of [
    [0.1, '0.1'],
    [2e-5, '0.00002'],
    [1e-7, '1e-7'],
    [1.5e-7, '1.5e-7'],
    [2.682209014892578e-6, '2.682209014892578e-6'],
    [-26.353147369487665, '-26.353147369487665'],
    [123456.789, '123456.789'],
    [1e17, '100000000000000000'],
    [-(2 ** 61), '-2305843009213693952'],
    [1e21, '1e+21'],
    [1.25e300, '1.25e+300'],
    [5e-324, '5e-324'],
    [-0, '-0'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NaN, 'nan'],
  ] as const) {
    t.equal(formatShortestDouble(value), text)
  }
  for (let i = -300; i < 300; i += 7) {
    const value = 1.2345678 * 10 ** i
    t.equal(Number(formatShortestDouble(value)), value)
  }
})

t.test('the integer that a text begins with', async (t) => {
  const table: readonly (readonly [string, number])[] = [
    ['12', 12],
    [' \t\n-3x', -3],
    ['+7', 7],
    ['007', 7],
    ['', 0],
    ['x1', 0],
    ['- 1', 0],
    ['2147483648', -2147483648],
    ['4294967297', 1],
    ['99999999999999999999', -1],
    ['-99999999999999999999', 0],
  ]
  for (const [text, value] of table) t.equal(leadingInteger(text), value, JSON.stringify(text))
})
