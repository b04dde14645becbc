/** What is said about values as bytes: DUMP, RESTORE and DEBUG's digests. */
import { bufferOf } from '../../../lib/base/bytes.ts'
import { withDumpFooter } from '../../../lib/rdb/dump.ts'
import { type Scenario, typed } from '../differential.ts'

/** A payload with its version and checksum, as a word of a line. */
function payload(body: string): string {
  return typed([withDumpFooter(bufferOf(body))])
}

const HELLO = payload('\0\x05hello')
const NUMBER = payload('\0\xc2\xa0\x86\x01\0')
const PACKED_HASH = payload('\x10\x0d\x0d\0\0\0\x02\0\x81f\x02\x81v\x02\xff')
const PLAIN_HASH = payload('\x04\x02\x01f\x01v\x01g\xc0\x0c')
/** `v` as servers of other versions have it. */
const VERSION_1 = typed(['\0\x01v\x01\0\xa5\x4c\x2f\x81\xeb\xd8\xc1\x9d'])
const VERSION_11 = typed(['\0\x01v\x0b\0\xf8\xd7\x73\xc1\xe4\xa7\x63\x47'])
const NO_CHECKSUM = typed([`\0\x01v\x0a\0${'\0'.repeat(8)}`])

/** A hash whose listpack has a wrong size behind an element. */
const BROKEN_FOR_SETS = payload('\x10\x0d\x0d\0\0\0\x02\0\x81f\x03\x81v\x02\xff')
/** Broken where it is looked at anyway. */
const BROKEN_FOR_ALL: readonly string[] = [
  // Ziplists: a wrong size of the entry before, and a wrong offset of the last one.
  payload('\x0d\x11\x11\0\0\0\x0d\0\0\0\x02\0\0\x01f\x02\x01v\xff'),
  payload('\x0d\x11\x11\0\0\0\x0a\0\0\0\x02\0\0\x01f\x03\x01v\xff'),
  // A list with a large element of no bytes, and with a node of no bytes.
  payload('\x12\x01\x01\0'),
  payload('\x12\x01\x02\0'),
  payload('\x0e\x01\0'),
  // Streams: a group, and a consumer, twice.
  payload('\x13\0\0\0\0\0\0\0\0\0\x02\x01g\0\0\0\0\0\x01g\0\0\0\0\0'),
  payload(
    `\x13\0\0\0\0\0\0\0\0\0\x01\x01g\0\0\0\0\x02\x01c${'\0'.repeat(9)}\x01c${'\0'.repeat(9)}`,
  ),
]
const BROKEN: readonly string[] = [BROKEN_FOR_SETS, ...BROKEN_FOR_ALL]

