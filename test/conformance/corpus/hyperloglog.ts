/** What is said about HyperLogLogs. */
import type { Scenario } from '../differential.ts'

const words = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`).join(' ')

export const scenarios: readonly Scenario[] = [
  {
    name: 'counted, to the byte',
    lines: `
      PFADD h
      PFADD h
      GET h
      PFCOUNT h
      PFADD h a b c d e f g
      PFADD h a b
      GET h
      PFCOUNT h
      GET h
      PFADD h "" "\\x00\\xff" ${words(40, 'element-number-')}
      GET h
      PFCOUNT h
      PFCOUNT h
      PFDEBUG ENCODING h
      PFDEBUG DECODE h
      STRLEN h
      PFCOUNT none
      PFADD
      PFCOUNT
      TYPE h
      OBJECT ENCODING h
    `,
  },
  {
    name: 'from sparse to dense',
    lines: `
      CONFIG SET hll-sparse-max-bytes 100
      PFADD h ${words(60, 'e')}
      PFDEBUG ENCODING h
      GET h
      PFDEBUG DECODE h
      PFCOUNT h
      PFADD h ${words(200, 'f')}
      GET h
      PFCOUNT h
      CONFIG SET hll-sparse-max-bytes 3000
      PFADD s ${words(900, 'g')}
      PFDEBUG ENCODING s
      GET s
      PFADD s ${words(900, 'h')}
      PFDEBUG ENCODING s
      GET s
      PFCOUNT s
      PFADD t x
      PFDEBUG TODENSE t
      PFDEBUG TODENSE t
      GET t
      PFADD t y
      PFADD t y
      GET t
    `,
  },
  {
    name: 'merged',
    lines: `
      PFADD {k}a ${words(30, 'a')}
      PFADD {k}b ${words(30, 'b')} a1 a2
      PFCOUNT {k}a {k}b
      PFCOUNT {k}a {k}none
      PFMERGE {k}c {k}a {k}b
      PFCOUNT {k}c
      GET {k}c
      PFMERGE {k}d
      GET {k}d
      PFDEBUG TODENSE {k}b
      PFMERGE {k}c {k}b {k}none
      PFDEBUG ENCODING {k}c
      GET {k}c
      PFMERGE {k}none {k}none2
      EXISTS {k}none
    `,
  },
  {
    name: 'what is no HyperLogLog',
    lines: `
      SET {k}s text
      PFADD {k}s a
      PFCOUNT {k}s
      PFCOUNT {k}s {k}none
      PFMERGE {k}d {k}s
      EXISTS {k}d
      SET {k}short HYLL
      PFADD {k}short a
      SETRANGE {k}long 0 "HYLL\\x00"
      SETRANGE {k}long 12303 "\\x00"
      PFCOUNT {k}long
      SETRANGE {k}other 0 "HYLL\\x02"
      SETRANGE {k}other 20 "\\x00"
      PFCOUNT {k}other
      PFADD {k}cut a b c
      SETRANGE {k}cut 15 "\\x80"
      APPEND {k}cut "\\x00"
      PFCOUNT {k}cut
      PFCOUNT {k}cut {k}none
      PFADD {k}cut x
      PFMERGE {k}d {k}cut
      PFADD {k}half e2 e43
      SETRANGE {k}half 19 -4759
      PFADD {k}half e36 e1
      GET {k}half
      SETRANGE {k}empty 0 "HYLL\\x01"
      SETRANGE {k}empty 15 "\\x80"
      PFADD {k}empty a
      PFCOUNT {k}empty
      HSET {k}h f v
      PFADD {k}h a
      PFCOUNT {k}h
      PFMERGE {k}h {k}none
      PFDEBUG ENCODING {k}none
      PFDEBUG ENCODING {k}s
      PFDEBUG FOO {k}a
      PFADD {k}a x
      PFDEBUG FOO {k}a
      PFDEBUG DECODE {k}a
      PFDEBUG GETREG {k}a
      PFDEBUG DECODE {k}a
      PFDEBUG ENCODING
    `,
  },
]
