import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const NOW = 1_700_000_000_000

t.test('strings are stored and read', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['GET k', '$-1|'],
    ['SET k v', '+OK|'],
    ['GET k', '$1|v|'],
    ['get k', '$1|v|'],
    ['SET k ""', '+OK|'],
    ['GET k', '$0||'],
    [String.raw`SET k "\x00\r\n\xff"`, '+OK|'],
    ['GET k', '$4|\0|\xff|'],
    ['GETSET k new', '$4|\0|\xff|'],
    ['GETSET none v', '$-1|'],
    ['GETDEL k', '$3|new|'],
    ['GETDEL k', '$-1|'],
    ['SETNX k a', ':1|'],
    ['SETNX k b', ':0|'],
    ['GET k', '$1|a|'],
  ])
})

t.test('null has its own form in RESP3', async (t) => {
  expectReplies(t, new CommandRunner({ protocol: 3 }), [
    ['GET k', '_|'],
    ['MGET k', '*1|_|'],
    ['SET k v XX', '_|'],
    ['SET k v GET', '_|'],
    ['GETEX none', '_|'],
  ])
})

t.test('conditions and GET of SET', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SET k a XX', '$-1|'],
    ['SET k a nx', '+OK|'],
    ['SET k b NX', '$-1|'],
    ['SET k b xx', '+OK|'],
    ['SET k c GET', '$1|b|'],
    ['SET k d NX GET', '$1|c|'],
    ['GET k', '$1|c|'],
    ['SET new x XX GET', '$-1|'],
    ['EXISTS new', ':0|'],
    ['SET new x NX GET', '$-1|'],
    ['SET k d GET GET NX NX', '$1|c|'],
    ['SET k v NX XX', '-ERR syntax error|'],
    ['SET k v FOO', '-ERR syntax error|'],
    ['SET k v ""', '-ERR syntax error|'],
  ])
})

t.test('the expiry of SET in all its forms', async (t) => {
  expectReplies(t, new CommandRunner({ now: NOW }), [
    ['SET k v EX 10', '+OK|'],
    ['PTTL k', ':10000|'],
    ['SET k v KEEPTTL', '+OK|'],
    ['PTTL k', ':10000|'],
    ['SET k v', '+OK|'],
    ['PTTL k', ':-1|'],
    ['SET k v px 1500', '+OK|'],
    ['PTTL k', ':1500|'],
    [`SET k v EXAT ${NOW / 1000 + 5}`, '+OK|'],
    ['PTTL k', ':5000|'],
    [`SET k v PXAT ${NOW + 7}`, '+OK|'],
    ['PTTL k', ':7|'],
    ['SET k v EX 10 EX 20', '+OK|'],
    ['TTL k', ':20|'],
    ['SETEX k 30 v', '+OK|'],
    ['TTL k', ':30|'],
    ['PSETEX k 31 v', '+OK|'],
    ['PTTL k', ':31|'],
    ['SETNX n v', ':1|'],
    ['SET new v KEEPTTL', '+OK|'],
    ['TTL new', ':-1|'],
  ])
})

t.test('times that make no sense', async (t) => {
  const invalid = (command: string) => `-ERR invalid expire time in '${command}' command|`
  expectReplies(t, new CommandRunner({ now: NOW }), [
    ['SET k v EX 0', invalid('set')],
    ['SET k v PX -1', invalid('set')],
    ['SET k v PX 9223372036854775807', invalid('set')],
    ['SET k v EX 9223372036854775', invalid('set')],
    ['SET k v EX 9223372036854775807', invalid('set')],
    ['SET k v EXAT 0', invalid('set')],
    ['SET k v EX x', '-ERR value is not an integer or out of range|'],
    ['SET k v EX 1.5', '-ERR value is not an integer or out of range|'],
    ['SET k v EX', '-ERR syntax error|'],
    ['SET k v EX 1 PX 1', '-ERR syntax error|'],
    ['SET k v EX 1 KEEPTTL', '-ERR syntax error|'],
    ['SET k v KEEPTTL PXAT 1', '-ERR syntax error|'],
    ['SET k v PERSIST', '-ERR syntax error|'],
    ['SET k v EX 0 FOO', '-ERR syntax error|'],
    ['SETEX k 0 v', invalid('setex')],
    ['SETEX k x v', '-ERR value is not an integer or out of range|'],
    ['PSETEX k -5 v', invalid('psetex')],
    ['EXISTS k', ':0|'],
    ['SET k v', '+OK|'],
    ['GETEX k EX 0', invalid('getex')],
    ['GETEX none EX 0', '$-1|'],
    ['GETEX none EX 0 FOO', '-ERR syntax error|'],
  ])
})

t.test('a time long ago is taken: the key is gone when somebody looks', async (t) => {
  const runner = new CommandRunner({ now: NOW })
  expectReplies(t, runner, [
    ['SET k v EXAT 1', '+OK|'],
    ['DBSIZE', ':1|'],
    ['GET k', '$-1|'],
    ['DBSIZE', ':0|'],
  ])
  t.strictSame(runner.takePropagated(), [
    ['SET', 'k', 'v', 'PXAT', '1000'],
    ['DEL', 'k'],
  ])
})

