/** What is said about sets. */
import type { Scenario } from '../differential.ts'

const NUMBERS = Array.from({ length: 512 }, (_, i) => i - 200).join(' ')

export const scenarios: readonly Scenario[] = [
  {
    name: 'members added, asked for and removed',
    lines: `
      SADD s a
      SADD s a b b c
      SADD s
      SADD
      SCARD s
      SCARD none
      SCARD s t
      SISMEMBER s a
      SISMEMBER s none
      SISMEMBER none a
      SISMEMBER s
      SMISMEMBER s a none b
      SMISMEMBER none a b
      SMISMEMBER s
      SMEMBERS s
      SMEMBERS none
      SREM s a none a
      SREM s
      SREM none a
      SMEMBERS s
      SREM s b c
      EXISTS s
      TYPE s
      SADD s "" "\\x00\\r\\n" "\\xff\\xfe"
      SMEMBERS s
      TYPE s
      COPY s copy
      SMEMBERS copy
    `,
  },
  {
    name: 'integers in order, and when they are no longer an intset',
    lines: `
      SADD n 3 1 2 -5 9223372036854775807 -9223372036854775808 10
      OBJECT ENCODING n
      SMEMBERS n
      SSCAN n 0
      SADD n 01
      OBJECT ENCODING n
      SREM n 01
      OBJECT ENCODING n
      SADD many ${NUMBERS}
      OBJECT ENCODING many
      SADD many 0
      OBJECT ENCODING many
      SADD many 1000
      OBJECT ENCODING many
      SADD far 9223372036854775808
      OBJECT ENCODING far
      SADD minus -0
      OBJECT ENCODING minus
      SADD plus +1
      OBJECT ENCODING plus
      SADD a 1 2 3
      SADD b 2 3 4
      SINTERSTORE c a b
      OBJECT ENCODING c
      SMEMBERS c
      SUNIONSTORE c a b
      OBJECT ENCODING c
      SMEMBERS c
      SADD b x
      SUNIONSTORE c a b
      OBJECT ENCODING c
      SADD big 1 2 3 4 5 6 7 8 9 x
      SADD small x 9
      SDIFFSTORE c big small
      OBJECT ENCODING c
      SADD all 1 2 3 4 5 6 7 x
      SDIFFSTORE c big all all all
      OBJECT ENCODING c
    `,
  },
  {
    name: 'dumped and digested',
    lines: `
      SADD n 3 1 70000
      DUMP n
      SADD one member
      DUMP one
      DEBUG DIGEST-VALUE n one
    `,
  },
  {
    name: 'moved from set to set',
    lines: `
      SADD a 1 2
      SADD b 2 x
      SMOVE a b 1
      SMOVE a b 1
      SMOVE a b 2
      EXISTS a
      SMOVE none b 1
      SMOVE b new x
      SMOVE b b 2
      SMOVE b b none
      SMEMBERS new
      SMEMBERS b
      SET str v
      SMOVE str b 1
      SMOVE b str 1
      SMOVE none str 1
      SMOVE b str none
      SMOVE a b
    `,
  },
  {
    name: 'algebra',
    lines: `
      SADD {k}a 1 2 3 4
      SADD {k}b 3 4 5
      SADD {k}c 4 x
      SINTER {k}a {k}b {k}c
      SINTER {k}a
      SINTER {k}a {k}none
      SINTER {k}none
      SINTER {k}a {k}a
      SUNION {k}a {k}b {k}c
      SUNION {k}none
      SUNION {k}a {k}none
      SDIFF {k}a {k}b
      SDIFF {k}a {k}a
      SDIFF {k}none {k}a
      SDIFF {k}a {k}none {k}c
      SINTERSTORE {k}d {k}a {k}b
      SMEMBERS {k}d
      SINTERSTORE {k}d {k}a {k}none
      EXISTS {k}d
      SINTERSTORE {k}d {k}a {k}none
      SUNIONSTORE {k}d {k}a {k}c
      SCARD {k}d
      SUNIONSTORE {k}d {k}none
      EXISTS {k}d
      SDIFFSTORE {k}d {k}a {k}c
      SMEMBERS {k}d
      SDIFFSTORE {k}a {k}a {k}b
      SMEMBERS {k}a
      SET {k}s v
      SDIFFSTORE {k}s {k}a {k}b
      TYPE {k}s
      SET {k}s v
      SINTER {k}a {k}s
      SINTER {k}none {k}s
      SINTER {k}s {k}none
      SUNION {k}a {k}s
      SUNION {k}none {k}s
      SDIFF {k}none {k}s
      SDIFF {k}s {k}a
      SINTERSTORE {k}s {k}a {k}s
      SINTERSTORE {k}s {k}none
      EXISTS {k}s
      SINTER
      SINTERSTORE {k}d
      SUNION
      SDIFFSTORE {k}d
      EXPIRE {k}a 100
      SUNIONSTORE {k}a {k}b
      TTL {k}a
    `,
  },
  {
    name: 'SINTERCARD',
    lines: `
      SADD {k}a 1 2 3 4
      SADD {k}b 2 3 4 5
      SINTERCARD 2 {k}a {k}b
      SINTERCARD 2 {k}a {k}b LIMIT 2
      SINTERCARD 2 {k}a {k}b limit 0
      SINTERCARD 2 {k}a {k}b LIMIT 9
      SINTERCARD 2 {k}a {k}b LIMIT -1
      SINTERCARD 2 {k}a {k}b LIMIT x
      SINTERCARD 2 {k}a {k}b LIMIT
      SINTERCARD 2 {k}a {k}b LIMIT 1 LIMIT 2
      SINTERCARD 2 {k}a {k}b OTHER 1
      SINTERCARD 2 {k}a {k}b {k}c
      SINTERCARD 1 {k}a
      SINTERCARD 1 {k}none
      SINTERCARD 3 {k}a {k}b
      SINTERCARD 0 {k}a
      SINTERCARD -1 {k}a
      SINTERCARD x {k}a
      SINTERCARD 1.5 {k}a
      SINTERCARD 99999999999999999999 {k}a
      SINTERCARD 4294967297 {k}a
      SINTERCARD 1
      SET {k}s v
      SINTERCARD 2 {k}a {k}s
      SINTERCARD 2 {k}none {k}s
    `,
  },
  {
    name: 'random members',
    lines: `
      SADD one x
      SRANDMEMBER one
      SRANDMEMBER none
      SRANDMEMBER one 5
      SRANDMEMBER one -3
      SRANDMEMBER one 0
      SRANDMEMBER none 5
      SRANDMEMBER none -5
      SRANDMEMBER one x
      SRANDMEMBER one 1 2
      SRANDMEMBER one -9223372036854775808
      SRANDMEMBER one 9223372036854775807
      SRANDMEMBER one 9223372036854775808
      SPOP one
      EXISTS one
      SPOP one
      SPOP none 3
      SPOP none 0
      SPOP none -1
      SADD few a b c
      SPOP few 0
      SPOP few -1
      SPOP few x
      SPOP few 1 2
      SPOP few 3
      EXISTS few
      SADD few a b c
      SPOP few 100
      EXISTS few
      SADD n 1 2 3
      SRANDMEMBER n 2
      SRANDMEMBER n -2
    `,
  },
  {
    name: 'scanned',
    lines: `
      SADD s a ab abc b
      SSCAN s 0
      SSCAN s 0 MATCH a*
      SSCAN s 0 MATCH a* COUNT 100
      SSCAN s 0 COUNT 0
      SSCAN s 0 COUNT x
      SSCAN s 0 TYPE string
      SSCAN s x
      SSCAN none 0
      SSCAN none x
      SSCAN none 0 FOO
      SSCAN s
      SADD n 5 3 4
      SSCAN n 0 COUNT 1
      SSCAN n 0 MATCH [34]
      SET str v
      SSCAN str 0
    `,
  },
  {
    name: 'of another type',
    lines: `
      SET s v
      SADD s a
      SREM s a
      SCARD s
      SMEMBERS s
      SISMEMBER s a
      SMISMEMBER s a
      SPOP s
      SPOP s 1
      SRANDMEMBER s
      SRANDMEMBER s 1
      SADD set a
      GET set
      HGET set f
      APPEND set x
      SET set v GET
      SET set v
      GET set
    `,
  },
]
