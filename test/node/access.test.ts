/** Users of a whole node over the wire: what its configuration says, and what they may do. */
import t from 'tap'
import type { HarnessOptions } from '../support/node-harness.ts'
import { NodeHarness } from '../support/node-harness.ts'

/** nodes.conf of one master that owns the lower half of the slots; the rest is another's. */
const HALF =
  '0123456789abcdef0123456789abcdef01234567 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-8191\n' +
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 127.0.0.1:7001@17001 master - 0 0 2 connected 8192-16383\n' +
  'vars currentEpoch 2 lastVoteEpoch 0\n'

function start(...users: string[]): NodeHarness {
  return new NodeHarness({ users })
}

/** A client that has logged in. */
function loggedIn(harness: NodeHarness, user: string) {
  const client = harness.connect()
  t.equal(harness.type(client, `AUTH ${user} x`), '+OK\r\n')
  return client
}

t.test('the users of the configuration', async (t) => {
  const harness = start('ann on >pw ~a* +get', 'default on nopass +@all')
  const client = harness.connect()
  t.equal(
    harness.type(client, 'GET a'),
    '-NOPERM this user has no permissions to access one of the keys used as arguments\r\n',
  )
  t.equal(
    harness.type(client, 'AUTH ann wrong'),
    '-WRONGPASS invalid username-password pair or user is disabled.\r\n',
  )
  t.equal(harness.type(client, 'AUTH ann pw'), '+OK\r\n')
  t.equal(harness.type(client, 'GET a'), '$-1\r\n')
  t.equal(
    harness.type(client, 'PING'),
    "-NOPERM this user has no permissions to run the 'ping' command\r\n",
  )
  t.match(client.describe(), / user=ann /)
})

t.test('a configuration that no node starts with', async (t) => {
  for (const [options, message] of [
    [
      { users: ['a on', 'b foo'] },
      "Reading the configuration file, at line 2\n>>> 'user b foo'\nError in user declaration 'user': Syntax error",
    ],
    [
      { users: ['a +nosuch'] },
      "Error loading ACL rule '+nosuch' for the user named 'a': Unknown command or category name in ACL",
    ],
    [
      { users: ['a'], config: { aclfile: 'x' } },
      /^Configuring Redis with users defined in redis.conf and at the same setting an ACL file/,
    ],
    [
      { config: { aclfile: 'x' } },
      "Aborting Redis startup because of ACL errors: Error loading ACLs, opening file 'x': No such file or directory",
    ],
  ] as readonly (readonly [HarnessOptions, string | RegExp])[]) {
    t.throws(() => new NodeHarness(options), { name: 'ConfigError', message })
  }
})

t.test('who has not logged in', async (t) => {
  const harness = start('ann on nopass +@all ~*', 'default off nopass')
  const client = harness.connect()
  for (const line of ['PING', 'ACL WHOAMI', 'MULTI']) {
    t.equal(harness.type(client, line), '-NOAUTH Authentication required.\r\n', line)
  }
  t.match(harness.type(client, 'HELLO 3'), /^-NOAUTH HELLO must be called/)
  const operator = loggedIn(harness, 'ann')
  harness.type(operator, 'ACL SETUSER default on +ping')
  t.equal(harness.type(client, 'PING'), '+PONG\r\n', 'the default user opened meanwhile')
  t.match(harness.type(client, 'HELLO 3'), /^-NOAUTH HELLO must be called/, 'but it did not log in')
  t.equal(harness.type(client, 'RESET'), '+RESET\r\n')
  harness.type(operator, 'ACL SETUSER default +hello')
  t.match(harness.type(client, 'HELLO 3'), /^%7/)
  harness.type(operator, 'RESET')
  t.equal(
    harness.type(operator, 'ACL WHOAMI'),
    "-NOPERM this user has no permissions to run the 'acl|whoami' command\r\n",
  )
})

t.test('a password set later concerns new connections only', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'CONFIG SET requirepass secret')
  t.equal(harness.type(client, 'PING'), '+PONG\r\n')
  const other = harness.connect()
  t.match(harness.type(other, 'PING'), /^-NOAUTH /)
  t.match(harness.type(other, 'AUTH Secret'), /^-WRONGPASS /)
  t.equal(harness.type(other, 'AUTH secret'), '+OK\r\n')
  harness.type(client, 'ACL SETUSER default >another')
  t.equal(harness.type(harness.connect(), 'AUTH another'), '+OK\r\n')
  t.match(harness.type(client, 'CONFIG GET requirepass'), /secret/)
  harness.type(client, 'CONFIG SET requirepass ""')
  t.equal(harness.type(harness.connect(), 'PING'), '+PONG\r\n')
})

t.test('arity comes before permission, permission before redirection', async (t) => {
  const harness = new NodeHarness({
    config: { 'cluster-enabled': 'yes', 'cluster-require-full-coverage': 'no' },
    users: ['ann on nopass +get +mget ~foo* ~bar*', 'default on nopass +@all ~*'],
    clusterConfig: HALF,
    isPlanned: true,
  })
  const client = loggedIn(harness, 'ann')
  t.match(harness.type(client, 'SET foo'), /^-ERR wrong number of arguments/)
  t.match(harness.type(client, 'SET foo 1'), /^-NOPERM /)
  t.match(harness.type(client, 'GET foo'), /^-MOVED 12182 /)
  t.match(harness.type(client, 'GET zap'), /^-NOPERM /)
  t.match(harness.type(client, 'MGET foo bar'), /^-CROSSSLOT /)
  t.match(harness.type(client, 'MGET foo zap'), /^-NOPERM /)
})

