/**
 * What is said to a cluster of three masters (nodes 0 to 2: slots 0-5460, 5461-10922, 10923-16383) and a replica of each
 * (nodes 3 to 5). Keys: {10} lives at node 0 (slot 247), {test} at node 1 (6918), {hu} at node 2 (11441).
 */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'redirections between masters',
    lines: `
      @0 SET key:{10}:111 v
      @0 SET key:{test}:111 v
      @0 GET key:{hu}:111
      @1 SET key:{test}:111 v
      @1 GET key:{10}:111
      @2 GET key:{test}:111
      @2 HSET {hu}h f v
      @0 HGETALL {hu}h
      @0 MGET {test}a {test}b
      @0 MGET {test}a {hu}b
      @0 MGET {10}a {hu}b
      @0 DEL {hu}a {hu}b {hu}c
      @0 OBJECT ENCODING {hu}h
      @0 COPY {test}a {test}b
      @0 RENAME {test}a {hu}b
      @0 GET
      @0 GET {hu}a extra
      @0 SET {hu}a v NOSUCH
      @0 LCS {hu}a {hu}b
      @0 WATCH {hu}a
      @0 WATCH {hu}a {10}a
      @0 PING
      @0 DBSIZE
      @0 KEYS *
      @1 KEYS *
      @0 RANDOMKEY
      @0 ECHO {hu}
      @0 CLUSTER KEYSLOT {hu}
      @0 CLUSTER COUNTKEYSINSLOT 247
      @0 CLUSTER COUNTKEYSINSLOT 11441
      @2 CLUSTER COUNTKEYSINSLOT 11441
      @2 CLUSTER GETKEYSINSLOT 11441 10
      @0 CLUSTER GETKEYSINSLOT 11441 10
      @0 CLUSTER COUNT-FAILURE-REPORTS $id1
      @0 CLUSTER REPLICAS $id1
      @0 CLUSTER REPLICAS $id3
      @0 CLUSTER ADDSLOTS 6918
      @0 CLUSTER FORGET $id0
      @0 CLUSTER SETSLOT 247 MIGRATING $id3
      @0 CLUSTER SETSLOT 6918 MIGRATING $id1
      @0 CLUSTER SETSLOT 247 IMPORTING $id1
      @0 CLUSTER SETSLOT 6918 IMPORTING $id4
      @0 CLUSTER SETSLOT 247 NODE $id3
      @0 CLUSTER REPLICATE $id1
    `,
  },
  {
    name: 'transactions over slots and nodes',
    lines: `
      @0 MULTI
      @0 SET {10}a 1
      @0 INCR {10}a
      @0 EXEC
      @0 MULTI
      @0 SET {hu}a 1
      @0 SET {10}a 5
      @0 EXEC
      @0 GET {10}a
      @0 MULTI
      @0 SET {10}a 1
      @0 SET {9}b 1
      @0 EXEC
      @0 EXEC
      @0 MULTI
      @0 PING
      @0 DBSIZE
      @0 EXEC
      @0 MULTI
      @0 MGET {10}a {hu}b
      @0 GET {10}a
      @0 EXEC
      @0 WATCH {10}a
      @0b SET {10}a 9
      @0 MULTI
      @0 GET {10}a
      @0 EXEC
      @0 MULTI
      @0 CLUSTER COUNTKEYSINSLOT 247
      @0 CLUSTER KEYSLOT x
      @0 CLUSTER ADDSLOTS 247
      @0 CLUSTER MYID
      @0 EXEC
    `,
  },
  {
    name: 'replicas',
    lines: `
      @0 SET {10}a 1
      @0 HSET {10}h f v
      @3 GET {10}a
      @3 SET {10}a 2
      @3 !until :2 DBSIZE
      @3 READONLY
      @3 GET {10}a
      @3 HGETALL {10}h
      @3 MGET {10}a {10}none
      @3 SET {10}a 2
      @3 DEL {10}a
      @3 GET {test}a
      @3 GET {hu}a
      @3 MGET {10}a {hu}b
      @3 EXISTS {10}a
      @3 TTL {10}a
      @3 KEYS *
      @3 MULTI
      @3 GET {10}a
      @3 HLEN {10}h
      @3 EXEC
      @3 MULTI
      @3 GET {10}a
      @3 SET {10}a 3
      @3 EXEC
      @3 WATCH {10}a
      @3 UNWATCH
      @3 READWRITE
      @3 GET {10}a
      @3 FLUSHALL
      @3 FLUSHDB
      @3 MULTI
      @3 FLUSHALL
      @3 EXEC
      @3 READONLY
      @3 RESET
      @3 GET {10}a
      @3 CLUSTER MYID
      @3 CLUSTER COUNTKEYSINSLOT 247
      @3 CLUSTER GETKEYSINSLOT 247 10
      @3 CLUSTER ADDSLOTS 247
      @3 CLUSTER DELSLOTS 99999
      @3 CLUSTER SETSLOT 247 STABLE
      @3 CLUSTER SETSLOT 247 NOSUCH
      @3 CLUSTER SETSLOT abc STABLE
      @3 CLUSTER REPLICATE $id4
      @3 CLUSTER REPLICATE $id3
      @3 CLUSTER REPLICAS $id3
      @3 CLUSTER REPLICAS $id0
      @3 CLUSTER FORGET $id0
      @3 CLUSTER FLUSHSLOTS
      @3 CONFIG GET replica-read-only
      @3 ROLE
      @0 ROLE
      @3 INFO replication
      @0 INFO replication
      @3 REPLICAOF NO ONE
    `,
  },
  {
    name: 'expired keys on a replica',
    lines: `
      @0 SET {10}short v PX 100
      @0 SET {10}long v EX 1000
      @3 READONLY
      @3 !until $1 GET {10}long
      @3 TTL {10}long
      @3 !until :0 EXISTS {10}short
      @3 GET {10}short
      @3 TTL {10}short
      @3 TYPE {10}short
    `,
  },
  {
    name: 'an open slot',
    lines: `
      @0 SET {10}here 1
      @1 CLUSTER SETSLOT 247 IMPORTING $id0
      @0 CLUSTER SETSLOT 247 MIGRATING $id1
      @0 GET {10}here
      @0 GET {10}gone
      @0 SET {10}gone 1
      @0 MGET {10}here {10}gone
      @0 MGET {10}gone {10}lost
      @0 MGET {10}here {10}here
      @0 MSET {10}here 2
      @1 GET {10}here
      @1 ASKING
      @1 GET {10}gone
      @1 GET {10}gone
      @1 ASKING
      @1 PING
      @1 GET {10}gone
      @1 ASKING
      @1 SET {10}gone there
      @1 ASKING
      @1 GET {10}gone
      @1 ASKING
      @1 MGET {10}gone {10}lost
      @1 ASKING
      @1 MGET {10}gone {10}gone
      @1 ASKING
      @1 MULTI
      @1 GET {10}gone
      @1 EXEC
      @1 GET {10}gone
      @1 MULTI
      @1 ASKING
      @1 GET {10}gone
      @1 EXEC
      @0 MULTI
      @0 GET {10}gone
      @0 EXEC
      @0 MULTI
      @0 GET {10}here
      @0b DEL {10}here
      @0 EXEC
      @0 EXEC
      @0 CLUSTER NODES
      @1 CLUSTER NODES
      @1 ASKING
      @1 DEL {10}gone
      @0 CLUSTER SETSLOT 247 STABLE
      @1 CLUSTER SETSLOT 247 STABLE
      @0 GET {10}gone
      @1 ASKING
      @1 GET {10}gone
    `,
  },
  {
    name: 'how the nodes are listed',
    lines: `
      @0 CLUSTER SLOTS
      @4 CLUSTER SLOTS
      @0 CLUSTER SHARDS
      @0 CLUSTER NODES
      @4 CLUSTER NODES
      @0 CLUSTER LINKS
      @0 CLUSTER INFO
      @4 CLUSTER INFO
      @0 CLUSTER REPLICAS $id0
    `,
  },
  {
    name: 'messages reach all nodes, those of a shard its own',
    lines: `
      @0s SUBSCRIBE news
      @1s SUBSCRIBE news
      @3s PSUBSCRIBE n*
      @5s SUBSCRIBE news
      @1 PUBLISH news "\\x00\\xff"
      @0s !hears 1
      @1s !hears 1
      @3s !hears 1
      @5s !hears 1
      @4 PUBLISH news "from a replica"
      @0s !hears 1
      @1s !hears 1
      @3s !hears 1
      @5s !hears 1
      @0c HELLO 3
      @0c SSUBSCRIBE {10}a
      @3c SSUBSCRIBE {10}a
      @1c SSUBSCRIBE {10}a
      @4c SSUBSCRIBE {10}a
      @4c READONLY
      @4c SSUBSCRIBE {10}a
      @0 SPUBLISH {10}a 1
      @0c !hears 1
      @3c !hears 1
      @3 SPUBLISH {10}a 2
      @0c !hears 1
      @3c !hears 1
      @1 SPUBLISH {10}a 3
      @4 SPUBLISH {10}a 3
      @3 SSUBSCRIBE {10}a {test}b
      @3 MULTI
      @3 SPUBLISH {10}a 4
      @3 EXEC
      @3d READONLY
      @3d MULTI
      @3d SPUBLISH {10}a 4
      @3d EXEC
      @0c !hears 1
      @3c !hears 1
      @0 PUBSUB SHARDCHANNELS
      @3 PUBSUB SHARDNUMSUB {10}a
      @1 PUBSUB SHARDCHANNELS
      @5 PUBSUB NUMSUB news
    `,
  },
  {
    name: 'a slot moves away from its subscribers',
    lines: `
      @0s SSUBSCRIBE {10}a
      @3s SSUBSCRIBE {10}a {10}b
      @3s !hears 1
      @0 CLUSTER SETSLOT 247 MIGRATING $id1
      @1 CLUSTER SETSLOT 247 IMPORTING $id0
      @0 SPUBLISH {10}a 1
      @0s !hears 1
      @3s !hears 1
      @1 SPUBLISH {10}a 2
      @1 ASKING
      @1 SPUBLISH {10}a 2
      @1 CLUSTER SETSLOT 247 NODE $id1
      @0 CLUSTER SETSLOT 247 NODE $id1
      @0s !hears 1
      @3s !hears 2
      @0s GET {10}a
      @0 SPUBLISH {10}a 3
      @4 !until :0 SPUBLISH {10}a nobody
      @1s SSUBSCRIBE {10}a
      @4s SSUBSCRIBE {10}a
      @1 SPUBLISH {10}a 4
      @1s !hears 1
      @4s !hears 1
      @0 CLUSTER SETSLOT 247 IMPORTING $id1
      @0 CLUSTER SETSLOT 247 NODE $id0
      @1 CLUSTER SETSLOT 247 NODE $id0
      @1s !hears 1
      @4s !hears 1
      @4 !until -MOVED GET {10}a
      @3 !until -MOVED GET {10}a
    `,
  },
]
