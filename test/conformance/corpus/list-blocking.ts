/** What is said to clients that wait for lists, and to those who end their waiting. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'in turn',
    lines: `
      @0a !send BLPOP {k}l {k}other 0
      !blocked 1
      @0b !send BRPOP {k}l 0
      !blocked 2
      @0c !send BLMPOP 0 1 {k}l LEFT COUNT 5
      !blocked 3
      RPUSH {k}l 1 2 3 4
      @0a !hears 1
      @0b !hears 1
      @0c !hears 1
      EXISTS {k}l
      !blocked 0
    `,
  },
  {
    name: 'after the transaction',
    lines: `
      @0a !send BLPOP {k}x {k}y 0
      !blocked 1
      @0b !send BLPOP {k}y 0
      !blocked 2
      MULTI
      RPUSH {k}y 1
      LPUSH {k}y 2
      RPUSH {k}x 3
      EXEC
      @0a !hears 1
      @0b !hears 1
      LRANGE {k}x 0 -1
      @0a !send BLPOP {k}x2 0
      !blocked 1
      MULTI
      RPUSH {k}x2 1
      DEL {k}x2
      EXEC
      MULTI
      RPUSH {k}x2 1
      PEXPIRE {k}x2 -1
      EXEC
      RPUSH {k}x2 2
      @0a !hears 1
    `,
  },
  {
    name: 'one after the other',
    lines: `
      @0c !send BLPOP {k}third 0
      !blocked 1
      @0b !send BLMOVE {k}second {k}third LEFT RIGHT 0
      !blocked 2
      @0a !send BRPOPLPUSH {k}first {k}second 0
      !blocked 3
      RPUSH {k}first 1
      @0a !hears 1
      @0b !hears 1
      @0c !hears 1
      DBSIZE
      @0a !send BLMOVE {k}l {k}s LEFT LEFT 0
      !blocked 1
      @0b !send BLPOP {k}l 0
      !blocked 2
      SET {k}s v
      RPUSH {k}l 1
      @0a !hears 1
      @0b !hears 1
      DBSIZE
      @0a !send BLMOVE {k}l {k}l LEFT RIGHT 0
      !blocked 1
      @0b !send BLPOP {k}l 0
      !blocked 2
      RPUSH {k}l a b
      @0a !hears 1
      @0b !hears 1
      LRANGE {k}l 0 -1
    `,
  },
  {
    name: 'however the key comes to be',
    lines: `
      RPUSH {k}source 1 2 3
      @0a !send BLPOP {k}l 0
      !blocked 1
      SET {k}l text
      HSET {k}h f v
      DEL {k}l
      COPY {k}source {k}l
      @0a !hears 1
      DEL {k}l
      @0a !send BLPOP {k}l 0
      !blocked 1
      RENAME {k}h {k}l
      DEL {k}l
      LMOVE {k}source {k}l LEFT LEFT
      @0a !hears 1
      @0a !send BLPOP {k}l 0
      !blocked 1
      RENAME {k}source {k}l
      @0a !hears 1
      DEL {k}l
      @0a !send BLPOP {k}l 0
      !blocked 1
      RESTORE {k}l 0 "\\x12\\x01\\x02\\x0c\\x0c\\x00\\x00\\x00\\x02\\x00\\x81a\\x02\\x02\\x01\\xff\\x0a\\x00\\xb6\\xf1\\xc0\\x8f09\\xa7\\xda"
      @0a !hears 1
      FLUSHALL
      @0a !send BLPOP {k}l 0
      !blocked 1
      RPUSH {k}z 2 1
      SORT {k}z STORE {k}l
      @0a !hears 1
      FLUSHALL
      @0a !send BLPOP {k}l 0
      !blocked 1
      SET {k}l text
      RPUSH {k}z 2 1
      SORT {k}z STORE {k}l
      TYPE {k}l
      RPUSH {k}l 3
      DEL {k}l
      RPUSH {k}l 4
      @0a !hears 1
    `,
  },
  {
    name: 'what waits behind',
    lines: `
      @0a !send BLPOP {k}l 0
      @0a !send PING one
      @0a !send BLPOP {k}l 0
      @0a !send PING two
      !blocked 1
      RPUSH {k}l 1
      @0a !hears 2
      !blocked 1
      RPUSH {k}l 2
      @0a !hears 2
      @0a !send CLIENT REPLY SKIP
      @0a !send BLPOP {k}l 0
      !blocked 1
      RPUSH {k}l 3
      !blocked 0
      @0a PING
      LLEN {k}l
    `,
  },
  {
    name: 'time runs out',
    lines: `
      @0a !send BLPOP {k}l 0.02
      @0a !hears 1
      @0a !send BLMOVE {k}l {k}m LEFT LEFT 0.02
      @0a !hears 1
      @0a !send BLMPOP 0.02 1 {k}l LEFT
      @0a !hears 1
      @0a !send WAIT 3 20
      @0a !hears 1
      CONFIG RESETSTAT
      @0a !send BLPOP {k}l 0
      !blocked 1
      @0b !send BLMOVE {k}l {k}s LEFT LEFT 0
      !blocked 2
      RPUSH {k}l 1
      @0a !hears 1
      SET {k}s v
      RPUSH {k}l 2
      @0b !hears 1
      INFO errorstats
    `,
  },
]
