import t from 'tap'
import { checkClientName } from '../../lib/commands/client.ts'
import type { ClientFilter, ClientsPort } from '../../lib/commands/context.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

const SYNTAX = '-ERR syntax error\r\n'
const BAD_NAME = '-ERR Client names cannot contain spaces, newlines or special characters.\r\n'

/** A client among others; `asked` are the filters they were listed by. */
function connect() {
  const client = new FakeClient()
  const asked: ClientFilter[] = []
  const clients: ClientsPort = {
    count: 2,
    list(filter) {
      asked.push(filter)
      return filter.id === undefined ? ['id=1 name=a', 'id=2 name='] : [`id=${filter.id}`]
    },
    kill: () => 0,
  }
  return {
    client,
    asked,
    runner: new CommandRunner({ version: '7.2', ports: { client, clients } }),
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}

t.test('who the client is', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('CLIENT ID'), ':7\r\n')
  t.equal(runner.run('client info'), bulk('id=7 name=\n'))
  t.equal(runner.run('CLIENT GETNAME'), '$-1\r\n')
  t.equal(runner.run('CLIENT SETNAME bob'), '+OK\r\n')
  t.equal(runner.run('CLIENT GETNAME'), bulk('bob'))
  t.equal(runner.run('CLIENT SETNAME ""'), '+OK\r\n')
  t.equal(runner.run('CLIENT GETNAME'), '$-1\r\n')
  for (const name of ['"a b"', '"a\\n"', '"\\xe9"', '"\\x7f"', '"\\x00"']) {
    t.equal(runner.run(`CLIENT SETNAME ${name}`), BAD_NAME, name)
  }
  runner.protocol = 3
  t.equal(runner.run('CLIENT GETNAME'), '_\r\n')
  t.equal(runner.run('CLIENT INFO'), '=15\r\ntxt:id=7 name=\n\r\n')
})

t.test('names are printable ASCII without blanks', async (t) => {
  t.doesNotThrow(() => checkClientName('!~azAZ09'))
  t.throws(() => checkClientName(' '), { name: 'ReplyError' })
})

t.test('CLIENT SETINFO', async (t) => {
  const { client, runner } = connect()
  t.equal(runner.run('CLIENT SETINFO LIB-NAME ioredis'), '+OK\r\n')
  t.equal(runner.run('CLIENT SETINFO lib-ver 5.0'), '+OK\r\n')
  t.same([client.libraryName, client.libraryVersion], ['ioredis', '5.0'])
  t.equal(
    runner.run('CLIENT SETINFO LIB-VER "a b"'),
    '-ERR LIB-VER cannot contain spaces, newlines or special characters.\r\n',
  )
  t.equal(runner.run('CLIENT SETINFO foo 1'), "-ERR Unrecognized option 'foo'\r\n")
  t.equal(client.libraryVersion, '5.0')
})

t.test('CLIENT LIST', async (t) => {
  const { asked, runner } = connect()
  t.equal(runner.run('CLIENT LIST'), bulk('id=1 name=a\nid=2 name=\n'))
  t.equal(runner.run('CLIENT LIST ID 2 1 2'), bulk('id=2\nid=1\nid=2\n'), 'in the order asked for')
  runner.run('CLIENT LIST TYPE SLAVE')
  t.same(asked, [{}, { id: 2 }, { id: 1 }, { id: 2 }, { type: 'replica' }])
  for (const [line, reply] of [
    ['CLIENT LIST TYPE foo', "-ERR Unknown client type 'foo'\r\n"],
    ['CLIENT LIST TYPE', SYNTAX],
    ['CLIENT LIST TYPE normal x', SYNTAX],
    ['CLIENT LIST ID', SYNTAX],
    ['CLIENT LIST ID 1 abc', '-ERR Invalid client ID\r\n'],
    ['CLIENT LIST foo', SYNTAX],
  ] as const) {
    t.equal(runner.run(line), reply, line)
  }
  runner.protocol = 3
  t.equal(runner.run('CLIENT LIST ID 5'), '=9\r\ntxt:id=5\n\r\n')
})

t.test('switches', async (t) => {
  const { client, runner } = connect()
  t.equal(runner.run('CLIENT NO-EVICT on'), '+OK\r\n')
  t.equal(runner.run('CLIENT NO-TOUCH ON'), '+OK\r\n')
  t.same([client.noEvict, client.noTouch], [true, true])
  t.equal(runner.run('CLIENT NO-EVICT OFF'), '+OK\r\n')
  t.equal(runner.run('CLIENT NO-TOUCH off'), '+OK\r\n')
  t.same([client.noEvict, client.noTouch], [false, false])
  t.equal(runner.run('CLIENT NO-EVICT maybe'), SYNTAX)
  t.equal(runner.run('CLIENT NO-TOUCH maybe'), SYNTAX)
})

t.test('CLIENT REPLY', async (t) => {
  const { client, runner } = connect()
  t.equal(runner.run('CLIENT REPLY SKIP'), '')
  t.equal(client.replyMode, 'skip-next')
  t.equal(runner.run('CLIENT REPLY off'), '')
  t.equal(client.replyMode, 'off')
  t.equal(runner.run('CLIENT REPLY SKIP'), '')
  t.equal(client.replyMode, 'off', 'what is off cannot skip')
  t.equal(runner.run('CLIENT REPLY ON'), '+OK\r\n')
  t.equal(client.replyMode, 'on')
  t.equal(runner.run('CLIENT REPLY maybe'), SYNTAX)
})

t.test('CLIENT HELP lists every subcommand', async (t) => {
  const { runner } = connect()
  const help = runner.run('CLIENT HELP')
  t.match(help, /^\*\d+\r\n\+CLIENT <subcommand> \[<arg> \[value\] \[opt\] \.\.\.\]/)
  for (const name of ['GETNAME', 'ID', 'INFO', 'KILL', 'LIST', 'NO-EVICT', 'NO-TOUCH', 'REPLY']) {
    t.match(help, new RegExp(`\\+${name}[ \r]`), name)
  }
  t.equal(runner.run('CLIENT FOO'), "-ERR unknown subcommand 'FOO'. Try CLIENT HELP.\r\n")
  t.equal(runner.run('CLIENT'), "-ERR wrong number of arguments for 'client' command\r\n")
})
