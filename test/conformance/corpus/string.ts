/** What is said about strings. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'SET and GET',
    lines: `
      SET k v
      GET k
      GET none
      SET k "" 
      GET k
      STRLEN k
      STRLEN none
      SET k "\\x00\\r\\n\\xff bytes"
      GET k
      SET k
      SET
      GET
      GET a b
      set k lower
      sEt k mixed
      GET k
    `,
  },
  {
    name: 'options of SET',
    lines: `
      SET k 1 NX
      SET k 2 NX
      SET k 3 XX
      SET none 1 XX
      GET none
      SET k 4 GET
      SET none 5 GET
      GET none
      SET k 6 XX GET
      SET new 7 NX GET
      SET new 8 NX GET
      GET new
      SET k v NX XX
      SET k v XX NX
      SET k v EX
      SET k v EX abc
      SET k v EX 0
      SET k v EX -1
      SET k v PX 0
      SET k v EX 9223372036854775807
      SET k v EX 9223372036854775
      SET k v PX 9223372036854775807
      SET k v EXAT 0
      SET k v PXAT -1
      SET k v EXAT 9223372036854775
      SET k v EX 10 PX 10
      SET k v EX 10 KEEPTTL
      SET k v KEEPTTL EX 10
      SET k v KEEPTTL KEEPTTL
      SET k v PERSIST
      SET k v NOSUCH
      SET k v ex 100
      TTL k
      SET k w KEEPTTL
      TTL k
      GET k
      SET k x
      TTL k
      SET k v EXAT 4000000000
      EXPIRETIME k
      PEXPIRETIME k
      SET k v PXAT 4000000000123
      PEXPIRETIME k
      SET k v PXAT 1
      GET k
      EXISTS k
      DBSIZE
      HSET h f v
      SET h v GET
      SET h v NX GET
      TYPE h
      SET h v
      TYPE h
    `,
  },
  {
    name: 'a key whose time is over',
    lines: `
      SET k v PX 1
      !until :0 EXISTS k
      GET k
      TTL k
      PTTL k
      TYPE k
      STRLEN k
      INCR k
      TTL k
      APPEND k 0
      GET k
    `,
  },
  {
    name: 'GETEX, GETDEL, GETSET, SETEX, PSETEX, SETNX',
    lines: `
      GETEX none
      SET k v
      GETEX k EX 100
      TTL k
      GETEX k PERSIST
      TTL k
      GETEX k PX 100000
      PTTL k
      GETEX k EXAT 4000000000
      EXPIRETIME k
      GETEX k PXAT 4000000000001
      PEXPIRETIME k
      GETEX k EX 0
      GETEX k EX abc
      GETEX k EX
      GETEX k EX 10 PERSIST
      GETEX k KEEPTTL
      GETEX k NX
      GETEX k NOSUCH
      GETEX none EX 0
      GETEX k PXAT 1
      EXISTS k
      GETEX
      GETDEL none
      SET k v
      GETDEL k
      GETDEL k
      GETSET k first
      GETSET k second
      EXPIRE k 100
      GETSET k third
      TTL k
      SETEX k 100 v
      TTL k
      SETEX k 0 v
      SETEX k -5 v
      SETEX k abc v
      SETEX k 100
      PSETEX k 100000 v
      PTTL k
      PSETEX k 0 v
      PSETEX k 9223372036854775807 v
      SETEX k 9223372036854775807 v
      SETNX k w
      SETNX new w
      GET new
      HSET h f v
      GETEX h
      GETDEL h
      GETSET h v
      SETNX h v
      SETEX h 100 v
      TYPE h
    `,
  },
  {
    name: 'numbers',
    lines: `
      INCR n
      INCRBY n 41
      DECR n
      DECRBY n 100
      GET n
      OBJECT ENCODING n
      SET n 9223372036854775807
      INCR n
      INCRBY n 1
      DECRBY n -1
      DECRBY n -9223372036854775808
      SET n -9223372036854775808
      DECR n
      INCRBY n -1
      SET n abc
      INCR n
      SET n " 1"
      INCR n
      SET n 1.5
      INCR n
      SET n ""
      INCR n
      SET n 007
      INCR n
      INCRBY n abc
      INCRBY n 1.5
      INCRBY n
      INCRBY n 9223372036854775808
      DECRBY n 9223372036854775808
      INCRBYFLOAT f 10.5
      INCRBYFLOAT f 0.1
      INCRBYFLOAT f -5
      INCRBYFLOAT f 5.0e3
      INCRBYFLOAT f abc
      INCRBYFLOAT f nan
      INCRBYFLOAT f inf
      INCRBYFLOAT f " 1"
      INCRBYFLOAT f ""
      GET f
      SET f 3.0
      INCRBYFLOAT f 1.0e2
      SET f 1e308
      INCRBYFLOAT f 1e308
      GET f
      SET f 0.1
      INCRBYFLOAT f 0.2
      OBJECT ENCODING f
      SET f abc
      INCRBYFLOAT f 1
      HSET h f v
      INCR h
      INCRBYFLOAT h 1
    `,
  },
  {
    name: 'a counter is a string to every command',
    lines: `
      INCRBY n 9007199254740991
      STRLEN n
      TYPE n
      OBJECT ENCODING n
      OBJECT REFCOUNT n
      MEMORY USAGE n
      DUMP n
      DEBUG DIGEST-VALUE n
      INCR n
      OBJECT ENCODING n
      DUMP n
      DECRBY n 9007199254740992
      OBJECT REFCOUNT n
      DUMP n
      DEBUG DIGEST
      DECR n
      GET n
      GETRANGE n 0 0
      MGET n none
      GETEX n EX 100
      INCR n
      TTL n
      BITCOUNT n
      GETBIT n 2
      BITPOS n 1
      LCS n n
      SET n -12 KEEPTTL GET
      DECR n
      COPY n m
      INCR n
      MGET n m
      RENAME n o
      GET o
      INCR o
      HSET h f v
      RENAME o h
      GET h
      INCRBYFLOAT h 0.5
      INCR m
      APPEND m 5
      OBJECT ENCODING m
      INCR m
      SETRANGE m 1 7
      GET m
      INCR m
      SETBIT m 0 0
      GET m
      INCR m
      GETSET m 8
      INCR m
      GETDEL m
      INCRBY weight_a 20
      INCRBY weight_b 3
      INCRBY weight_c 100
      RPUSH list a b c
      SORT list BY weight_* GET # GET weight_*
      EVAL "return {redis.call('incr', KEYS[1]), redis.call('get', KEYS[1])}" 1 n
      EVAL "return type(redis.call('get', KEYS[1]))" 1 n
      LPUSH n v
      SADD n v
      PFADD n v
      BITOP NOT b n
      GET b
      MULTI
      INCR n
      GET n
      EXEC
      DEL n
      INCR n
    `,
  },
  {
    name: 'parts of strings',
    lines: `
      SET k "Hello World"
      GETRANGE k 0 4
      GETRANGE k -5 -1
      GETRANGE k 0 -1
      GETRANGE k 5 2
      GETRANGE k -100 100
      GETRANGE k 100 200
      GETRANGE k -3 -5
      GETRANGE none 0 -1
      GETRANGE k abc 1
      GETRANGE k 0
      SUBSTR k 0 4
      SETRANGE k 6 Redis
      GET k
      SETRANGE k 15 x
      GET k
      SETRANGE none 0 ""
      EXISTS none
      SETRANGE none 5 x
      GET none
      SETRANGE k -1 x
      SETRANGE k abc x
      SETRANGE k 536870912 x
      SETRANGE k 536870911 xx
      SETRANGE k 0 ""
      STRLEN k
      SET n 12345
      SETRANGE n 1 9
      GET n
      OBJECT ENCODING n
      APPEND k !
      APPEND new start
      APPEND new ""
      GET new
      OBJECT ENCODING new
      HSET h f v
      APPEND h x
      SETRANGE h 0 x
      GETRANGE h 0 1
      STRLEN h
    `,
  },
  {
    name: 'several keys at once',
    lines: `
      MSET {k}a 1 {k}b 2
      MGET {k}a {k}b {k}none
      MGET {k}a {k}a
      MSET {k}a 1 {k}b
      MSET {k}a
      MSET {k}a 1 {k}a 2
      GET {k}a
      MSETNX {k}c 1 {k}d 2
      MSETNX {k}d 9 {k}e 9
      EXISTS {k}e
      MSETNX {k}c
      MGET
      HSET {k}h f v
      MGET {k}a {k}h
      MSET {k}h v
      TYPE {k}h
      MGET a b
      MSET a 1 b 2
      MSETNX a 1 b 2
    `,
  },
  {
    name: 'LCS',
    lines: `
      MSET {k}a ohmytext {k}b mynewtext
      LCS {k}a {k}b
      LCS {k}a {k}b LEN
      LCS {k}a {k}b IDX
      LCS {k}a {k}b IDX MINMATCHLEN 4
      LCS {k}a {k}b IDX MINMATCHLEN 4 WITHMATCHLEN
      LCS {k}a {k}b IDX LEN
      LCS {k}a {k}b WITHMATCHLEN
      LCS {k}a {k}b NOSUCH
      LCS {k}a {k}b IDX MINMATCHLEN
      LCS {k}a {k}b IDX MINMATCHLEN abc
      LCS {k}a {k}none
      LCS {k}none {k}other IDX
      LCS {k}a
      HSET {k}h f v
      LCS {k}a {k}h
    `,
  },
  {
    name: 'encodings',
    lines: `
      SET k 1
      OBJECT ENCODING k
      SET k 12345678901234567890
      OBJECT ENCODING k
      SET k 9223372036854775807
      OBJECT ENCODING k
      SET k 01
      OBJECT ENCODING k
      SET k xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      OBJECT ENCODING k
      SET k xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      OBJECT ENCODING k
      APPEND k y
      OBJECT ENCODING k
      SET k -0
      OBJECT ENCODING k
      GETSET k 5
      OBJECT ENCODING k
    `,
  },
]
