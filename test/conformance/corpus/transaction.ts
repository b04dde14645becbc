/** What is said in and about transactions. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'MULTI, EXEC, DISCARD',
    lines: `
      EXEC
      DISCARD
      MULTI
      MULTI
      SET k 1
      INCR k
      HSET k f v
      GET k
      EXEC
      EXEC
      MULTI
      EXEC
      MULTI
      SET k 5
      DISCARD
      GET k
      MULTI
      PING
      ECHO x
      TIME
      CLIENT GETNAME
      HELLO
      SELECT 0
      SELECT 5
      EXEC
      MULTI x
      EXEC x
      DISCARD x
      WATCH
      UNWATCH x
    `,
  },
  {
    name: 'what cannot be queued',
    lines: `
      MULTI
      NOSUCH
      SET k 1
      EXEC
      GET k
      MULTI
      SET k
      EXEC
      MULTI
      CONFIG NOSUCH
      EXEC
      MULTI
      NOSUCH
      DISCARD
      GET k
      MULTI
      WATCH k
      EXEC
      MULTI
      SHUTDOWN NOSAVE
      EXEC
      MULTI
      MGET a b
      EXEC
      MULTI
      GET a
      GET b
      EXEC
      EXEC
      MULTI
      QUIT
      !ended
    `,
  },
  {
    name: 'WATCH',
    lines: `
      SET k 1
      WATCH k
      @0b SET k 2
      MULTI
      SET k 3
      EXEC
      GET k
      WATCH k
      MULTI
      SET k 4
      EXEC
      WATCH k
      SET k 5
      MULTI
      PING
      EXEC
      WATCH k
      @0b SET k 6
      UNWATCH
      MULTI
      PING
      EXEC
      WATCH k
      @0b SET k 7
      DISCARD
      MULTI
      DISCARD
      MULTI
      PING
      EXEC
      WATCH none
      @0b DEL none
      MULTI
      PING
      EXEC
      WATCH none
      @0b SET none x
      MULTI
      PING
      EXEC
      WATCH k
      @0b EXPIRE k 1000
      MULTI
      PING
      EXEC
      WATCH k
      @0b HSET {k}h f v
      MULTI
      PING
      EXEC
      WATCH {k}h
      @0b HSET {k}h f v
      MULTI
      PING
      EXEC
      WATCH {k}h
      @0b HDEL {k}h none
      MULTI
      PING
      EXEC
      WATCH {k}h none
      WATCH {k}h
      @0b FLUSHALL
      MULTI
      PING
      EXEC
      WATCH none
      @0b FLUSHALL
      MULTI
      PING
      EXEC
      WATCH a b
      WATCH {k}a
      @0b RENAME {k}none {k}a
      @0b SET {k}x 1
      @0b RENAME {k}x {k}a
      MULTI
      PING
      EXEC
    `,
  },
  {
    // Whether time runs out before or after WATCH decides; each case says plainly which it is.
    name: 'WATCH of a key with a time to live',
    lines: `
      SET k v PX 1000
      WATCH k
      !until :0 EXISTS k
      MULTI
      PING
      EXEC
      SET k v PX 1000
      WATCH k
      @0b !until :0 EXISTS k
      MULTI
      PING
      EXEC
      DEBUG SET-ACTIVE-EXPIRE 0
      SET k v PX 1000
      WATCH k
      DEBUG SLEEP 1.01
      MULTI
      PING
      EXEC
      SET k v PX 1
      DEBUG SLEEP 0.01
      WATCH k
      !until :0 EXISTS k
      MULTI
      PING
      EXEC
      SET k v PX 1
      DEBUG SLEEP 0.01
      WATCH k
      MULTI
      PING
      EXEC
      DEBUG SET-ACTIVE-EXPIRE 1
    `,
  },
  {
    name: 'protocol within a transaction',
    lines: `
      HSET h f v
      MULTI
      HGETALL h
      HELLO 3
      HGETALL h
      EXEC
      HGETALL h
      MULTI
      HELLO 2
      HGETALL h
      EXEC
    `,
  },
]
