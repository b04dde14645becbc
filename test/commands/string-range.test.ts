import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const notInteger = '-ERR value is not an integer or out of range|'

t.test('APPEND and STRLEN', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['STRLEN k', ':0|'],
    ['APPEND k 5', ':1|'],
    ['OBJECT ENCODING k', '$3|int|'],
    ['APPEND k 6', ':2|'],
    ['GET k', '$2|56|'],
    ['OBJECT ENCODING k', '$3|raw|'],
    ['OBJECT REFCOUNT k', ':1|'],
    ['INCR k', ':57|'],
    ['OBJECT ENCODING k', '$3|int|'],
    ['STRLEN k', ':2|'],
    ['APPEND k ""', ':2|'],
    ['OBJECT ENCODING k', '$3|raw|'],
    ['APPEND empty ""', ':0|'],
    ['EXISTS empty', ':1|'],
    ['HSET h f v', ':1|'],
    ['APPEND h x', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
    ['STRLEN h', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
  t.equal(runner.execute(['APPEND', 'k', 'x'.repeat(5000)]), ':5002\r\n')
  t.equal(runner.run('GET k'), `$5002\r\n57${'x'.repeat(5000)}\r\n`)
})

t.test('GETRANGE and SUBSTR count from either end', async (t) => {
  const table: [range: string, part: string][] = [
    ['0 3', 'This'],
    ['-3 -1', 'ing'],
    ['0 -1', 'This is a string'],
    ['10 100', 'string'],
    ['5 3', ''],
    ['-5 -7', ''],
    ['-100 -100', 'T'],
    ['-100 -99', 'T'],
    ['0 0', 'T'],
    ['16 16', ''],
    ['-9223372036854775808 9223372036854775807', 'This is a string'],
  ]
  for (const start of ['string', 'edited']) {
    const runner = new CommandRunner()
    runner.run(`SET k "This is a strin${start === 'string' ? 'g' : ''}"`)
    if (start === 'edited') runner.run('APPEND k g')
    for (const command of ['GETRANGE', 'SUBSTR']) {
      expectReplies(
        t,
        runner,
        table.map(([range, part]) => [`${command} k ${range}`, `$${part.length}|${part}|`]),
      )
    }
  }
  expectReplies(t, new CommandRunner(), [
    ['GETRANGE none 0 -1', '$0||'],
    ['GETRANGE none x 0', notInteger],
    ['GETRANGE none 0 1.5', notInteger],
    ['HSET h f v', ':1|'],
    ['GETRANGE h x 0', notInteger],
    ['GETRANGE h 0 0', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
})

t.test('SETRANGE overwrites, lengthens and fills with zero bytes', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SET k "Hello World"', '+OK|'],
    ['SETRANGE k 6 Redis', ':11|'],
    ['GET k', '$11|Hello Redis|'],
    ['OBJECT ENCODING k', '$3|raw|'],
    ['SETRANGE none 0 ""', ':0|'],
    ['EXISTS none', ':0|'],
    ['SETRANGE none 99 ""', ':0|'],
    ['SETRANGE new 3 x', ':4|'],
    ['GET new', '$4|\0\0\0x|'],
    ['SETRANGE k 1 ""', ':11|'],
    ['SETRANGE k 2000 y', ':2001|'],
    ['STRLEN k', ':2001|'],
    ['GETRANGE k 11 12', '$2|\0\0|'],
    ['SET int 12', '+OK|'],
    ['SETRANGE int 9 ""', ':2|'],
    ['OBJECT ENCODING int', '$3|int|'],
  ])
})

t.test('offsets and lengths that cannot be', async (t) => {
  const tooLong = '-ERR string exceeds maximum allowed size (proto-max-bulk-len)|'
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['SETRANGE k -1 x', '-ERR offset is out of range|'],
    ['SETRANGE k x x', notInteger],
    ['SETRANGE k 536870912 x', tooLong],
    ['SETRANGE k 9223372036854775807 x', tooLong],
    ['SETRANGE k 9223372036854775807 ""', ':0|'],
    ['EXISTS k', ':0|'],
    ['SET k abc', '+OK|'],
    ['SETRANGE k 536870912 x', tooLong],
    ['HSET h f v', ':1|'],
    ['SETRANGE h 0 ""', '-WRONGTYPE Operation against a key holding the wrong kind of value|'],
  ])
  runner.config.set('proto-max-bulk-len', String(1024 * 1024))
  expectReplies(t, runner, [
    ['SETRANGE k 1048575 x', ':1048576|'],
    ['APPEND k x', tooLong],
    ['APPEND k ""', ':1048576|'],
  ])
})

t.test('the expiry stays; events and changes', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['SET k v EX 100', '+OK|'],
    ['APPEND k x', ':2|'],
    ['SETRANGE k 1 y', ':2|'],
    ['SETRANGE k 1 ""', ':2|'],
    ['TTL k', ':100|'],
  ])
  t.strictSame(runner.takeEvents().slice(3), ['$ append k', '$ setrange k'])
  t.equal(runner.changes.dirty, 3)
  t.strictSame(runner.takePropagated().slice(1), [
    ['APPEND', 'k', 'x'],
    ['SETRANGE', 'k', '1', 'y'],
  ])
})
