/** What is said about channels, on several connections to one master: who hears what, and when. */
import type { Scenario } from '../differential.ts'

export const scenarios: readonly Scenario[] = [
  {
    name: 'channels and patterns',
    lines: `
      SUBSCRIBE a
      SUBSCRIBE a
      SUBSCRIBE b c a
      !heard
      PSUBSCRIBE a* ?
      !heard
      @0p PUBLISH a hello
      !heard
      @0p PUBLISH abc "\\x00\\r\\n\\xff"
      !heard
      @0p PUBLISH nobody hello
      @0p PUBLISH a ""
      !heard
      PSUBSCRIBE "\\xff[\\x00-\\x02]"
      SUBSCRIBE "\\xff\\x01" ""
      !heard
      @0p PUBLISH "\\xff\\x01" x
      @0p PUBLISH "" x
      !heard
      UNSUBSCRIBE "\\xff\\x01"
      UNSUBSCRIBE ""
      @0p PUBLISH "\\xff\\x01" y
      !heard
      PUNSUBSCRIBE nosuch
      PUNSUBSCRIBE ? "\\xff[\\x00-\\x02]" a*
      !heard
      UNSUBSCRIBE a b nosuch
      !heard
      UNSUBSCRIBE
      UNSUBSCRIBE
      PUNSUBSCRIBE
      SUNSUBSCRIBE
      UNSUBSCRIBE a
      SUBSCRIBE
      PSUBSCRIBE
      SSUBSCRIBE
      PUBLISH
      PUBLISH a
      PUBLISH a b c
      SPUBLISH a
      GET k
    `,
  },
  {
    name: 'several subscribers, and the publisher itself',
    lines: `
      @0a SUBSCRIBE news
      @0b SUBSCRIBE news
      @0c PSUBSCRIBE n*
      @0d HELLO 3
      @0d SUBSCRIBE news
      @0d PUBLISH news self
      !heard
      @0d !heard
      @0a !heard
      @0b !heard
      @0c !heard
      @0e PUBLISH news 1
      @0e PUBLISH news 2
      @0a !heard
      @0c !heard
      @0d !heard
      @0a !send QUIT
      @0a !hears 1
      @0a !ended
      @0b !ended
      @0e !until :2 PUBLISH news 3
    `,
  },
  {
    name: 'what a subscriber may say in RESP2',
    lines: `
      @0p PING
      HELLO 2
      SUBSCRIBE a
      PING
      PING hello
      PING a b
      GET k
      GET
      SET k v
      CONFIG GET x
      CONFIG NOSUCH
      NOSUCH
      CLIENT REPLY OFF
      MULTI
      EXEC
      DISCARD
      WATCH k
      HELLO 3
      PUBLISH a b
      PUBSUB NUMPAT
      SSUBSCRIBE {a}
      UNSUBSCRIBE
      PING
      GET k
      SUNSUBSCRIBE
      PING
      GET k
      PSUBSCRIBE a*
      GET k
      PUNSUBSCRIBE a*
      GET k
      SUBSCRIBE a
      RESET
      GET k
      @0p PUBLISH a hello
      SUBSCRIBE a
      QUIT
      !ended
    `,
  },
  {
    name: 'a subscriber in RESP3 may say anything',
    lines: `
      HELLO 3
      SUBSCRIBE a
      PING
      PING hello
      SET k v
      GET k
      PUBLISH a self
      !heard
      CLIENT INFO
      HELLO 2
      PING
      GET k
      HELLO 3
      RESET
      PING
      HELLO 3
      SUBSCRIBE a
      QUIT
      !ended
    `,
  },
  {
    name: 'silence does not concern messages',
    lines: `
      HELLO 3
      !send CLIENT REPLY OFF
      !send SUBSCRIBE a
      !hears 1
      !send PING
      !send PUBLISH a self
      !hears 1
      @0p PUBLISH a other
      !hears 1
      CLIENT REPLY ON
      !send CLIENT REPLY SKIP
      PUBLISH a skipped
      PING
      !send CLIENT REPLY SKIP
      UNSUBSCRIBE a
      PING
      @0b HELLO 2
      @0b !send CLIENT REPLY OFF
      @0b SUBSCRIBE a
      @0p PUBLISH a more
      @0b !hears 1
      @0b RESET
    `,
  },
  {
    name: 'in a transaction',
    lines: `
      MULTI
      SUBSCRIBE a b
      GET k
      PUBLISH a hello
      PSUBSCRIBE *
      EXEC
      !heard
      RESET
      HELLO 3
      SUBSCRIBE a
      MULTI
      PUBLISH a 1
      SET k v
      UNSUBSCRIBE
      SUNSUBSCRIBE
      PUBLISH a 2
      EXEC
      !heard
      @0b MULTI
      @0b SUBSCRIBE a
      @0b DISCARD
      @0b PING
      @0b MULTI
      @0b SUBSCRIBE
      @0b EXEC
    `,
  },
  {
    name: 'channels of the shard',
    lines: `
      SSUBSCRIBE {s}b {s}a
      !heard
      SSUBSCRIBE {t}a
      SSUBSCRIBE {s}a {t}b
      @0p SPUBLISH {s}a hello
      @0p SPUBLISH {s}none hello
      @0p PUBLISH {s}a global
      !heard
      SUBSCRIBE {s}a
      @0p SPUBLISH {s}a again
      !heard
      @0p PUBSUB SHARDNUMSUB {s}a {t}a none
      @0p PUBSUB SHARDNUMSUB
      @0p PUBSUB SHARDCHANNELS {t}*
      @0p PUBSUB SHARDCHANNELS {s}
      @0p PUBSUB CHANNELS
      @0p MULTI
      @0p SPUBLISH {s}a 1
      @0p SPUBLISH {s}b 2
      @0p EXEC
      !heard
      @0p MULTI
      @0p SPUBLISH {s}a 1
      @0p SPUBLISH {t}a 2
      @0p EXEC
      @0p MULTI
      @0p SSUBSCRIBE {s}a {t}a
      @0p EXEC
      @0q MULTI
      @0q SSUBSCRIBE {s}a
      @0q GET {s}k
      @0q EXEC
      SUNSUBSCRIBE {s}a {t}a
      SUNSUBSCRIBE {s}a {s}x
      !heard
      SUNSUBSCRIBE {s}b
      SUNSUBSCRIBE {t}a
      SUNSUBSCRIBE
      UNSUBSCRIBE
      GET k
    `,
  },
  {
    name: 'the channels of a slot that leaves',
    lines: `
      SSUBSCRIBE {s}b {s}a {s}c
      !heard
      SSUBSCRIBE {t}a
      @0b HELLO 3
      @0b SSUBSCRIBE {s}b
      @0b SUBSCRIBE {s}b
      @0p CLUSTER KEYSLOT {s}
      @0p CLUSTER DELSLOTS 20 1000
      !heard
      @0p CLUSTER DELSLOTS 1 3828
      !heard
      @0b !heard
      @0p PUBSUB SHARDCHANNELS
      @0p PUBSUB SHARDNUMSUB {s}a {s}b
      SSUBSCRIBE {s}b
      SUNSUBSCRIBE {s}b
      @0p SPUBLISH {s}b hello
      @0p CLUSTER ADDSLOTS 20 1000 1 3828
      @0p !until :0 SPUBLISH {s}b hello
      @0b !heard
      @0p CLUSTER DELSLOTS 15891
      !heard
      GET {s}b
      @0p CLUSTER ADDSLOTS 15891
      @0p !until :0 EXISTS {t}a
    `,
  },
  {
    name: 'channels of the shard while the cluster is down',
    lines: `
      @0p CLUSTER DELSLOTS 1
      @0p !until -CLUSTERDOWN GET {s}k
      SSUBSCRIBE {s}a
      @0p SPUBLISH {s}a hello
      !heard
      @0p CONFIG SET cluster-allow-pubsubshard-when-down no
      @0p SPUBLISH {s}a hello
      @0q SSUBSCRIBE {s}a
      @0q SUBSCRIBE a
      SUNSUBSCRIBE {s}a
      SUNSUBSCRIBE
      @0p PUBLISH a hello
      @0q !heard
      @0p CONFIG SET cluster-allow-pubsubshard-when-down yes
      @0p CLUSTER ADDSLOTS 1
      @0p !until :0 EXISTS {s}k
    `,
  },
  {
    name: 'PUBSUB',
    lines: `
      @0p PUBSUB CHANNELS
      @0p PUBSUB NUMSUB
      @0p PUBSUB NUMPAT
      @0a SUBSCRIBE one
      @0b SUBSCRIBE one
      @0c PSUBSCRIBE o*
      @0d PSUBSCRIBE o*
      @0e PSUBSCRIBE t*
      @0p PUBSUB CHANNELS
      @0p PUBSUB CHANNELS o*
      @0p PUBSUB CHANNELS x*
      @0p PUBSUB CHANNELS O*
      @0p PUBSUB CHANNELS a b
      @0p PUBSUB NUMSUB one two one
      @0p PUBSUB NUMPAT
      @0p PUBSUB NUMPAT x
      @0p PUBSUB SHARDCHANNELS a b
      @0p PUBSUB SHARDCHANNELS
      @0p PUBSUB
      @0p PUBSUB NOSUCH
      @0p PUBSUB HELP
      @0p PUBSUB HELP x
      @0p CLIENT LIST
      @0p CLIENT LIST TYPE pubsub
      @0p CLIENT LIST TYPE normal
      @0p COMMAND GETKEYS SSUBSCRIBE a b
      @0p COMMAND GETKEYS SPUBLISH a b
      @0p COMMAND GETKEYS PUBLISH a b
      @0p CLIENT KILL TYPE pubsub
      @0a !ended
      @0c !ended
      @0p !until *0 PUBSUB CHANNELS
      @0p PUBSUB NUMPAT
    `,
  },
]
