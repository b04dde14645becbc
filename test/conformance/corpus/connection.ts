/** What is said about the connection itself. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'PING, ECHO, SELECT, QUIT',
    lines: `
      PING
      PING hello
      PING "\\x00\\r\\n"
      PING a b
      ECHO hello
      ECHO
      ECHO a b
      SELECT 0
      SELECT 1
      SELECT -1
      SELECT abc
      SELECT
      QUIT
      !ended
      @0b PING
      @0b quit now
      @0b !ended
    `,
  },
  {
    name: 'HELLO',
    lines: `
      HELLO
      HELLO 2
      HELLO 3
      HELLO
      HGETALL none
      HSET h f v
      HGETALL h
      GET none
      HELLO 2
      HGETALL h
      GET none
      HELLO 1
      HELLO 4
      HELLO abc
      HELLO 3 NOSUCH
      HELLO 3 SETNAME
      HELLO 3 SETNAME "with space"
      HELLO 3 SETNAME me
      CLIENT GETNAME
      HELLO 2 AUTH default
      HELLO 2 AUTH default x
      HELLO 2 AUTH nobody x
      CLIENT GETNAME
      RESET
      CLIENT GETNAME
      HGETALL h
    `,
  },
  {
    name: 'AUTH without a password',
    lines: `
      AUTH
      AUTH x
      AUTH default x
      AUTH nobody x
      AUTH a b c
    `,
  },
  {
    name: 'CLIENT',
    lines: `
      CLIENT
      CLIENT ID
      CLIENT ID x
      CLIENT GETNAME
      CLIENT SETNAME me
      CLIENT GETNAME
      CLIENT SETNAME "a b"
      CLIENT SETNAME "a\\nb"
      CLIENT SETNAME ""
      CLIENT GETNAME
      CLIENT INFO
      CLIENT LIST ID 1 x
      CLIENT LIST TYPE nosuch
      CLIENT LIST ID
      CLIENT LIST ID abc
      CLIENT LIST NOSUCH
      CLIENT LIST TYPE master
      CLIENT NO-EVICT on
      CLIENT NO-EVICT off
      CLIENT NO-EVICT maybe
      CLIENT REPLY ON
      CLIENT REPLY maybe
      CLIENT KILL 127.0.0.1:1
      CLIENT KILL ID 0
      CLIENT KILL ID abc
      CLIENT KILL ID 999999999
      CLIENT KILL NOSUCH x
      CLIENT KILL TYPE nosuch
      CLIENT KILL USER nosuch
      CLIENT KILL SKIPME maybe
      CLIENT KILL
      CLIENT NOSUCH
      client|info
    `,
  },
  {
    name: 'CLIENT LIST and KILL among several',
    lines: `
      @0a CLIENT SETNAME a
      @0b CLIENT SETNAME b
      @0b MULTI
      @0b GET k
      @0a CLIENT LIST TYPE normal
      @0b GET k
      @0b NOSUCH
      @0a CLIENT LIST TYPE normal
      @0b EXEC
      @0a CLIENT LIST TYPE normal
      @0b GET
      @0a CLIENT LIST TYPE normal
      @0b CLIENT NOSUCH
      @0a CLIENT LIST TYPE normal
      @0b WATCH k
      @0a SET k v
      @0b READONLY
      @0a CLIENT LIST TYPE normal
      @0b UNWATCH
      @0b MULTI
      @0b CLIENT INFO
      @0b EXEC
      @0a CLIENT LIST TYPE normal
      @0a CLIENT KILL TYPE normal
      @0b !ended
      @0a PING
      @0a CLIENT KILL TYPE normal SKIPME no
      @0a !ended
    `,
  },
  {
    name: 'RESET',
    lines: `
      CLIENT SETNAME me
      MULTI
      SET k v
      RESET
      EXEC
      GET k
      CLIENT GETNAME
      READONLY
      RESET
      RESET x
    `,
  },
  {
    name: 'a password',
    lines: `
      CONFIG SET requirepass secret
      PING
      @0b PING
      @0b GET k
      @0b NOSUCH
      @0b GET
      @0b CLIENT ID
      @0b COMMAND COUNT x
      @0b HELLO
      @0b HELLO 3
      @0b HELLO 3 SETNAME x
      @0b HELLO 3 AUTH default wrong
      @0b AUTH wrong
      @0b AUTH default wrong
      @0b AUTH nobody secret
      @0b AUTH a b c
      @0b AUTH
      @0b MULTI
      @0b EXEC
      @0b RESET
      @0b AUTH secret
      @0b PING
      @0b CLIENT INFO
      @0b RESET
      @0b PING
      @0b QUIT
      @0b !ended
      @0c HELLO 3 AUTH default secret SETNAME me
      @0c CLIENT GETNAME
      @0c AUTH default secret
      CONFIG GET requirepass
      CONFIG SET requirepass ""
      @0d PING
      @0d AUTH secret
    `,
  },
]
