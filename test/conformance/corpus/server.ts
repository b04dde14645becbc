/** What is said about the server: unknown commands, arity, CONFIG, COMMAND, and the rest. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'unknown commands and arity',
    lines: `
      NOSUCH
      NOSUCH a b c
      nosuch "with space" "\\x00\\r\\n" "a\\x00b"
      "no\\x00such" "a\\r\\nb"
      NOSUCH ${'x'.repeat(200)} y z
      NOSUCH ${'abcdefghi '.repeat(20)}
      ${'N'.repeat(200)} a
      "get k"
      GET
      get
      CONFIG
      CONFIG NOSUCH
      CONFIG GET
      CLUSTER
      CLUSTER NOSUCH
      CLUSTER nosuch a b
      COMMAND NOSUCH
      OBJECT
      MULTI x
      TIME x
      INFO nosuch
    `,
  },
  {
    name: 'CONFIG',
    lines: `
      CONFIG GET maxmemory
      CONFIG GET MAXMEMORY
      CONFIG GET nosuch
      CONFIG GET maxmemory*
      CONFIG GET hash-max-* shutdown-*
      CONFIG GET [h]z hz
      CONFIG SET maxmemory 100mb
      CONFIG GET maxmemory
      CONFIG SET maxmemory 0
      CONFIG SET maxmemory abc
      CONFIG SET maxmemory
      CONFIG SET nosuch 1
      CONFIG SET hz 10 nosuch 1
      CONFIG SET hz 10 HZ 10
      CONFIG SET port abc
      CONFIG SET cluster-enabled no
      CONFIG SET databases 5
      CONFIG SET maxmemory-policy nosuch
      CONFIG SET appendonly maybe
      CONFIG SET hash-max-listpack-entries 2
      HSET h a 1 b 2 c 3
      OBJECT ENCODING h
      CONFIG SET hash-max-ziplist-entries 512
      CONFIG GET hash-max-*-entries
      CONFIG REWRITE
      CONFIG RESETSTAT
      CONFIG RESETSTAT x
      CONFIG HELP
    `,
  },
  {
    name: 'COMMAND',
    lines: `
      COMMAND INFO get hset nosuch
      COMMAND INFO "config|get" "config|nosuch"
      COMMAND GETKEYS GET k
      COMMAND GETKEYS MSET a 1 b 2
      COMMAND GETKEYS HSET h f v
      COMMAND GETKEYS PING
      COMMAND GETKEYS NOSUCH a
      COMMAND GETKEYS GET
      COMMAND GETKEYS
      COMMAND GETKEYSANDFLAGS SET k v GET
      COMMAND GETKEYSANDFLAGS COPY a b
      COMMAND LIST FILTERBY NOSUCH x
      COMMAND LIST FILTERBY PATTERN hs*
      COMMAND LIST FILTERBY MODULE none
      COMMAND COUNT x
      COMMAND HELP
      COMMAND DOCS nosuch
    `,
  },
  {
    name: 'TIME, ROLE, replication and SHUTDOWN words',
    lines: `
      TIME
      ROLE
      ROLE x
      REPLICAOF NO ONE
      REPLICAOF 127.0.0.1 1
      SLAVEOF NO ONE
      REPLICAOF x
      FAILOVER
      FAILOVER ABORT
      FAILOVER foo
      FAILOVER TO h
      SHUTDOWN NOSUCH
      SHUTDOWN SAVE NOSAVE
      SHUTDOWN ABORT
      SHUTDOWN NOW ABORT
      READONLY
      READWRITE
      READONLY x
      ASKING
      ASKING x
    `,
  },
  {
    name: 'SLOWLOG',
    lines: `
      SLOWLOG
      SLOWLOG NOSUCH
      SLOWLOG RESET
      CONFIG SET slowlog-log-slower-than 0
      SLOWLOG RESET
      CLIENT SETNAME me
      SET k v
      GET k
      INCR k
      SADD s ${Array.from({ length: 40 }, (_, i) => i).join(' ')}
      SET k ${'x'.repeat(150)}
      GET
      NOSUCH
      MULTI
      SPOP s 100
      PING
      EXEC
      AUTH a b c
      AUTH default x
      HELLO 3 AUTH a
      CONFIG SET masterauth x hz 10
      CONFIG SET masterauth
      CONFIG SET masterauth "" masteruser ""
      MIGRATE 127.0.0.1 1 "" 0 10 AUTH x KEYS "{s}a" "{s}b"
      MIGRATE 127.0.0.1 1 nokey 0 10 AUTH2 x y
      SLOWLOG GET 3
      SLOWLOG LEN x
      SLOWLOG GET 0
      SLOWLOG GET -1
      SLOWLOG GET -2
      SLOWLOG GET x
      SLOWLOG GET 1 2
      SLOWLOG GET 9223372036854775807
      SLOWLOG RESET
      !send BLPOP {s}list 0
      @0b !blocked 1
      @0b MULTI
      @0b RPUSH {s}list x
      @0b EXEC
      !hears 1
      @0b SLOWLOG GET 3
      @0b CONFIG SET slowlog-max-len 2
      @0b SLOWLOG GET -1
      @0b PING
      @0b SLOWLOG GET -1
      @0b CONFIG SET slowlog-max-len 128 slowlog-log-slower-than 10000
      @0b SLOWLOG RESET
      @0b SLOWLOG LEN
      @0b SLOWLOG GET
      @0b SLOWLOG HELP
      @0b DEBUG SLEEP 0
      @0b DEBUG SLEEP
    `,
  },
  {
    name: 'LATENCY',
    lines: `
      LATENCY
      LATENCY NOSUCH
      LATENCY HISTORY
      LATENCY HISTORY nosuch
      LATENCY GRAPH nosuch
      LATENCY RESET
      LATENCY RESET nosuch command
      LATENCY LATEST
      LATENCY LATEST x
      LATENCY DOCTOR
      CONFIG SET latency-monitor-threshold 1000
      LATENCY DOCTOR
      CONFIG SET latency-monitor-threshold 0
      LATENCY HELP
      LATENCY HELP x
      CONFIG RESETSTAT
      SET a b
      SET c d
      GET a
      CLIENT ID
      CLIENT GETNAME
      LATENCY HISTOGRAM nosuch
      LATENCY HISTOGRAM set GET zadd nosuch
      LATENCY HISTOGRAM client
      LATENCY HISTOGRAM "CLIENT|ID" "client|nosuch" "client|id|x"
      LATENCY HISTOGRAM set set
      LATENCY HISTOGRAM
      CONFIG SET latency-tracking no
      CONFIG RESETSTAT
      GET a
      LATENCY HISTOGRAM
      CONFIG SET latency-tracking yes
      GET a
      LATENCY HISTOGRAM get
    `,
  },
  {
    name: 'saving',
    lines: `
      SAVE x
      BGSAVE x
      BGSAVE SCHEDULE x
      LASTSAVE
      LASTSAVE x
      SET k v
      !until +OK SAVE
      MULTI
      SAVE
      EXEC
      CONFIG SET rdb-key-save-delay 3000000
      BGSAVE
      BGSAVE
      BGSAVE SCHEDULE
      SAVE
      FLUSHALL
      CONFIG SET rdb-key-save-delay 0
    `,
  },
  {
    name: 'LOLWUT and MODULE',
    lines: `
      LOLWUT
      LOLWUT VERSION 5 10 2 2
      LOLWUT VERSION 5 40 3 2
      LOLWUT VERSION 5 0 0 0
      LOLWUT VERSION 5 x
      LOLWUT VERSION 6 1 x
      LOLWUT VERSION x
      LOLWUT VERSION
      LOLWUT VERSION 7 1 2
      LOLWUT FOO 5
      MODULE
      MODULE LIST
      MODULE LIST x
      MODULE LOAD
      MODULE LOAD x
      MODULE LOADEX x
      MODULE UNLOAD x
      MODULE NOSUCH
      MODULE HELP
    `,
  },
  {
    name: 'DEBUG and what is saved',
    lines: `
      SET k v
      SADD s a b c
      DEBUG RELOAD
      DEBUG DIGEST
      GET k
      DEBUG RELOAD NOSAVE
      DEBUG RELOAD NOSUCH
      DEBUG RELOAD MERGE NOFLUSH
      DEBUG DIGEST
      DEBUG OBJECT nosuch
      DEBUG OBJECT
      DEBUG LOG hello
      DEBUG LOG
      DEBUG REPLYBUFFER PEAK-RESET-TIME 100
      DEBUG REPLYBUFFER PEAK-RESET-TIME reset
      DEBUG REPLYBUFFER x y
      DEBUG SET-SKIP-CHECKSUM-VALIDATION 1
      RESTORE r 0 "\\x00\\x01a\\n\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
      DEBUG SET-SKIP-CHECKSUM-VALIDATION 0
      RESTORE q 0 "\\x00\\x01a\\n\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
      GET r
    `,
  },
  {
    name: 'DEBUG and how things are kept',
    lines: `
      SET k hello
      SET n 12
      SET long ${'x'.repeat(100)}
      SET a-key-of-forty-bytes-is-one-of-its-own-kind v
      RPUSH l a b
      HSET h f v
      SADD t a b c
      ZADD z 1 a
      DEBUG SDSLEN k
      DEBUG SDSLEN n
      DEBUG SDSLEN long
      DEBUG SDSLEN a-key-of-forty-bytes-is-one-of-its-own-kind
      DEBUG SDSLEN l
      DEBUG SDSLEN none
      DEBUG SDSLEN
      DEBUG LISTPACK h
      DEBUG LISTPACK z
      DEBUG LISTPACK l
      DEBUG LISTPACK t
      DEBUG LISTPACK none
      DEBUG QUICKLIST l
      DEBUG QUICKLIST l 1
      DEBUG QUICKLIST l 1 2
      DEBUG QUICKLIST h
      DEBUG QUICKLIST none
      DEBUG STRUCTSIZE
      DEBUG HTSTATS 16
      DEBUG HTSTATS x
      DEBUG HTSTATS
      DEBUG HTSTATS 0 full
      DEBUG HTSTATS-KEY h
      DEBUG HTSTATS-KEY none
      DEBUG HTSTATS-KEY
      FLUSHALL
      DEBUG HTSTATS 0
    `,
  },
]
