import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('integers in fields', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['HINCRBY h n 5', ':5|'],
    ['HINCRBY h n -7', ':-2|'],
    ['HSET h n 9223372036854775807', ':0|'],
    ['HINCRBY h n 1', '-ERR increment or decrement would overflow|'],
    ['HINCRBY h n -9223372036854775808', ':-1|'],
    ['HINCRBY h n 1.5', '-ERR value is not an integer or out of range|'],
    ['HSET h n " 1"', ':0|'],
    ['HINCRBY h n 1', '-ERR hash value is not an integer|'],
    ['HSET h n ""', ':0|'],
    ['HINCRBY h n 1', '-ERR hash value is not an integer|'],
    ['HINCRBY none n x', '-ERR value is not an integer or out of range|'],
    ['EXISTS none', ':0|'],
    ['SET s 1', '+OK|'],
    ['HINCRBY s n x', '-ERR value is not an integer or out of range|'],
    ['HINCRBY s n 1', wrong],
  ])
})

t.test('floating point in fields', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['HINCRBYFLOAT h f 0.1', '$3|0.1|'],
    ['HINCRBYFLOAT h f 0.2', '$3|0.3|'],
    ['HSET h f 5.0e3', ':0|'],
    ['HINCRBYFLOAT h f 2.0e2', '$4|5200|'],
    ['HINCRBYFLOAT h f x', '-ERR value is not a valid float|'],
    ['HINCRBYFLOAT h f nan', '-ERR value is not a valid float|'],
    ['HINCRBYFLOAT h f -inf', '-ERR value is NaN or Infinity|'],
    ['HSET h f abc', ':0|'],
    ['HINCRBYFLOAT h f 1', '-ERR hash value is not a float|'],
    ['HSET h f inf', ':0|'],
    ['HINCRBYFLOAT h f 1', '-ERR increment would produce NaN or Infinity|'],
    ['HINCRBYFLOAT none f inf', '-ERR value is NaN or Infinity|'],
    ['EXISTS none', ':0|'],
    ['SET s 1', '+OK|'],
    ['HINCRBYFLOAT s f inf', '-ERR value is NaN or Infinity|'],
    ['HINCRBYFLOAT s f 1', wrong],
  ])
})

t.test('replicas get the integer step and the floating point result', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('HINCRBY h n 5', 'hincrbyfloat h n 0.5')
  t.strictSame(runner.takePropagated(), [
    ['HINCRBY', 'h', 'n', '5'],
    ['HSET', 'h', 'n', '5.5'],
  ])
  t.strictSame(runner.takeEvents(), ['n new h', 'h hincrby h', 'h hincrbyfloat h'])
  t.equal(runner.changes.dirty, 2)
})
