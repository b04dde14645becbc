/** What is said to a cluster of one master that serves all slots. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'slots of keys',
    lines: `
      CLUSTER KEYSLOT key:{10}:111
      CLUSTER KEYSLOT key:{test}:111
      CLUSTER KEYSLOT key:{hu}:111
      CLUSTER KEYSLOT 123456789
      CLUSTER KEYSLOT ""
      CLUSTER KEYSLOT {}
      CLUSTER KEYSLOT {}a
      CLUSTER KEYSLOT {a
      CLUSTER KEYSLOT a}
      CLUSTER KEYSLOT {a}{b}
      CLUSTER KEYSLOT foo{{bar}}zap
      CLUSTER KEYSLOT foo{bar}{zap}
      CLUSTER KEYSLOT foo{}{bar}
      CLUSTER KEYSLOT "\\x00\\xff"
      CLUSTER KEYSLOT
      CLUSTER KEYSLOT a b
      CLUSTER COUNTKEYSINSLOT 247
      SET key:{10}:111 v
      SET other:{10} v
      CLUSTER COUNTKEYSINSLOT 247
      CLUSTER COUNTKEYSINSLOT -1
      CLUSTER COUNTKEYSINSLOT 16384
      CLUSTER COUNTKEYSINSLOT abc
      CLUSTER GETKEYSINSLOT 247 10
      CLUSTER GETKEYSINSLOT 247 1
      CLUSTER GETKEYSINSLOT 247 0
      CLUSTER GETKEYSINSLOT 247 -1
      CLUSTER GETKEYSINSLOT 16384 1
      CLUSTER GETKEYSINSLOT abc 1
      CLUSTER GETKEYSINSLOT 1 abc
      CLUSTER GETKEYSINSLOT 1
      DEL other:{10}
      CLUSTER GETKEYSINSLOT 247 10
    `,
  },
  {
    name: 'what the node says of itself',
    lines: `
      CLUSTER MYID
      CLUSTER MYID x
      CLUSTER NODES
      CLUSTER INFO
      CLUSTER SLOTS
      CLUSTER SHARDS
      CLUSTER LINKS
      CLUSTER REPLICAS $id0
      CLUSTER SLAVES $id0
      CLUSTER REPLICAS 0123
      CLUSTER COUNT-FAILURE-REPORTS $id0
      CLUSTER COUNT-FAILURE-REPORTS nosuch
      CLUSTER HELP
      CLUSTER SAVECONFIG
    `,
  },
  {
    name: 'refusals',
    lines: `
      CLUSTER ADDSLOTS 1
      CLUSTER ADDSLOTS 1 1
      CLUSTER ADDSLOTS -1
      CLUSTER ADDSLOTS 16384
      CLUSTER ADDSLOTS abc
      CLUSTER ADDSLOTS
      CLUSTER ADDSLOTSRANGE 1 2
      CLUSTER ADDSLOTSRANGE 1
      CLUSTER ADDSLOTSRANGE 9 5
      CLUSTER ADDSLOTSRANGE 1 2 3
      CLUSTER ADDSLOTSRANGE 1 16384
      CLUSTER DELSLOTS abc
      CLUSTER DELSLOTS
      CLUSTER DELSLOTS 5 5
      CLUSTER DELSLOTSRANGE 9 5
      CLUSTER DELSLOTSRANGE 9
      CLUSTER MEET
      CLUSTER MEET 127.0.0.1
      CLUSTER MEET 127.0.0.1 abc
      CLUSTER MEET 127.0.0.1 7000 abc
      CLUSTER MEET nosuchhost 7000
      CLUSTER MEET 127.0.0.1 0
      CLUSTER MEET 127.0.0.1 60000
      CLUSTER MEET 127.0.0.1 70000
      CLUSTER MEET 127.0.0.1 7000 17000 x
      CLUSTER FORGET nosuch
      CLUSTER FORGET $id0
      CLUSTER FORGET
      CLUSTER REPLICATE nosuch
      CLUSTER REPLICATE $id0
      CLUSTER REPLICATE
      CLUSTER FAILOVER
      CLUSTER FAILOVER NOSUCH
      CLUSTER FAILOVER FORCE
      CLUSTER SET-CONFIG-EPOCH -1
      CLUSTER SET-CONFIG-EPOCH abc
      CLUSTER SET-CONFIG-EPOCH 5
      CLUSTER SETSLOT 1 MIGRATING nosuch
      CLUSTER SETSLOT 1 IMPORTING nosuch
      CLUSTER SETSLOT 1 NODE nosuch
      CLUSTER SETSLOT 1 NOSUCH
      CLUSTER SETSLOT 1 STABLE x
      CLUSTER SETSLOT 1
      CLUSTER SETSLOT abc STABLE
      CLUSTER SETSLOT 16384 STABLE
      CLUSTER SETSLOT 1 STABLE
      CLUSTER SETSLOT 1 IMPORTING $id0
      CLUSTER RESET NOSUCH
      SET k v
      CLUSTER FLUSHSLOTS
      CLUSTER RESET
      CLUSTER RESET HARD
      cluster info x
    `,
  },
  {
    name: 'keys of several slots',
    lines: `
      MGET a b
      MSET {x}a 1 {x}b 2 {y}c 3
      DEL {x}a {y}b
      EXISTS {x}a {x}b
      RENAME {x}a {y}a
      COPY {x}a {y}a
      WATCH {x}a {y}a
      LCS {x}a {y}b
      MULTI
      SET {x}a 1
      SET {y}a 1
      EXEC
      GET {x}a
    `,
  },
  {
    name: 'a slot that nobody serves',
    lines: `
      SET key:{10}:111 v
      CLUSTER DELSLOTS 247
      CLUSTER DELSLOTS 247
      CLUSTER INFO
      CLUSTER SLOTS
      CLUSTER NODES
      GET key:{10}:111
      SET key:{10}:111 w
      GET key:{test}:111
      MGET key:{10}:111 key:{test}:111
      PING
      DBSIZE
      KEYS *
      MULTI
      GET key:{10}:111
      GET key:{test}:111
      EXEC
      READONLY
      GET key:{10}:111
      READWRITE
      CONFIG SET cluster-allow-reads-when-down yes
      GET key:{test}:111
      SET key:{test}:111 v
      GET key:{10}:111
      CONFIG SET cluster-allow-reads-when-down no
      CONFIG SET cluster-require-full-coverage no
      !until +OK SET key:{test}:111 v
      GET key:{10}:111
      CLUSTER INFO
      CONFIG SET cluster-require-full-coverage yes
      GET key:{test}:111
      CLUSTER DELSLOTS 248
      !until -CLUSTERDOWN GET key:{test}:111
      GET key:{test}:111
      CLUSTER ADDSLOTS 247 248
      !until +OK SET key:{test}:111 v
      GET key:{10}:111
    `,
  },
]
