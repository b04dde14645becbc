/** Directives, their defaults and what they take, against a real redis-server 7.0. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Config } from '../../lib/node/config/config.ts'
import { directives } from '../../lib/node/config/directive.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { RespError } from '../support/resp-client.ts'

if (withoutRealRedis70) t.comment(`SKIPPED: ${withoutRealRedis70}`)

/** Values that make every type say something. */
const VALUES = [
  ...['', ' ', 'yes', 'no', 'YES', 'abc', '0', '1', '-1', '10', '00', '1000', '65535', '65536'],
  ...['2147483647', '2147483648', '4294967295', '4294967296', '9223372036854775807'],
  ...['9223372036854775808', '18446744073709551615', '99999999999999999999', '1.5', '1e3', '+1'],
  ...['10mb', '1K', '1kB', '3gb', 'kb', '1tb', '5%', '100%', '101%', '-5%', '%', ' 1', '1 '],
  ...['a b', 'a/b', 'a_b', 'é', 'normal 1 2 3', 'replica 1mb 1k 0 pubsub 1 2 3', 'slave 1 2'],
  ...['master 1 2 3', '60 5', '60 5 30 1', '60 5 30', '0 1', '1 -1', 'KEA', 'Kg$', 'AKEmn', 'xeln'],
  ...['{title} x', '{foo}', '{{ x', 'save nosave', 'now nosave', 'default', '50 99', '50 101'],
  ...['0 200 800', '0 2001 0', 'allkeys-lru', 'ALWAYS', 'everysec', 'debug', 'swapdb', 'hostname'],
  ...['clients', 'panic', 'allchannels', 'optional', 'no one', '127.0.0.1 7000', 'local', 'local0'],
]

/** What a change of would disturb the server, the connection or the machine. */
const LEFT_ALONE = new Set(['bind', 'port', 'maxclients', 'oom-score-adj', 'watchdog-period'])

/** What differs from run to run. */
const OF_THE_RUN = new Set(['dir', 'port', 'bind', 'save'])

async function defaultsOf(real: RealRedis): Promise<Map<string, string>> {
  const flat = (await real.command('CONFIG', 'GET', '*')).value as string[]
  const map = new Map<string, string>()
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i] as string, flat[i + 1] as string)
  return map
}

function setOwn(config: Config, name: string, value: string): string {
  try {
    config.set([[name, value]])
    return 'OK'
  } catch (error) {
    if (error instanceof ReplyError) return error.message
    throw error
  }
}

t.test('names and defaults', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealRedis({ args: ['--bind', '* -::*'] })
  t.teardown(() => real.stop())
  const theirs = await defaultsOf(real)
  const ours = new Map(new Config().match(['*']))
  t.same([...ours.keys()].sort(), [...theirs.keys()].sort())
  for (const [name, value] of theirs) {
    if (!OF_THE_RUN.has(name)) t.equal(ours.get(name), value, name)
  }
  for (const { name, initial } of directives.filter(({ hidden }) => hidden)) {
    t.same((await real.command('CONFIG', 'GET', name)).value, [name, initial])
  }
})

t.test(
  'every directive takes and refuses the same values',
  { skip: withoutRealRedis70 },
  async (t) => {
    const real = await startRealRedis()
    t.teardown(() => real.stop())
    await real.command('CLIENT', 'NO-EVICT', 'on')
    const config = new Config()
    config.loadPairs([['save', '']])
    for (const { name, olderName } of directives) {
      if (LEFT_ALONE.has(name)) continue
      const differences: string[] = []
      for (const value of VALUES) {
        const bytes = Buffer.from(value).toString('latin1')
        const { value: reply } = await real.command('CONFIG', 'SET', olderName ?? name, bytes)
        const theirs = reply instanceof RespError ? reply.message : String(reply)
        const own = setOwn(config, olderName ?? name, bytes)
        const shown = (await real.command('CONFIG', 'GET', name)).value as string[]
        // A real server refuses a title that comes out empty; only the server knows.
        if (name === 'proc-title-template' && value === ' ') continue
        if (own !== theirs) differences.push(`${value}: ${own} / ${theirs}`)
        const ownShown = config.match([name])[0]?.[1]
        if (name !== 'dir' && ownShown !== shown[1]) {
          differences.push(`${value}: ${ownShown} / ${shown[1]}`)
        }
      }
      t.same(differences, [], name)
    }
  },
)

