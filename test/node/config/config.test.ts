import t from 'tap'
import { Version } from '../../../lib/base/version.ts'
import { Config, type ConfigFile } from '../../../lib/node/config/config.ts'
import { directivesAt } from '../../../lib/node/config/directive.ts'
import { ConfigRefusal } from '../../../lib/node/config/value-type.ts'
import { ReplyError } from '../../../lib/resp/reply-error.ts'

/** Sets names and values in turn; the error reply, or `OK`. */
function set(config: Config, ...words: string[]): string {
  const pairs: [string, string][] = []
  for (let i = 0; i < words.length; i += 2) pairs.push([words[i] as string, words[i + 1] as string])
  try {
    config.set(pairs)
  } catch (error) {
    if (error instanceof ReplyError) return error.message
    throw error
  }
  return 'OK'
}

function failed(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`
}

function load(text: string): Config {
  const config = new Config()
  config.load(text)
  return config
}

t.test('CONFIG GET: exact names in any case, globs, each name once', async (t) => {
  const config = new Config()
  t.same(config.match(['hz']), [['hz', '10']])
  t.same(config.match(['HZ']), [['HZ', '10']], 'an exact name comes back as it was spelled')
  t.same(config.match(['hz', 'HZ', 'h[z]']), [['hz', '10']])
  t.same(config.match(['nosuch', 'MAXMEMORY-P*']), [['maxmemory-policy', 'noeviction']])
  t.same(config.match(['slave-priority', 'replica-priority']), [
    ['slave-priority', '100'],
    ['replica-priority', '100'],
  ])
  t.same(config.match([]), [])
  t.same(config.match(['key-load-d*']), [], 'hidden from globs')
  t.same(config.match(['key-load-delay']), [['key-load-delay', '0']])
  const names = directivesAt(new Version('7.0')).flatMap(({ name, olderName, hidden }) =>
    hidden ? [] : [name, ...(olderName ? [olderName] : [])],
  )
  t.same(
    config.match(['*']).map(([name]) => name),
    names,
  )
})

t.test('values as text, number and switch, under either name', async (t) => {
  const config = new Config()
  t.equal(config.text('maxmemory-policy'), 'noeviction')
  t.equal(config.number('cluster-node-timeout'), 15000)
  t.equal(config.boolean('replica-read-only'), true)
  t.equal(config.boolean('slave-read-only'), true)
  t.equal(config.boolean('appendonly'), false)
  t.throws(() => config.number('maxmemory-policy'), { name: 'AssertionError' })
  t.throws(() => config.text('nosuch'), { name: 'AssertionError' })
})

t.test('CONFIG SET', async (t) => {
  const config = new Config()
  t.equal(set(config, 'maxmemory', '100mb', 'HZ', '20'), 'OK')
  t.same(config.match(['maxmemory', 'hz']), [
    ['maxmemory', '104857600'],
    ['hz', '20'],
  ])
  t.equal(config.number('maxmemory'), 104857600)
  t.equal(set(config, 'slave-priority', '7'), 'OK')
  t.equal(config.number('replica-priority'), 7)
  t.equal(set(config, 'replica-priority', '1', 'slave-priority', '2'), 'OK')
  t.equal(config.number('replica-priority'), 2)
  t.equal(set(config, 'save', '60 5'), 'OK')
  t.equal(set(config, 'save', '30 1'), 'OK')
  t.equal(config.text('save'), '30 1', 'not added to what was there')
  t.equal(set(config, 'hz', '999'), 'OK')
  t.equal(config.number('hz'), 500)
  t.equal(set(config, 'hz', '0'), 'OK')
  t.equal(config.number('hz'), 1)
  t.equal(set(config, 'repl-backlog-size', '1'), 'OK')
  t.equal(config.number('repl-backlog-size'), 16384)
})

t.test('CONFIG SET refuses as Redis does, and then changes nothing', async (t) => {
  const config = new Config()
  const before = config.match(['*'])
  const unknown = (name: string) =>
    `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`
  const table: [words: string[], error: string][] = [
    [['NoSuch', '1'], unknown('NoSuch')],
    [['maxmemory', '1mb', 'nosuch', '1'], unknown('nosuch')],
    [['nosuch', '1', 'aclfile', 'x'], unknown('nosuch')],
    [['aclfile', 'x', 'nosuch', '1'], failed('aclfile', "can't set immutable config")],
    [['AclFile', 'x', 'hz', 'abc'], failed('AclFile', "can't set immutable config")],
    [['dir', '/tmp'], failed('dir', "can't set protected config")],
    [['maxmemory', '1', 'MAXMEMORY', '2'], failed('MAXMEMORY', 'duplicate parameter')],
    [['MAXMEMORY', 'abc'], failed('maxmemory', 'argument must be a memory value')],
    [
      ['hz', '20', 'SLAVE-PRIORITY', 'x'],
      failed('slave-priority', "argument couldn't be parsed into an integer"),
    ],
    [['port', '65536'], failed('port', 'argument must be between 0 and 65535 inclusive')],
    [['save', '1'], failed('save', 'Invalid save parameters')],
    [
      ['tls-port', '1'],
      failed('tls-port', 'Unable to update TLS configuration. Check server logs.'),
    ],
  ]
  for (const [words, error] of table) {
    t.equal(set(config, ...words), error)
    t.same(config.match(['*']), before)
  }
})

t.test('protected directives change for clients of this machine if only they may', async (t) => {
  const config = load('enable-protected-configs local')
  t.throws(() => config.set([['dbfilename', 'x.rdb']]), { message: /can't set protected config/ })
  config.set([['dbfilename', 'x.rdb']], { isLocal: true })
  t.equal(config.text('dbfilename'), 'x.rdb')
  const closed = load('')
  t.throws(() => closed.set([['dbfilename', 'x.rdb']], { isLocal: true }), {
    message: /can't set protected config/,
  })
})

t.test('a rewritten file has the defaults if they are asked for', async (t) => {
  let text = 'timeout 5\n'
  const file = { read: () => text, write: (given: string) => (text = given) }
  const config = new Config(file)
  config.load(text)
  config.rewrite()
  t.notMatch(text, /^hz /m)
  config.rewrite({ all: true })
  t.match(text, /^timeout 5\n/)
  t.match(text, /^hz 10$/m)
  t.doesNotThrow(() => new Config().load(text), 'and can be read again')
})

t.test('protected directives change when that is enabled', async (t) => {
  const config = load('enable-protected-configs yes')
  t.equal(set(config, 'dbfilename', 'other.rdb'), 'OK')
  t.equal(config.text('dbfilename'), 'other.rdb')
})

t.test('some directives wait until loading is over', async (t) => {
  const config = new Config()
  config.loading = true
  t.equal(set(config, 'appendonly', 'yes'), 'LOADING Redis is loading the dataset in memory')
  t.equal(set(config, 'hz', '11'), 'OK')
  config.loading = false
  t.equal(set(config, 'appendonly', 'yes'), 'OK')
})

t.test('hooks hear of new values only', async (t) => {
  const config = new Config()
  const heard: string[] = []
  config.onChange('maxmemory', (value, previous) => heard.push(`${previous} to ${value}`))
  config.onChange('slave-priority', (value) => heard.push(`priority ${value}`))
  set(config, 'maxmemory', '1kb', 'hz', '20')
  set(config, 'maxmemory', '1024')
  set(config, 'maxmemory', '5', 'hz', 'abc')
  set(config, 'replica-priority', '5')
  t.same(heard, ['0 to 1024', 'priority 5'])
})

t.test('a hook that refuses brings everything back', async (t) => {
  const config = new Config()
  const state = { maxmemory: '0', hz: '10' }
  config.onChange('maxmemory', (value) => {
    state.maxmemory = value
  })
  config.onChange('hz', (value) => {
    state.hz = value
  })
  config.onChange('port', () => {
    throw new ConfigRefusal('Unable to listen on this port. Check server logs.')
  })
  t.equal(
    set(config, 'hz', '20', 'maxmemory', '1', 'port', '7', 'timeout', '3'),
    failed('port', 'Unable to listen on this port. Check server logs.'),
  )
  t.same(state, { maxmemory: '0', hz: '10' })
  t.same(config.match(['hz', 'maxmemory', 'port', 'timeout']), [
    ['hz', '10'],
    ['maxmemory', '0'],
    ['port', '6379'],
    ['timeout', '0'],
  ])
})

t.test('an assigned value is there without checks or hooks', async (t) => {
  const config = new Config()
  config.onChange('port', () => t.fail('no hook'))
  config.assign('port', '40001')
  config.assign('dir', '/data')
  t.equal(config.number('port'), 40001)
  t.same(config.match(['dir']), [['dir', '/data']])
})

t.test('a redis.conf', async (t) => {
  const config = load(`
    # A node of a cluster.
    Port 7000
    cluster-enabled yes
    cluster-slave-validity-factor 5
    requirepass "a \\"b\\""
    bind 127.0.0.1 ::1
    hz 1000
    repl-backlog-size 1
    save 900 1
    save 60 10
    client-output-buffer-limit normal 1 2 3
    client-output-buffer-limit replica 4 5 6
    list-max-ziplist-entries 512
    lua-replicate-commands yes
    user default on nopass sanitize-payload ~* &* +@all
    notify-keyspace-events ""
  `)
  t.equal(config.number('port'), 7000)
  t.equal(config.boolean('cluster-enabled'), true)
  t.equal(config.number('cluster-replica-validity-factor'), 5)
  t.equal(config.text('requirepass'), 'a "b"')
  t.equal(config.text('bind'), '127.0.0.1 ::1')
  t.equal(config.text('save'), '900 1 60 10', 'lines add up, in place of the default')
  t.equal(config.number('hz'), 500)
  t.equal(config.number('repl-backlog-size'), 1)
  t.equal(
    config.text('client-output-buffer-limit'),
    'normal 1 2 3 slave 4 5 6 pubsub 33554432 8388608 60',
  )
  t.equal(load('save 900 1\nsave ""').text('save'), '')
  t.equal(load('save ""\nsave 900 1').text('save'), '900 1')
  t.equal(load('save "900 1"').text('save'), '900 1')
  t.equal(
    load('save "  900  \\"1\\" "').text('save'),
    '900 1',
    'words within a word, by its quotes',
  )
  t.equal(load('save "\\"\\""').text('save'), '')
})

t.test('users are kept for access control, by words', async (t) => {
  const config = load('user ann on "~a b"\nport 1\nUSER ben')
  t.same(config.userLines, [
    { line: 1, text: 'user ann on "~a b"', words: ['user', 'ann', 'on', '~a b'] },
    { line: 3, text: 'USER ben', words: ['user', 'ben'] },
  ])
  const pairs = new Config()
  pairs.loadPairs([
    ['user', 'ann on'],
    ['User', 'ben "x y"'],
  ])
  t.same(
    pairs.userLines.map(({ words }) => words),
    [
      ['user', 'ann', 'on'],
      ['user', 'ben', 'x y'],
    ],
  )
  t.throws(() => new Config().loadPairs([['user', 'ann "on']]), {
    name: 'ConfigError',
    reason: 'Unbalanced quotes in configuration line',
  })
})

t.test('a redis.conf that a server does not start with', async (t) => {
  const table: [text: string, reason: string, line?: number][] = [
    ['nosuch 1', 'Bad directive or wrong number of arguments', 1],
    ['\nport', 'wrong number of arguments', 2],
    ['hz 10\nPORT abc', "argument couldn't be parsed into an integer", 2],
    ['maxmemory 1mb 2', 'wrong number of arguments', 1],
    ['save 900 1 300', 'Invalid save parameters', 1],
    ['dbfilename a/b', "dbfilename can't be a path, just a filename", 1],
    ['list-max-ziplist-entries', 'Bad directive or wrong number of arguments', 1],
    ['loadmodule x.so', 'Modules are not supported', 1],
    ['rename-command GET', 'Bad directive or wrong number of arguments', 1],
    ['port 1\nuser', 'Bad directive or wrong number of arguments', 2],
    ['sentinel monitor x', 'sentinel directive while not in sentinel mode', 1],
    ['cluster-enabled yes\nslaveof a 1', 'replicaof directive not allowed in cluster mode'],
    ['include other.conf', 'There is no file to include here', 1],
  ]
  for (const [text, reason, line] of table) {
    try {
      load(text)
      t.fail(`${text} was taken`)
    } catch (error) {
      t.match(error, { name: 'ConfigError', reason, at: line === undefined ? undefined : { line } })
    }
  }
  t.throws(() => load('\n port 99999 '), {
    message:
      "Reading the configuration file, at line 2\n>>> 'port 99999'\nargument must be between 0 and 65535 inclusive",
  })
})

t.test('included files', async (t) => {
  const config = new Config()
  config.load('hz 5\ninclude more', () => ['hz 6\nsave 1 1', 'save 2 2'])
  t.equal(config.number('hz'), 6)
  t.equal(config.text('save'), '1 1 2 2')
})

t.test('pairs are spelled as in CONFIG SET', async (t) => {
  const config = new Config()
  config.loadPairs([
    ['Cluster-Enabled', 'yes'],
    ['save', ''],
    ['client-output-buffer-limit', 'normal 1 2 3 pubsub 4 5 6'],
    ['requirepass', 'a "b'],
    ['cluster-config-file', 'n.conf'],
  ])
  t.equal(config.boolean('cluster-enabled'), true)
  t.equal(config.text('save'), '')
  t.equal(
    config.text('client-output-buffer-limit'),
    'normal 1 2 3 slave 268435456 67108864 60 pubsub 4 5 6',
  )
  t.equal(config.text('requirepass'), 'a "b')
  t.throws(
    () =>
      config.loadPairs([
        ['hz', '10'],
        ['nosuch', 'x y'],
      ]),
    {
      name: 'ConfigError',
      reason: 'Bad directive or wrong number of arguments',
      at: { text: 'nosuch x y' },
    },
  )
})

/** A file in memory. */
function fileOf(text: string): ConfigFile & { text: string } {
  return {
    text,
    read() {
      return this.text
    },
    write(written) {
      this.text = written
    },
  }
}

t.test('CONFIG REWRITE', async (t) => {
  const file = fileOf('# mine\nport 7000\nslave-priority 100\nrequirepass "x"\n')
  const config = new Config(file)
  config.load(file.text)
  config.assign('dir', '/data')
  set(config, 'maxmemory', '2mb', 'requirepass', '', 'replica-priority', '5')
  config.rewrite()
  t.equal(
    file.text,
    `# mine
port 7000
replica-priority 5

# Generated by CONFIG REWRITE
dir "/data"
latency-tracking-info-percentiles 50 99 99.9
maxmemory 2mb
save 3600 1
save 300 100
save 60 10000
`,
  )
  const again = new Config(file)
  again.load(file.text)
  t.same(again.match(['*']), config.match(['*']), 'what was written reads back')
  const before = file.text
  again.rewrite()
  t.equal(file.text, before, 'and rewrites into itself')
})

t.test('CONFIG REWRITE puts users where users were, or leaves them alone', async (t) => {
  const file = fileOf('user ann on\nport 7000\nuser ben on\n')
  const config = new Config(file)
  config.load(file.text)
  config.rewrite()
  t.match(file.text, /^user ann on\nport 7000\nuser ben on\n/)
  config.describeUsers = () => ['cat off']
  config.rewrite()
  t.match(file.text, /^user cat off\nport 7000\n\n/)
  t.notMatch(file.text, /ben/)
})

t.test('CONFIG REWRITE without a file, or with one that cannot be written', async (t) => {
  t.throws(() => new Config().rewrite(), {
    name: 'ReplyError',
    message: 'ERR The server is running without a config file',
  })
  const broken: ConfigFile = {
    read: () => '',
    write() {
      throw new Error('Permission denied')
    },
  }
  t.throws(() => new Config(broken).rewrite(), {
    name: 'ReplyError',
    message: 'ERR Rewriting config file: Permission denied',
  })
})

t.test('a cluster node does not write whom it follows', async (t) => {
  const file = fileOf('cluster-enabled yes\nport 7000\n')
  const config = new Config(file)
  config.load(file.text)
  config.assign('replicaof', '127.0.0.1 7001')
  config.rewrite()
  t.notMatch(file.text, /replicaof/)
})
