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
  {
    name: 'CLIENT TRACKING, words that do not fit',
    lines: `
      CLIENT TRACKING
      CLIENT TRACKING maybe
      CLIENT TRACKING on FOO
      CLIENT TRACKING on REDIRECT
      CLIENT TRACKING on REDIRECT abc
      CLIENT TRACKING on REDIRECT 99999999
      CLIENT TRACKING on PREFIX a
      CLIENT TRACKING on BCAST OPTIN
      CLIENT TRACKING on BCAST OPTOUT
      CLIENT TRACKING on OPTIN OPTOUT
      CLIENT TRACKING on BCAST PREFIX a PREFIX ab
      CLIENT TRACKING on BCAST PREFIX ab PREFIX a
      CLIENT TRACKING on BCAST PREFIX a PREFIX b
      CLIENT TRACKINGINFO
      CLIENT TRACKING on
      CLIENT TRACKING on BCAST PREFIX aa
      CLIENT TRACKING on BCAST PREFIX c
      CLIENT TRACKINGINFO
      CLIENT TRACKING on BCAST
      CLIENT TRACKINGINFO
      CLIENT INFO
      CLIENT CACHING yes
      CLIENT TRACKING off
      CLIENT TRACKING off
      CLIENT TRACKINGINFO
      CLIENT GETREDIR
      CLIENT CACHING yes
      CLIENT CACHING
      CLIENT TRACKING on OPTIN
      CLIENT CACHING no
      CLIENT CACHING maybe
      CLIENT CACHING yes
      CLIENT TRACKINGINFO
      CLIENT TRACKINGINFO
      PING
      CLIENT TRACKINGINFO
      CLIENT TRACKING on OPTOUT
      CLIENT TRACKING off
      CLIENT TRACKING on OPTOUT NOLOOP
      CLIENT CACHING yes
      CLIENT CACHING no
      CLIENT TRACKINGINFO
      GET
      CLIENT TRACKINGINFO
      CLIENT GETREDIR
      CLIENT INFO
      CLIENT TRACKING on BCAST
      RESET
      CLIENT TRACKINGINFO
    `,
  },
  {
    name: 'keys that were read are told once',
    lines: `
      HELLO 3
      CLIENT TRACKING on
      SET a 1
      GET a
      @0w SET a 2
      !heard
      @0w SET a 3
      !heard
      MGET {m}a {m}b none{m}
      @0w MSET {m}a 1 {m}b 2
      !heard
      GET a
      SET a 4
      !heard
      GET a
      MULTI
      SET a 5
      GET a
      INCR a
      EXEC
      !heard
      GET a
      EXPIRE a 100
      !heard
      GET a
      @0w DEL a
      !heard
      EXISTS h
      HGETALL h
      @0w HSET h f v
      !heard
      GET x
      TTL y
      @0w FLUSHALL
      !heard
      @0w SET x 1
      !heard
      GET x
      FLUSHDB
      !heard
      SET e v PX 1000
      GET e
      @0w !until :0 EXISTS e
      !hears 1
      @0w SET f v
      GET f
      CLIENT TRACKING off
      @0w SET f w
      !heard
      @0n HELLO 3
      @0n CLIENT TRACKING on NOLOOP
      @0n GET g
      @0n SET g 1
      @0n !heard
      @0n GET g
      @0w SET g 2
      @0n !heard
      @0r CLIENT TRACKING on
      @0r GET g
      @0w SET g 3
      @0r !heard
    `,
  },
  {
    name: 'tracking by choice',
    lines: `
      HELLO 3
      CLIENT TRACKING on OPTIN
      GET a
      @0w SET a 1
      !heard
      CLIENT CACHING yes
      GET a
      GET b
      @0w MSET {a}x 1
      @0w SET b 1
      @0w SET a 1
      !heard
      CLIENT CACHING yes
      MULTI
      GET a
      GET {a}b
      EXEC
      @0w SET {a}b 2
      @0w SET a 2
      !heard
      CLIENT TRACKING off
      CLIENT TRACKING on OPTOUT
      CLIENT CACHING no
      GET a
      GET b
      @0w SET a 3
      @0w SET b 3
      !heard
    `,
  },
  {
    name: 'tracking by prefix',
    lines: `
      HELLO 3
      CLIENT TRACKING on BCAST PREFIX a: PREFIX b:
      @0w SET a:1 v
      @0w SET c:1 v
      @0w SET b:1 v
      !heard
      SET a:1 self
      !heard
      @0w MULTI
      @0w SET a:{s}2 v
      @0w SET a:{s}1 v
      @0w DEL a:{s}2
      @0w EXEC
      !heard
      @0n HELLO 3
      @0n CLIENT TRACKING on BCAST NOLOOP
      @0n SET z 1
      @0n !heard
      @0w SET z 2
      @0n !heard
      @0w FLUSHALL
      @0n !heard
      !heard
    `,
  },
]
