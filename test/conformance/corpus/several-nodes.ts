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
    name: 'SETSLOT, said rightly and wrongly',
    lines: `
      @0 CLUSTER SETSLOT
      @0 CLUSTER SETSLOT 247
      @0 CLUSTER SETSLOT 247 NOSUCH
      @0 CLUSTER SETSLOT 247 NOSUCH $id1
      @0 CLUSTER SETSLOT x MIGRATING $id1
      @0 CLUSTER SETSLOT 16384 NODE $id1
      @0 CLUSTER SETSLOT -1 STABLE
      @0 CLUSTER SETSLOT 247 MIGRATING
      @0 CLUSTER SETSLOT 247 MIGRATING $id1 x
      @0 CLUSTER SETSLOT 247 IMPORTING
      @0 CLUSTER SETSLOT 247 STABLE $id1
      @0 CLUSTER SETSLOT 247 STABLE x y
      @0 CLUSTER SETSLOT 247 NODE
      @0 CLUSTER SETSLOT 247 NODE $id1 x
      @0 CLUSTER SETSLOT 6918 MIGRATING $id2
      @0 CLUSTER SETSLOT 6918 MIGRATING nosuch
      @0 CLUSTER SETSLOT 247 MIGRATING nosuch
      @0 CLUSTER SETSLOT 247 MIGRATING aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      @0 CLUSTER SETSLOT 247 MIGRATING $id4
      @0 CLUSTER SETSLOT 247 IMPORTING $id1
      @0 CLUSTER SETSLOT 6918 IMPORTING nosuch
      @0 CLUSTER SETSLOT 6918 IMPORTING $id4
      @0 CLUSTER SETSLOT 247 NODE nosuch
      @0 CLUSTER SETSLOT 247 NODE $id4
      @0 CLUSTER SETSLOT 247 migrating $id0
      @0 CLUSTER NODES
      @0 SET {10}k v
      @0 GET {10}none
      @0 CLUSTER SETSLOT 247 stable
      @0 CLUSTER SETSLOT 247 NODE $id1
      @0 CLUSTER SETSLOT 247 NODE $id0
      @0 CLUSTER SETSLOT 6918 importing $id0
      @0 CLUSTER SETSLOT 6918 importing $id2
      @0 CLUSTER NODES
      @0 CLUSTER SETSLOT 6918 Stable
      @0 CLUSTER SETSLOT 6918 Stable
      @0 MULTI
      @0 CLUSTER SETSLOT 247 MIGRATING $id1
      @0 GET {10}none
      @0 CLUSTER SETSLOT 247 STABLE
      @0 EXEC
      @0 GET {10}none
      @3 CLUSTER SETSLOT
      @3 CLUSTER SETSLOT x NOSUCH
      @3 CLUSTER SETSLOT 247 MIGRATING $id1
      @0 CLUSTER COUNTKEYSINSLOT x
      @0 CLUSTER COUNTKEYSINSLOT 247
      @0 CLUSTER COUNTKEYSINSLOT 16384
      @0 CLUSTER COUNTKEYSINSLOT
      @0 CLUSTER GETKEYSINSLOT 247 -1
      @0 CLUSTER GETKEYSINSLOT 247 0
      @0 CLUSTER GETKEYSINSLOT 247 x
      @0 CLUSTER GETKEYSINSLOT 16384 1
      @0 CLUSTER GETKEYSINSLOT 247
      @0 CLUSTER GETKEYSINSLOT 247 5
    `,
  },
  {
    name: 'MIGRATE refused',
    lines: `
      @0 SET {10}k v
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0
      @0 MIGRATE 127.0.0.1 $port1 {10}k x 1000
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 x
      @0 MIGRATE 127.0.0.1 $port1 {10}k x y NOSUCH
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 NOSUCH
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 AUTH
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 AUTH2 a
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 KEYS {10}k
      @0 MIGRATE 127.0.0.1 $port1 "" 0 1000 KEYS
      @0 MIGRATE 127.0.0.1 $port1 "" 0 1000
      @0 MIGRATE 127.0.0.1 $port1 {10}none 0 1000
      @0 MIGRATE 127.0.0.1 $port1 "" 0 1000 KEYS {10}none {10}nor
      @0 MIGRATE 127.0.0.1 $port1 "" 0 1000 KEYS {10}k {hu}k
      @0 MIGRATE 127.0.0.1 $port1 {hu}k 0 1000
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 COPY REPLACE
      @0 MIGRATE 127.0.0.1 $port1 {10}k 5 1000
      @0 MIGRATE 127.0.0.1 $port1 {10}k 99999999999 1000
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 AUTH secret
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 AUTH2 default secret
      @0 MIGRATE 127.0.0.1 $port1 {10}k 0 1000 AUTH2 nobody secret
      @0 MIGRATE 127.0.0.1 1 {10}k 0 1000
      @0 MIGRATE 127.0.0.1 abc {10}k 0 1000
      @0 MIGRATE 127.0.0.1 $port0 {10}k 0 200
      @0 MIGRATE 127.0.0.1 $port3 {10}k 0 1000
      @0 GET {10}k
      @3 MIGRATE 127.0.0.1 $port1 {10}k 0 1000
      @3 READONLY
      @3 MIGRATE 127.0.0.1 $port1 {10}k 0 1000
      @0 COMMAND GETKEYS MIGRATE h 1 "" 0 10 COPY AUTH2 keys b KEYS a b
      @0 COMMAND GETKEYS MIGRATE h 1 k 0 10 KEYS a b
      @0 COMMAND GETKEYS MIGRATE h 1 "" 0 10 KEYS
      @0 COMMAND GETKEYSANDFLAGS MIGRATE h 1 k 0 10 AUTH KEYS
    `,
  },
  {
    name: 'a slot that moves key by key',
    lines: `
      @0 SET {10}a 1
      @0 SET {10}b 2 EX 1000
      @0 HSET {10}h f v g 12
      @0 SET {10}c 3
      @0 SET {10}d 4
      @0 CLUSTER GETKEYSINSLOT 247 3
      @0 DEBUG DIGEST-VALUE {10}a {10}b {10}h
      @1 CLUSTER SETSLOT 247 IMPORTING $id0
      @0 CLUSTER SETSLOT 247 MIGRATING $id1
      @0 MIGRATE 127.0.0.1 $port1 {10}a 0 1000
      @0 GET {10}a
      @0 SET {10}a 2
      @0 MGET {10}a {10}b
      @0 MGET {10}a {10}gone
      @0 MSET {10}b 5 {10}c 6
      @0 DEL {10}a
      @0 EXISTS {10}a {10}b
      @0 WATCH {10}a
      @0 WATCH {10}b
      @0 UNWATCH
      @1 GET {10}a
      @1 ASKING
      @1 GET {10}a
      @1 ASKING
      @1 DEBUG DIGEST-VALUE {10}a
      @1 ASKING
      @1 SET {10}b there
      @0 MIGRATE 127.0.0.1 $port1 {10}b 0 1000
      @0 MIGRATE 127.0.0.1 $port1 "" 0 1000 KEYS {10}b {10}h
      @0 EXISTS {10}b
      @0 EXISTS {10}h
      @0 MIGRATE 127.0.0.1 $port1 {10}b 0 1000 COPY REPLACE
      @0 TTL {10}b
      @0 MIGRATE 127.0.0.1 $port1 {10}b 0 1000 REPLACE
      @1 ASKING
      @1 TTL {10}b
      @1 ASKING
      @1 HGETALL {10}h
      @1 ASKING
      @1 OBJECT ENCODING {10}h
      @1 DEBUG DIGEST-VALUE {10}b {10}h
      @0 MULTI
      @0 GET {10}c
      @0 MIGRATE 127.0.0.1 $port1 {10}c 0 1000
      @0 EXISTS {10}d
      @0 MIGRATE 127.0.0.1 $port1 {10}nothing 0 1000
      @0 EXEC
      @0 GET {10}c
      @0 MULTI
      @0 SET {10}d 5
      @0 MIGRATE 127.0.0.1 $port1 {10}d 0 1000
      @0 EXEC
      @0 MULTI
      @0 GET {10}d
      @0 EXEC
      @0 CLUSTER COUNTKEYSINSLOT 247
      @1 CLUSTER COUNTKEYSINSLOT 247
      @1 CLUSTER GETKEYSINSLOT 247 10
      @1 GET {10}d
      @1 MULTI
      @1 GET {10}d
      @1 EXEC
      @1 ASKING
      @1 MULTI
      @1 GET {10}d
      @1 MGET {10}d {10}c
      @1 MGET {10}d {10}nothing
      @1 EXEC
      @1 ASKING
      @1 MULTI
      @1 GET {10}d
      @1 SET {10}nothing x
      @1 EXEC
      @1 ASKING
      @1 MIGRATE 127.0.0.1 $port0 {10}nothing 0 1000
      @1 MIGRATE 127.0.0.1 $port0 {10}d 0 1000
      @0 GET {10}d
      @0 CLUSTER SETSLOT 247 NODE $id1
      @0 MIGRATE 127.0.0.1 $port1 {10}d 0 1000
      @0 GET {10}d
      @0 CLUSTER NODES
      @1 CLUSTER NODES
      @0 CLUSTER SETSLOT 247 STABLE
      @1 CLUSTER SETSLOT 247 STABLE
      @1 CLUSTER COUNTKEYSINSLOT 247
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
  // What a node publishes can reach another one after the news that the slot has moved: they come on different links.
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
      @1 SPUBLISH {10}early 2
      @1 ASKING
      @1 SPUBLISH {10}early 2
      @1 CLUSTER SETSLOT 247 NODE $id1
      @0 CLUSTER SETSLOT 247 NODE $id1
      @0s !hears 1
      @3s !hears 2
      @0s GET {10}a
      @0 SPUBLISH {10}a 3
      @4 !until :0 SPUBLISH {10}early nobody
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
  {
    name: 'scripts: declared keys lead to their node, others must be at home',
    lines: `
      @0 EVAL "return redis.call('set', KEYS[1], ARGV[1])" 1 {10}a v
      @0 EVAL "return redis.call('set', KEYS[1], ARGV[1])" 1 {test}a v
      @0 EVAL "return 1" 2 {10}a {test}a
      @0 EVAL "return 1" 2 {test}a {test}b
      @0 EVAL "return redis.call('get', KEYS[1])" 0
      @0 EVAL "return redis.call('get', '{test}a')" 0
      @0 EVAL "return redis.pcall('get', '{test}a')" 0
      @0 EVAL "return redis.call('mget', '{10}a', '{hu}b')" 0
      @0 EVAL "return redis.call('mget', '{test}a', '{hu}b')" 1 {10}a
      @0 EVAL "return redis.call('get', '{10}a')" 0
      @0 EVAL "return redis.call('get', '{10}other')" 1 {10}a
      @0 EVAL "return redis.call('get', 'key:{10}')" 1 {10}a
      @0 EVAL "return {redis.call('set', '{10}x', 1), redis.call('set', '{hu}x', 1)}" 0
      @0 EXISTS {10}x
      @0 EVAL "return #redis.call('keys', '*')" 0
      @0 EVAL "#!lua\\nreturn redis.call('get', '{10}a')" 1 {10}b
      @0 EVAL "#!lua\\nreturn redis.call('get', '{test}a')" 1 {10}b
      @0 EVAL "#!lua\\nreturn redis.call('get', '{test}a')" 0
      @0 EVAL "#!lua\\nreturn redis.call('get', '{10}a')" 0
      @0 EVAL "#!lua flags=allow-cross-slot-keys\\nreturn redis.call('get', '{test}a')" 1 {10}b
      @0 EVAL "#!lua flags=no-cluster\\nreturn 1" 0
      @0 EVAL "#!lua flags=no-cluster\\nreturn 1" 1 {test}a
      @0 EVALSHA 0000000000000000000000000000000000000000 1 {test}a
      @0 EVAL_RO "return redis.call('get', KEYS[1])" 1 {test}a
      @0 EVAL "return redis.acl_check_cmd('get', '{test}a')" 0
      @0 EVAL "return redis.call('publish', 'c', 'm')" 0
      @0 EVAL "return redis.call('spublish', '{10}c', 'm')" 0
      @0 EVAL "return redis.call('spublish', '{test}c', 'm')" 0
      @0 EVAL "return redis.call('cluster', 'keyslot', '{test}')" 0
      @0 MULTI
      @0 EVAL "return redis.call('get', '{test}a')" 0
      @0 EVAL "return redis.call('get', KEYS[1])" 1 {10}a
      @0 EXEC
      @0 MULTI
      @0 EVAL "return redis.call('get', KEYS[1])" 1 {test}a
      @0 EXEC
    `,
  },
  {
    name: 'scripts on replicas',
    lines: `
      @0 SET {10}a v
      @0 WAIT 1 0
      @3 EVAL "return 1" 0
      @3 EVAL "return redis.call('get', KEYS[1])" 1 {10}a
      @3 EVAL_RO "return redis.call('get', KEYS[1])" 1 {10}a
      @3r READONLY
      @3r EVAL "return redis.call('get', KEYS[1])" 1 {10}a
      @3r EVAL_RO "return redis.call('get', KEYS[1])" 1 {10}a
      @3r EVAL "#!lua flags=no-writes\\nreturn redis.call('get', KEYS[1])" 1 {10}a
      @3r EVAL_RO "#!lua flags=no-writes\\nreturn redis.call('get', KEYS[1])" 1 {10}a
      @3r EVAL "#!lua\\nreturn 1" 0
      @3r EVAL_RO "#!lua\\nreturn 1" 0
      @3r EVAL_RO "#!lua\\nreturn redis.call('get', KEYS[1])" 1 {10}a
      @3r EVAL "#!lua flags=no-writes\\nreturn 1" 0
      @3r EVAL "return redis.call('set', '{10}a', 'x')" 0
      @3r EVAL_RO "return redis.call('set', KEYS[1], 'x')" 1 {10}a
      @3r EVAL_RO "return redis.call('get', '{10}a')" 0
      @3r EVAL_RO "return redis.call('get', '{test}a')" 0
      @3r EVAL_RO "return redis.call('get', KEYS[1])" 1 {test}a
      @3r SCRIPT LOAD "return 5"
      @3r EVALSHA_RO 4ca238f611c9d0ae4e9a75a5dbac22aedc1e44b8 0
    `,
  },
  {
    name: 'functions and their replicas',
    lines: `
      @0 FUNCTION LOAD "#!lua name=l\\nredis.register_function('w', function(k, a) return redis.call('set', k[1], a[1]) end) redis.register_function{function_name='r', callback=function(k) return redis.call('get', k[1]) end, flags={'no-writes'}}"
      @0 FCALL w 1 {10}a v
      @0 FCALL w 1 {test}a v
      @0 FCALL w 2 {10}a {test}a v
      @1 FCALL w 1 {test}a v
      @0 WAIT 1 0
      @3 FUNCTION LIST
      @3 FCALL r 1 {10}a
      @3r READONLY
      @3r FCALL r 1 {10}a
      @3r FCALL_RO r 1 {10}a
      @3r FCALL w 1 {10}a v
      @3r FCALL_RO w 1 {10}a v
      @3 FUNCTION LOAD "#!lua name=m\\nredis.register_function('m', function() end)"
      @3 FUNCTION DELETE l
      @3 FUNCTION FLUSH
      @3 FUNCTION STATS
      @0 FUNCTION FLUSH
      @0 WAIT 1 0
      @3 FUNCTION LIST
    `,
  },
  {
    name: 'scripts while a slot moves',
    lines: `
      @0 MSET {10}a 1 {10}b 2
      @0 CLUSTER SETSLOT 247 MIGRATING $id1
      @1 CLUSTER SETSLOT 247 IMPORTING $id0
      @0 EVAL "return redis.call('get', KEYS[1])" 1 {10}a
      @0 EVAL "return redis.call('get', KEYS[1])" 1 {10}none
      @0 EVAL "return redis.call('mget', unpack(KEYS))" 2 {10}a {10}b
      @0 EVAL "return redis.call('mget', unpack(KEYS))" 2 {10}a {10}none
      @0 EVAL "return redis.call('get', '{10}none')" 0
      @0 EVAL "return redis.call('get', '{10}a')" 0
      @0 EVAL "return redis.call('mget', '{10}a', '{10}none')" 1 {10}a
      @1 EVAL "return redis.call('get', KEYS[1])" 1 {10}a
      @1 ASKING
      @1 EVAL "return redis.call('set', KEYS[1], 'x')" 1 {10}none
      @1 ASKING
      @1 EVAL "return redis.call('get', '{10}none')" 0
      @1 EVAL "return redis.call('get', '{10}none')" 0
      @1 ASKING
      @1 DEL {10}none
      @1 CLUSTER SETSLOT 247 STABLE
      @0 CLUSTER SETSLOT 247 STABLE
    `,
  },
]
