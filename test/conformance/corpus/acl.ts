/**
 * Users and what is refused to them. Each scenario makes the users it needs and deletes them. Categories are used only as
 * far as both sides have all their commands: how rules are told back depends on that.
 */
import type { Scenario } from '../differential.ts'

const DIGEST = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae'

export const scenarios: readonly Scenario[] = [
  {
    name: 'the default user',
    lines: `
      ACL WHOAMI
      acl whoami
      ACL USERS
      ACL LIST
      ACL GETUSER default
      ACL GETUSER nobody
      ACL HELP
      ACL HELP x
      ACL
      ACL NOSUCH
      ACL WHOAMI x
      ACL USERS x
      ACL LIST x
      ACL GETUSER
      ACL SETUSER
      ACL DELUSER
      ACL DRYRUN default
      ACL DRYRUN
      ACL LOAD
      ACL SAVE
      ACL DELUSER default
      AUTH default anything
      AUTH anything
      AUTH nobody anything
      AUTH a b c
      HELLO 2 AUTH nobody x
      HELLO 9 AUTH nobody x
      HELLO 2 AUTH nobody
    `,
  },
  {
    name: 'categories',
    lines: `
      ACL CAT
      ACL CAT transaction
      ACL CAT Stream
      ACL CAT sortedset
      ACL CAT hyperloglog
      ACL CAT bitmap
      ACL CAT geo
      ACL CAT nosuch
      ACL CAT @set
      ACL CAT set x
    `,
  },
  {
    name: 'GENPASS',
    lines: `
      ACL GENPASS
      ACL GENPASS 1
      ACL GENPASS 4
      ACL GENPASS 5
      ACL GENPASS 4096
      ACL GENPASS 4097
      ACL GENPASS 0
      ACL GENPASS -236
      ACL GENPASS abc
      ACL GENPASS 5 6
    `,
  },
  {
    name: 'rules of the user as a whole',
    lines: `
      ACL SETUSER ann
      ACL GETUSER ann
      ACL SETUSER ann on >one >two >one
      ACL GETUSER ann
      ACL SETUSER ann <one
      ACL SETUSER ann <one
      ACL SETUSER ann #${DIGEST}
      ACL SETUSER ann !${DIGEST}
      ACL SETUSER ann !${DIGEST}
      ACL SETUSER ann #${DIGEST.toUpperCase()}
      ACL SETUSER ann #${DIGEST.slice(1)}
      ACL SETUSER ann #
      ACL SETUSER ann !x
      ACL LIST
      ACL SETUSER ann nopass
      ACL GETUSER ann
      ACL SETUSER ann >three
      ACL GETUSER ann
      ACL SETUSER ann NoPass ResetPass OFF
      ACL LIST
      ACL SETUSER ann skip-sanitize-payload
      ACL LIST
      ACL GETUSER ann
      ACL SETUSER ann SANITIZE-PAYLOAD on nopass +@all ~* &*
      ACL LIST
      ACL SETUSER ann (+get ~x) skip-sanitize-payload >pw reset
      ACL LIST
      ACL SETUSER ann nonsense
      ACL SETUSER ann constructor
      ACL SETUSER ann "on off"
      ACL SETUSER ann on nonsense
      ACL SETUSER ann ""
      ACL SETUSER ann "" "" on
      ACL LIST
      ACL DELUSER ann ann nobody
      ACL DELUSER ann
    `,
  },
  {
    name: 'names',
    lines: `
      ACL SETUSER "a b"
      ACL SETUSER "a\\x00b"
      ACL SETUSER "a\\tb"
      ACL SETUSER ""
      ACL SETUSER b\\xff
      ACL SETUSER Bob
      ACL SETUSER bob
      ACL USERS
      ACL LIST
      ACL GETUSER BOB
      ACL DELUSER nobody default bob
      ACL USERS
      ACL DELUSER "" b\\xff Bob bob
    `,
  },
  {
    name: 'keys and channels',
    lines: `
      ACL SETUSER ann ~a* ~b* ~a* %R~c %W~d %RW~e %WR~f
      ACL LIST
      ACL GETUSER ann
      ACL SETUSER ann %W~c %R~d %r~e %rw~g
      ACL LIST
      ACL SETUSER ann ~
      ACL SETUSER ann %R
      ACL SETUSER ann %R~~
      ACL LIST
      ACL SETUSER ann %
      ACL SETUSER ann %~x
      ACL SETUSER ann %RR~x
      ACL SETUSER ann %X~x
      ACL SETUSER ann %RX~x
      ACL SETUSER ann %Rx
      ACL SETUSER ann "~a b"
      ACL SETUSER ann %RW~*
      ACL LIST
      ACL SETUSER ann ~*
      ACL LIST
      ACL SETUSER ann ~a
      ACL SETUSER ann %R~a
      ACL SETUSER ann allkeys
      ACL SETUSER ann resetkeys ~a
      ACL SETUSER ann &a &b* &a
      ACL GETUSER ann
      ACL SETUSER ann "&a b"
      ACL SETUSER ann &
      ACL LIST
      ACL SETUSER ann &* 
      ACL SETUSER ann &c
      ACL SETUSER ann resetchannels &c
      ACL GETUSER ann
      ACL SETUSER ann allchannels allkeys
      ACL LIST
      ACL DELUSER ann
    `,
  },
  {
    name: 'acl-pubsub-default',
    lines: `
      ACL SETUSER ann
      CONFIG SET acl-pubsub-default allchannels
      ACL SETUSER ben ()
      ACL SETUSER ann (+get) on
      ACL LIST
      ACL SETUSER ben &x
      ACL SETUSER ben (&x)
      ACL SETUSER ben (resetchannels &x)
      ACL SETUSER ann reset
      ACL LIST
      CONFIG SET acl-pubsub-default resetchannels
      ACL SETUSER ann reset
      ACL LIST
      ACL DELUSER ann ben
    `,
  },
  {
    name: 'commands told back',
    lines: `
      ACL SETUSER ann +get +SET +config|get +Client|Id
      ACL LIST
      ACL SETUSER ann -get -client
      ACL LIST
      ACL SETUSER ann +client -client|id
      ACL LIST
      ACL SETUSER ann -@all +@set
      ACL LIST
      ACL SETUSER ann +@hash -hget +hget|field
      ACL GETUSER ann
      ACL SETUSER ann +hget
      ACL GETUSER ann
      ACL SETUSER ann +@all -@string
      ACL GETUSER ann
      ACL SETUSER ann +incr -hset
      ACL GETUSER ann
      ACL SETUSER ann allcommands -select +select|0 +select|A +select|a
      ACL GETUSER ann
      ACL SETUSER ann +select|B
      ACL GETUSER ann
      ACL SETUSER ann -select
      ACL GETUSER ann
      ACL SETUSER ann nocommands +select|0 +get|x
      ACL GETUSER ann
      ACL SETUSER ann +@string
      ACL GETUSER ann
      ACL SETUSER ann -@STRING +@Stream -xadd +@stream -xgroup|create
      ACL GETUSER ann
      ACL SETUSER ann +@all -config
      ACL SETUSER ann +config|get
      ACL GETUSER ann
      ACL SETUSER ann reset +@transaction +@geo +@bitmap
      ACL GETUSER ann
      ACL SETUSER ann reset +@all -@pubsub
      ACL GETUSER ann
      ACL SETUSER ann reset +@list -@blocking
      ACL GETUSER ann
      ACL DELUSER ann
    `,
  },
  {
    name: 'every category as it is',
    lines: ['set', 'sortedset', 'list', 'hash', 'string', 'bitmap', 'hyperloglog', 'geo', 'stream']
      .concat('pubsub', 'transaction', 'blocking', 'connection', 'write')
      .map(
        (category) => `
      ACL SETUSER ann reset +@all -@${category}
      ACL GETUSER ann
      ACL SETUSER ann reset -@all +@${category}
      ACL GETUSER ann`,
      )
      .concat('ACL DELUSER ann')
      .join('\n'),
  },
  {
    name: 'commands that there are not',
    lines: `
      ACL SETUSER ann +nosuch
      ACL SETUSER ann -nosuch
      ACL SETUSER ann +@nosuch
      ACL SETUSER ann +@
      ACL SETUSER ann +
      ACL SETUSER ann -
      ACL SETUSER ann +|
      ACL SETUSER ann +|x
      ACL SETUSER ann +get|
      ACL SETUSER ann +get|a|b
      ACL SETUSER ann -get|a
      ACL SETUSER ann +config|nosuch
      ACL SETUSER ann -config|nosuch
      ACL SETUSER ann +config|get|x
      ACL SETUSER ann +config|
      ACL SETUSER ann +config|get|
      ACL SETUSER ann +nosuch|x
      ACL SETUSER ann on +nosuch
      ACL GETUSER ann
    `,
  },
  {
    name: 'selectors',
    lines: `
      ACL SETUSER ann ()
      ACL GETUSER ann
      ACL SETUSER ann (+get ~a*) "( +set   ~b* &c )" %R~z
      ACL LIST
      ACL GETUSER ann
      ACL SETUSER ann (~key5 +get ) ( ~key6 +get ) ( ~key7 +get) (~key8 +get)
      ACL LIST
      ACL SETUSER ann clearselectors
      ACL LIST
      ACL SETUSER ann (
      ACL SETUSER ann on (+get
      ACL SETUSER ann (+get ~x
      ACL SETUSER ann )
      ACL SETUSER ann " () "
      ACL SETUSER ann "() "
      ACL SETUSER ann (nonsense)
      ACL SETUSER ann (on)
      ACL SETUSER ann (>pw)
      ACL SETUSER ann "(&* &fail)"
      ACL SETUSER ann "(~* ~fail)"
      ACL SETUSER ann (+nosuch)
      ACL SETUSER ann ((+get))
      ACL SETUSER ann "(+config|get|x)"
      ACL SETUSER ann "(reset)"
      ACL SETUSER ann (ALLKEYS +@ALL AllChannels)
      ACL GETUSER ann
      ACL SETUSER ann "(~\\"a)"
      ACL GETUSER ann
      ACL DELUSER ann
      ACL GETUSER ben
    `,
  },
  {
    name: 'logging in',
    lines: `
      ACL LOG RESET
      ACL SETUSER ann >one
      @0b AUTH ann one
      ACL SETUSER ann on
      @0b AUTH ann wrong
      @0b AUTH ann one
      @0b PING
      ACL SETUSER ann +ping +acl|whoami +client|list
      @0b PING
      @0b ACL WHOAMI
      CLIENT LIST TYPE normal
      @0b hello 2 AUTH ann wrong
      @0b hello 2 auth ann one SETNAME x
      @0b auth nobody x
      @0b HELLO
      @0b RESET
      @0b ACL WHOAMI
      @0b AUTH ann one
      ACL SETUSER ann off
      @0b PING
      @0b AUTH ann one
      ACL SETUSER ann on nopass
      @0b AUTH ann whatever
      ACL LOG
      CLIENT KILL USER nobody
      CLIENT KILL USER ann
      @0b !ended
      ACL LOG RESET
      ACL DELUSER ann
    `,
  },
  {
    name: 'what is refused',
    lines: `
      ACL LOG RESET
      ACL SETUSER ann on nopass
      @0b AUTH ann x
      @0b PING
      @0b GET a
      @0b GET
      @0b NOSUCH
      @0b CONFIG NOSUCH
      @0b CONFIG GET x
      @0b COMMAND
      @0b ACL WHOAMI
      @0b RESET
      @0b AUTH ann x
      ACL SETUSER ann +get +mget +set +copy +config|get
      @0b GET a
      @0b CONFIG GET maxmemory
      @0b CONFIG SET maxmemory 1
      ACL SETUSER ann ~{t}a* %R~{t}r* %W~{t}w*
      @0b GET {t}a
      @0b GET {t}w
      @0b GET {t}r
      @0b SET {t}r 1
      @0b SET {t}w 1
      @0b SET {t}w 1 GET
      @0b SET {t}a 1 GET
      @0b SET {t}w 1 EX GET
      @0b COPY {t}r {t}w
      @0b COPY {t}w {t}r
      @0b MGET {t}a1 {t}x {t}y
      @0b MGET a b x
      ACL SETUSER ann (~{t}x +mget)
      @0b MGET {t}a1 {t}x {t}y
      @0b MGET {t}x {t}x
      @0b MGET {t}a {t}a {t}x
      ACL SETUSER ann +select|0 +@pubsub
      @0b SELECT 0
      @0b SELECT 1
      @0b SELECT
      ACL LOG
      ACL LOG 2
      ACL LOG 0
      ACL LOG -1
      ACL LOG x
      ACL LOG 1 2
      ACL LOG reset
      ACL LOG
      ACL DELUSER ann
      @0b !ended
    `,
  },
  {
    name: 'channels',
    lines: `
      ACL SETUSER ann on nopass +@pubsub +ping +client &foo &bar:*
      @0b AUTH ann x
      @0b PUBLISH foo 1
      @0b PUBLISH bar:1 1
      @0b PUBLISH baz 1
      @0b SPUBLISH foo 1
      @0b SPUBLISH fox 1
      @0b SUBSCRIBE foo bar
      @0b SUBSCRIBE bar:1
      @0b PSUBSCRIBE bar:1
      @0b PSUBSCRIBE bar:*
      @0b PSUBSCRIBE *
      @0b SSUBSCRIBE foo
      @0b SSUBSCRIBE zap
      @0b UNSUBSCRIBE zap
      @0b PUNSUBSCRIBE zap
      @0b SUNSUBSCRIBE zap
      ACL SETUSER ann &more
      @0b PING
      ACL SETUSER ann resetchannels &foo &bar:* &other
      @0b PING
      ACL SETUSER ann allchannels
      @0b PING
      ACL SETUSER ann resetchannels &foo
      @0b !ended
      @0b AUTH ann x
      @0b SSUBSCRIBE foo
      ACL SETUSER ann resetchannels &f*
      @0b PING
      ACL SETUSER ann resetchannels
      @0b !ended
      @0b AUTH ann x
      @0b PING
      ACL SETUSER ann &x
      ACL SETUSER ann resetchannels
      @0b PING
      ACL DELUSER ann
    `,
  },
  {
    name: 'transactions',
    lines: `
      ACL LOG RESET
      ACL SETUSER ann on nopass ~* &* +@all -incr
      @0b AUTH ann x
      @0b MULTI
      @0b INCR {t}a
      @0b GET {t}a
      @0b EXEC
      @0b MULTI
      @0b GET {t}a
      @0b SET {t}b 1
      @0b PUBLISH c d
      @0b PING
      ACL SETUSER ann -get resetkeys resetchannels
      @0b EXEC
      ACL LOG
      @0b MULTI
      @0b PING
      ACL SETUSER ann -exec
      @0b EXEC
      @0b PING
      ACL SETUSER ann +exec -multi
      @0b MULTI
      ACL SETUSER ann +multi
      @0b MULTI
      @0b ACL SETUSER ann -ping
      @0b PING
      @0b EXEC
      @0b MULTI
      @0b ECHO hi
      @0b ACL DELUSER ann
      @0b EXEC
      @0b !ended
      ACL LOG RESET
    `,
  },
  {
    name: 'refused before it is redirected',
    lines: `
      ACL SETUSER ann on nopass ~{t}* +mget +get +watch +@transaction
      @0b AUTH ann x
      @0b MGET {t}a {u}b
      @0b MGET {t}a {t}b
      @0b WATCH {t}a
      @0b WATCH {u}a
      @0b MSET {t}a 1 {u}b 2
      ACL DELUSER ann
    `,
  },
  {
    name: 'dry runs',
    lines: `
      ACL SETUSER ann +@all %R~read* %W~write* %RW~rw* resetchannels &channel
      ACL DRYRUN ann GET read
      ACL DRYRUN ann get write
      ACL DRYRUN ann SET rw v
      ACL DRYRUN ann SET read v
      ACL DRYRUN ann SET v
      ACL DRYRUN ann nosuch x
      ACL DRYRUN ann config nosuch
      ACL DRYRUN ann config
      ACL DRYRUN ann config get x
      ACL DRYRUN nobody GET read
      ACL DRYRUN nobody nosuch
      ACL DRYRUN ann MIGRATE h p rw 0 500
      ACL DRYRUN ann MIGRATE h p read 0 500
      ACL DRYRUN ann MIGRATE h p "" 0 5000 KEYS rw
      ACL DRYRUN ann MIGRATE h p "" 0 5000 KEYS read
      ACL DRYRUN ann MIGRATE h p "" 0 5000 AUTH KEYS KEYS rw
      ACL DRYRUN ann MIGRATE h p "" 0 5000 AUTH KEYS KEYS write
      ACL DRYRUN ann MIGRATE h p "" 0 5000 AUTH2 KEYS 123 KEYS rw
      ACL DRYRUN ann MIGRATE h p "" 0 5000 AUTH2 USER KEYS KEYS write
      ACL DRYRUN ann SORT read STORE write
      ACL DRYRUN ann SORT read STORE read
      ACL DRYRUN ann SORT write STORE write
      ACL DRYRUN ann SORT read BY nosuch* GET read*
      ACL DRYRUN ann GEORADIUS read 1 2 3 M STOREDIST write
      ACL DRYRUN ann GEORADIUS read1 1 2 3 M STOREDIST read2
      ACL DRYRUN ann GEORADIUS write1 1 2 3 M STORE write2
      ACL DRYRUN ann GEORADIUS read 1 2 3 M
      ACL DRYRUN ann HEXISTS write f
      ACL DRYRUN ann HEXISTS nothing f
      ACL DRYRUN ann SINTERCARD 2 read read
      ACL DRYRUN ann SINTERCARD 2 write read
      ACL DRYRUN ann SINTERCARD 0 write read
      ACL DRYRUN ann SINTERCARD x write read
      ACL DRYRUN ann SINTERCARD 9 write read
      ACL DRYRUN ann PFCOUNT read read
      ACL DRYRUN ann PFCOUNT read nothing
      ACL DRYRUN ann TOUCH write
      ACL DRYRUN ann TYPE nothing
      ACL DRYRUN ann XREAD STREAMS read write 0 0
      ACL DRYRUN ann XREAD COUNT 1 STREAMS read 0
      ACL DRYRUN ann XREAD STREAMS read
      ACL DRYRUN ann XREADGROUP GROUP g c STREAMS read >
      ACL DRYRUN ann BITFIELD read GET u4 0
      ACL DRYRUN ann BITFIELD read SET u4 0 1
      ACL DRYRUN ann BITFIELD write INCRBY u4 0 1
      ACL DRYRUN ann LMOVE rw write LEFT RIGHT
      ACL DRYRUN ann LMOVE read write LEFT RIGHT
      ACL DRYRUN ann RENAME rw write
      ACL DRYRUN ann ZUNIONSTORE write 2 read rw
      ACL DRYRUN ann ZUNIONSTORE read 2 read rw
      ACL DRYRUN ann OBJECT ENCODING nothing
      ACL DRYRUN ann OBJECT HELP
      ACL DRYRUN ann SPUBLISH channel foo
      ACL DRYRUN ann SPUBLISH other foo
      ACL DRYRUN ann SSUBSCRIBE channel
      ACL DRYRUN ann SSUBSCRIBE channel other
      ACL DRYRUN ann SUNSUBSCRIBE other
      ACL DRYRUN ann SUNSUBSCRIBE
      ACL DRYRUN ann PSUBSCRIBE chann*
      ACL DRYRUN ann PSUBSCRIBE channel
      ACL SETUSER ann -@all +config|get
      ACL DRYRUN ann config set x y
      ACL DRYRUN ann auth a b
      ACL DRYRUN ann HELLO
      ACL DRYRUN ann ping
      ACL LOG RESET
      ACL DRYRUN ann ping
      ACL LOG
      ACL DELUSER ann
    `,
  },
  {
    name: 'requirepass and the default user',
    lines: `
      CONFIG SET requirepass foo
      ACL LIST
      @0b PING
      @0b ACL WHOAMI
      @0b HELLO 2
      @0b AUTH wrong
      @0b AUTH foo
      @0b PING
      ACL SETUSER default >bar
      CONFIG GET requirepass
      @0b AUTH bar
      @0b AUTH foo
      ACL SETUSER default nopass
      CONFIG GET requirepass
      @0c PING
      @0c AUTH bar
      CONFIG SET requirepass ""
      ACL LIST
      ACL SETUSER default off
      PING
      @0d PING
      @0d AUTH x
      @0d AUTH default x
      @0d HELLO
      ACL SETUSER default on
      @0d PING
      @0d HELLO
      @0d RESET
      @0d HELLO
      ACL SETUSER default resetpass
      ACL SETUSER default reset on nopass ~* &* +@all
      CONFIG SET requirepass ""
      ACL LIST
    `,
  },
  {
    name: 'the default user without permissions',
    lines: `
      ACL SETUSER ann on nopass ~* &* +@all
      AUTH ann x
      ACL SETUSER default -@all
      @0b PING
      @0b HELLO 2
      @0b HELLO 2 AUTH ann x
      @0b PING
      ACL SETUSER default +@all
      AUTH default x
      ACL DELUSER ann
      @0b !ended
    `,
  },
  {
    name: 'users that are deleted',
    lines: `
      ACL SETUSER ann on nopass ~* &* +@all
      ACL SETUSER ben on nopass ~* &* +@all
      @0b AUTH ann x
      @0c AUTH ben x
      @0d PING
      ACL DELUSER ann
      @0b !ended
      @0c PING
      @0c ACL DELUSER ben
      @0c !ended
      @0d PING
    `,
  },
  {
    name: 'a blocked client whose user is deleted',
    lines: `
      ACL SETUSER ann on nopass ~* &* +@all
      @0b AUTH ann x
      @0b !send BLPOP l 0
      !blocked 1
      ACL DELUSER ann
      !blocked 0
      RPUSH l 1
      LLEN l
    `,
  },
  {
    name: 'the log keeps what is new',
    lines: `
      ACL LOG RESET
      ACL SETUSER ann on nopass +ping
      @0b AUTH ann x
      CONFIG SET acllog-max-len 3
      @0b GET a
      @0b SET a 1
      @0b GET b
      @0b INCR a
      @0b INCR b
      @0b DECR a
      @0b INCR c
      ACL LOG
      CONFIG SET acllog-max-len 1
      ACL LOG
      @0b TTL x
      ACL LOG
      CONFIG SET acllog-max-len 0
      @0b TTL x
      @0b LLEN x
      ACL LOG
      CONFIG SET acllog-max-len 128
      ACL LOG RESET
      ACL DELUSER ann
    `,
  },
]