export const scenarios: readonly Scenario[] = [
  {
    name: 'DUMP',
    lines: `
      DUMP none
      SET s v
      DUMP s
      SET s 100000
      DUMP s
      SET s -129
      DUMP s
      SET s ""
      DUMP s
      SET s aaaaaaaaaaaaaaaaaaaaa
      DUMP s
      EXPIRE s 100
      DUMP s
      HSET h f v g 12 h -5000 i 70000
      DUMP h
      SET short v PX 1
      !until :0 EXISTS short
      DUMP short
      CONFIG SET rdbcompression no
      DUMP s
      CONFIG SET rdbcompression yes
      DUMP
      DUMP a b
    `,
  },
  {
    name: 'RESTORE',
    lines: `
      RESTORE k 0 ${HELLO}
      GET k
      TTL k
      DUMP k
      RESTORE k 0 ${HELLO}
      RESTORE k 0 ${NUMBER} replace
      OBJECT ENCODING k
      GET k
      INCR k
      RESTORE h 0 ${PACKED_HASH}
      HGETALL h
      OBJECT ENCODING h
      DUMP h
      RESTORE h 0 ${PLAIN_HASH} REPLACE
      HGETALL h
      OBJECT ENCODING h
      DUMP h
      RESTORE old 0 ${VERSION_1}
      GET old
      RESTORE more 0 ${payload('\0\x01vmore')}
      GET more
      DUMP more
      RESTORE-ASKING asked 0 ${HELLO}
      GET asked
      RESTORE-ASKING asked 0 ${HELLO}
      SET plain x EX 1000
      RESTORE plain 0 ${HELLO} REPLACE
      TTL plain
      DBSIZE
    `,
  },
  {
    name: 'RESTORE with a time',
    lines: `
      RESTORE k 100000 ${HELLO}
      TTL k
      RESTORE k 4102444800000 ${HELLO} REPLACE ABSTTL
      EXPIRETIME k
      RESTORE k 1 ${HELLO} REPLACE ABSTTL
      EXISTS k
      RESTORE none 1 ${HELLO} ABSTTL
      EXISTS none
      RESTORE none 1000 ${HELLO} ABSTTL REPLACE
      EXISTS none
      RESTORE brief 1 ${HELLO}
      !until :0 EXISTS brief
      RESTORE brief 1000 ${HELLO}
      RESTORE idle 0 ${HELLO} IDLETIME 1000
      RESTORE freq 0 ${HELLO} FREQ 100
      CONFIG SET maxmemory-policy allkeys-lfu
      RESTORE often 0 ${HELLO} FREQ 100
      OBJECT FREQ often
      RESTORE often 0 ${HELLO} FREQ 255 REPLACE
      OBJECT FREQ often
      CONFIG SET maxmemory-policy noeviction
    `,
  },
  {
    name: 'RESTORE of what only a close look shows to be broken',
    lines: `
      CONFIG SET sanitize-dump-payload yes
      RESTORE h 0 ${PACKED_HASH}
      ${BROKEN.map((broken, i) => `RESTORE k${i} 0 ${broken}`).join('\n')}
      CONFIG SET sanitize-dump-payload clients
      ${BROKEN.map((broken, i) => `RESTORE k${i} 0 ${broken}`).join('\n')}
      ACL SETUSER default skip-sanitize-payload
      RESTORE set 0 ${BROKEN_FOR_SETS}
      ACL SETUSER default sanitize-payload
      RESTORE set 0 ${BROKEN_FOR_SETS} REPLACE
      CONFIG SET sanitize-dump-payload no
      ${BROKEN_FOR_ALL.map((broken, i) => `RESTORE k${i} 0 ${broken}`).join('\n')}
      RESTORE set 0 ${BROKEN_FOR_SETS} REPLACE
      TYPE set
      DBSIZE
    `,
  },
  {
    name: 'RESTORE refused',
    lines: `
      RESTORE k 0
      RESTORE k
      RESTORE
      SET there v
      RESTORE there x "" NOSUCH
      RESTORE there x ""
      RESTORE there x "" REPLACE
      RESTORE there -1 "" REPLACE
      RESTORE there 0 "" REPLACE
      RESTORE k x ${HELLO}
      RESTORE k 1.5 ${HELLO}
      RESTORE k -1 ${HELLO}
      RESTORE k -1 ${HELLO} ABSTTL
      RESTORE k 0 ${VERSION_11}
      RESTORE k 0 ${NO_CHECKSUM}
      RESTORE k 0 123456789
      RESTORE k 0 1234567890
      RESTORE k 0 ${payload('')}
      RESTORE k 0 ${payload('\0')}
      RESTORE k 0 ${payload('\0\x09v')}
      RESTORE k 0 ${payload('\x63\x01v')}
      RESTORE k 0 ${payload('\x14\0')}
      RESTORE k 0 ${payload('\x04\0')}
      RESTORE k 0 ${payload('\x04\x02\x01f\x01v')}
      RESTORE k 0 ${payload('\x10\x03abc')}
      RESTORE k 0 ${HELLO} IDLETIME
      RESTORE k 0 ${HELLO} IDLETIME x
      RESTORE k 0 ${HELLO} IDLETIME -1
      RESTORE k 0 ${HELLO} FREQ
      RESTORE k 0 ${HELLO} FREQ x
      RESTORE k 0 ${HELLO} FREQ -1
      RESTORE k 0 ${HELLO} FREQ 256
      RESTORE k 0 ${HELLO} FREQ 1 IDLETIME 1
      RESTORE k 0 ${HELLO} IDLETIME 1 FREQ 1
      RESTORE k 0 ${HELLO} REPLACE NOSUCH
      RESTORE k x "" IDLETIME -1
      RESTORE-ASKING k x ${HELLO}
      RESTORE-ASKING k 0
      EXISTS k
      GET there
    `,
  },
  {
    name: 'DEBUG DIGEST and DIGEST-VALUE',
    lines: `
      DEBUG DIGEST
      DEBUG DIGEST-VALUE none
      SET s v
      DEBUG DIGEST-VALUE s
      DEBUG DIGEST
      SET n 12345
      APPEND e 12
      APPEND e 345
      DEBUG DIGEST-VALUE n e s none
      EXPIRE s 1000
      DEBUG digest-value s
      PERSIST s
      HSET h f v g 12 h ""
      HSET i h "" g 12 f v
      DEBUG DIGEST-VALUE h i
      EXPIRE h 1000
      DEBUG DIGEST-VALUE h i
      DEBUG DIGEST
      RESTORE r 0 ${HELLO}
      DEBUG DIGEST-VALUE r
      DEBUG DIGEST
      DEBUG DIGEST-VALUE
      DEBUG DIGEST x
      DEBUG NOSUCH
      DEBUG
      MULTI
      DEBUG DIGEST
      EXEC
    `,
  },
]
