import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const later =
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.'

t.test('ENCODING and REFCOUNT', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['OBJECT ENCODING none', '$-1|'],
    ['SET k 12', '+OK|'],
    ['OBJECT ENCODING k', '$3|int|'],
    ['object refcount k', ':2147483647|'],
    ['SET k 10000', '+OK|'],
    ['OBJECT REFCOUNT k', ':1|'],
    ['SET k abc', '+OK|'],
    ['OBJECT ENCODING k', '$6|embstr|'],
    [`SET k ${'x'.repeat(45)}`, '+OK|'],
    ['OBJECT ENCODING k', '$3|raw|'],
    ['HSET h f v', ':1|'],
    ['OBJECT ENCODING h', '$8|listpack|'],
    ['OBJECT REFCOUNT h', ':1|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [['OBJECT FREQ none', '_|']])
})

t.test('IDLETIME is the time since the key was used, which looking at it is not', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k v')
  runner.clock.now += 3_000
  expectReplies(t, runner, [
    ['OBJECT IDLETIME k', ':3|'],
    ['OBJECT IDLETIME none', '$-1|'],
    ['TTL k', ':-1|'],
    ['TYPE k', '+string|'],
    ['EXISTS k', ':1|'],
    ['OBJECT ENCODING k', '$6|embstr|'],
    ['OBJECT IDLETIME k', ':3|'],
    ['TOUCH k', ':1|'],
    ['OBJECT IDLETIME k', ':0|'],
  ])
  runner.clock.now += 2_000
  expectReplies(t, runner, [
    ['OBJECT IDLETIME k', ':2|'],
    ['GET k', '$1|v|'],
    ['OBJECT IDLETIME k', ':0|'],
  ])
})

t.test('FREQ and IDLETIME need the policies that keep them', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k v')
  expectReplies(t, runner, [
    [
      'OBJECT FREQ k',
      `-ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${later}|`,
    ],
  ])
  runner.config.set('maxmemory-policy', 'allkeys-lfu')
  expectReplies(t, runner, [
    ['OBJECT FREQ k', ':0|'],
    ['GET k', '$1|v|'],
    ['OBJECT FREQ k', ':1|'],
    ['SET new v', '+OK|'],
    ['OBJECT FREQ new', ':5|'],
    [
      'OBJECT IDLETIME k',
      `-ERR An LFU maxmemory policy is selected, idle time not tracked. ${later}|`,
    ],
    ['OBJECT IDLETIME none', '$-1|'],
  ])
})

t.test('looking counts as a hit or a miss but tells of no miss', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k v')
  runner.takeEvents()
  runner.runAll('OBJECT ENCODING k', 'OBJECT ENCODING none')
  t.strictSame([runner.stats.hits, runner.stats.misses], [1, 1])
  t.strictSame(runner.takeEvents(), [])
})

t.test('subcommands', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['OBJECT NOPE k', "-ERR unknown subcommand 'NOPE'. Try OBJECT HELP.|"],
    ['OBJECT', "-ERR wrong number of arguments for 'object' command|"],
    ['OBJECT ENCODING', "-ERR wrong number of arguments for 'object|encoding' command|"],
    ['OBJECT ENCODING k l', "-ERR wrong number of arguments for 'object|encoding' command|"],
  ])
  const help = runner.run('OBJECT HELP').split('\r\n')
  t.equal(help[1], '+OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
  for (const word of ['ENCODING <key>', 'FREQ <key>', 'IDLETIME <key>', 'REFCOUNT <key>', 'HELP']) {
    t.ok(help.includes(`+${word}`), word)
  }
})
