/** What is said about sorted sets. */
import type { Scenario } from '../differential.ts'

const MANY = Array.from({ length: 128 }, (_, i) => `${i} m${i}`).join(' ')

export const scenarios: readonly Scenario[] = [
  {
    name: 'members added, asked for and removed',
    lines: `
      ZADD z 1 a
      ZADD z 1 a 2 b 3 c 2.5 b
      ZADD z
      ZADD z 1
      ZADD z 1 a 2
      ZADD z x a
      ZADD z nan a
      ZADD z 1 ok x bad
      ZSCORE z ok
      ZADD z inf up -inf down +inf up2 infinity up3
      ZRANGE z 0 -1 WITHSCORES
      ZCARD z
      ZCARD none
      ZSCORE z a
      ZSCORE z none
      ZSCORE none a
      ZMSCORE z a none b up
      ZMSCORE none a b
      ZMSCORE z
      ZRANK z a
      ZRANK z c
      ZRANK z none
      ZRANK none a
      ZREVRANK z a
      ZREVRANK z none
      ZREVRANK none a
      ZRANK z a WITHSCORE
      ZREM z a none a
      ZREM none a
      ZREM z
      ZREM z b c up up2 up3 down
      EXISTS z
      TYPE z
      ZADD z 1 "" 1 "\\x00\\r\\n" 1 "\\xff\\xfe" 1 b 1 B 1 ba
      ZRANGE z 0 -1
      TYPE z
      COPY z copy
      ZRANGE copy 0 -1 WITHSCORES
      OBJECT ENCODING copy
    `,
  },
  {
    name: 'ZADD with options',
    lines: `
      ZADD z NX 1 a
      ZADD z NX 2 a 2 b
      ZADD z XX 3 a 3 new
      ZADD z XX CH 4 a 4 b 4 new
      ZADD z CH 4 a 5 b 6 c
      ZADD z GT 3 a 9 b 1 d
      ZADD z gt ch 5 a 1 b
      ZADD z LT CH 1 a 10 b
      ZADD z XX GT CH 2 a 2 e
      ZADD z XX LT 1 a 2 e
      ZRANGE z 0 -1 WITHSCORES
      ZADD z NX XX 1 a
      ZADD z NX GT 1 a
      ZADD z NX LT 1 a
      ZADD z GT LT 1 a
      ZADD z NX XX x a
      ZADD z INCR 1 a
      ZADD z INCR 1 a 2 b
      ZADD z INCR 1 a 2
      ZADD z INCR
      ZADD z NX INCR 5 a
      ZADD z NX INCR 5 fresh
      ZADD z XX INCR 5 a
      ZADD z XX INCR 5 absent
      ZADD none XX INCR 5 a
      ZADD none XX 5 a
      EXISTS none
      ZADD z GT INCR -5 a
      ZADD z GT INCR 5 a
      ZADD z LT INCR 5 a
      ZADD z LT INCR -5 a
      ZADD z CH INCR 5 a
      ZADD z INCR inf i
      ZADD z INCR -inf i
      ZSCORE z i
      ZADD z NX NX 1 a
      ZADD z nx 1 nx
      ZADD z 1 NX
      ZADD z XX
      ZADD z FOO 1 a
    `,
  },
  {
    name: 'ZINCRBY',
    lines: `
      ZINCRBY z 1.5 a
      ZINCRBY {k}z GT m
      ZINCRBY {k}z incr 1
      ZINCRBY {k}z NX xx
      ZINCRBY z 1.5 a
      ZINCRBY z -3 a
      ZINCRBY z -0 new
      ZSCORE z new
      ZINCRBY z 0.1 f
      ZINCRBY z 0.2 f
      ZINCRBY z x a
      ZINCRBY z nan a
      ZINCRBY z inf i
      ZINCRBY z -inf i
      ZINCRBY z 1e308 big
      ZINCRBY z 1e308 big
      ZINCRBY z 1
      ZINCRBY z 1 a b
      ZRANGE z 0 -1 WITHSCORES
    `,
  },
  {
    name: 'scores in digits',
    lines: `
      ZADD z 0.1 a 1e21 b 1e17 c 99999999999999990 d 123456789012345680 e 1e-5 f 1e-4 g 3.0 h
      ZADD z 9007199254740993 i 4503599627370497.5 j -0.0 k 0x10 l .5 m 5. n 1e300 o 4.9e-324 p
      ZRANGE z 0 -1 WITHSCORES
      ZADD z 1e309 q
      ZADD z 1e-400 q
      ZADD z 0x1p-1074 q
      ZSCORE z q
      ZMSCORE z a b c d e f g
      ZSCAN z 0
      DUMP z
      DEBUG DIGEST-VALUE z
      CONFIG SET zset-max-listpack-entries 0
      ZADD y -0.0 k 0.1 a
      OBJECT ENCODING y
      ZRANGE y 0 -1 WITHSCORES
      ZSCORE y k
      ZADD y 0 k
      ZSCORE y k
      DUMP y
      DEBUG DIGEST-VALUE y
      ZADD y CH 1 k
      ZADD y CH -0 k
      ZSCORE y k
      ZUNION 1 y WEIGHTS -1 WITHSCORES
      CONFIG SET zset-max-listpack-entries 128
      ZUNIONSTORE y 1 y WEIGHTS -1
      OBJECT ENCODING y
      ZRANGE y 0 -1 WITHSCORES
    `,
  },
  {
    name: 'when it is no longer a listpack',
    lines: `
      ZADD many ${MANY}
      OBJECT ENCODING many
      ZADD many 5 m5 7 m7
      OBJECT ENCODING many
      ZADD many 128 m128
      OBJECT ENCODING many
      ZREM many m128
      OBJECT ENCODING many
      COPY many copied
      OBJECT ENCODING copied
      ZRANGE many 100 -1 WITHSCORES
      ZREVRANGE many 0 5 WITHSCORES
      ZRANK many m77
      ZREVRANK many m77
      ZUNIONSTORE few 1 many
      OBJECT ENCODING few
      ZRANGESTORE part many 0 5
      OBJECT ENCODING part
      ZADD long 1 ${'x'.repeat(64)}
      OBJECT ENCODING long
      ZADD long 1 ${'x'.repeat(65)}
      OBJECT ENCODING long
      ZADD longer 1 ${'x'.repeat(65)}
      OBJECT ENCODING longer
      ZUNIONSTORE u 2 long longer
      OBJECT ENCODING u
      ZINTERSTORE u 2 long longer
      OBJECT ENCODING u
      ZADD short 1 a
      ZDIFFSTORE u 2 short longer
      OBJECT ENCODING u
      CONFIG SET zset-max-listpack-entries 2
      ZADD now 1 a 2 b
      OBJECT ENCODING now
      ZADD now 3 a
      OBJECT ENCODING now
      ZADD now 3 c
      OBJECT ENCODING now
      CONFIG SET zset-max-listpack-entries 128
      CONFIG SET zset-max-listpack-value 3
      ZADD v 1 abc
      OBJECT ENCODING v
      ZADD v 1 abcd
      OBJECT ENCODING v
      CONFIG SET zset-max-listpack-value 64
    `,
  },
  {
    name: 'between ranks',
    lines: `
      ZADD z 1 a 2 b 3 c 4 d 5 e
      ZRANGE z 0 -1
      ZRANGE z 1 2 WITHSCORES
      ZRANGE z -2 -1 withscores
      ZRANGE z 3 1
      ZRANGE z 5 9
      ZRANGE z -100 100
      ZRANGE z 0 -100
      ZRANGE z 0 1 REV
      ZRANGE z 1 -2 REV WITHSCORES
      ZRANGE z 3 1 REV
      ZRANGE none 0 -1
      ZRANGE none 0 -1 WITHSCORES
      ZRANGE z x 1
      ZRANGE none x 1
      ZRANGE z 0 x
      ZRANGE z 0 1.5
      ZRANGE z 0 1 REV REV
      ZRANGE z 0 1 FOO
      ZRANGE z 0 1 LIMIT 0 1
      ZRANGE z 0 -1 LIMIT 2 -1
      ZRANGE z 0 1 LIMIT 0
      ZRANGE z 0 1 LIMIT x 1
      ZRANGE z 0 1 LIMIT 1 x
      ZRANGE z 0
      ZREVRANGE z 0 1
      ZREVRANGE z 0 1 WITHSCORES
      ZREVRANGE z -1 -1
      ZREVRANGE z 2 1
      ZREVRANGE none 0 1
      ZREVRANGE z 0 1 REV
      ZREVRANGE z 0 1 BYSCORE
      ZREVRANGE z 0 1 LIMIT 0 1
      ZREVRANGE z 0 -1 LIMIT 2 -1
    `,
  },
  {
    name: 'between scores',
    lines: `
      ZADD z 1 a 2 b 2 b2 3 c 4 d 5 e inf f -inf g
      ZRANGEBYSCORE z 2 4
      ZRANGEBYSCORE z (2 (4
      ZRANGEBYSCORE z -inf +inf WITHSCORES
      ZRANGEBYSCORE z (-inf (inf
      ZRANGEBYSCORE z 4 2
      ZRANGEBYSCORE z (2 2
      ZRANGEBYSCORE z 2 (2
      ZRANGEBYSCORE z 10 20
      ZRANGEBYSCORE z 1 5 LIMIT 1 2
      ZRANGEBYSCORE z 1 5 WITHSCORES LIMIT 1 -1
      ZRANGEBYSCORE z 1 5 LIMIT 0 0
      ZRANGEBYSCORE z 1 5 LIMIT 100 1
      ZRANGEBYSCORE z 1 5 LIMIT -1 2
      ZRANGEBYSCORE z 1 5 LIMIT 2 -5 withscores
      ZRANGEBYSCORE z 1 5 LIMIT 1
      ZRANGEBYSCORE z 1 5 LIMIT x 1
      ZRANGEBYSCORE z x 5
      ZRANGEBYSCORE z 1 (x
      ZRANGEBYSCORE z nan 5
      ZRANGEBYSCORE none x 5
      ZRANGEBYSCORE z "" " 2"
      ZRANGEBYSCORE z ( 2
      ZRANGEBYSCORE z 1 5 REV
      ZRANGEBYSCORE z 1 5 BYSCORE
      ZRANGEBYSCORE none 1 5
      ZREVRANGEBYSCORE z 4 2
      ZREVRANGEBYSCORE z +inf -inf WITHSCORES LIMIT 1 3
      ZREVRANGEBYSCORE z (4 (2
      ZREVRANGEBYSCORE z 2 4
      ZREVRANGEBYSCORE z 5 1 LIMIT 1 2
      ZREVRANGEBYSCORE z x 1
      ZRANGE z 2 4 BYSCORE
      ZRANGE z 4 2 BYSCORE REV LIMIT 1 2 WITHSCORES
      ZRANGE z (2 inf byscore limit 1 -1
      ZRANGE z 2 4 BYSCORE BYSCORE
      ZRANGE z 2 4 BYSCORE BYLEX
      ZRANGE z x 4 BYSCORE
      ZCOUNT z 2 4
      ZCOUNT z (2 (4
      ZCOUNT z -inf inf
      ZCOUNT z 4 2
      ZCOUNT none 1 2
      ZCOUNT z x 2
      ZCOUNT none x 2
      ZCOUNT z 1
    `,
  },
  {
    name: 'between names',
    lines: `
      ZADD z 0 a 0 b 0 ba 0 c 0 d 0 "\\xff"
      ZRANGEBYLEX z - +
      ZRANGEBYLEX z [b [c
      ZRANGEBYLEX z (b (c
      ZRANGEBYLEX z [b (b
      ZRANGEBYLEX z [bb +
      ZRANGEBYLEX z [c [b
      ZRANGEBYLEX z + -
      ZRANGEBYLEX z - -
      ZRANGEBYLEX z + +
      ZRANGEBYLEX z [ [a
      ZRANGEBYLEX z ( [b
      ZRANGEBYLEX z - + LIMIT 1 2
      ZRANGEBYLEX z - + LIMIT 1 -1
      ZRANGEBYLEX z - + LIMIT -1 2
      ZRANGEBYLEX z a b
      ZRANGEBYLEX z "" +
      ZRANGEBYLEX z -x +
      ZRANGEBYLEX z - +x
      ZRANGEBYLEX z 1 2
      ZRANGEBYLEX none a b
      ZRANGEBYLEX none - +
      ZRANGEBYLEX z - + WITHSCORES
      ZREVRANGEBYLEX z + -
      ZREVRANGEBYLEX z [c [b LIMIT 0 1
      ZREVRANGEBYLEX z (c (b
      ZREVRANGEBYLEX z - +
      ZRANGE z [b + BYLEX
      ZRANGE z + [b BYLEX REV LIMIT 1 2
      ZRANGE z - + BYLEX WITHSCORES
      ZRANGE z - + BYSCORE
      ZLEXCOUNT z - +
      ZLEXCOUNT z [b [c
      ZLEXCOUNT z (b +
      ZLEXCOUNT z + -
      ZLEXCOUNT none - +
      ZLEXCOUNT z x +
      ZLEXCOUNT none x +
    `,
  },
  {
    name: 'stretches stored',
    lines: `
      ZADD {k}z 1 a 2 b 3 c 4 d
      ZRANGESTORE {k}d {k}z 0 1
      ZRANGE {k}d 0 -1 WITHSCORES
      ZRANGESTORE {k}d {k}z 1 2 REV
      ZRANGE {k}d 0 -1 WITHSCORES
      ZRANGESTORE {k}d {k}z 2 inf BYSCORE LIMIT 1 1
      ZRANGE {k}d 0 -1
      ZRANGESTORE {k}d {k}z [b + BYLEX
      ZRANGESTORE {k}d {k}z 9 10
      EXISTS {k}d
      ZRANGESTORE {k}d {k}none 0 1
      ZRANGESTORE {k}z {k}z 0 1
      ZRANGE {k}z 0 -1
      ZRANGESTORE {k}d {k}z 0 1 WITHSCORES
      ZRANGESTORE {k}d {k}z 0 1 LIMIT 1 1
      ZRANGESTORE {k}d {k}z x 1
      ZRANGESTORE {k}d {k}z
      SET {k}s v
      ZRANGESTORE {k}d {k}s 0 1
      ZRANGESTORE {k}s {k}z 0 1
      TYPE {k}s
      EXPIRE {k}s 100
      ZRANGESTORE {k}s {k}z 0 0
      TTL {k}s
    `,
  },
  {
    name: 'stretches removed',
    lines: `
      ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g
      ZREMRANGEBYRANK z 0 0
      ZREMRANGEBYRANK z -1 -1
      ZREMRANGEBYRANK z 3 1
      ZREMRANGEBYRANK z 10 20
      ZREMRANGEBYRANK z x 1
      ZREMRANGEBYRANK none x 1
      ZREMRANGEBYRANK none 0 1
      ZREMRANGEBYSCORE z (2 3
      ZREMRANGEBYSCORE z 3 2
      ZREMRANGEBYSCORE z x 2
      ZREMRANGEBYSCORE none 1 2
      ZRANGE z 0 -1
      ZREMRANGEBYSCORE z -inf inf
      EXISTS z
      ZADD l 0 a 0 b 0 c 0 d
      ZREMRANGEBYLEX l (a (c
      ZREMRANGEBYLEX l x +
      ZREMRANGEBYLEX none - +
      ZRANGE l 0 -1
      ZREMRANGEBYLEX l - +
      EXISTS l
      ZADD z 1 a 2 b
      ZREMRANGEBYRANK z 0 -1
      EXISTS z
    `,
  },
  {
    name: 'taken from the ends',
    lines: `
      ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g
      ZPOPMIN z
      ZPOPMAX z
      ZPOPMIN z 2
      ZPOPMAX z 1
      ZPOPMIN z 0
      ZPOPMIN z -1
      ZPOPMIN z x
      ZPOPMIN z 1 2
      ZPOPMAX z 100
      EXISTS z
      ZPOPMIN none
      ZPOPMIN none 1
      ZPOPMIN none 0
      ZPOPMIN none -1
      ZADD {k}z 1 a 2 b 3 c 4 d 5 e 6 f 7 g
      ZMPOP 1 {k}z MIN
      ZMPOP 2 {k}none {k}z max COUNT 2
      ZMPOP 1 {k}none MIN
      ZMPOP 2 {k}none {k}none MIN COUNT 10
      ZMPOP 0 {k}z MIN
      ZMPOP -1 {k}z MIN
      ZMPOP x {k}z MIN
      ZMPOP 2 {k}z MIN
      ZMPOP 1 {k}z LEFT
      ZMPOP 1 {k}z MIN COUNT 0
      ZMPOP 1 {k}z MIN COUNT -1
      ZMPOP 1 {k}z MIN COUNT x
      ZMPOP 1 {k}z MIN COUNT
      ZMPOP 1 {k}z MIN COUNT 1 COUNT 1
      ZMPOP 1 {k}z MIN FOO 1
      ZMPOP 1 {k}z
      ZMPOP 1 {k}z MIN COUNT 100
      EXISTS {k}z
      SET {k}s v
      ZMPOP 1 {k}s MIN
      ZMPOP 2 {k}none {k}s MIN
    `,
  },
  {
    name: 'waited for',
    lines: `
      ZADD {k}z 1 a 2 b 3 c 4 d
      BZPOPMIN {k}z 0
      BZPOPMAX {k}none {k}z 1
      BZPOPMIN {k}z x
      BZPOPMIN {k}z -1
      BZPOPMIN {k}z
      BZMPOP 1 1 {k}z MIN COUNT 5
      BZMPOP x 0 {k}z MIN
      BZMPOP x 1 {k}z MID
      BZMPOP x 1 {k}z MIN
      BZMPOP 0 1 {k}z MIN COUNT 0
      BZPOPMIN {k}none 0.01
      BZMPOP 0.01 1 {k}none MIN
      MULTI
      BZPOPMIN {k}none 0
      BZMPOP 0 1 {k}none MIN
      EXEC
      SET {k}s v
      BZPOPMIN {k}none {k}s 0
      BZMPOP 0 1 {k}s MIN
      @0w !send BZPOPMIN {k}q {k}r 0
      !until :1 ZADD {k}r 1 x
      @0w !hears 1
      EXISTS {k}r
      @0w !send BZPOPMAX {k}q 0
      !until :2 ZADD {k}q 1 x 2 y
      @0w !hears 1
      ZRANGE {k}q 0 -1
      DEL {k}q
      @0w !send BZMPOP 0 2 {k}q {k}r MAX COUNT 2
      ZADD {k}r 1 x 2 y 3 z
      @0w !hears 1
      ZRANGE {k}r 0 -1
    `,
  },
  {
    name: 'random members',
    lines: `
      ZADD one 1.5 x
      ZRANDMEMBER one
      ZRANDMEMBER none
      ZRANDMEMBER one 5
      ZRANDMEMBER one 5 WITHSCORES
      ZRANDMEMBER one -3
      ZRANDMEMBER one -3 withscores
      ZRANDMEMBER one 0
      ZRANDMEMBER none 5
      ZRANDMEMBER none 5 WITHSCORES
      ZRANDMEMBER one x
      ZRANDMEMBER one 1 FOO
      ZRANDMEMBER one 1 WITHSCORES FOO
      ZRANDMEMBER one -9223372036854775808
      ZRANDMEMBER one -9223372036854775807 WITHSCORES
      ZRANDMEMBER one 4611686018427387904 WITHSCORES
      ZADD few 1 a 2 b 3 c
      ZRANDMEMBER few 2
      ZRANDMEMBER few -5 WITHSCORES
    `,
  },
  {
    name: 'scanned',
    lines: `
      ZADD s 1 a 2.5 ab 3 abc -inf b
      ZSCAN s 0
      ZSCAN s 0 MATCH a*
      ZSCAN s 0 MATCH a* COUNT 100
      ZSCAN s 0 COUNT 0
      ZSCAN s 0 TYPE string
      ZSCAN s x
      ZSCAN none 0
      ZSCAN none x
      ZSCAN none 0 FOO
      ZSCAN s
      SET str v
      ZSCAN str 0
    `,
  },
  {
    name: 'algebra',
    lines: `
      ZADD {k}a 1 x 2 y 3 z
      ZADD {k}b 10 y 20 z 30 w
      ZADD {k}c 0.1 y 0.2 v 0.3 z 0.4 u
      SADD {k}s y z t
      SADD {k}n 1 2 3
      ZUNION 3 {k}a {k}b {k}c
      ZUNION 3 {k}a {k}b {k}c WITHSCORES
      ZUNION 2 {k}a {k}s WITHSCORES WEIGHTS 2 3
      ZUNION 2 {k}a {k}n AGGREGATE MAX WITHSCORES
      ZUNION 1 {k}none
      ZUNION 2 {k}a {k}a WITHSCORES
      ZINTER 2 {k}a {k}b WITHSCORES
      ZINTER 3 {k}a {k}b {k}c WITHSCORES AGGREGATE min
      ZINTER 3 {k}a {k}b {k}c WITHSCORES AGGREGATE MAX WEIGHTS 1 -1 100
      ZINTER 2 {k}a {k}s WITHSCORES
      ZINTER 2 {k}s {k}a WITHSCORES
      ZINTER 2 {k}a {k}none
      ZINTER 2 {k}a {k}a WITHSCORES
      ZDIFF 2 {k}a {k}b WITHSCORES
      ZDIFF 3 {k}b {k}a {k}none
      ZDIFF 2 {k}s {k}a WITHSCORES
      ZDIFF 1 {k}none
      ZDIFF 2 {k}a {k}a
      ZDIFF 2 {k}a {k}b WEIGHTS 1 2
      ZDIFF 2 {k}a {k}b AGGREGATE SUM
      ZINTERCARD 2 {k}a {k}b
      ZINTERCARD 2 {k}a {k}b LIMIT 1
      ZINTERCARD 2 {k}a {k}b LIMIT 0
      ZINTERCARD 2 {k}a {k}b LIMIT -1
      ZINTERCARD 2 {k}a {k}b LIMIT x
      ZINTERCARD 2 {k}a {k}b LIMIT
      ZINTERCARD 2 {k}a {k}b WITHSCORES
      ZINTERCARD 2 {k}a {k}b WEIGHTS 1 2
      ZINTERCARD 2 {k}a {k}none
      ZUNION 0 {k}a
      ZUNION -1 {k}a
      ZUNION x {k}a
      ZINTERCARD 0 {k}a
      ZDIFFSTORE {k}d 0 {k}a
      ZUNION 5 {k}a {k}b
      ZUNION 2 {k}a {k}b WEIGHTS 1
      ZUNION 2 {k}a {k}b WEIGHTS 1 x
      ZUNION 2 {k}a {k}b WEIGHTS 1 2 3
      ZUNION 2 {k}a {k}b AGGREGATE AVG
      ZUNION 2 {k}a {k}b AGGREGATE
      ZUNION 2 {k}a {k}b FOO
      ZUNION 2 {k}a
      ZUNIONSTORE {k}d 2 {k}a {k}b
      ZRANGE {k}d 0 -1 WITHSCORES
      ZUNIONSTORE {k}d 2 {k}a {k}b WITHSCORES
      ZUNIONSTORE {k}d 2 {k}a {k}b AGGREGATE MIN WEIGHTS 2 0.5
      ZRANGE {k}d 0 -1 WITHSCORES
      ZINTERSTORE {k}d 2 {k}a {k}s
      ZRANGE {k}d 0 -1 WITHSCORES
      ZINTERSTORE {k}d 2 {k}a {k}none
      EXISTS {k}d
      ZDIFFSTORE {k}d 2 {k}a {k}b
      ZRANGE {k}d 0 -1 WITHSCORES
      ZDIFFSTORE {k}a 2 {k}a {k}b
      ZDIFFSTORE {k}a 2 {k}a {k}a
      EXISTS {k}a
      ZUNIONSTORE {k}d 1 {k}s
      TYPE {k}d
      SET {k}str v
      ZUNION 1 {k}str
      ZUNION 2 {k}none {k}str FOO
      ZUNIONSTORE {k}str 1 {k}b
      TYPE {k}str
      EXPIRE {k}str 100
      ZUNIONSTORE {k}str 1 {k}b
      TTL {k}str
    `,
  },
  {
    name: 'infinite and weighted scores',
    lines: `
      ZADD {k}a inf x 0 y
      ZADD {k}b -inf x inf y
      ZADD {k}c 1 x 1 y 1 z
      ZUNION 2 {k}a {k}b WITHSCORES
      ZUNION 2 {k}a {k}b WEIGHTS 0 1 WITHSCORES
      ZUNION 2 {k}a {k}b WEIGHTS inf 1 WITHSCORES
      ZUNION 2 {k}a {k}b WEIGHTS nan 1 WITHSCORES
      ZINTER 2 {k}a {k}b WEIGHTS 0 0 WITHSCORES
      ZINTER 2 {k}a {k}b WEIGHTS 1 0 AGGREGATE MIN WITHSCORES
      ZINTER 2 {k}a {k}b WEIGHTS 1 0 AGGREGATE MAX WITHSCORES
      ZINTER 3 {k}a {k}b {k}c WITHSCORES
      ZUNIONSTORE {k}d 3 {k}a {k}b {k}c
      ZRANGE {k}d 0 -1 WITHSCORES
    `,
  },
  {
    name: 'dumped and digested',
    lines: `
      ZADD z 1 a 2.5 b -inf c inf d 70000 e -1 100 3e20 f
      DUMP z
      DEBUG DIGEST-VALUE z
      CONFIG SET zset-max-listpack-entries 0
      ZADD y 1 a 2.5 b -inf c inf d 70000 e -1 100 3e20 f
      DUMP y
      DEBUG DIGEST-VALUE y
      DEBUG DIGEST
      CONFIG SET zset-max-listpack-entries 128
      RESTORE text 0 "\\x03\\x03\\x01a\\x031.5\\x01b\\xfe\\x01c\\xff\\n\\x00v\\x1d\\xd8u\\xc9\\xb3\\x1b\\xb1"
    `,
  },
  {
    name: 'of another type',
    lines: `
      SET s v
      ZADD s 1 a
      ZADD s XX 1 a
      ZADD s x a
      ZINCRBY s 1 a
      ZREM s a
      ZCARD s
      ZSCORE s a
      ZMSCORE s a
      ZRANK s a
      ZREVRANK s a
      ZCOUNT s 1 2
      ZLEXCOUNT s - +
      ZRANGE s 0 1
      ZRANGEBYSCORE s 1 2
      ZREVRANGEBYLEX s + -
      ZREMRANGEBYRANK s 0 1
      ZREMRANGEBYSCORE s 0 1
      ZREMRANGEBYLEX s - +
      ZPOPMIN s
      ZPOPMAX s 0
      ZRANDMEMBER s
      ZRANDMEMBER s 1
      ZADD zset 1 a
      GET zset
      SADD zset a
      HGET zset f
      APPEND zset x
      SET zset v GET
      SET zset v
      GET zset
    `,
  },
]
