import t from 'tap'
import type { AclPort } from '../../lib/commands/acl-port.ts'
import type { ClientFilter, ClientsPort } from '../../lib/commands/context.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

const SYNTAX = '-ERR syntax error\r\n'

/** A client that kills so many; `asked` are the filters it did it by. */
function connect(killed: number) {
  const asked: ClientFilter[] = []
  const clients: ClientsPort = {
    count: 2,
    list: () => [],
    kill(filter) {
      asked.push(filter)
      return killed
    },
  }
  const acl = { hasUser: (name: string): boolean => name === 'default' } as AclPort
  const client = new FakeClient()
  return { asked, runner: new CommandRunner({ ports: { acl, client, clients } }) }
}

t.test('CLIENT KILL by address', async (t) => {
  const none = connect(0)
  t.equal(none.runner.run('CLIENT KILL 1.2.3.4:5'), '-ERR No such client\r\n')
  const some = connect(1)
  t.equal(some.runner.run('CLIENT KILL 1.2.3.4:5'), '+OK\r\n')
  t.same(some.asked, [{ address: '1.2.3.4:5', skipMe: false }], 'the caller too')
})

t.test('CLIENT KILL by options', async (t) => {
  const { asked, runner } = connect(3)
  t.equal(
    runner.run('CLIENT KILL id 5 TYPE Normal ADDR a:1 LADDR b:2 USER default SKIPME no'),
    ':3\r\n',
  )
  t.equal(runner.run('CLIENT KILL ADDR a:1 ADDR a:2'), ':3\r\n')
  t.equal(runner.run('CLIENT KILL SKIPME YES'), ':3\r\n')
  t.same(asked, [
    {
      id: 5,
      type: 'normal',
      address: 'a:1',
      localAddress: 'b:2',
      user: 'default',
      skipMe: false,
    },
    { address: 'a:2' },
    { skipMe: true },
  ])
  for (const [line, reply] of [
    ['CLIENT KILL ID 0', '-ERR client-id should be greater than 0\r\n'],
    ['CLIENT KILL ID abc', '-ERR client-id should be greater than 0\r\n'],
    ['CLIENT KILL TYPE foo', "-ERR Unknown client type 'foo'\r\n"],
    ['CLIENT KILL USER bob', "-ERR No such user 'bob'\r\n"],
    ['CLIENT KILL SKIPME maybe', SYNTAX],
    ['CLIENT KILL ID 5 TYPE', SYNTAX],
    ['CLIENT KILL FOO 5', SYNTAX],
    ['CLIENT KILL', "-ERR wrong number of arguments for 'client|kill' command\r\n"],
  ] as const) {
    t.equal(runner.run(line), reply, line)
  }
  t.equal(asked.length, 3, 'nobody was killed by a mistake')
})
