/** What is heard of keys while commands change them: every command's events, in their order. */
import type { Scenario } from '../differential.ts'

/** Lines whose events are heard one by one, all classes chosen. No key ends by itself in between: a line has to find that its time is over. */
function events(lines: string): string {
  const heard = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => (line.startsWith('!') ? [line] : [line, '@0l !heard']))
  return [
    'CONFIG SET notify-keyspace-events AKEmn',
    'DEBUG SET-ACTIVE-EXPIRE 0',
    '@0l PSUBSCRIBE __key*__:*',
    ...heard,
    'DEBUG SET-ACTIVE-EXPIRE 1',
    'CONFIG SET notify-keyspace-events ""',
  ].join('\n')
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'lists',
    lines: events(`
      RPUSH {k}l a b c
      LPUSH {k}l x
      LPUSHX {k}none x
      RPUSHX {k}l d
      LSET {k}l 0 y
      LINSERT {k}l BEFORE a z
      LINSERT {k}l BEFORE none z
      LTRIM {k}l 0 -1
      LTRIM {k}l 1 -1
      LREM {k}l 0 none
      LREM {k}l 1 a
      LPOP {k}l
      RPOP {k}l 1
      LPOP {k}l 0
      RPUSH {k}l a b c
      LMOVE {k}l {k}m LEFT RIGHT
      RPOPLPUSH {k}l {k}m
      RPOPLPUSH {k}m {k}m
      LMPOP 2 {k}none {k}l RIGHT COUNT 2
      BLPOP {k}none {k}m 0
      BRPOP {k}m 0
      BLMPOP 0 2 {k}m {k}l LEFT COUNT 5
      RPUSH {k}q 2 1
      SORT {k}q STORE {k}out
      SORT {k}none STORE {k}out
      LTRIM {k}q 5 6
      LRANGE {k}none 0 -1
      !blocked 0
      @0a !send BLMOVE {k}src {k}dst LEFT RIGHT 0
      !blocked 1
      RPUSH {k}src 1
      @0a !hears 1
      @0l !heard
      @0a !send BLPOP {k}src 0
      !blocked 1
      RPUSH {k}src 1
      @0a !hears 1
      @0l !heard
    `),
  },
  {
    name: 'strings',
    lines: events(`
      SET {k}a 1
      SET {k}a 2 EX 100
      SET {k}a 3 KEEPTTL
      SET {k}a 4 NX
      SET {k}none 4 XX
      SET {k}a 5 GET
      SETNX {k}a 1
      SETNX {k}b 1
      SETEX {k}a 100 1
      PSETEX {k}a 100000 1
      MSET {k}a 1 {k}c 2
      MSETNX {k}a 1 {k}d 2
      MSETNX {k}e 1 {k}d 2
      APPEND {k}a x
      APPEND {k}new x
      SETRANGE {k}a 5 x
      SETRANGE {k}a 0 ""
      SETRANGE {k}made 5 x
      INCR {k}b
      DECR {k}b
      INCRBY {k}b 5
      INCRBY {k}b 0
      DECRBY {k}b 5
      INCRBYFLOAT {k}b 1.5
      INCR {k}made-by-incr
      INCR {k}a
      GET {k}none
      GET {k}a
      MGET {k}a {k}none {k}none2
      STRLEN {k}none
      GETRANGE {k}none 0 1
      SUBSTR {k}none 0 1
      GETSET {k}a new
      GETSET {k}set-by-getset new
      GETDEL {k}a
      GETDEL {k}none
      GETEX {k}b
      GETEX {k}b EX 100
      GETEX {k}b PERSIST
      GETEX {k}b PERSIST
      GETEX {k}b EXAT 1
      GETEX {k}none EX 100
      LCS {k}none {k}c
      SET {k}c v EXAT 1
      SET {k}c v PXAT 99999999999999
    `),
  },
  {
    name: 'keys of any type',
    lines: events(`
      SET {k}a 1
      EXPIRE {k}a 100
      EXPIRE {k}a 100 NX
      EXPIRE {k}none 100
      PEXPIRE {k}a 100000
      EXPIREAT {k}a 99999999999
      PEXPIREAT {k}a 99999999999999
      PERSIST {k}a
      PERSIST {k}a
      TTL {k}none
      PTTL {k}none
      EXPIRETIME {k}none
      EXPIRE {k}a -1
      SET {k}a 1
      EXPIREAT {k}a 1
      SET {k}a 1
      RENAME {k}a {k}b
      SET {k}c 1
      RENAME {k}b {k}c
      RENAMENX {k}c {k}d
      SET {k}e 1
      RENAMENX {k}d {k}e
      RENAME {k}none {k}e
      COPY {k}e {k}f
      COPY {k}e {k}f
      COPY {k}e {k}f REPLACE
      COPY {k}none {k}f
      EXISTS {k}none {k}e
      TYPE {k}none
      TOUCH {k}none {k}e
      OBJECT ENCODING {k}none
      OBJECT IDLETIME {k}none
      DEL {k}e {k}none {k}f
      UNLINK {k}d {k}none
      SET {k}a 1
      KEYS none
      RANDOMKEY
      DUMP {k}none
      FLUSHDB
      FLUSHALL
      SET {k}a 1
      MULTI
      SET {k}a 2
      DEL {k}a
      GET {k}a
      EXEC
      SET {k}x 1 PX 1
      !until :0 EXISTS {k}x
      @0l !hears 8
    `),
  },
  {
    name: 'hashes',
    lines: events(`
      HSET h a 1 b 2
      HSET h a 1
      HSETNX h a 1
      HSETNX h c 1
      HSETNX hnx a 1
      HMSET h a 1
      HINCRBY h a 5
      HINCRBY new a 5
      HINCRBYFLOAT h a 1.5
      HINCRBYFLOAT newer a 1.5
      HDEL h none
      HDEL h a none
      HDEL h b c
      HDEL h b
      HGET none f
      HMGET none f g
      HGETALL none
      HLEN none
      HSTRLEN none f
      HEXISTS none f
      HKEYS none
      HVALS none
      HRANDFIELD none
      HSCAN none 0
      SET s v
      HSET s f v
      HGET s f
    `),
  },
  {
    name: 'sorted sets',
    lines: events(`
      ZADD {k}z 1 a 2 b 3 c 4 d 5 e 6 f
      ZADD {k}z 1 a
      ZADD {k}z CH 2 a
      ZADD {k}z INCR 1 a
      ZINCRBY {k}z 1 a
      ZINCRBY {k}z 0 a
      ZADD {k}none XX 1 a
      ZREM {k}z a none
      ZREM {k}z none
      ZREMRANGEBYRANK {k}z 0 0
      ZREMRANGEBYSCORE {k}z 3 3
      ZREMRANGEBYSCORE {k}z 100 200
      ZRANGESTORE {k}d {k}z 0 -1
      ZRANGESTORE {k}d {k}none 0 -1
      ZPOPMIN {k}z
      ZPOPMAX {k}z
      ZPOPMIN {k}none
      ZMPOP 2 {k}none {k}z MIN
      ZADD {k}z 0 a 0 b
      ZREMRANGEBYLEX {k}z - +
      ZADD {k}z 1 a 2 b
      BZPOPMIN {k}z 0
      BZMPOP 0 1 {k}z MAX
      ZUNIONSTORE {k}d 1 {k}none
      ZADD {k}z 1 a
      ZUNIONSTORE {k}d 1 {k}z
      ZINTERSTORE {k}d 2 {k}z {k}d
      ZDIFFSTORE {k}d 2 {k}z {k}d
      ZCARD {k}none
      ZRANGE {k}none 0 1
      ZSCORE {k}z none
      ZRANK {k}none a
      ZINTER 2 {k}z {k}none
      ZRANDMEMBER {k}none
      ZSCAN {k}none 0
      ZREM {k}z a
    `),
  },
  {
    name: 'lists',
    lines: events(`
      RPUSH {l}a 1 2 3
      LPUSH {l}a 0
      LPUSHX {l}none 1
      RPUSHX {l}a 4
      LINSERT {l}a BEFORE 1 x
      LSET {l}a 0 y
      LREM {l}a 1 x
      LTRIM {l}a 0 2
      LTRIM {l}a 5 6
      RPUSH {l}a 1 2 3 4
      LPOP {l}a
      RPOP {l}a 1
      LMOVE {l}a {l}b LEFT RIGHT
      RPOPLPUSH {l}a {l}b
      LPOP {l}a
      LMPOP 2 {l}a {l}b LEFT COUNT 5
      RPUSH {l}a 1
      BLPOP {l}a 1
      RPUSH {l}a 1
      BLMOVE {l}a {l}b LEFT LEFT 1
      BRPOP {l}none {l}b 1
      RPUSH {l}c 3 1 2
      SORT {l}c STORE {l}d
      SORT {l}none STORE {l}d
      LLEN {l}none
      LRANGE {l}none 0 1
    `),
  },
  {
    name: 'sets',
    lines: events(`
      SADD {s}a 1 2 3
      SADD {s}a 1
      SREM {s}a 1
      SREM {s}a none
      SMOVE {s}a {s}b 2
      SPOP {s}a
      SADD {s}a 1 2 3
      SPOP {s}a 5
      SADD {s}a 1 2
      SINTERSTORE {s}c {s}a {s}b
      SUNIONSTORE {s}c {s}a {s}b
      SDIFFSTORE {s}c {s}none {s}b
      SREM {s}b 2
      SCARD {s}none
      SMEMBERS {s}none
      SISMEMBER {s}none x
    `),
  },
  {
    name: 'places',
    lines: events(`
      GEOADD {k}g 1 1 a 2 2 b
      GEOADD {k}g 1 1 a
      GEOADD {k}g XX CH 3 3 a
      GEOSEARCH {k}g FROMLONLAT 1 1 BYRADIUS 1000 km
      GEOSEARCH {k}none FROMLONLAT 1 1 BYRADIUS 1000 km
      GEOSEARCHSTORE {k}d {k}g FROMLONLAT 1 1 BYRADIUS 1000 km
      GEOSEARCHSTORE {k}d {k}none FROMLONLAT 1 1 BYRADIUS 1000 km
      GEORADIUS {k}g 1 1 1000 km STORE {k}d
      GEORADIUSBYMEMBER {k}g a 1 km STOREDIST {k}d
      GEORADIUS {k}g 50 50 1 m STORE {k}d
      GEOPOS {k}none a
      GEODIST {k}g a b
    `),
  },
  {
    name: 'streams',
    lines: events(`
      XADD s 1-0 f v
      XADD s NOMKSTREAM 2-0 f v
      XADD s MAXLEN 1 3-0 f v
      XADD s MAXLEN 5 4-0 f v
      XADD none NOMKSTREAM 4-0 f v
      XADD s 1-0 f v
      XTRIM s MAXLEN 5
      XTRIM s MAXLEN 1
      XDEL s 9
      XDEL s 4
      XSETID s 5
      XGROUP CREATE s g 0
      XGROUP CREATE s g 0
      XGROUP CREATE new g 0 MKSTREAM
      XGROUP SETID s g 0
      XGROUP CREATECONSUMER s g c
      XGROUP CREATECONSUMER s g c
      XGROUP DELCONSUMER s g c
      XGROUP DELCONSUMER s g c
      XADD s 6-0 f v
      XREADGROUP GROUP g c STREAMS s >
      XREADGROUP GROUP g d STREAMS s 0
      XREADGROUP GROUP g d STREAMS none 0
      XREAD STREAMS none 0
      XREAD STREAMS s 0
      XCLAIM s g e 0 6
      XCLAIM s g f 0 7
      XAUTOCLAIM s g h 0 0
      XACK s g 6
      XACK none g 6
      XPENDING none g
      XINFO STREAM none
      XLEN none
      XRANGE none - +
      XDEL none 1
      XTRIM none MAXLEN 1
      XGROUP DESTROY s g
      XGROUP DESTROY s g
      DEL s
    `),
  },
  {
    name: 'some classes, one channel',
    lines: `
      CONFIG SET notify-keyspace-events Eg
      @0l PSUBSCRIBE *
      SET a 1
      DEL a
      HSET h f v
      EXPIRE h 100
      @0l !heard
      CONFIG SET notify-keyspace-events Kh
      HSET h f w
      DEL h
      @0l !heard
      CONFIG SET notify-keyspace-events A
      SET a 1
      @0l !heard
      CONFIG SET notify-keyspace-events KE
      SET a 1
      @0l !heard
      CONFIG SET notify-keyspace-events KEy
      CONFIG GET notify-keyspace-events
      CONFIG SET notify-keyspace-events KEmn
      CONFIG GET notify-keyspace-events
      GET none
      SET new v
      @0l !heard
      CONFIG SET notify-keyspace-events ""
      @0c HELLO 3
      @0c CONFIG SET notify-keyspace-events AKE
      @0c SUBSCRIBE __keyevent@0__:set
      @0c SUBSCRIBE __keyspace@0__:a
      @0c SET a 1
      @0c !heard
      @0c MULTI
      @0c SET a 1
      @0c DEL a
      @0c EXEC
      @0c !heard
      @0c CONFIG SET notify-keyspace-events ""
    `,
  },
]
