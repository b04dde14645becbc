/**
 * What is said to SORT in a cluster, where patterns are refused. No number overflows: Redis remembers that (errno) and
 * refuses the next ones.
 */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'the keys of words that look like options',
    lines: `
      COMMAND GETKEYS sort k get store store d
      COMMAND GETKEYS sort k store store d
      COMMAND GETKEYS sort k store a store b
      COMMAND GETKEYS sort k store get b
      COMMAND GETKEYS sort k limit store 1 store d
      COMMAND GETKEYS sort k by store d
      COMMAND GETKEYS sort k store d store
      SORT {k}a GET w_* STORE STORE {k}b
    `,
  },
  {
    name: 'lists and sets',
    lines: `
      RPUSH {k}l 3 10 2 -5 1e2 0x10 inf 2
      SORT {k}l
      SORT {k}l DESC
      SORT {k}l ALPHA
      SORT {k}l alpha desc
      SORT {k}l LIMIT 1 3
      SORT {k}l LIMIT -5 3
      SORT {k}l LIMIT 2 -1
      SORT {k}l LIMIT 2 0
      SORT {k}l LIMIT 100 5
      SORT {k}l LIMIT 0 100
      SORT {k}l DESC ASC LIMIT 0 2 LIMIT 1 1
      SORT {k}l LIMIT 1
      SORT {k}l LIMIT x 1
      SORT {k}l LIMIT 1 x
      SORT {k}l BY nosort
      SORT {k}l BY nosort DESC
      SORT {k}l BY nosort LIMIT 1 3
      SORT {k}l BY nosort DESC LIMIT 1 3
      SORT {k}l BY w_*
      SORT {k}l BY nosort BY w_*
      SORT {k}l GET #
      SORT {k}l GET w_*
      SORT {k}l FOO
      SORT {k}l BY
      SORT {k}l GET
      SORT {k}l STORE
      SORT {k}l STORE {k}out
      LRANGE {k}out 0 -1
      SORT {k}l STORE {k}l
      LRANGE {k}l 0 -1
      SORT {k}l STORE other
      SORT {k}none
      SORT {k}none STORE {k}out
      EXISTS {k}out
      SORT {k}none STORE {k}out
      SET {k}out text EX 100
      SORT {k}l LIMIT 0 2 STORE {k}out
      TTL {k}out
      LRANGE {k}out 0 -1
      SORT {k}l LIMIT 0 0 STORE {k}out
      EXISTS {k}out
      RPUSH {k}l word
      SORT {k}l
      SORT {k}l STORE {k}out
      SORT {k}l ALPHA
      SADD {k}s 3 1 2
      SORT {k}s
      SORT {k}s DESC LIMIT 0 2
      RPUSH {k}n c "a\\x00z" "a\\x00b" a
      SORT {k}n ALPHA
      SORT {k}n ALPHA DESC
      SORT {k}n ALPHA STORE {k}out
      LRANGE {k}out 0 -1
      SADD {k}t c a b
      SORT {k}t
      SORT {k}t ALPHA DESC LIMIT 0 3
      SORT {k}t BY nosort STORE {k}out
      LRANGE {k}out 0 -1
      SORT {k}t BY nosort DESC LIMIT 1 2 STORE {k}out
      LRANGE {k}out 0 -1
      SET {k}text v
      SORT {k}text
      SORT {k}text BY nosort
      HSET {k}h f v
      SORT {k}h
      SORT
      SORT {k}l STORE {k}a STORE {k}b ALPHA
      EXISTS {k}a {k}b
    `,
  },
  {
    name: 'what is no number',
    lines: `
      RPUSH {k}a "" " 5" 3
      SORT {k}a
      RPUSH {k}b "5 "
      SORT {k}b
      RPUSH {k}c nan
      SORT {k}c
      RPUSH {k}f "1\\x00x" 0
      SORT {k}f
      RPUSH {k}g -0 0 0.0 -1e-1
      SORT {k}g
      SORT {k}g DESC
      RPUSH {k}h " "
      SORT {k}h
    `,
  },
  {
    name: 'SORT_RO',
    lines: `
      RPUSH {k}l 3 1 2
      SORT_RO {k}l
      SORT_RO {k}l DESC LIMIT 0 2
      SORT_RO {k}l STORE {k}out
      SORT_RO {k}l BY nosort
      SORT_RO {k}l BY w*
      SORT_RO {k}l GET #
      SORT_RO {k}none
      COMMAND GETKEYSANDFLAGS SORT l BY a* GET b* LIMIT 0 1 STORE q STORE r
      COMMAND GETKEYS SORT l STORE
      COMMAND GETKEYS SORT l LIMIT STORE q STORE r
      COMMAND GETKEYSANDFLAGS SORT_RO l BY q*
    `,
  },
  {
    name: 'sorted sets',
    lines: `
      ZADD {k}z 1 30 2 10 3 20 4 40
      SORT {k}z
      OBJECT ENCODING {k}z
      SORT {k}z DESC
      SORT {k}z BY nosort
      SORT {k}z BY nosort DESC
      SORT {k}z BY nosort LIMIT 1 2
      SORT {k}z BY nosort DESC LIMIT 1 2
      SORT {k}z BY nosort LIMIT 0 -1
      SORT {k}z BY nosort LIMIT -5 2
      SORT {k}z BY nosort LIMIT 2 100 DESC
      SORT {k}z BY nosort LIMIT 100 1
      SORT {k}z ALPHA LIMIT 0 2
      SORT_RO {k}z LIMIT 1 1
      SORT {k}z BY nosort STORE {k}l
      LRANGE {k}l 0 -1
      ZADD {k}names 2 a 1 b
      SORT {k}names
      OBJECT ENCODING {k}names
      SORT {k}names ALPHA
      SORT_RO {k}names BY nosort
    `,
  },
]
