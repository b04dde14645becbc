/** What is said about lists by clients that never wait. */
import type { Scenario } from '../differential.ts'

const MANY = Array.from({ length: 300 }, (_, i) => `e${i}`).join(' ')

export const scenarios: readonly Scenario[] = [
  {
    name: 'elements added, read and taken',
    lines: `
      RPUSH l a b c
      LPUSH l x y
      RPUSH l
      LPUSH
      LRANGE l 0 -1
      LRANGE l 1 2
      LRANGE l -2 100
      LRANGE l -100 1
      LRANGE l 3 1
      LRANGE l 5 5
      LRANGE none 0 -1
      LRANGE l x 1
      LRANGE none 0 x
      LRANGE l 0
      LRANGE l -9223372036854775808 9223372036854775807
      LPUSHX l first
      RPUSHX l last more
      LPUSHX none a
      RPUSHX none a
      EXISTS none
      LLEN l
      LLEN none
      LINDEX l 0
      LINDEX l -1
      LINDEX l 100
      LINDEX l -100
      LINDEX l x
      LINDEX none x
      LINDEX none 0
      LPOP l
      RPOP l
      LPOP l 2
      RPOP l 2
      LPOP l 0
      RPOP none 0
      LPOP none
      LPOP none 5
      LPOP l -1
      LPOP l x
      LPOP none x
      LPOP l 1 2
      LPOP l 100
      EXISTS l
      TYPE l
      RPUSH l "" "\\x00\\r\\n" "\\xff\\xfe" 12 012
      TYPE l
      OBJECT ENCODING l
      OBJECT REFCOUNT l
      LRANGE l 0 -1
      RPOP l 9223372036854775807
    `,
  },
  {
    name: 'elements replaced, inserted, removed, found',
    lines: `
      RPUSH l a b a c a
      LSET l 1 B
      LSET l -1 z
      LSET l 5 x
      LSET l -6 x
      LSET none 0 x
      LSET none x x
      LSET l x x
      LINSERT l BEFORE B new
      LINSERT l after B new2
      LINSERT l AFTER none x
      LINSERT none AFTER a x
      LINSERT l BESIDE a x
      LINSERT none BESIDE a x
      LRANGE l 0 -1
      LREM l 1 a
      LREM l -1 a
      LREM l 0 none
      LREM none 0 a
      LREM l x a
      LREM l -9223372036854775808 a
      LREM l -9223372036854775807 a
      LRANGE l 0 -1
      LTRIM l 1 -2
      LRANGE l 0 -1
      LTRIM l 0 100
      LTRIM l x 1
      LTRIM none 0 x
      LTRIM none 0 1
      LTRIM l 5 1
      EXISTS l
      RPUSH l a b c 1 2 3 c c
      LPOS l c
      LPOS l c RANK 2
      LPOS l c RANK -1
      LPOS l c COUNT 2
      LPOS l c COUNT 0
      LPOS l c RANK -1 COUNT 2
      LPOS l c RANK 2 COUNT 0 MAXLEN 7
      LPOS l c MAXLEN 2
      LPOS l c MAXLEN 0
      LPOS l c RANK 0
      LPOS l c RANK x
      LPOS l c RANK -9223372036854775808
      LPOS l c COUNT -1
      LPOS l c COUNT x
      LPOS l c MAXLEN -1
      LPOS l c MAXLEN x
      LPOS l c MAXLEN
      LPOS l c FOO 1
      LPOS l none
      LPOS l none COUNT 1
      LPOS none c
      LPOS none c COUNT 1
      LPOS none c RANK 0
      LREM l 0 c
      LREM l 2 a
      DEL l
    `,
  },
  {
    name: 'from list to list',
    lines: `
      RPUSH {k}a 1 2 3
      LMOVE {k}a {k}b LEFT right
      LMOVE {k}a {k}b RIGHT RIGHT
      RPOPLPUSH {k}a {k}b
      RPOPLPUSH {k}a {k}b
      LMOVE {k}a {k}b LEFT LEFT
      LRANGE {k}b 0 -1
      RPOPLPUSH {k}b {k}b
      LMOVE {k}b {k}b LEFT RIGHT
      LMOVE {k}b {k}b LEFT LEFT
      LRANGE {k}b 0 -1
      LMOVE {k}b {k}c UP LEFT
      LMOVE {k}b {k}c LEFT
      SET {k}s v
      LMOVE {k}b {k}s LEFT LEFT
      LMOVE {k}s {k}b LEFT LEFT
      LMOVE {k}none {k}s LEFT LEFT
      RPOPLPUSH {k}b {k}s
      LLEN {k}b
      LMPOP 2 {k}none {k}b LEFT
      LMPOP 2 {k}none {k}b right COUNT 5
      LMPOP 2 {k}none {k}b LEFT
      LMPOP 2 {k}s {k}b LEFT
      LMPOP 1 {k}none {k}s LEFT
      LMPOP 0 {k}b LEFT
      LMPOP -1 {k}b LEFT
      LMPOP x {k}b LEFT
      LMPOP 2 {k}b LEFT
      LMPOP 1 {k}b MIDDLE
      LMPOP 1 {k}b LEFT COUNT
      LMPOP 1 {k}b LEFT COUNT 0
      LMPOP 1 {k}b LEFT COUNT x
      LMPOP 1 {k}b LEFT COUNT 1 COUNT 1
      LMPOP 1 {k}b LEFT LIMIT 1
      LMPOP 9223372036854775807 {k}b LEFT
    `,
  },
  {
    name: 'of another type',
    lines: `
      SET s v
      LPUSH s a
      RPUSH s a
      LPUSHX s a
      RPUSHX s a
      LPOP s
      LPOP s 1
      RPOP s
      LLEN s
      LINDEX s 0
      LINDEX s x
      LSET s 0 a
      LRANGE s 0 1
      LTRIM s 0 1
      LREM s 0 a
      LINSERT s BEFORE a b
      LPOS s a
      BLPOP s 0
      RPUSH l a
      GET l
      HGET l f
      INCR l
      APPEND l x
      SETRANGE l 0 x
      SET l now
      GET l
    `,
  },
  {
    name: 'large, copied, renamed, dumped',
    lines: `
      RPUSH {k}l ${MANY}
      LPUSH {k}l ${MANY}
      LLEN {k}l
      LINDEX {k}l 299
      LINDEX {k}l -301
      LRANGE {k}l 290 310
      LINSERT {k}l BEFORE e150 here
      LPOS {k}l here
      LREM {k}l 0 e150
      LTRIM {k}l 100 -100
      LLEN {k}l
      LRANGE {k}l 0 3
      COPY {k}l {k}m
      LPOP {k}l 390
      LLEN {k}m
      RENAME {k}m {k}l
      LRANGE {k}l 195 205
      DEBUG DIGEST
      DEL {k}l
      RPUSH {k}d a b 12 -70000 "" "\\xff"
      DUMP {k}d
      RPUSH {k}e ${MANY} ${MANY} ${MANY} ${MANY} ${MANY} ${MANY} ${MANY} ${MANY}
      DUMP {k}e
      RESTORE {k}f 0 "\\x12\\x01\\x02\\x0c\\x0c\\x00\\x00\\x00\\x02\\x00\\x81a\\x02\\x02\\x01\\xff\\x0a\\x00\\xb6\\xf1\\xc0\\x8f09\\xa7\\xda"
      LRANGE {k}f 0 -1
      DEBUG DIGEST-VALUE {k}d {k}e {k}f
    `,
  },
  {
    name: 'blocking commands that need not wait',
    lines: `
      RPUSH {k}l a b c d e f g
      BLPOP {k}none {k}l 0
      BRPOP {k}l 0
      BLMPOP 0 2 {k}none {k}l LEFT
      BLMPOP 0 1 {k}l right COUNT 2
      BLMOVE {k}l {k}m left RIGHT 0
      BRPOPLPUSH {k}l {k}m 0
      LRANGE {k}m 0 -1
      BLPOP {k}l abc
      BLPOP {k}l -1
      BLPOP {k}l 1e400
      BLPOP {k}l inf
      BLPOP {k}l 9223372036854776
      BLPOP {k}l " 1"
      BLPOP {k}l
      BLPOP {k}none 0.001
      BRPOP {k}none 1e-400
      BLPOP {k}none 0x1p-9
      BLMOVE {k}l {k}m LEFT LEFT 0.001
      BRPOPLPUSH {k}l {k}m 0.001
      BLMPOP 0.001 1 {k}l LEFT
      BLMOVE {k}a {k}b X LEFT 0
      BLMOVE {k}a {k}b LEFT X 0
      BLMOVE {k}a {k}b LEFT LEFT x
      BRPOPLPUSH {k}a {k}b -1
      BLMPOP x 0 {k}l LEFT
      BLMPOP x 1 {k}l MID
      BLMPOP x 1 {k}l LEFT
      BLMPOP 0 0 {k}l LEFT
      BLMPOP 0 1 {k}l MID
      BLMPOP 0 1 {k}l LEFT COUNT 0
      BLMPOP 0 2 {k}l LEFT
      MULTI
      BLPOP {k}l 0
      BRPOP {k}l 0
      BLMOVE {k}l {k}m LEFT LEFT 0
      BRPOPLPUSH {k}l {k}m 0
      BLMPOP 0 1 {k}l LEFT
      WAIT 5 0
      EXEC
      WAIT 0 0
      WAIT -1 0
      WAIT x 0
      WAIT 1 x
      WAIT 1 -1
      WAIT 1 10
      CLIENT UNBLOCK 0
      CLIENT UNBLOCK x
      CLIENT UNBLOCK 0 FOO
      CLIENT UNBLOCK 0 TIMEOUT
      CLIENT UNBLOCK 0 ERROR
      CLIENT UNBLOCK
      CLIENT UNBLOCK 0 TIMEOUT x
    `,
  },
]
