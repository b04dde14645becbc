/**
 * MEMORY and `maxmemory`: what is refused and in which order, and policies whose outcome is certain - because all keys have
 * to go, or only one may. Figures are compared in `memory.test.ts`.
 */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'MEMORY and its subcommands',
    lines: `
      MEMORY
      MEMORY NOSUCH
      MEMORY HELP
      MEMORY HELP x
      MEMORY DOCTOR
      MEMORY DOCTOR x
      MEMORY PURGE
      MEMORY PURGE x
      MEMORY STATS x
      MEMORY MALLOC-STATS x
      MEMORY MALLOC-STATS
      MEMORY STATS
      SET k v
      SET l v EX 100
      MEMORY STATS
    `,
  },
  {
    name: 'MEMORY USAGE',
    lines: `
      SET k v
      RPUSH l a b c
      SET gone v PX 1
      MEMORY USAGE
      MEMORY USAGE nosuch
      MEMORY USAGE nosuch SAMPLES x
      MEMORY USAGE k
      MEMORY USAGE k SAMPLES
      MEMORY USAGE k SAMPLES 0
      MEMORY USAGE k SAMPLES 5
      MEMORY USAGE l SAMPLES 5 samples 1
      MEMORY USAGE l SAMPLES -1
      MEMORY USAGE l SAMPLES x
      MEMORY USAGE l SAMPLE 1
      MEMORY USAGE l SAMPLES 1 x
      !until :0 EXISTS gone
      MEMORY USAGE gone
    `,
  },
  {
    name: 'directives',
    lines: `
      CONFIG GET maxmemory*
      CONFIG SET maxmemory 100mb
      CONFIG GET maxmemory
      CONFIG SET maxmemory -1
      CONFIG SET maxmemory x
      CONFIG SET maxmemory 0
      CONFIG SET maxmemory-policy nosuch
      CONFIG SET maxmemory-policy ALLKEYS-LRU
      CONFIG GET maxmemory-policy
      CONFIG SET maxmemory-policy noeviction
      CONFIG SET maxmemory-samples 0
      CONFIG SET maxmemory-samples 10
      CONFIG SET maxmemory-samples 5
      CONFIG SET maxmemory-eviction-tenacity 101
      CONFIG SET maxmemory-eviction-tenacity 10
      CONFIG SET maxmemory-clients 101%
      CONFIG SET maxmemory-clients 5%
      CONFIG GET maxmemory-clients
      CONFIG SET maxmemory-clients 0
      CONFIG GET lazyfree*
      CONFIG SET lfu-log-factor 11 lfu-decay-time 2
      CONFIG GET lfu*
      CONFIG SET lfu-log-factor 10 lfu-decay-time 1
      CONFIG SET active-expire-effort 0
      CONFIG SET active-expire-effort 11
      CONFIG GET active-expire-effort
    `,
  },
  {
    name: 'without a policy what may take more is refused',
    lines: `
      SET k v
      RPUSH list a
      CONFIG SET maxmemory 1
      SET k w
      SET
      SET l v EX 100
      GET k
      APPEND k x
      INCR n
      HSET h f v
      RPUSH list b
      LPOP list
      LMOVE list list LEFT RIGHT
      BLMOVE list list LEFT RIGHT 0
      SADD s m
      ZADD z 1 m
      XADD x * f v
      PFADD p a
      BITOP NOT d k
      SORT list STORE other
      SORT list
      GEOADD g 1 1 m
      RESTORE r 0 x
      COPY k {k}2
      RENAME k k
      EXPIRE k 100
      PERSIST k
      GETEX k EX 10
      SETRANGE k 0 x
      MSET k 1
      XGROUP CREATE x g 0 MKSTREAM
      PUBLISH c m
      PING
      CONFIG GET maxmemory
      DEL k
      CONFIG SET maxmemory 0
      SET k w
    `,
  },
  {
    name: 'which error comes first',
    lines: `
      CONFIG SET maxmemory 1
      SET a
      MSET a 1 b 2
      NOSUCH a
      MULTI
      MULTI
      SET a 1
      EXEC
      CONFIG SET maxmemory 0
      MULTI
      SET a 1
      GET a
      CONFIG SET maxmemory 1
      DISCARD
      SUBSCRIBE c
      SET a 1
      UNSUBSCRIBE
      CONFIG SET min-replicas-to-write 1
      SET a 1
      DEL a
      CONFIG SET min-replicas-to-write 0
      CONFIG SET maxmemory 0
    `,
  },
  {
    name: 'transactions',
    lines: `
      CONFIG SET maxmemory 1
      MULTI
      GET k
      EXEC
      MULTI
      DISCARD
      MULTI
      EXEC
      MULTI
      PING
      RESET
      CONFIG SET maxmemory 0
      MULTI
      SET k 1
      @0b CONFIG SET maxmemory 1
      EXEC
      @0b CONFIG SET maxmemory 0
      MULTI
      GET k
      DEL k
      @0b CONFIG SET maxmemory 1
      EXEC
      @0b CONFIG SET maxmemory 0
      WATCH k
      MULTI
      EXEC
    `,
  },
  {
    name: 'one key may go, and goes',
    lines: `
      CONFIG SET notify-keyspace-events KEA
      @0b SUBSCRIBE __keyevent@0__:evicted
      SET stays v
      SET goes v EX 1000
      CONFIG SET maxmemory-policy volatile-lru maxmemory 1
      !until :0 EXISTS goes
      @0b !hears 1
      GET stays
      SET more v
      CONFIG SET maxmemory 0
      SET goes v EX 1000
      CONFIG SET maxmemory-policy volatile-ttl maxmemory 1
      !until :0 EXISTS goes
      @0b !hears 1
      EXPIRE stays 100
      !until :0 EXISTS stays
      @0b !hears 1
      SET more v
      CONFIG SET maxmemory 0 maxmemory-policy noeviction
      CONFIG SET notify-keyspace-events ""
    `,
  },
  {
    name: 'all keys go by each policy',
    lines: `
      MSET {a}1 v {a}2 v {a}3 v
      CONFIG SET maxmemory-policy allkeys-lru maxmemory 1
      !until :0 DBSIZE
      SET a v
      CONFIG SET maxmemory 0
      MSET {a}1 v {a}2 v {a}3 v
      CONFIG SET maxmemory-policy allkeys-lfu maxmemory 1
      !until :0 DBSIZE
      CONFIG SET maxmemory 0
      MSET {a}1 v {a}2 v {a}3 v
      CONFIG SET maxmemory-policy allkeys-random maxmemory 1
      !until :0 DBSIZE
      CONFIG SET maxmemory 0
      SET a v EX 100
      SET b v EX 100
      SET c v
      CONFIG SET maxmemory-policy volatile-lfu maxmemory 1
      !until :1 DBSIZE
      CONFIG SET maxmemory 0
      SET a v EX 100
      CONFIG SET maxmemory-policy volatile-random maxmemory 1
      !until :1 DBSIZE
      CONFIG SET maxmemory 0 maxmemory-policy noeviction
    `,
  },
  {
    name: 'a key that goes is one that changed',
    lines: `
      SET k v
      @0b WATCH k
      @0b MULTI
      @0b PING
      @0c HELLO 3
      @0c CLIENT TRACKING ON
      @0c GET k
      CONFIG SET maxmemory-policy allkeys-lru maxmemory 1
      !until :0 DBSIZE
      CONFIG SET maxmemory 0 maxmemory-policy noeviction
      @0b EXEC
      @0c !heard
    `,
  },
  {
    name: 'ages and frequencies by policy',
    lines: `
      SET k 1
      OBJECT FREQ k
      OBJECT IDLETIME k
      CONFIG SET maxmemory-policy allkeys-lfu
      SET l v
      OBJECT FREQ l
      OBJECT IDLETIME l
      DUMP l
      RESTORE m 0 "\\x00\\x01\\x76\\x0a\\x00\\x91\\x08\\xce\\xb2\\x19\\x38\\x8a\\xce" FREQ 100
      OBJECT FREQ m
      RESTORE n 0 "\\x00\\x01\\x76\\x0a\\x00\\x91\\x08\\xce\\xb2\\x19\\x38\\x8a\\xce" IDLETIME 1000
      CONFIG SET maxmemory-policy volatile-lru
      OBJECT FREQ l
      RESTORE o 0 "\\x00\\x01\\x76\\x0a\\x00\\x91\\x08\\xce\\xb2\\x19\\x38\\x8a\\xce" IDLETIME 1000 FREQ 3
      RESTORE o 0 "\\x00\\x01\\x76\\x0a\\x00\\x91\\x08\\xce\\xb2\\x19\\x38\\x8a\\xce" IDLETIME 1000
      OBJECT IDLETIME o
      CONFIG SET maxmemory-policy noeviction
      OBJECT REFCOUNT k
      CONFIG SET maxmemory-policy allkeys-lru maxmemory 1gb
      SET k 1
      OBJECT REFCOUNT k
      CONFIG SET maxmemory-policy allkeys-random
      SET k 1
      OBJECT REFCOUNT k
      CONFIG SET maxmemory 0 maxmemory-policy noeviction
    `,
  },
  {
    name: 'keys whose time is over, while nothing deletes them by itself',
    lines: `
      DEBUG SET-ACTIVE-EXPIRE 0
      SET {a}2 v PX 1
      SET {a}3 v PX 1
      SET {a}1 v PX 1
      !until :0 EXISTS {a}1
      DBSIZE
      MGET {a}1 {a}2
      DBSIZE
      EXPIRE {a}3 100
      DBSIZE
      DEBUG SET-ACTIVE-EXPIRE
      DEBUG SET-ACTIVE-EXPIRE x
      DEBUG PAUSE-CRON 0
      DEBUG PAUSE-CRON
      DEBUG SET-ACTIVE-EXPIRE 1
      SET {a}4 v PX 1
      !until :0 DBSIZE
    `,
  },
]
