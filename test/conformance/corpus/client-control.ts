/** What is said to hold clients back and to watch them. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'CLIENT PAUSE',
    lines: `
      CLIENT PAUSE
      CLIENT PAUSE abc
      CLIENT PAUSE -1
      CLIENT PAUSE 99999999999999999999
      CLIENT PAUSE 9223372036854775807
      PING
      CLIENT PAUSE 10 FOO
      CLIENT PAUSE abc FOO
      CLIENT PAUSE 10 ALL X
      CLIENT UNPAUSE x
      CLIENT UNPAUSE
      CLIENT PAUSE 0
      PING
      SET k v
      @0m MULTI
      @0m PUBLISH a b
      CLIENT PAUSE 100000 WRITE
      GET k
      @0w !send SET k w
      @0w !send PING
      @0p !send PUBLISH a b
      @0m !send EXEC
      @0r MULTI
      @0r GET k
      @0r EXEC
      GET k
      CLIENT UNPAUSE
      @0w !hears 2
      @0p !hears 1
      @0m !hears 1
      GET k
      CLIENT PAUSE 300
      !send PING
      @0b NOSUCH
      @0b GET
      @0b !send CLIENT UNPAUSE
      !hears 1
      @0b !hears 1
      @0w !send QUIT
      @0w !hears 1
      @0w !ended
    `,
  },
  {
    name: 'NO-EVICT stays over RESET',
    lines: `
      CLIENT NO-EVICT on
      CLIENT INFO
      RESET
      CLIENT INFO
      CLIENT NO-EVICT off
      CLIENT INFO
    `,
  },
  {
    name: 'MONITOR',
    lines: `
      @0m MONITOR
      @0m PING
      @0m !hears 1
      SET k "a\\x00\\n\\r\\t\\"b\\\\\\xff"
      GET
      NOSUCH
      CONFIG GET hz
      CLIENT LIST
      CLIENT ID
      MULTI
      SET k v
      GET k
      EXEC
      MULTI
      SET k v
      DISCARD
      AUTH secret
      AUTH default secret
      HELLO 2 AUTH default secret SETNAME x
      get k
      SUBSCRIBE x
      UNSUBSCRIBE
      SPUBLISH x y
      CLUSTER KEYSLOT a
      CLUSTER NODES
      CLIENT NO-EVICT off
      @0m !heard
      # The line about the PING that told where all was heard.
      @0m !hears 1
      @0m SET k v
      @0m GET k
      @0m PUBLISH a b
      @0m RESET
      GET k
      @0m !heard
      @0m GET k
      @0x MULTI
      @0x MONITOR
      @0x EXEC
    `,
  },
]
