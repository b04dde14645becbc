import t from 'tap'
import type { AclLogEntry, AclPort, UserDescription } from '../../lib/commands/acl-port.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import { CommandRunner, type Exchange, expectReplies } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

const ann: UserDescription = {
  flags: ['on', 'nopass'],
  passwords: ['abc'],
  commands: '-@all +get',
  keys: '~a',
  channels: '',
  selectors: [{ commands: '-@all', keys: '', channels: '&c' }],
}

const refused: AclLogEntry = {
  count: 2,
  reason: 'key',
  context: 'multi',
  object: 'k',
  userName: 'ann',
  ageMs: 1500,
  id: 3,
  createdMs: 10_000,
  updatedMs: 20_000,
  client: 'id=7',
}

/** A runner whose verbs are written down. */
function connect(protocol: Protocol = 2, version = '7.0') {
  const done: unknown[] = []
  const acl: AclPort = {
    loginRequired: false,
    defaultNeedsNoPassword: true,
    userNames: ['ann', 'default'],
    hasUser: () => true,
    describe: (name) => (name === 'ann' ? ann : undefined),
    lines: () => ['user ann off'],
    setUser: (...[name, rules]) => done.push(['set', name, rules]),
    deleteUsers: (names) => done.push(['delete', names]),
    dryRun: (name, argv) => (name === 'ann' ? undefined : `${name} may not ${argv.join(' ')}`),
    load: () => done.push(['load']),
    save: () => done.push(['save']),
    logged: (count) => Array(Math.min(count, 1)).fill(refused),
    clearLog: () => done.push(['clear']),
  }
  const runner = new CommandRunner({ protocol, version, ports: { acl, client: new FakeClient() } })
  return { done, runner }
}

t.test('questions', async (t) => {
  expectReplies(t, connect().runner, [
    ['ACL WHOAMI', '$7|default|'],
    ['ACL USERS', '*2|$3|ann|$7|default|'],
    ['ACL LIST', '*1|$12|user ann off|'],
    ['ACL GETUSER nobody', '$-1|'],
    ['ACL DRYRUN ann GET a', '+OK|'],
    ['ACL DRYRUN ben GET a', '$17|ben may not GET a|'],
    ['ACL LOG 0', '*0|'],
    ['ACL', "-ERR wrong number of arguments for 'acl' command|"],
    ['ACL NOSUCH', "-ERR unknown subcommand 'NOSUCH'. Try ACL HELP.|"],
    [
      'ACL LOG 1 2',
      "-ERR unknown subcommand or wrong number of arguments for 'LOG'. Try ACL HELP.|",
    ],
    ['ACL LOG x', '-ERR value is not an integer or out of range|'],
  ])
})

const USER: readonly Exchange[] = [
  [
    'ACL GETUSER ann',
    '*12|$5|flags|*2|$2|on|$6|nopass|$9|passwords|*1|$3|abc|$8|commands|$10|-@all +get|$4|keys|$2|~a|$8|channels|$0||$9|selectors|*1|*6|$8|commands|$5|-@all|$4|keys|$0||$8|channels|$2|&c|',
  ],
  [
    'ACL LOG',
    '*1|*14|$5|count|:2|$6|reason|$3|key|$7|context|$5|multi|$6|object|$1|k|$8|username|$3|ann|$11|age-seconds|$3|1.5|$11|client-info|$4|id=7|',
  ],
]

t.test('maps', async (t) => {
  expectReplies(t, connect().runner, USER)
  expectReplies(
    t,
    connect(3).runner,
    USER.map(([line, reply]) => [
      line,
      reply
        .replace('*12|', '%6|')
        .replace('*6|', '%3|')
        .replace('*14|', '%7|')
        .replace('|*2|$2|on', '|~2|$2|on')
        .replace('$3|1.5', ',1.5'),
    ]),
  )
  t.match(connect(3).runner.run('ACL GETUSER nobody'), /^_/)
})

t.test('the log tells its entries apart since 7.2', async (t) => {
  const tail = '$8|entry-id|:3|$17|timestamp-created|:10000|$22|timestamp-last-updated|:20000|'
  for (const [protocol, head] of [
    [2, '*1|*20|$5|count|'],
    [3, '*1|%10|$5|count|'],
  ] as const) {
    const log = connect(protocol, '7.2').runner.run('ACL LOG').replaceAll('\r\n', '|')
    t.ok(log.startsWith(head), log)
    t.ok(log.endsWith(`$4|id=7|${tail}`), log)
  }
})

t.test('verbs', async (t) => {
  const { done, runner } = connect()
  expectReplies(t, runner, [
    ['ACL SETUSER ann', '+OK|'],
    ['ACL SETUSER ann on >pw', '+OK|'],
    ['ACL DELUSER ann', ':3|'],
    ['ACL DELUSER a b', ':4|'],
    ['ACL LOAD', '+OK|'],
    ['ACL SAVE', '+OK|'],
    ['ACL LOG Reset', '+OK|'],
  ])
  t.same(done, [
    ['set', 'ann', []],
    ['set', 'ann', ['on', '>pw']],
    ['delete', ['ann']],
    ['delete', ['a', 'b']],
    ['load'],
    ['save'],
    ['clear'],
  ])
})

t.test('categories', async (t) => {
  const { runner } = connect()
  t.match(runner.run('ACL CAT'), /^\*21\r\n\$8\r\nkeyspace\r\n\$4\r\nread\r\n/)
  t.equal(
    runner.run('ACL CAT Transaction').replaceAll('\r\n', '|'),
    '*5|$7|discard|$4|exec|$5|multi|$7|unwatch|$5|watch|',
  )
  t.match(runner.run('ACL CAT stream'), /xinfo\|stream/, 'subcommands too')
  t.equal(runner.run('ACL CAT @set'), "-ERR Unknown category '@set'\r\n")
  t.match(
    runner.run('ACL CAT a b'),
    /^-ERR unknown subcommand or wrong number of arguments for 'CAT'/,
  )
})

t.test('passwords', async (t) => {
  const { runner } = connect()
  t.match(runner.run('ACL GENPASS'), /^\$64\r\n[0-9a-f]{64}\r\n$/)
  t.not(runner.run('ACL GENPASS'), runner.run('ACL GENPASS'))
  for (const [bits, digits] of [
    [1, 1],
    [4, 1],
    [5, 2],
    [4096, 1024],
  ] as const) {
    t.match(runner.run(`ACL GENPASS ${bits}`), new RegExp(`^\\$${digits}\r\n[0-9a-f]+\r\n$`))
  }
  for (const bits of ['0', '-236', '4097']) {
    t.match(
      runner.run(`ACL GENPASS ${bits}`),
      /^-ERR ACL GENPASS argument must be the number of bits/,
    )
  }
})