t.test('a transaction whose commands are not permitted any more', async (t) => {
  const harness = start('ann on nopass +@all ~*')
  const client = loggedIn(harness, 'ann')
  t.equal(harness.type(client, 'MULTI', 'SET a 1', 'PING'), '+OK\r\n+QUEUED\r\n+QUEUED\r\n')
  harness.type(harness.connect(), 'ACL SETUSER ann -set')
  t.match(
    harness.type(client, 'EXEC'),
    /^\*2\r\n-NOPERM ACLs rules changed [^\r]* execute the command or subcommand\r\n\+PONG\r\n$/,
  )
  harness.type(client, 'MULTI', 'PING')
  harness.type(harness.connect(), 'ACL SETUSER ann -exec')
  t.equal(
    harness.type(client, 'EXEC'),
    "-EXECABORT Transaction discarded because of: NOPERM this user has no permissions to run the 'exec' command\r\n",
  )
  t.equal(harness.type(client, 'PING'), '+PONG\r\n')
})

t.test('clients of a deleted user are closed, the caller after its reply', async (t) => {
  const harness = start('ann on nopass +@all ~* &*')
  const [caller, other] = [loggedIn(harness, 'ann'), loggedIn(harness, 'ann')]
  const bystander = harness.connect()
  t.equal(harness.type(caller, 'ACL DELUSER ann'), ':1\r\n')
  t.equal(caller.closing, 'after-reply')
  t.equal(other.closing, 'now')
  t.equal(bystander.closing, 'no')
})

t.test('a subscriber that loses its channel is closed', async (t) => {
  const harness = start('ann on nopass +@all ~* &a')
  const client = loggedIn(harness, 'ann')
  harness.type(client, 'SUBSCRIBE a')
  const operator = harness.connect()
  harness.type(operator, 'ACL SETUSER ann &b')
  t.equal(client.closing, 'no')
  harness.type(operator, 'ACL SETUSER ann resetchannels &b')
  t.equal(client.closing, 'now')
})

t.test('SORT looks at other keys only for who may read all', async (t) => {
  const harness = start('ann on nopass +sort +rpush ~l')
  const client = loggedIn(harness, 'ann')
  harness.type(client, 'RPUSH l 1')
  for (const option of ['BY', 'GET']) {
    t.equal(
      harness.type(client, `SORT l ${option} x*`),
      `-ERR ${option} option of SORT denied due to insufficient ACL permissions.\r\n`,
    )
  }
  t.equal(harness.type(client, 'SORT l BY nosort'), '*1\r\n$1\r\n1\r\n')
  harness.type(harness.connect(), 'ACL SETUSER ann %R~*')
  t.equal(harness.type(client, 'SORT l BY x* GET x*'), '*1\r\n$-1\r\n')
})

t.test('the host and the master are refused nothing', async (t) => {
  const harness = start('default off')
  const replies: string[] = []
  harness.turn(() =>
    harness.node.runForHost(
      [
        ['SET', 'a', '1'],
        ['ACL', 'WHOAMI'],
      ],
      (all) => replies.push(...all),
    ),
  )
  t.same(replies, ['+OK\r\n', '$11\r\n(superuser)\r\n'])
  const master = harness.node.openMasterSession('127.0.0.1:7001')
  harness.node.applyFromMaster(master, ['SET', 'a', '2'])
  t.match(master.describe(), / user=\(superuser\) /)
})

t.test('the ACL file', async (t) => {
  const harness = new NodeHarness({
    config: { aclfile: 'users.acl' },
    files: { 'users.acl': 'user ann on nopass +@all ~*\n' },
  })
  const client = loggedIn(harness, 'ann')
  harness.type(client, 'ACL SETUSER ben')
  t.equal(harness.type(client, 'ACL SAVE'), '+OK\r\n')
  t.match(harness.io.readFile('users.acl'), /^user ann .*\nuser ben .*\nuser default .*\n$/)
  t.equal(harness.type(client, 'ACL LOAD'), '+OK\r\n')
  t.equal(client.closing, 'after-reply')
})

t.test('CONFIG REWRITE writes the users', async (t) => {
  let text = '# head\nuser ann on\n# tail\n'
  const harness = new NodeHarness({
    file: {
      read: () => text,
      write(written) {
        text = written
      },
    },
    users: ['ann on'],
  })
  const client = harness.connect()
  harness.type(client, 'ACL SETUSER ann +get', 'ACL SETUSER ben')
  t.equal(harness.type(client, 'CONFIG REWRITE'), '+OK\r\n')
  t.match(text, /^# head\nuser ann on resetchannels -@all \+get\n# tail\n/)
  t.match(
    text,
    /\n# Generated by CONFIG REWRITE\n(.*\n)*user ben off resetchannels -@all\nuser default on nopass ~\* &\* \+@all\n$/,
  )
})
