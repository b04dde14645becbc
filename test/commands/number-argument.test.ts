import t from 'tap'
import { formatLongDouble } from '../../lib/base/long-double.ts'
import {
  boundedArgument,
  intArgument,
  integerArgument,
  leastArgument,
  longDoubleArgument,
  numberArgument,
} from '../../lib/commands/number-argument.ts'
import { errors } from '../../lib/resp/reply-error.ts'

t.test('integers are exact over 64 bits', async (t) => {
  t.equal(integerArgument('-5'), -5)
  t.equal(integerArgument('9223372036854775807'), 9223372036854775807n)
  t.equal(numberArgument('9223372036854775807'), 2 ** 63)
  for (const text of ['', 'x', '1.0', '+1', '9223372036854775808']) {
    t.throws(() => integerArgument(text), errors.notInteger, text)
    t.throws(() => numberArgument(text), errors.notInteger, text)
  }
})

t.test('bounds are named when they are passed', async (t) => {
  t.equal(boundedArgument('5', 5, 9), 5)
  t.equal(boundedArgument('9', 5, 9), 9)
  const message = 'ERR value is out of range, value must between 5 and 9'
  t.throws(() => boundedArgument('4', 5, 9), { message })
  t.throws(() => boundedArgument('10', 5, 9), { message })
  t.throws(() => boundedArgument('9223372036854775807', 5, 9), { message })
  t.throws(() => boundedArgument('x', 5, 9), errors.notInteger)
  t.equal(intArgument('-2147483648'), -2147483648)
  t.throws(() => intArgument('2147483648'), {
    message: 'ERR value is out of range, value must between -2147483648 and 2147483647',
  })
})

t.test('floating point', async (t) => {
  t.equal(formatLongDouble(longDoubleArgument('1e3')), '1000')
  t.throws(() => longDoubleArgument('x'), errors.notFloat)
})

t.test('an integer that has a least value', async (t) => {
  t.equal(leastArgument('3', 3, errors.mustBePositive), 3)
  t.equal(leastArgument('9223372036854775807', 0, errors.mustBePositive), 2 ** 63)
  for (const text of ['2', '-3', '', 'x', '9223372036854775808']) {
    t.throws(() => leastArgument(text, 3, errors.mustBePositive), errors.mustBePositive, text)
  }
})
