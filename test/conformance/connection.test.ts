/** What connection and server commands answer, to the byte, against a real redis-server 7.0. */
import t from 'tap'
import { splitArguments } from '../../lib/resp/inline.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'

if (withoutRealRedis70) t.comment(`SKIPPED: ${withoutRealRedis70}`)

/** A reply without what differs between servers: the number of the client. */
function comparable(raw: string): string {
  return raw.replace(/(\$2\r\nid\r\n:)\d+/, '$1N')
}

const OPEN = `
PING
PING a
PING a b
ECHO
ECHO x
ECHO x y
HELLO
HELLO 2
HELLO 4
HELLO 1
HELLO abc
HELLO 3 SETNAME
HELLO 3 SETNAME "a b"
HELLO 3 SETNAME foo
CLIENT GETNAME
HELLO 3 AUTH
HELLO 3 AUTH a
HELLO 3 AUTH default x
HELLO 2 AUTH default x SETNAME bar
CLIENT GETNAME
HELLO 2 AUTH nobody x SETNAME baz
HELLO 2 FOO
HELLO 2 SETNAME "" AUTH
CLIENT GETNAME
HELLO 2 SETNAME "x y" AUTH nobody x
HELLO 2 SETNAME q FOO
CLIENT GETNAME
HELLO 3 setname ""
CLIENT GETNAME
AUTH
AUTH x
AUTH default x
AUTH nobody x
AUTH a b c
SELECT 0
SELECT 15
SELECT 16
SELECT -1
SELECT abc
SELECT 99999999999999999999
SELECT 99999999999
SELECT 1 2
SELECT 0
CLIENT
CLIENT FOO
CLIENT ID x
CLIENT SETNAME
CLIENT SETNAME ""
CLIENT SETNAME "a b"
CLIENT SETNAME "a\\nb"
CLIENT SETNAME "\\xe9"
CLIENT SETNAME abc
CLIENT GETNAME
CLIENT LIST TYPE
CLIENT LIST TYPE foo
CLIENT LIST TYPE normal x
CLIENT LIST TYPE master
CLIENT LIST TYPE slave
CLIENT LIST ID
CLIENT LIST ID 0
CLIENT LIST ID -1
CLIENT LIST ID abc
CLIENT LIST ID 999999
CLIENT LIST ID 99999999999999999999
CLIENT LIST foo
CLIENT LIST ID 1 TYPE normal
CLIENT NO-EVICT
CLIENT NO-EVICT foo
CLIENT NO-EVICT on
CLIENT NO-EVICT OFF
CLIENT REPLY foo
CLIENT REPLY ON
CLIENT KILL
CLIENT KILL foo
CLIENT KILL 1.2.3.4:5
CLIENT KILL ID 99999
CLIENT KILL ID 0
CLIENT KILL ID -5
CLIENT KILL ID abc
CLIENT KILL TYPE foo
CLIENT KILL TYPE master
CLIENT KILL TYPE REPLICA
CLIENT KILL USER nobody
CLIENT KILL USER default SKIPME yes ID 999
CLIENT KILL SKIPME foo
CLIENT KILL SKIPME yes ID
CLIENT KILL FOO bar
CLIENT KILL ADDR 1:2
CLIENT KILL LADDR 1:2
CLIENT KILL ID 9999 TYPE
CLIENT KILL ID 9999 TYPE normal
CLIENT KILL ADDR 1:2 ADDR 1:3
CONFIG
CONFIG FOO
CONFIG GET
CONFIG GET hz
CONFIG GET HZ
CONFIG GET nosuch
CONFIG GET hz HZ h[z]
CONFIG SET
CONFIG SET hz
CONFIG SET hz 1 maxmemory
CONFIG SET nosuch 1
CONFIG SET hz abc
CONFIG REWRITE
CONFIG RESETSTAT x
CONFIG RESETSTAT
TIME x
SHUTDOWN FOO
SHUTDOWN ABORT
SHUTDOWN SAVE NOSAVE
SHUTDOWN NOW ABORT
SHUTDOWN ABORT ABORT
SHUTDOWN NOSAVE SAVE
INFO nosuch
HELLO 3
CONFIG GET hz
CONFIG GET nosuch
CLIENT LIST ID 999999
RESET
CLIENT GETNAME
RESET x
MULTI
MULTI
PING
WATCH x
EXEC
EXEC
DISCARD
MULTI
SET a 1
GET a
DISCARD
GET a
MULTI
FOO
PING
EXEC
MULTI
GET a b
EXEC
MULTI
PING a b
SET a 1
HGET a b
EXEC
WATCH
WATCH a b
UNWATCH
UNWATCH x
WATCH a
SET a 2
MULTI
GET a
EXEC
MULTI
SHUTDOWN
EXEC
MULTI
GET a
RESET
EXEC
foo "a b" c
foo "a\\nb"
GET
config|get x
QUIT
`

const LOCKED = `
HELLO
HELLO 3
HELLO abc
HELLO 3 SETNAME
HELLO 3 SETNAME "a b"
HELLO 3 SETNAME okname
HELLO 3 FOO
HELLO 3 AUTH default wrong
HELLO 3 AUTH nobody secret
AUTH wrong
AUTH default wrong
AUTH nobody secret
AUTH a b c
AUTH
RESET
HELLO 3 AUTH default secret
AUTH secret
AUTH bad
PING
AUTH default secret
HELLO 2 AUTH default bad
PING
QUIT now
`

for (const [what, script, password] of [
  ['without a password', OPEN, ''],
  ['with a password', LOCKED, 'secret'],
] as const) {
  t.test(what, { skip: withoutRealRedis70 }, async (t) => {
    const args = password === '' ? [] : ['--requirepass', password]
    const real = await startRealRedis({ args })
    t.teardown(() => real.stop())
    const client = await real.connect()
    const node = new NodeHarness({ config: { save: '', requirepass: password } })
    const session = node.connect()
    for (const line of script.trim().split('\n')) {
      const argv = splitArguments(line) as string[]
      const { raw } = await client.command(...argv)
      t.equal(comparable(node.run(session, ...argv)), comparable(raw), line)
    }
    await client.closed
    t.equal(session.closing, 'after-reply')
  })
}

t.test('CLIENT INFO and CLIENT LIST', { skip: withoutRealRedis70 }, async (t) => {
  const fields = (raw: string) => [...raw.matchAll(/([a-z-]+)=/g)].map(([, name]) => name)
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  const node = new NodeHarness()
  const session = node.connect()
  for (const words of [
    ['CLIENT', 'INFO'],
    ['CLIENT', 'LIST'],
  ]) {
    t.same(fields(node.run(session, ...words)), fields((await real.command(...words)).raw))
  }
})
