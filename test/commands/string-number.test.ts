import t from 'tap'
import { addLongDoubles, formatLongDouble, parseLongDouble } from '../../lib/base/long-double.ts'
import { sumOf } from '../../lib/commands/string-number.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const notInteger = '-ERR value is not an integer or out of range|'
const overflow = '-ERR increment or decrement would overflow|'
const notFloat = '-ERR value is not a valid float|'

t.test('integers are added over all 64 bits', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['INCR n', ':1|'],
    ['INCR n', ':2|'],
    ['DECR n', ':1|'],
    ['INCRBY n 10', ':11|'],
    ['DECRBY n 20', ':-9|'],
    ['GET n', '$2|-9|'],
    ['SET n 9007199254740991', '+OK|'],
    ['INCR n', ':9007199254740992|'],
    ['INCR n', ':9007199254740993|'],
    ['DECRBY n 2', ':9007199254740991|'],
    ['SET n 9223372036854775806', '+OK|'],
    ['INCR n', ':9223372036854775807|'],
    ['INCR n', overflow],
    ['GET n', '$19|9223372036854775807|'],
    ['INCRBY n -9223372036854775808', ':-1|'],
    ['INCRBY n -9223372036854775807', ':-9223372036854775808|'],
    ['DECR n', overflow],
    ['DECRBY n -9223372036854775807', ':-1|'],
    ['DECRBY n -9223372036854775808', '-ERR decrement would overflow|'],
    ['DECRBY n 0', ':-1|'],
    ['OBJECT ENCODING n', '$3|int|'],
  ])
})

t.test('what is no integer is refused', async (t) => {
  const runner = new CommandRunner()
  for (const value of [
    '',
    ' 1',
    '1 ',
    '+1',
    '01',
    '-0',
    '1.0',
    '1e3',
    'abc',
    '9223372036854775808',
  ]) {
    runner.execute(['SET', 'n', value])
    expectReplies(t, runner, [['INCR n', notInteger]])
    t.equal(runner.execute(['INCRBY', 'missing', value]), `${notInteger.slice(0, -1)}\r\n`, value)
    t.equal(runner.execute(['DECRBY', 'missing', value]), `${notInteger.slice(0, -1)}\r\n`, value)
  }
  expectReplies(t, runner, [
    ['EXISTS missing', ':0|'],
    ['HSET h f v', ':1|'],
    ['INCR h', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
    ['INCRBYFLOAT h 1', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
    ['INCRBYFLOAT h x', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
})

t.test('floating point is that of extended precision', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['INCRBYFLOAT f 10.50', '$4|10.5|'],
    ['INCRBYFLOAT f 0.1', '$4|10.6|'],
    ['INCRBYFLOAT f -5', '$3|5.6|'],
    ['SET f 5.0e3', '+OK|'],
    ['INCRBYFLOAT f 2.0e2', '$4|5200|'],
    ['SET f 0.1', '+OK|'],
    ['INCRBYFLOAT f 0.2', '$3|0.3|'],
    ['SET f 3', '+OK|'],
    ['INCRBYFLOAT f -3', '$1|0|'],
    ['INCRBYFLOAT f 0x10', '$2|16|'],
    ['SET f 9007199254740993', '+OK|'],
    ['INCRBYFLOAT f 0', '$16|9007199254740993|'],
  ])
})

t.test('what is no number is refused, the one held first', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SET f abc', '+OK|'],
    ['INCRBYFLOAT f 1', notFloat],
    ['INCRBYFLOAT f inf', notFloat],
    ['SET f 1', '+OK|'],
    ['INCRBYFLOAT f x', notFloat],
    ['INCRBYFLOAT f nan', notFloat],
    ['INCRBYFLOAT f " 1"', notFloat],
    ['INCRBYFLOAT f ""', notFloat],
    ['INCRBYFLOAT f inf', '-ERR increment would produce NaN or Infinity|'],
    ['GET f', '$1|1|'],
  ])
})

t.test('a sum is an integer for OBJECT ENCODING only where Redis made it one', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['INCRBYFLOAT f 10', '$2|10|'],
    ['OBJECT ENCODING f', '$6|embstr|'],
    ['INCR f', ':11|'],
    ['OBJECT ENCODING f', '$3|int|'],
    ['INCRBYFLOAT f 0.5', '$4|11.5|'],
    ['OBJECT ENCODING f', '$6|embstr|'],
    ['INCRBYFLOAT f 1e40', '$40|9999999999999999999783686092270256259072|'],
    ['OBJECT ENCODING f', '$6|embstr|'],
    ['APPEND f 00000', ':45|'],
    ['OBJECT ENCODING f', '$3|raw|'],
  ])
})

t.test('the expiry stays, and floating point goes to replicas as its result', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['SET n 1 EX 100', '+OK|'],
    ['INCR n', ':2|'],
    ['INCRBYFLOAT n 0.5', '$3|2.5|'],
    ['TTL n', ':100|'],
  ])
  t.strictSame(runner.takePropagated().slice(1), [
    ['INCR', 'n'],
    ['SET', 'n', '2.5', 'KEEPTTL'],
  ])
  t.strictSame(runner.takeEvents().slice(3), ['$ incrby n', '$ incrbyfloat n'])
  t.equal(runner.changes.dirty, 3)
})

t.test('a sum that is not finite is refused', async (t) => {
  const one = parseLongDouble('1')
  const infinite = parseLongDouble('inf')
  if (one === undefined || infinite === undefined) throw new Error('both are numbers')
  t.equal(formatLongDouble(sumOf(one, one)), '2')
  t.equal(addLongDoubles(one, infinite), undefined)
  t.throws(() => sumOf(one, infinite), { message: 'ERR increment would produce NaN or Infinity' })
})
