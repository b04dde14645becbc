/** What is said about bits. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'single bits',
    lines: `
      SETBIT b 7 1
      GET b
      SETBIT b 7 1
      SETBIT b 7 0
      SETBIT b 100 1
      STRLEN b
      GETBIT b 100
      GETBIT b 101
      GETBIT b 100000
      GETBIT none 0
      SETBIT none 9 0
      GET none
      SETBIT b -1 1
      SETBIT b x 1
      SETBIT b 4294967295 0
      SETBIT b 4294967296 1
      SETBIT b 1 2
      SETBIT b 1 x
      SETBIT b 1 01
      SETBIT b 1 -0
      SETBIT b 1
      GETBIT b x
      GETBIT b -1
      GETBIT b 4294967296
      SET int 12
      OBJECT ENCODING int
      SETBIT int 0 0
      OBJECT ENCODING int
      SETBIT int 6 1
      GET int
      HSET h f v
      SETBIT h 0 1
      GETBIT h 0
      SETBIT h x 1
      DEL b int none h
    `,
  },
  {
    name: 'counted and found',
    lines: `
      SET s "\\xff\\xf0\\x00\\x01"
      BITCOUNT s
      BITCOUNT s 0 0
      BITCOUNT s 1 -1
      BITCOUNT s -2 -1
      BITCOUNT s -1 -2
      BITCOUNT s 5 30 BIT
      BITCOUNT s 5 30 byte
      BITCOUNT s 0 -1 bit
      BITCOUNT s -9 -3 BIT
      BITCOUNT s 0
      BITCOUNT s 0 1 FOO
      BITCOUNT s 0 1 BIT x
      BITCOUNT s x 1
      BITCOUNT none
      BITCOUNT none 0
      BITCOUNT none x y
      BITCOUNT s 2 1
      BITCOUNT s 100 200
      BITCOUNT s -100 -50
      BITPOS s 0
      BITPOS s 1
      BITPOS s 1 1
      BITPOS s 1 2
      BITPOS s 0 2
      BITPOS s 0 0 0
      BITPOS s 1 2 2
      BITPOS s 1 12 30 BIT
      BITPOS s 0 3 11 BIT
      BITPOS s 0 -1
      BITPOS s 1 -1
      BITPOS s 0 100
      BITPOS s 1 3 1
      BITPOS s 2
      BITPOS s x
      BITPOS s 1 x
      BITPOS s 1 0 x
      BITPOS s 1 0 -1 FOO
      BITPOS s 1 0 -1 BIT x
      BITPOS none 0
      BITPOS none 1
      BITPOS none 0 1 2
      SET full "\\xff\\xff"
      BITPOS full 0
      BITPOS full 0 0 -1
      BITPOS full 0 1
      BITPOS full 0 0 -1 BIT
      SET zero "\\x00\\x00"
      BITPOS zero 1
      BITPOS zero 0
      SET empty ""
      BITCOUNT empty
      BITCOUNT empty 0 -1
      BITPOS empty 0
      BITPOS empty 1
      BITPOS empty 0 0
      HSET h f v
      BITCOUNT h
      BITPOS h 1
    `,
  },
  {
    name: 'combined',
    lines: `
      SET {b}a "\\xff\\x0f"
      SET {b}b "\\x0f"
      SET {b}c 12345
      BITOP AND {b}d {b}a {b}b
      GET {b}d
      OBJECT ENCODING {b}d
      BITOP or {b}d {b}a {b}b {b}c
      GET {b}d
      BITOP XOR {b}d {b}a {b}b {b}none
      GET {b}d
      BITOP NOT {b}d {b}c
      GET {b}d
      BITOP NOT {b}d {b}a {b}b
      BITOP NOT {b}d {b}none
      EXISTS {b}d
      BITOP AND {b}d {b}none {b}none2
      BITOP AND {b}a {b}none
      EXISTS {b}a
      BITOP AND {b}d {b}b
      GET {b}d
      BITOP FOO {b}d {b}b
      BITOP AND {b}d
      HSET {b}h f v
      BITOP AND {b}d {b}h
      BITOP AND {b}h {b}c
      TYPE {b}h
      EXPIRE {b}d 100
      BITOP OR {b}d {b}c
      TTL {b}d
    `,
  },
  {
    name: 'integers of any width',
    lines: `
      BITFIELD f SET u8 0 255 GET u8 0 GET i8 0
      BITFIELD f INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
      BITFIELD f INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
      BITFIELD f INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
      BITFIELD f INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
      BITFIELD f OVERFLOW FAIL INCRBY u2 102 1
      BITFIELD f SET i64 #1 -9223372036854775808 GET i64 #1 INCRBY i64 #1 -1
      BITFIELD f OVERFLOW SAT INCRBY i64 #1 1 INCRBY i64 #1 9223372036854775807
      BITFIELD f SET u63 200 9223372036854775807 INCRBY u63 200 1
      BITFIELD f SET u8 0 -1 SET i8 8 200 OVERFLOW SAT SET i8 8 200 SET u8 0 -1
      BITFIELD f OVERFLOW FAIL SET i8 8 200 SET u8 0 300
      BITFIELD f GET u64 0
      BITFIELD f GET i65 0
      BITFIELD f GET x8 0
      BITFIELD f GET u0 0
      BITFIELD f GET u8
      BITFIELD f GET u8 x
      BITFIELD f GET u8 -1
      BITFIELD f GET u8 #x
      BITFIELD f SET u8 0
      BITFIELD f SET u8 0 x
      BITFIELD f OVERFLOW FOO
      BITFIELD f OVERFLOW
      BITFIELD f OVERFLOW SAT
      BITFIELD f
      BITFIELD f FOO u8 0
      BITFIELD none GET u8 0 GET i5 100
      EXISTS none
      BITFIELD new SET u4 12 0
      STRLEN new
      BITFIELD f GET u8 100000
      BITFIELD f GET u8 4294967296
      BITFIELD_RO f GET u8 0 GET i8 8
      BITFIELD_RO f SET u8 0 1
      BITFIELD_RO f INCRBY u8 0 1
      BITFIELD_RO f OVERFLOW SAT GET u8 0
      BITFIELD_RO none GET u8 0
      BITFIELD_RO f
      GET f
      SET n 17
      BITFIELD n GET u8 0 INCRBY u8 0 1
      GET n
      HSET h f v
      BITFIELD h GET u8 0
      BITFIELD h SET u8 0 1
      BITFIELD h SET u8 0 x
      COMMAND GETKEYSANDFLAGS BITFIELD f GET u8 0
      COMMAND GETKEYSANDFLAGS BITFIELD f SET u8 0 1
      COMMAND GETKEYSANDFLAGS BITFIELD f OVERFLOW SAT GET u8 0
    `,
  },
]