t.test('GETEX changes how long a key lives', async (t) => {
  const runner = new CommandRunner({ now: NOW })
  expectReplies(t, runner, [
    ['SET k v', '+OK|'],
    ['GETEX k', '$1|v|'],
    ['TTL k', ':-1|'],
    ['GETEX k EX 100', '$1|v|'],
    ['TTL k', ':100|'],
    ['GETEX k PX 100', '$1|v|'],
    ['PTTL k', ':100|'],
    ['GETEX k PERSIST', '$1|v|'],
    ['GETEX k persist', '$1|v|'],
    ['TTL k', ':-1|'],
    [`GETEX k PXAT ${NOW + 5}`, '$1|v|'],
    ['PTTL k', ':5|'],
    ['GETEX k EX 1 PERSIST', '-ERR syntax error|'],
    ['GETEX k PERSIST EX 1', '-ERR syntax error|'],
    ['GETEX k KEEPTTL', '-ERR syntax error|'],
    ['GETEX k EX', '-ERR syntax error|'],
    ['GETEX k EXAT 1', '$1|v|'],
    ['EXISTS k', ':0|'],
  ])
  t.strictSame(
    runner.takePropagated().map((argv) => argv.join(' ')),
    [
      'SET k v',
      `PEXPIREAT k ${NOW + 100_000}`,
      `PEXPIREAT k ${NOW + 100}`,
      'PERSIST k',
      `PEXPIREAT k ${NOW + 5}`,
      'DEL k',
    ],
  )
})

t.test('several keys at once', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['MSET a 1 b 2 a 3', '+OK|'],
    ['MGET a b c', '*3|$1|3|$1|2|$-1|'],
    ['HSET h f v', ':1|'],
    ['APPEND a x', ':2|'],
    ['MGET h a', '*2|$-1|$2|3x|'],
    ['MSETNX c 1 a 1', ':0|'],
    ['EXISTS c', ':0|'],
    ['MSETNX c 1 d 2', ':1|'],
    ['MGET c d', '*2|$1|1|$1|2|'],
    ['MSET a 1 b', "-ERR wrong number of arguments for 'mset' command|"],
    ['MSETNX x 1 y', "-ERR wrong number of arguments for 'msetnx' command|"],
    ['MSET h v', '+OK|'],
    ['TYPE h', '+string|'],
  ])
})

t.test('what is no string is refused, unless it is replaced', async (t) => {
  const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'
  expectReplies(t, new CommandRunner(), [
    ['HSET h f v', ':1|'],
    ['GET h', wrong],
    ['GETSET h v', wrong],
    ['GETDEL h', wrong],
    ['GETEX h', wrong],
    ['GETEX h EX 0', wrong],
    ['SET h v GET', wrong],
    ['SET h v NX GET', wrong],
    ['TYPE h', '+hash|'],
    ['SETNX h v', ':0|'],
    ['SET h v', '+OK|'],
    ['GET h', '$1|v|'],
  ])
})

t.test('what goes to the replicas', async (t) => {
  const at = NOW + 10_000
  const table: [line: string, propagated: string][] = [
    ['SET k v', 'SET k v'],
    ['set k v', 'set k v'],
    ['SET k v EX 10', `SET k v PXAT ${at}`],
    ['SET k v XX PX 10000 GET', `SET k v PXAT ${at}`],
    [`set k v pxat ${at} get`, `SET k v PXAT ${at}`],
    ['SETEX k 10 v', `SET k v PXAT ${at}`],
    ['PSETEX k 10000 v', `SET k v PXAT ${at}`],
    ['SET k v GET', 'SET k v'],
    ['SET k v get KEEPTTL XX GET', 'SET k v KEEPTTL XX'],
    ['SET k v NX', ''],
    ['SET k v NX GET', ''],
    ['GETSET k v', 'SET k v'],
    ['SETNX k v', ''],
    ['GETEX k', ''],
    ['GETEX k PERSIST', ''],
    ['MSETNX k v', ''],
    ['MSET k v l w', 'MSET k v l w'],
    ['GETDEL k', 'DEL k'],
    ['GETDEL k', ''],
    ['SETNX k v', 'SETNX k v'],
  ]
  const runner = new CommandRunner({ now: NOW })
  for (const [line, propagated] of table) {
    runner.run(line)
    t.equal(
      runner
        .takePropagated()
        .map((argv) => argv.join(' '))
        .join('; '),
      propagated,
      line,
    )
  }
})

t.test('deletions by expiry are propagated as lazyfree-lazy-expire wants', async (t) => {
  const runner = new CommandRunner({ now: NOW })
  runner.config.set('lazyfree-lazy-expire', 'yes')
  runner.runAll('SET k v', 'GETEX k EXAT 1')
  t.strictSame(runner.takePropagated().at(-1), ['UNLINK', 'k'])
})

t.test('which events there are', async (t) => {
  const table: [line: string, ...events: string[]][] = [
    ['SET k v', 'n new k', '$ set k'],
    ['SET k v EX 10', '$ set k', 'g expire k'],
    ['SET k v NX'],
    ['GETEX k PERSIST', 'g persist k'],
    ['GETEX k EX 5', 'g expire k'],
    ['GETEX k EXAT 1', 'g del k'],
    ['GET k', 'm keymiss k'],
    ['SETEX k 5 v', 'n new k', '$ set k', 'g expire k'],
    ['GETSET k v', '$ set k'],
    ['GETDEL k', 'g del k'],
    ['MSET k 1 l 2', 'n new k', '$ set k', 'n new l', '$ set l'],
    ['MSETNX k 1 m 2'],
    ['SETNX m 1', 'n new m', '$ set m'],
  ]
  const runner = new CommandRunner({ now: NOW })
  for (const [line, ...events] of table) {
    runner.run(line)
    t.strictSame(runner.takeEvents(), events, line)
  }
})

t.test('changes are counted by keys', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('MSET a 1 b 2 c 3', 'SET a 1', 'GET a', 'SET a 1 NX')
  t.equal(runner.changes.dirty, 4)
})
