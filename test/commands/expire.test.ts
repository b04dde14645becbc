import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const NOW = 1_700_000_000_400

t.test('a time in each form, and how much of it is left', async (t) => {
  expectReplies(t, new CommandRunner({ now: NOW }), [
    ['EXPIRE none 10', ':0|'],
    ['TTL none', ':-2|'],
    ['PTTL none', ':-2|'],
    ['EXPIRETIME none', ':-2|'],
    ['PEXPIRETIME none', ':-2|'],
    ['SET k v', '+OK|'],
    ['TTL k', ':-1|'],
    ['PTTL k', ':-1|'],
    ['EXPIRETIME k', ':-1|'],
    ['PEXPIRETIME k', ':-1|'],
    ['EXPIRE k 10', ':1|'],
    ['TTL k', ':10|'],
    ['PTTL k', ':10000|'],
    ['EXPIRETIME k', ':1700000010|'],
    ['PEXPIRETIME k', ':1700000010400|'],
    ['PEXPIRE k 1499', ':1|'],
    ['TTL k', ':1|'],
    ['PEXPIRE k 1500', ':1|'],
    ['TTL k', ':2|'],
    ['EXPIREAT k 1700000020', ':1|'],
    ['PTTL k', ':19600|'],
    ['PEXPIREAT k 1700000030499', ':1|'],
    ['EXPIRETIME k', ':1700000030|'],
    ['PEXPIREAT k 1700000030500', ':1|'],
    ['EXPIRETIME k', ':1700000031|'],
  ])
})

t.test('time passes', async (t) => {
  const runner = new CommandRunner({ now: NOW })
  runner.runAll('SET k v', 'EXPIRE k 10')
  runner.clock.now += 9_000
  expectReplies(t, runner, [['TTL k', ':1|']])
  runner.clock.now += 1_000
  expectReplies(t, runner, [
    ['TTL k', ':0|'],
    ['GET k', '$1|v|'],
  ])
  runner.clock.now++
  expectReplies(t, runner, [
    ['TTL k', ':-2|'],
    ['PERSIST k', ':0|'],
    ['EXPIRE k 10', ':0|'],
  ])
})

t.test('a replica shows no time below zero', async (t) => {
  const runner = new CommandRunner({ now: NOW })
  runner.runAll('SET k v', 'PEXPIRE k 5')
  runner.clock.now += 100
  runner.db.expiry = 'keep'
  expectReplies(t, runner, [
    ['PTTL k', ':0|'],
    ['TTL k', ':0|'],
  ])
})

t.test('PERSIST', async (t) => {
  expectReplies(t, new CommandRunner({ now: NOW }), [
    ['PERSIST none', ':0|'],
    ['SET k v', '+OK|'],
    ['PERSIST k', ':0|'],
    ['EXPIRE k 10', ':1|'],
    ['PERSIST k', ':1|'],
    ['TTL k', ':-1|'],
  ])
})

t.test('conditions', async (t) => {
  expectReplies(t, new CommandRunner({ now: NOW }), [
    ['SET k v', '+OK|'],
    ['EXPIRE k 10 XX', ':0|'],
    ['EXPIRE k 10 GT', ':0|'],
    ['EXPIRE k 10 nx', ':1|'],
    ['EXPIRE k 20 NX', ':0|'],
    ['EXPIRE k 10 GT', ':0|'],
    ['EXPIRE k 11 GT', ':1|'],
    ['EXPIRE k 11 LT', ':0|'],
    ['EXPIRE k 9 LT', ':1|'],
    ['EXPIRE k 30 XX', ':1|'],
    ['EXPIRE k 40 XX GT', ':1|'],
    ['EXPIRE k 50 XX LT', ':0|'],
    ['EXPIRE k 5 xx xx lt', ':1|'],
    ['TTL k', ':5|'],
    ['PERSIST k', ':1|'],
    ['EXPIRE k 10 LT', ':1|'],
    ['EXPIRE none 10 NX', ':0|'],
  ])
})

t.test('what is refused, the conditions first', async (t) => {
  const together = (words: string) => `-ERR ${words} options at the same time are not compatible|`
  expectReplies(t, new CommandRunner({ now: NOW }), [
    ['EXPIRE k x FOO', '-ERR Unsupported option FOO|'],
    ['EXPIRE k x NX foo', '-ERR Unsupported option foo|'],
    ['EXPIRE k x NX XX', together('NX and XX, GT or LT')],
    ['EXPIRE k x NX GT', together('NX and XX, GT or LT')],
    ['EXPIRE k x LT NX GT', together('NX and XX, GT or LT')],
    ['EXPIRE k x GT LT', together('GT and LT')],
    ['EXPIRE k x', '-ERR value is not an integer or out of range|'],
    ['EXPIRE k 1.5', '-ERR value is not an integer or out of range|'],
    ['EXPIRE k 9223372036854775807', "-ERR invalid expire time in 'expire' command|"],
    ['EXPIRE k 9223372036854775', "-ERR invalid expire time in 'expire' command|"],
    ['EXPIRE k -9223372036854776', "-ERR invalid expire time in 'expire' command|"],
    ['PEXPIRE k 9223372036854775807', "-ERR invalid expire time in 'pexpire' command|"],
    ['EXPIREAT k 9223372036854775807', "-ERR invalid expire time in 'expireat' command|"],
    ['PEXPIREAT k 9223372036854775807', ':0|'],
  ])
})

t.test('a time that is over deletes the key at once, on a master', async (t) => {
  for (const line of ['EXPIRE k 0', 'PEXPIRE k -1', 'EXPIREAT k 1', `PEXPIREAT k ${NOW}`]) {
    const runner = new CommandRunner({ now: NOW })
    runner.run('SET k v')
    runner.takeEvents()
    runner.takePropagated()
    expectReplies(t, runner, [
      [line, ':1|'],
      ['EXISTS k', ':0|'],
    ])
    t.strictSame(runner.takePropagated(), [['DEL', 'k']], line)
    t.equal(runner.takeEvents()[0], 'g del k', line)
    t.equal(runner.changes.dirty, 2)
  }
  const replica = new CommandRunner({ now: NOW })
  replica.run('SET k v')
  replica.db.expiry = 'keep'
  replica.run('EXPIRE k -1')
  t.equal(replica.db.expiryOf('k'), NOW - 1000)
})

t.test('replicas get the time as Unix milliseconds, with the conditions', async (t) => {
  const table: [line: string, propagated: string][] = [
    ['EXPIRE k 10', `PEXPIREAT k ${NOW + 10_000}`],
    ['pexpire k 10 XX LT', `PEXPIREAT k ${NOW + 10} XX LT`],
    ['EXPIREAT k 1700000020 gt', 'PEXPIREAT k 1700000020000 gt'],
    ['pexpireat k 1700000030000', 'pexpireat k 1700000030000'],
    ['EXPIRE k 10 NX', ''],
    ['PERSIST k', 'PERSIST k'],
    ['PERSIST k', ''],
    ['EXPIRE none 10', ''],
  ]
  const runner = new CommandRunner({ now: NOW })
  runner.run('SET k v')
  runner.takePropagated()
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

t.test('events', async (t) => {
  const runner = new CommandRunner({ now: NOW })
  runner.run('SET k v')
  runner.takeEvents()
  runner.runAll('EXPIRE k 10', 'EXPIRE k 10 NX', 'PERSIST k', 'PERSIST k', 'TTL k', 'TTL none')
  t.strictSame(runner.takeEvents(), ['g expire k', 'g persist k', 'm keymiss none'])
})
