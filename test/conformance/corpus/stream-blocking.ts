/** What is said to clients that wait for streams, and when what they wait for goes. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'all who wait are served',
    lines: `
      XADD {k}s 1-0 f v
      @0a !send XREAD BLOCK 0 STREAMS {k}s $
      !blocked 1
      @0b !send XREAD BLOCK 0 COUNT 1 STREAMS {k}none {k}s 0 1-0
      !blocked 2
      @0c XREAD BLOCK 0 STREAMS {k}s {k}s 5-0 0-0
      XADD {k}s 2-0 f v
      @0a !hears 1
      @0b !hears 1
      @0c !send XREAD BLOCK 0 STREAMS {k}s {k}s 5-0 9-0
      !blocked 1
      XADD {k}s 5-0 f v
      XADD {k}s 6-0 f v
      @0c !hears 1
      @0a !send XREAD BLOCK 0 STREAMS {k}new $
      !blocked 1
      MULTI
      XADD {k}new 1-0 f v
      XADD {k}new 2-0 f v
      EXEC
      @0a !hears 1
    `,
  },
  {
    name: 'nothing is left when it is served',
    lines: `
      @0a !send XREAD BLOCK 0 STREAMS {k}s 0
      !blocked 1
      MULTI
      XADD {k}s 1-0 f v
      XDEL {k}s 1-0
      EXEC
      @0a !hears 1
      @0a !send XREAD BLOCK 0 STREAMS {k}s 0
      !blocked 1
      XSETID {k}s 5-0
      SET {k}t v
      XADD {k}s 6-0 f v
      @0a !hears 1
      @0a !send XREAD BLOCK 0 STREAMS {k}s $
      !blocked 1
      DEL {k}s
      SET {k}s v
      DEL {k}s
      XADD {k}s 3-0 f v
      XADD {k}s 7-0 f v
      @0a !hears 1
    `,
  },
  {
    name: 'members of groups',
    lines: `
      XGROUP CREATE {k}s g $ MKSTREAM
      XGROUP CREATE {k}s h $
      @0a !send XREADGROUP GROUP g alice BLOCK 0 STREAMS {k}s >
      !blocked 1
      @0b !send XREADGROUP GROUP g bob BLOCK 0 STREAMS {k}s >
      !blocked 2
      @0c !send XREADGROUP GROUP h carol NOACK BLOCK 0 STREAMS {k}s >
      !blocked 3
      XADD {k}s 1-0 f v
      @0a !hears 1
      @0c !hears 1
      XPENDING {k}s g
      XADD {k}s 2-0 f v
      @0b !hears 1
      XPENDING {k}s g
      XPENDING {k}s h
      XINFO CONSUMERS {k}s g
      XINFO CONSUMERS {k}s h
      XINFO GROUPS {k}s
      @0a !send XREADGROUP GROUP h alice BLOCK 0 STREAMS {k}s >
      !blocked 0
      @0a !hears 1
      @0a !send XREADGROUP GROUP g alice COUNT 1 BLOCK 0 STREAMS {k}s >
      !blocked 1
      MULTI
      XADD {k}s 3-0 f v
      XADD {k}s 4-0 f v
      XDEL {k}s 3-0
      EXEC
      @0a !hears 1
      XINFO STREAM {k}s FULL
    `,
  },
  {
    name: 'the group goes, or the stream',
    lines: ['XGROUP DESTROY {k}s g', 'DEL {k}s', 'UNLINK {k}s', 'SET {k}s v', 'FLUSHALL']
      .concat(['PEXPIRE {k}s 5', 'PEXPIREAT {k}s 1', 'RENAME {k}s {k}t', 'RENAME {k}other {k}s'])
      .concat(['COPY {k}other {k}s REPLACE', 'SADD {k}set 1|SUNIONSTORE {k}s {k}set'])
      .map(
        (line) => `
      FLUSHALL
      XADD {k}other 1-0 f v
      XGROUP CREATE {k}s g $ MKSTREAM
      XGROUP CREATE {k}s h $
      @0a !send XREADGROUP GROUP g alice BLOCK 0 STREAMS {k}s >
      !blocked 1
      @0b !send XREADGROUP GROUP h bob BLOCK 0 STREAMS {k}s >
      !blocked 2
      @0c !send XREAD BLOCK 0 STREAMS {k}s $
      !blocked 3
      ${line.replace('|', '\n')}
      @0a !hears 1
      XGROUP DESTROY {k}s h
      DEL {k}s
      @0b !hears 1
      XADD {k}s 5-0 f v
      @0c !hears 1
    `,
      )
      .join('\n'),
  },
  {
    name: 'gone and back within a transaction',
    lines: `
      XGROUP CREATE {k}s g $ MKSTREAM
      @0a !send XREADGROUP GROUP g alice BLOCK 0 STREAMS {k}s >
      !blocked 1
      MULTI
      DEL {k}s
      XADD {k}s 1-0 f v
      EXEC
      @0a !hears 1
      XGROUP CREATE {k}s g $
      @0a !send XREADGROUP GROUP g alice BLOCK 0 STREAMS {k}s >
      !blocked 1
      MULTI
      DEL {k}s
      XGROUP CREATE {k}s g $ MKSTREAM
      EXEC
      XGROUP CREATECONSUMER {k}s g bob
      !blocked 1
      MULTI
      DEL {k}s
      SADD {k}s x
      EXEC
      @0a !hears 1
    `,
  },
]
