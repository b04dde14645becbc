/** What is said about keys of any type. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'DEL, UNLINK, EXISTS, TOUCH, TYPE',
    lines: `
      DEL none
      SET {k}a 1
      HSET {k}h f v
      EXISTS {k}a {k}h {k}none {k}a
      TOUCH {k}a {k}none {k}a
      TYPE {k}a
      TYPE {k}h
      TYPE none
      DEL {k}a {k}a {k}none
      UNLINK {k}h {k}h
      DBSIZE
      DEL
      EXISTS
      TOUCH
      TYPE
      TYPE a b
      DEL a b
      EXISTS a b
      UNLINK a b
      TOUCH a b
    `,
  },
  {
    name: 'RENAME and COPY',
    lines: `
      RENAME {k}none {k}b
      SET {k}a 1 EX 1000
      RENAME {k}a {k}b
      TTL {k}b
      EXISTS {k}a
      RENAME {k}b {k}b
      SET {k}c 2
      RENAMENX {k}b {k}c
      RENAMENX {k}b {k}d
      RENAMENX {k}d {k}d
      RENAMENX {k}none {k}e
      RENAME {k}d {k}c
      TTL {k}c
      RENAME a b
      RENAMENX a b
      RENAME a
      COPY {k}none {k}b
      COPY {k}c {k}copy
      TTL {k}copy
      GET {k}copy
      SET {k}other x
      COPY {k}c {k}other
      COPY {k}c {k}other REPLACE
      GET {k}other
      COPY {k}c {k}c
      COPY {k}c {k}new DB 0
      COPY {k}c {k}new DB 1
      COPY {k}c {k}new DB abc
      COPY {k}c {k}new DB 99
      COPY {k}c {k}new DB 11 NOSUCH
      EXPIRE {k}c 100 "a\\x00b"
      COPY {k}c {k}new DB
      COPY {k}c {k}new NOSUCH
      COPY a b
      HSET {k}h f v
      COPY {k}h {k}h2
      HSET {k}h f w
      HGETALL {k}h2
      MOVE {k}h 1
    `,
  },
  {
    name: 'expiry',
    lines: `
      EXPIRE none 10
      PEXPIRE none 10
      TTL none
      PTTL none
      EXPIRETIME none
      PEXPIRETIME none
      PERSIST none
      SET k v
      TTL k
      PTTL k
      EXPIRETIME k
      PEXPIRETIME k
      PERSIST k
      EXPIRE k 100
      TTL k
      PTTL k
      PERSIST k
      PERSIST k
      EXPIRE k 100 NX
      EXPIRE k 200 NX
      EXPIRE k 200 XX
      EXPIRE k 100 GT
      EXPIRE k 300 GT
      EXPIRE k 400 LT
      EXPIRE k 100 LT
      TTL k
      EXPIRE k 100 NX XX
      EXPIRE k 100 NX GT
      EXPIRE k 100 GT LT
      EXPIRE k 50 XX GT
      EXPIRE k 100 NOSUCH
      EXPIRE k abc
      EXPIRE k
      EXPIRE k 9223372036854775807
      EXPIRE k 9223372036854775
      EXPIRE k -9223372036854775808
      PEXPIRE k 9223372036854775807
      PEXPIREAT k 9223372036854775807
      PEXPIRETIME k
      EXPIREAT k 4000000000
      EXPIRETIME k
      PEXPIRETIME k
      PEXPIREAT k 4000000000500
      EXPIRETIME k
      PEXPIRETIME k
      PERSIST k
      EXPIRE k 100 GT
      EXPIRE k 100 LT
      EXPIREAT k 1
      EXISTS k
      SET k v
      EXPIRE k -1
      EXISTS k
      SET k v
      PEXPIREAT k 0
      DBSIZE
      SET k v
      EXPIRE k 0
      GET k
      HSET h f v
      PEXPIRE h 1
      !until :0 EXISTS h
      HGET h f
      HLEN h
      HSET h f w
      TTL h
    `,
  },
  {
    name: 'what a write does to the time to live',
    lines: `
      SET k 1 EX 1000
      INCR k
      TTL k
      APPEND k 0
      TTL k
      SETRANGE k 0 9
      TTL k
      GETSET k 5
      TTL k
      SET k 1 EX 1000
      SET k 2
      TTL k
      HSET h f v
      EXPIRE h 1000
      HSET h g w
      TTL h
      HDEL h f g
      TTL h
      SET {k}a 1 EX 1000
      SET {k}b 2
      RENAME {k}b {k}a
      TTL {k}a
      MSET {k}a 1
      TTL {k}a
    `,
  },
  {
    name: 'KEYS, RANDOMKEY, SCAN, DBSIZE',
    lines: `
      KEYS *
      RANDOMKEY
      SCAN 0
      DBSIZE
      SET one 1
      RANDOMKEY
      SCAN 0
      SET two 2
      HSET three f v
      SET "w\\x00ird[x]" 4
      KEYS *
      KEYS t*
      KEYS t[wx]o
      KEYS t[^w]*
      KEYS o?e
      KEYS "w*\\\\[x\\\\]"
      KEYS none
      KEYS ""
      KEYS
      DBSIZE
      DBSIZE x
      SCAN 0 COUNT 1000
      SCAN 0 COUNT 1000 MATCH t*
      SCAN 0 COUNT 1000 TYPE hash
      SCAN 0 COUNT 1000 TYPE HASH
      SCAN 0 COUNT 1000 TYPE nosuch
      SCAN 0 MATCH t* COUNT 1000 TYPE string
      SCAN 0 COUNT 0
      SCAN 0 COUNT -5
      SCAN 0 COUNT abc
      SCAN 0 COUNT
      SCAN 0 NOSUCH 1
      SCAN abc
      SCAN
      SCAN 18446744073709551616
      RANDOMKEY x
    `,
  },
  {
    name: 'OBJECT',
    lines: `
      SET k v
      HSET h f v
      OBJECT ENCODING k
      OBJECT ENCODING h
      OBJECT ENCODING none
      OBJECT REFCOUNT k
      OBJECT REFCOUNT none
      SET n 100
      OBJECT REFCOUNT n
      SET n 10000
      OBJECT REFCOUNT n
      OBJECT IDLETIME k
      OBJECT IDLETIME none
      OBJECT FREQ k
      OBJECT FREQ none
      OBJECT HELP
      OBJECT NOSUCH k
      OBJECT ENCODING
      OBJECT ENCODING k x
      OBJECT
    `,
  },
  {
    name: 'FLUSHALL and FLUSHDB',
    lines: `
      SET a 1
      SET b 2
      FLUSHALL
      DBSIZE
      SET a 1
      FLUSHDB
      DBSIZE
      FLUSHALL SYNC
      FLUSHALL ASYNC
      FLUSHDB sync
      FLUSHDB async
      FLUSHALL NOSUCH
      FLUSHDB SYNC ASYNC
    `,
  },
]
