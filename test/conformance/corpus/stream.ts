/** What is said about streams, their groups and what pends in them. Ids are given, so that no clock takes part. */
import type { Scenario } from '../differential.ts'

/** Entries `1-0` to `n-0`, told in one go. */
function added(name: string, count: number, pairs = 'f v'): string {
  return Array.from({ length: count }, (_, i) => `XADD ${name} ${i + 1}-0 ${pairs}`).join('\n')
}

/** All that can be asked about a stream but times. */
const ASK = `
  XINFO STREAM s
  XINFO STREAM s FULL
  XINFO GROUPS s
`

export const scenarios: readonly Scenario[] = [
  {
    name: 'entries added',
    lines: `
      XADD s 1-1 f v
      XADD s 1-1 f v
      XADD s 1-0 f v
      XADD s 1-* f v g w
      XADD s 1-* g v
      XADD s 2 f v f v
      XADD s 0-0 f v
      XADD s 0 f v
      XADD new 0-* f v
      XADD none-made 0-0 f v
      EXISTS none-made
      XADD none NOMKSTREAM 5-0 f v
      XADD s nomkstream 5-0 f v
      XADD s 5-18446744073709551615 f v
      XADD s 5-* f v
      XADD s * f
      XADD s 6-0 f v g
      XADD s 6-0
      XADD s
      XADD s foo f v
      XADD s - f v
      XADD s + f v
      XADD s 1-2-3 f v
      XADD s 18446744073709551616-0 f v
      XADD s 18446744073709551615-18446744073709551615 f v
      XADD s * f v
      XADD s 1-* f v
      XLEN s
      XLEN none
      TYPE s
      OBJECT ENCODING s
      XRANGE s - +
      XADD s MAXLEN
      XADD s MAXLEN 5
      XADD s MAXLEN -1 * f v
      XADD s MAXLEN x * f v
      XADD s MAXLEN 5 MINID 5 * f v
      XADD s MINID 5 MAXLEN 5 * f v
      XADD s MAXLEN 5 MAXLEN 5 * f v
      XADD s LIMIT 5 * f v
      XADD s MAXLEN 5 LIMIT 5 * f v
      XADD s MAXLEN = 5 LIMIT 0 * f v
      XADD s MAXLEN ~ 5 LIMIT -5 * f v
      XADD s MAXLEN ~ 5 LIMIT x * f v
      XADD s MINID x * f v
      XADD s MINID - * f v
    `,
  },
  {
    name: 'trimmed while added',
    lines: `
      ${added('s', 12)}
      XADD s MAXLEN 10 20-0 f v
      XLEN s
      XADD s MAXLEN = 5 21-0 f v
      XADD s MAXLEN ~ 2 22-0 f v
      XADD s MINID 20 23-0 f v
      XADD s MINID = 21-1 24-0 f v
      XADD s MINID ~ 24 25-0 f v
      XRANGE s - +
      DUMP s
      XADD s MAXLEN 0 26-0 f v
      XINFO STREAM s
      XADD s 27-0 f v
      XINFO STREAM s
      DUMP s
    `,
  },
  {
    name: 'nodes as Redis cuts them',
    lines: `
      ${added('s', 205)}
      XINFO STREAM s
      XTRIM s MAXLEN ~ 150
      XLEN s
      XTRIM s MAXLEN ~ 100
      XTRIM s MAXLEN ~ 100 LIMIT 50
      XTRIM s MAXLEN ~ 10 LIMIT 99
      XTRIM s MAXLEN ~ 10 LIMIT 0
      XTRIM s MINID ~ 200
      XTRIM s MINID ~ 202
      XTRIM s MINID 203
      XINFO STREAM s
      DUMP s
      CONFIG SET stream-node-max-entries 3
      ${added('t', 10)}
      XINFO STREAM t
      DUMP t
      XDEL t 4-0 5-0 6-0
      XINFO STREAM t
      XTRIM t MAXLEN ~ 3
      XINFO STREAM t
      CONFIG SET stream-node-max-entries 0 stream-node-max-bytes 60
      ${added('u', 10, 'field value')}
      XINFO STREAM u
      DUMP u
      XTRIM u MAXLEN ~ 1
      CONFIG SET stream-node-max-bytes 0
      ${added('w', 130, 'f v')}
      XINFO STREAM w
      DUMP w
      CONFIG SET stream-node-max-entries 100 stream-node-max-bytes 4096
    `,
  },
  {
    name: 'trimmed',
    lines: `
      ${added('s', 12)}
      XTRIM s MAXLEN 10
      XTRIM s MAXLEN 10
      XTRIM s MAXLEN = 9
      XTRIM s MINID 6
      XTRIM s MINID 6-1
      XTRIM none MAXLEN 5
      XTRIM s
      XTRIM s MAXLEN
      XTRIM s FOO 5
      XTRIM s MAXLEN 5 FOO
      XTRIM s LIMIT 5
      XTRIM s LIMIT 0
      XTRIM s MAXLEN 5 LIMIT 10
      XTRIM s MAXLEN ~ -5
      XTRIM s MAXLEN ~
      XTRIM s MAXLEN 5 MINID 5
      XTRIM s MAXLEN 9223372036854775807
      XTRIM s MAXLEN 9223372036854775808
      XTRIM s MINID +
      XINFO STREAM s
      XDEL s 12-0
      XADD s 4294967296000-0 f v
      XTRIM s MINID 4294967295000
      XTRIM s MAXLEN 0
      XINFO STREAM s
      EXISTS s
    `,
  },
  {
    name: 'ranges',
    lines: `
      ${added('s', 5)}
      XADD s 5-1 g w
      XADD s 5-2 g w
      XRANGE s - +
      XREVRANGE s + -
      XRANGE s 2 4
      XREVRANGE s 4 2
      XRANGE s (2 (4
      XREVRANGE s (4 (2
      XRANGE s 5 5
      XRANGE s 5-1 5-1
      XRANGE s (5 +
      XRANGE s (5-1 (5-2
      XRANGE s - + COUNT 2
      XREVRANGE s + - COUNT 2
      XRANGE s - + COUNT 0
      XRANGE s - + COUNT -1
      XRANGE s - + COUNT x
      XRANGE s - + COUNT
      XRANGE s - + FOO 1
      XRANGE s - + COUNT 1 COUNT 3
      XRANGE s + -
      XRANGE s ( +
      XRANGE s (- +
      XRANGE s - (+
      XRANGE s - (0-0
      XRANGE s - (0
      XRANGE s (18446744073709551615-18446744073709551615 +
      XRANGE s (18446744073709551615 +
      XRANGE s x +
      XRANGE s - x
      XRANGE s -
      XRANGE none - +
      XRANGE none - + COUNT 0
      XREVRANGE none + -
      XRANGE s "1\\x00x" +
      XRANGE s " 2" 03
      XRANGE s 1--1 +
      XRANGE s "1- -1" +
      XDEL s 3 5-1
      XRANGE s - +
      XREVRANGE s + -
      XRANGE s 3 3
    `,
  },
  {
    name: 'deleted',
    lines: `
      ${added('s', 4)}
      XDEL s 2 2 9
      XDEL s 1-0 x
      XDEL s x
      XDEL s
      XDEL none 1
      XDEL none x
      XINFO STREAM s
      DUMP s
      XDEL s 1-0
      XINFO STREAM s
      XDEL s 4-0 3-0
      XINFO STREAM s
      XLEN s
      EXISTS s
      DUMP s
      XADD s 4-0 f v
      XADD s 5-0 f v
      XINFO STREAM s
      COPY s copy
      XINFO STREAM copy
      DEBUG DIGEST-VALUE s copy none
    `,
  },
  {
    name: 'XSETID',
    lines: `
      XSETID none 1-0
      XADD s 5-0 f v
      XSETID s 4-0
      XSETID s 10
      XSETID s 10-5 ENTRIESADDED 7
      XSETID s 10-5 ENTRIESADDED 0
      XSETID s 10-5 ENTRIESADDED -1
      XSETID s 10-5 ENTRIESADDED x
      XSETID s 10-5 ENTRIESADDED
      XSETID s 10-5 MAXDELETEDID 11-0
      XSETID s 10-5 MAXDELETEDID 9-0 ENTRIESADDED 9223372036854775807
      XSETID s 8-0
      XSETID s x
      XSETID s -
      XSETID s 10-5 FOO 1
      XINFO STREAM s
      XGROUP CREATE s g 0
      XINFO GROUPS s
      XADD s 11-0 f v
      XINFO STREAM s
      XINFO GROUPS s
      WATCH s
      XSETID s 20-0
      MULTI
      XLEN s
      EXEC
    `,
  },
  {
    name: 'read',
    lines: `
      ${added('{k}a', 3)}
      ${added('{k}b', 2)}
      XREAD STREAMS {k}a 0
      XREAD STREAMS {k}a {k}b 1 1-0
      XREAD COUNT 1 STREAMS {k}a {k}b 0 0
      XREAD COUNT 0 STREAMS {k}a 0
      XREAD COUNT -1 STREAMS {k}a 0
      XREAD COUNT x STREAMS {k}a 0
      XREAD STREAMS {k}a {k}b 3 0
      XREAD STREAMS {k}a 3
      XREAD STREAMS {k}a $
      XREAD STREAMS {k}none 0
      XREAD STREAMS {k}none {k}a 0 2
      XREAD STREAMS {k}a 18446744073709551615-18446744073709551615
      XREAD STREAMS {k}a >
      XREAD STREAMS {k}a -
      XREAD STREAMS {k}a +
      XREAD STREAMS {k}a (1
      XREAD STREAMS {k}a x
      XREAD STREAMS {k}a {k}b 0
      XREAD STREAMS {k}a
      XREAD COUNT 1
      XREAD COUNT 1 {k}a 0
      XREAD FOO STREAMS {k}a 0
      XREAD NOACK STREAMS {k}a 0
      XREAD GROUP g c STREAMS {k}a 0
      XREAD GROUP g
      XREAD BLOCK x STREAMS {k}a 0
      XREAD BLOCK -1 STREAMS {k}a 0
      XREAD BLOCK 10 STREAMS {k}a 0
      XREAD BLOCK 1 STREAMS {k}a $
      XREAD block 1 count 1 streams {k}none 0
      MULTI
      XREAD BLOCK 0 STREAMS {k}a $
      XREAD STREAMS {k}a 2
      EXEC
      XDEL {k}a 3-0
      XREAD STREAMS {k}a 2
      SET {k}s v
      XREAD STREAMS {k}a {k}s 0 0
      XREAD STREAMS {k}s 0
    `,
  },
  {
    name: 'groups made and changed',
    lines: `
      XGROUP CREATE s g 0
      XGROUP CREATE s g 0 MKSTREAM
      ${ASK}
      XGROUP CREATE s g 0 MKSTREAM
      XGROUP CREATE s g 0
      XGROUP CREATE s h $ ENTRIESREAD 5
      XGROUP CREATE s i 5-5 ENTRIESREAD -1
      XGROUP CREATE s j 0 ENTRIESREAD -2
      XGROUP CREATE s j 0 ENTRIESREAD x
      XGROUP CREATE s j 0 ENTRIESREAD
      XGROUP CREATE s j 0 FOO
      XGROUP CREATE s j x
      XGROUP CREATE s j -
      XGROUP CREATE s j +
      XGROUP CREATE s j
      XGROUP CREATE s j 0 MKSTREAM ENTRIESREAD 5 MKSTREAM
      XGROUP CREATE new j x MKSTREAM
      EXISTS new
      ${added('s', 5)}
      ${ASK}
      XGROUP SETID s g 3
      XGROUP SETID s g $
      XGROUP SETID s g - ENTRIESREAD 0
      XGROUP SETID s g + ENTRIESREAD 4
      XGROUP SETID s g 0 MKSTREAM
      XGROUP SETID s g 0 ENTRIESREAD 1 ENTRIESREAD 2
      XGROUP SETID s none 0
      XGROUP SETID none g 0
      XGROUP SETID s g
      ${ASK}
      XGROUP CREATECONSUMER s g alice
      XGROUP CREATECONSUMER s g alice
      XGROUP CREATECONSUMER s none alice
      XGROUP CREATECONSUMER none g alice
      XGROUP CREATECONSUMER s g
      XGROUP DELCONSUMER s g alice
      XGROUP DELCONSUMER s g alice
      XGROUP DELCONSUMER s none alice
      XGROUP DESTROY s g
      XGROUP DESTROY s g
      XGROUP DESTROY none g
      XGROUP DESTROY s
      XGROUP FOO s g
      XGROUP
      XGROUP HELP
      XGROUP HELP x
      XINFO HELP
      XINFO
      XINFO FOO
      XINFO STREAM none
      XINFO STREAM s FOO
      XINFO STREAM s FULL COUNT
      XINFO STREAM s FULL COUNT x
      XINFO STREAM s FULL COUNT 0
      XINFO STREAM s FULL COUNT -1
      XINFO STREAM s FULL COUNT 1
      XINFO STREAM s FULL FOO 1
      XINFO STREAM s FULL COUNT 1 x
      XINFO GROUPS none
      XINFO CONSUMERS s none
      XINFO CONSUMERS none g
      XINFO CONSUMERS s h
      XINFO CONSUMERS s
    `,
  },
  {
    name: 'read as a group',
    lines: `
      ${added('s', 6)}
      XGROUP CREATE s g 0
      XREADGROUP GROUP g alice COUNT 2 STREAMS s >
      XREADGROUP GROUP g bob COUNT 1 STREAMS s >
      XREADGROUP GROUP g alice STREAMS s 0
      XREADGROUP GROUP g alice STREAMS s 1
      XREADGROUP GROUP g carol STREAMS s 0
      XREADGROUP GROUP g dora NOACK COUNT 1 STREAMS s >
      XREADGROUP GROUP g alice COUNT 1 STREAMS s 0
      ${ASK}
      XPENDING s g
      XINFO CONSUMERS s g
      XREADGROUP GROUP g eve STREAMS s s > >
      XREADGROUP GROUP g eve STREAMS s >
      XREADGROUP GROUP g fay STREAMS s >
      XREADGROUP GROUP g fay BLOCK 1 STREAMS s >
      XINFO CONSUMERS s g
      XDEL s 1-0 5-0
      XREADGROUP GROUP g alice STREAMS s 0
      XREADGROUP GROUP g alice COUNT 1 STREAMS s 0
      ${ASK}
      XACK s g 1-0 2-0 3-0 9-9
      XACK s g x
      XACK s g
      XACK s none 1
      XACK s none x
      XACK none g 1
      XPENDING s g
      XREADGROUP GROUP none alice STREAMS s >
      XREADGROUP GROUP g alice STREAMS none >
      XREADGROUP GROUP g alice STREAMS s $
      XREADGROUP GROUP g alice STREAMS s x
      XREADGROUP GROUP g alice STREAMS s
      XREADGROUP GROUP g STREAMS s > x y
      XREADGROUP STREAMS a b c 1 2 3
      XREADGROUP STREAMS s t 1 2 3 4
      XREADGROUP GROUP streams streams COUNT 1 STREAMS s >
      XREADGROUP COUNT 1 GROUP g streams STREAMS streams >
      XREAD COUNT 1 STREAMS streams 0
      XREADGROUP GROUP g alice COUNT 1 BLOCK 0 s
      XREADGROUP GROUP g alice STREAMS s 18446744073709551615-18446744073709551615
      XGROUP SETID s g 3
      XREADGROUP GROUP g alice COUNT 1 STREAMS s >
      XREADGROUP GROUP g bob STREAMS s 0
      ${ASK}
      XGROUP DELCONSUMER s g alice
      XGROUP DELCONSUMER s g eve
      ${ASK}
      COPY s copy
      XINFO STREAM copy FULL
      XPENDING copy g
      DEL copy
      XGROUP DESTROY s g
      ${ASK}
    `,
  },
  {
    name: 'how far a group is behind',
    lines: `
      ${added('s', 5)}
      XGROUP CREATE s first 0
      XGROUP CREATE s at-first 1-0
      XGROUP CREATE s middle 3-0
      XGROUP CREATE s last $
      XGROUP CREATE s beyond 9-0
      XINFO GROUPS s
      XREADGROUP GROUP first c COUNT 1 STREAMS s >
      XREADGROUP GROUP middle c COUNT 1 STREAMS s >
      XINFO GROUPS s
      XDEL s 3-0
      XINFO GROUPS s
      XREADGROUP GROUP first c COUNT 1 STREAMS s >
      XREADGROUP GROUP middle c COUNT 1 STREAMS s >
      XINFO GROUPS s
      XREADGROUP GROUP first c COUNT 5 STREAMS s >
      XINFO GROUPS s
      XTRIM s MAXLEN 1
      XINFO GROUPS s
      XADD s 6-0 f v
      XINFO GROUPS s
      XTRIM s MAXLEN 0
      XINFO GROUPS s
      XADD s 10-0 f v
      XINFO GROUPS s
    `,
  },
  {
    name: 'pending',
    lines: `
      ${added('s', 4)}
      XGROUP CREATE s g 0
      XPENDING s g
      XPENDING s g - + 10
      XREADGROUP GROUP g alice COUNT 2 STREAMS s >
      XREADGROUP GROUP g bob STREAMS s >
      XPENDING s g
      XPENDING s g - + 10
      XPENDING s g - + 10 alice
      XPENDING s g - + 10 none
      XPENDING s g (1 + 1
      XPENDING s g - (3 10
      XPENDING s g 2 3 10 bob
      XPENDING s g - + 0
      XPENDING s g - + -1
      XPENDING s g - + x
      XPENDING s g IDLE 0 - + 10
      XPENDING s g idle 1000000 - + 10
      XPENDING s g IDLE 0 - + 10 bob
      XPENDING s g IDLE x - + 10
      XPENDING s g IDLE 0 - +
      XPENDING s g - +
      XPENDING s g -
      XPENDING s g IDLE 0 - + 10 bob x
      XPENDING s g - + 10 bob x y
      XPENDING s g x + 10
      XPENDING s g - x 10
      XPENDING s g (18446744073709551615-18446744073709551615 + 10
      XPENDING s g - (0-0 10
      XPENDING s none
      XPENDING none g
      XPENDING s
    `,
  },
  {
    name: 'claimed',
    lines: `
      ${added('s', 5)}
      XGROUP CREATE s g 0
      XREADGROUP GROUP g alice COUNT 3 STREAMS s >
      XCLAIM s g bob 0 1-0
      XCLAIM s g bob 0 1-0 2-0 JUSTID
      XCLAIM s g bob 1000000 3-0
      XCLAIM s g bob -1 3-0 RETRYCOUNT 7
      XCLAIM s g bob 0 3-0 IDLE 10000000 JUSTID
      XCLAIM s g bob 0 3-0 TIME 1000 RETRYCOUNT 0
      XCLAIM s g bob 0 3-0 TIME 99999999999999
      XCLAIM s g bob 0 3-0 IDLE -5
      XPENDING s g - + 10
      XCLAIM s g carol 0 5-0
      XCLAIM s g carol 0 5-0 FORCE
      XCLAIM s g carol 0 4-0 FORCE JUSTID
      XCLAIM s g carol 0 9-9 FORCE
      XCLAIM s g carol 0 5 LASTID 5-0
      XCLAIM s g dora 0 9-9 LASTID 7-0
      XPENDING s g
      XINFO CONSUMERS s g
      ${ASK}
      XDEL s 1-0 4-0
      XCLAIM s g alice 0 1-0 4-0 5-0
      XPENDING s g
      XCLAIM s g alice x 1-0
      XCLAIM s g alice 0 x
      XCLAIM s g alice 0 1-0 x
      XCLAIM s g alice 0 1-0 IDLE
      XCLAIM s g alice 0 1-0 IDLE x
      XCLAIM s g alice 0 1-0 TIME x
      XCLAIM s g alice 0 1-0 RETRYCOUNT x
      XCLAIM s g alice 0 1-0 RETRYCOUNT -1
      XCLAIM s g alice 0 1-0 LASTID x
      XCLAIM s g alice 0 FORCE
      XCLAIM s g alice 0
      XCLAIM s none alice 0 1
      XCLAIM none g alice 0 1
      XCLAIM none g alice x 1
    `,
  },
  {
    name: 'claimed by themselves',
    lines: `
      ${added('s', 6)}
      XGROUP CREATE s g 0
      XREADGROUP GROUP g alice STREAMS s >
      XAUTOCLAIM s g bob 0 - COUNT 2
      XAUTOCLAIM s g bob 0 3 COUNT 2 JUSTID
      XAUTOCLAIM s g bob 1000000 -
      XAUTOCLAIM s g bob 1000000 - COUNT 1
      XAUTOCLAIM s g dora 1000000 -
      XAUTOCLAIM s g bob 0 (5
      XDEL s 2-0 4-0
      XAUTOCLAIM s g carol 0 0 COUNT 3
      XAUTOCLAIM s g carol 0 0
      XPENDING s g - + 10
      XINFO CONSUMERS s g
      ${ASK}
      XAUTOCLAIM s g bob 0 - COUNT 0
      XAUTOCLAIM s g bob 0 - COUNT -1
      XAUTOCLAIM s g bob 0 - COUNT x
      XAUTOCLAIM s g bob 0 - COUNT 576460752303423487
      XAUTOCLAIM s g bob 0 - COUNT 576460752303423488
      XAUTOCLAIM s g bob 0 - COUNT 100000000000000
      XAUTOCLAIM s g bob 0 - COUNT
      XAUTOCLAIM s g bob 0 - FOO
      XAUTOCLAIM s g bob x -
      XAUTOCLAIM s g bob 0 x
      XAUTOCLAIM s g bob 0 (18446744073709551615-18446744073709551615
      XAUTOCLAIM s g bob 0
      XAUTOCLAIM s none bob 0 -
      XAUTOCLAIM none g bob 0 -
    `,
  },
  {
    name: 'dumped and digested',
    lines: `
      DEBUG DIGEST-VALUE s
      XADD s 1000-1 f v
      XADD s 1000-2 f v2
      XADD s 1001-0 g v3
      XADD s 999999999999999-5 f 12 g -4097
      XADD s 18446744073709551614-18446744073709551615 f v
      XADD s 18446744073709551615-3 f v
      DUMP s
      DEBUG DIGEST-VALUE s
      DEBUG DIGEST
    `,
  },
  {
    name: 'of another type',
    lines: `
      SET s v
      XADD s 1-0 f v
      XADD s 0-0 f v
      XLEN s
      XRANGE s - +
      XRANGE s x +
      XREVRANGE s + -
      XREAD STREAMS s 0
      XREADGROUP GROUP g c STREAMS s >
      XGROUP CREATE s g 0
      XGROUP CREATE s g 0 MKSTREAM
      XGROUP SETID s g 0
      XGROUP DESTROY s g
      XGROUP CREATECONSUMER s g c
      XGROUP DELCONSUMER s g c
      XACK s g 1
      XPENDING s g
      XCLAIM s g c 0 1
      XCLAIM s g c x 1
      XAUTOCLAIM s g c 0 0
      XAUTOCLAIM s g c x 0
      XDEL s 1
      XDEL s x
      XTRIM s MAXLEN 1
      XSETID s 1
      XSETID s x
      XINFO STREAM s
      XINFO GROUPS s
      XINFO CONSUMERS s g
      XADD x 1-0 f v
      GET x
      HGET x f
      SADD x a
      SET x v GET
      APPEND x y
    `,
  },
]