t.test('several words given as one', { skip: withoutRealRedis70 }, async (t) => {
  const texts = [
    [
      'save "  60    1 "',
      'latency-tracking-info-percentiles "\'50\'   99"',
      'client-output-buffer-limit " normal  1 2 \\"3\\" "',
      'shutdown-on-sigterm "nosave   now"',
      'oom-score-adj-values "1 \\"2\\"  3"',
    ],
    // What a program writes that quotes for a shell where there is none.
    ['save "\\"\\""', 'shutdown-on-sigint "\'nosave\' now"'],
    ['save "\\"60"'],
    ['save \'"30" 2\'', 'save 60 1'],
  ]
  for (const lines of texts) {
    const real = await startRealRedis({ config: `${lines.join('\n')}\n` })
    const own = new Config()
    own.load(lines.join('\n'))
    for (const name of new Set(lines.map((line) => line.split(' ')[0] as string))) {
      const { value } = await real.command('CONFIG', 'GET', name)
      t.same(own.match([name]).flat(), value, `${lines}: ${name}`)
    }
    await real.stop()
  }
})

t.test('which of several mistakes is reported', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  const config = new Config()
  for (const words of [
    ['nosuch', '1'],
    ['NoSuch', '1', 'aclfile', 'x'],
    ['aclfile', 'x', 'nosuch', '1'],
    ['hz', 'abc', 'AclFile', 'x'],
    ['dir', '/tmp', 'hz', 'abc'],
    ['hz', '11', 'HZ', '12'],
    ['hz', '11', 'hz', 'abc', 'nosuch', '1'],
    ['hz', '11', 'maxmemory', 'abc', 'timeout', 'abc'],
    ['replica-priority', '5', 'slave-priority', '6'],
    ['save', '60 5', 'save', ''],
  ]) {
    const pairs: [string, string][] = []
    for (let i = 0; i < words.length; i += 2) {
      pairs.push([words[i] as string, words[i + 1] as string])
    }
    const { raw } = await real.command('CONFIG', 'SET', ...words)
    let own = '+OK'
    try {
      config.set(pairs)
    } catch (error) {
      own = `-${(error as ReplyError).message}`
    }
    t.equal(`${own}\r\n`, raw)
  }
})

const FILE = `# a node
port 24198
save 900 1
save 300 10

# in the middle
maxmemory 100mb   
client-output-buffer-limit normal 0 0 0
client-output-buffer-limit pubsub 32mb 8mb 60
slave-priority 100
hash-max-ziplist-entries 512
requirepass "a b\\"c"
bind 127.0.0.1 ::1
hz 10
hz 20


notify-keyspace-events ""
masterauth ""
logfile ""
unixsocketperm 700
list-max-ziplist-entries 7
dir .
`

t.test('CONFIG REWRITE writes the same file', { skip: withoutRealRedis70 }, async (t) => {
  for (const changes of [
    [],
    ['maxmemory', '5gb', 'timeout', '5', 'replica-priority', '7', 'masterauth', 'x y'],
    ['save', '5 1', 'notify-keyspace-events', 'KEA', 'maxmemory-clients', '5%'],
    ['save', '', 'requirepass', '', 'repl-backlog-size', '1500000', 'rdb-key-save-delay', '1'],
    ['client-output-buffer-limit', 'normal 1 2 3 replica 1kb 5gb 1 pubsub 32mb 8mb 1'],
    ['shutdown-on-sigterm', 'nosave now', 'proc-title-template', '{title} \xe9'],
    ['oom-score-adj-values', '1 2 3', 'latency-tracking-info-percentiles', ''],
  ]) {
    const real = await startRealRedis({ config: FILE })
    t.teardown(() => real.stop())
    await real.command('AUTH', 'a b"c')
    if (changes.length > 0)
      t.equal((await real.command('CONFIG', 'SET', ...changes)).raw, '+OK\r\n')
    t.equal((await real.command('CONFIG', 'REWRITE')).raw, '+OK\r\n')
    const theirs = readFileSync(join(real.directory, 'redis.conf'), 'latin1')

    let ours = FILE
    const config = new Config({
      read: () => ours,
      write(text) {
        ours = text
      },
    })
    config.load(FILE)
    config.assign('port', `${real.port}`)
    config.assign('dir', real.directory)
    for (let i = 0; i < changes.length; i += 2) {
      config.set([[changes[i] as string, changes[i + 1] as string]])
    }
    config.rewrite()
    t.same(comparable(ours), comparable(theirs), changes.join(' '))
  }
})

const ADDED = '# Generated by CONFIG REWRITE'

/** The part that was there before, line by line, and the added lines in any order: a real server walks a hash table. */
function comparable(text: string): { kept: string[]; added: string[] } {
  const [kept = '', added = ''] = text.split(ADDED)
  return {
    kept: kept.split('\n'),
    // Users are not kept here.
    added: added
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('user '))
      .sort(),
  }
}
