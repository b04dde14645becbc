/**
 * What replicas hear of a command: the stream of a redis-server and ours, word by word, for the commands of all families. A
 * time is the same as another one, and so is an id that was made of one; all else has to be equal.
 */
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { ReplicationTap } from '../support/replication-tap.ts'
import { encodeRequest, type RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'
import { families } from './generator/family.ts'

t.setTimeout(300_000)
if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)

const seed = process.env.SEED ?? `${Date.now()}`
const COMMANDS = Number(process.env.COMMANDS ?? 1500)
const BATCH = 40
const ARGS = ['--enable-debug-command', 'yes', '--repl-diskless-sync-delay', '0']

/** One of the two, its clients and what it tells its replica. */
interface Side {
  readonly client: RespClient
  readonly other: RespClient
  readonly tap: ReplicationTap
}

async function open(t: Test, server: RealRedis): Promise<Side> {
  t.teardown(() => server.stop())
  const [client, other] = [await server.connect(), await server.connect()]
  const tap = await ReplicationTap.open(server.port)
  t.teardown(async () => {
    tap.close()
    await Promise.all([client.close(), other.close()])
  })
  return { client, other, tap }
}

/** Requests whose answer comes only when somebody else does something. */
const WAITING = /^(?:BLPOP|BRPOP|BLMOVE|BRPOPLPUSH|BLMPOP|BZPOPMIN|BZPOPMAX|BZMPOP)$/

/** What the replica hears of these commands, a line each. After `>` it is another client that says it. */
async function streamOf(
  { client, other, tap }: Side,
  commands: readonly (readonly Bytes[])[],
  mark: Bytes,
): Promise<string[]> {
  for (const argv of commands) {
    if (argv[0] === '>') await other.command(...argv.slice(1))
    else if (!isWaiting(argv)) await client.command(...argv)
    else {
      client.send(encodeRequest(argv))
      // It has to wait before somebody helps it.
      await waitFor(
        'the client to wait',
        async () => String((await other.command('INFO', 'clients')).value),
        (text) => text.includes('blocked_clients:1'),
      )
    }
  }
  if (commands.some(isWaiting)) await client.read()
  await other.command('SELECT', '0')
  await other.command('SET', mark, '')
  return (await tap.until(mark)).map(told)
}

function isWaiting(argv: readonly Bytes[]): boolean {
  return WAITING.test(argv[0] ?? '') || (argv[0] === 'XREADGROUP' && argv.includes('BLOCK'))
}

/** A command as it is compared. */
function told(argv: readonly Bytes[]): string {
  return argv.map((word) => JSON.stringify(blotted(word))).join(' ')
}

function blotted(word: Bytes): Bytes {
  if (/^\d{13,}-\d+$/.test(word)) return '<id>'
  return /^\d{12,}$/.test(word) ? '<time>' : word
}

/** Both hear the same words; the first batch whose streams differ is shown. */
async function compare(
  t: Test,
  [real, ours]: readonly [Side, Side],
  title: string,
  batches: readonly (readonly (readonly Bytes[])[])[],
): Promise<void> {
  let told = 0
  for (const [i, batch] of batches.entries()) {
    const mark = `mark:${title}:${i}`
    const [expected, found] = await Promise.all([
      streamOf(real, batch, mark),
      streamOf(ours, batch, mark),
    ])
    told += expected.length
    if (JSON.stringify(expected) === JSON.stringify(found)) continue
    t.same(
      found,
      expected,
      `${title}: ${batch
        .map((argv) => argv.join(' '))
        .join('; ')
        .slice(0, 3000)}`,
    )
    return
  }
  t.ok(told > 0, `${title}: ${told} commands`)
}

const line = (text: string): Bytes[] => text.split(' ').map((word) => (word === "''" ? '' : word))

/** The table of what a command becomes, a scenario each; `|` parts its commands. */
const scenarios: readonly string[] = [
  'SET k v EX 100 | SET k v PX 100000 | SET k v EXAT 4000000000 | SET k v PXAT 4000000000000 | SETEX k 100 v | PSETEX k 100000 v',
  'SET k v EXAT 1 | EXISTS k | SET k v PXAT 1000 NX GET',
  'SET k v | SET k w GET | GETSET k x | SET k y KEEPTTL | SET k z XX | SET k a NX | SETNX k b | GETDEL k | GETDEL k',
  'SET k v | EXPIRE k 100 | PEXPIRE k 100000 | EXPIREAT k 4000000000 | PEXPIREAT k 4000000000000 | PERSIST k | PERSIST k | EXPIRE k -1',
  'SET k v | GETEX k EX 100 | GETEX k PERSIST | GETEX k PERSIST | GETEX k | GETEX k PXAT 1 | GET k',
  "SET k 1 | INCR k | INCRBY k 5 | DECR k | INCRBYFLOAT k 1.5 | INCRBYFLOAT k 3e10 | APPEND k x | SETRANGE k 1 abc | SETRANGE k 0 ''",
  'MSET a 1 b 2 | MSETNX a 1 c 2 | MSETNX c 1 d 2 | DEL a b x | DEL x | UNLINK c d | UNLINK c',
  'HSET h a 1 b 2 | HSET h a 1 | HMSET h c 3 | HSETNX h a 9 | HSETNX h d 9 | HINCRBY h a 2 | HINCRBYFLOAT h a 0.5 | HDEL h a x | HDEL h x | HDEL h b c d',
  'SADD s a b c | SADD s a | SREM s a x | SREM s x | SMOVE s t b | SMOVE s t x | SPOP s 5 | SADD s only | SPOP s | SADD s x | SPOP s 1 | SPOP s 1 | SPOP s',
  'SADD s a b | SADD u b c | SINTERSTORE d s u | SUNIONSTORE d s u | SDIFFSTORE d u u | SDIFFSTORE d u u | SADD d x | SINTERSTORE d s nothing',
  'RPUSH l a b c d | LPUSHX l x | LPUSHX none x | LPOP l | RPOP l 2 | LPOP l 0 | LSET l 0 z | LINSERT l BEFORE z y | LINSERT l BEFORE none y | LREM l 0 z | LREM l 0 z | LTRIM l 0 0 | LTRIM l 5 9',
  'RPUSH l a b c d | RPOPLPUSH l m | LMOVE l m LEFT RIGHT | LMOVE none m LEFT RIGHT | LMPOP 2 none l LEFT COUNT 2 | LMPOP 2 none m RIGHT | LMPOP 1 none LEFT',
  'ZADD z 1 a 2 b | ZADD z NX 5 a | ZADD z XX CH 5 a | ZADD z GT 1 a | ZADD z INCR 2 a | ZINCRBY z 1.5 b | ZREM z x | ZREM z a | ZADD z 1 c 2 d 3 e | ZPOPMIN z | ZPOPMAX z 2 | ZPOPMIN none | ZMPOP 2 none z MIN COUNT 1 | ZMPOP 1 none MIN',
  'ZADD z 1 a 2 b 3 c 4 d | ZREMRANGEBYSCORE z 1 1 | ZREMRANGEBYSCORE z 9 9 | ZREMRANGEBYRANK z 0 0 | ZREMRANGEBYLEX z - (a | ZRANGESTORE y z 0 -1 | ZRANGESTORE y none 0 -1 | ZUNIONSTORE y 1 z | ZINTERSTORE y 2 z none | ZDIFFSTORE y 1 none',
  'GEOADD g 13.361389 38.115556 a | GEOADD g 13.361389 38.115556 a | GEOADD g XX CH 13.5 38 a | GEOSEARCHSTORE o g FROMMEMBER a BYRADIUS 9 km | GEORADIUS g 13 38 200 km STORE p | GEORADIUS none 13 38 200 km STORE p | GEOSEARCHSTORE o g FROMLONLAT 0 0 BYRADIUS 1 m STOREDIST',
  'PFADD p a b | PFADD p a | PFCOUNT p | PFCOUNT p | PFADD p z | PFCOUNT p p | PFMERGE q p | PFCOUNT q',
  'SETBIT b 7 1 | SETBIT b 7 1 | BITFIELD b GET u8 0 | BITFIELD b SET u8 0 255 | BITFIELD b INCRBY u2 0 1 OVERFLOW FAIL INCRBY u2 0 3 | BITFIELD_RO b GET u8 0 | BITOP NOT c b | BITOP AND c none none',
  'XADD x 1-1 a b | XADD x * a b | XADD x NOMKSTREAM 0-1 a b | XADD none NOMKSTREAM * a b | XADD x MAXLEN = 2 * a b | XADD x MAXLEN ~ 2 * a b | XADD x MINID ~ 5 * a b | XADD x MAXLEN ~ 0 LIMIT 0 * a b | XTRIM x MAXLEN 1 | XTRIM x MAXLEN ~ 0 | XDEL x 1-1 | XSETID x 9999999999999999-1',
  'XADD x 1-1 a b | XADD x 2-1 a b | XADD x 3-1 a b | XADD x 4-1 a b | XGROUP CREATE x g 0 | XGROUP CREATE x g 0 | XGROUP CREATE y g $ MKSTREAM | XREADGROUP GROUP g c COUNT 1 STREAMS x > | XREADGROUP GROUP g c STREAMS x 0 | XREADGROUP GROUP g d NOACK COUNT 1 STREAMS x > | XREADGROUP GROUP g e STREAMS x > | XREADGROUP GROUP g e STREAMS x > | XREADGROUP GROUP g nobody STREAMS x 0 | XACK x g 1-1 | XACK x g 1-1 | XCLAIM x g f 0 3-1 | XCLAIM x g f 0 3-1 JUSTID | XCLAIM x g f 0 9-9 | XCLAIM x g f 0 3-1 IDLE 5 RETRYCOUNT 7 FORCE LASTID 4-1 | XDEL x 4-1 | XAUTOCLAIM x g h 0 0 | XAUTOCLAIM x g h 0 0 JUSTID | XAUTOCLAIM x g h 99999999 0',
  'XADD x 1-1 a b | XGROUP CREATE x g 0 | XGROUP CREATECONSUMER x g c | XGROUP CREATECONSUMER x g c | XGROUP SETID x g 1-1 | XGROUP SETID x g 0 ENTRIESREAD 0 | XGROUP DELCONSUMER x g c | XGROUP DELCONSUMER x g c | XGROUP DESTROY x g | XGROUP DESTROY x g | XREADGROUP GROUP g c STREAMS x >',
  'XGROUP CREATE x g $ MKSTREAM | XREADGROUP GROUP g c BLOCK 0 STREAMS x > | > XADD x 5-5 a b',
  'XGROUP CREATE x g $ MKSTREAM | XREADGROUP GROUP g c NOACK BLOCK 0 STREAMS x > | > XADD x 5-5 a b',
  'BLPOP l 0 | > RPUSH l a b',
  'BRPOP l m 0 | > RPUSH m a',
  'BLMOVE l m LEFT RIGHT 0 | > RPUSH l a b',
  'BRPOPLPUSH l m 0 | > MULTI | > RPUSH l a | > INCR n | > EXEC',
  'BLMPOP 0 2 l m LEFT COUNT 2 | > RPUSH m a b c',
  'BZPOPMIN z 0 | > ZADD z 1 a',
  'BZPOPMAX z 0 | > ZADD z 1 a 2 b',
  'BZMPOP 0 1 z MAX COUNT 2 | > ZADD z 1 a 2 b 3 c',
  'MULTI | SET a 1 | GET a | INCR n | EXEC | MULTI | INCR n | EXEC | MULTI | GET a | EXEC | MULTI | EXEC | MULTI | SET a 2 | DISCARD',
  'MULTI | SELECT 3 | SET a 1 | SELECT 0 | SET b 1 | EXEC | MULTI | DEL none | INCR n | EXEC | MULTI | SPOP none | EXPIRE n 100 | LPOP none | EXEC',
  'SELECT 5 | SET a 1 | SELECT 0 | MOVE a 5 | SET a 2 | MOVE a 5 | SET c 2 | MOVE c 5 | COPY c d | SWAPDB 0 5 | COPY c d DB 7 | COPY none d',
  'SET a 1 | RENAME a b | RENAME b b | RENAMENX b c | SET a 1 | RENAMENX a c | RENAME none x | COPY c e | COPY c e | COPY c e REPLACE | TOUCH c | OBJECT ENCODING c',
  'RPUSH l 3 1 2 | SORT l | SORT l STORE m | SORT none STORE m | SORT_RO l | SORT l BY nosort STORE n',
  'SET a 1 PX 1 | DEBUG SLEEP 0.02 | GET a | SET a 1 PX 1 | DEBUG SLEEP 0.02 | SET a 2 | SET b 1 PX 1 | DEBUG SLEEP 0.02 | MULTI | GET b | SET c 1 | EXEC | SET b 1 PX 1 | DEBUG SLEEP 0.02 | INCR b',
  'SET a 1 PX 1 | RPUSH l x | PEXPIRE l 1 | DEBUG SLEEP 0.02 | LPUSH l y | DEL a | EXISTS a | SET k v PX 1 | DEBUG SLEEP 0.02 | RENAME k j | SET k v PX 1 | DEBUG SLEEP 0.02 | COPY k j',
  'FLUSHDB | FLUSHALL | FLUSHALL ASYNC | FLUSHDB SYNC | SET a 1 | FLUSHDB ASYNC',
  'PUBLISH c x | SPUBLISH c x | PING | WAIT 0 1 | CONFIG SET maxmemory 0 | CLIENT SETNAME x',
  'SET a 1 | RESTORE r 0 PAYLOAD | RESTORE r 5000 PAYLOAD REPLACE | RESTORE r 4000000000000 PAYLOAD REPLACE ABSTTL | RESTORE r 1 PAYLOAD REPLACE ABSTTL | RESTORE r 0 PAYLOAD IDLETIME 5 REPLACE | RESTORE r 0 PAYLOAD',
]

const LIBRARY = `#!lua name=lib
redis.register_function('set', function(keys, args) return redis.call('SET', keys[1], args[1]) end)
redis.register_function{function_name='get', callback=function(keys) return redis.call('GET', keys[1]) end, flags={'no-writes'}}`

const script = (source: Bytes, ...keys: Bytes[]): Bytes[] => [
  'EVAL',
  source,
  `${keys.length}`,
  ...keys,
]

/** What becomes of scripts and functions; words may have spaces in them. */
const scripts: readonly (readonly Bytes[])[] = [
  script("return redis.call('Set', 'a', 1)"),
  script("redis.call('set', 'a', 1) redis.call('incr', 'a') return redis.call('get', 'a')"),
  script("return redis.call('get', 'a')"),
  script("redis.call('set', 'a', 1) error('x')"),
  script("redis.pcall('incr', 'l') redis.call('rpush', 'l', 'a') redis.pcall('incr', 'l')"),
  script("redis.call('select', 3) redis.call('set', 'b', 1)"),
  script("redis.call('set', 'b', 1) redis.call('select', 3) redis.call('set', 'b', 1)"),
  script(
    "redis.call('set', 'b', 1, 'ex', 100) redis.call('spop', 'none') redis.call('getdel', 'b')",
  ),
  script("redis.set_repl(redis.REPL_NONE) redis.call('set', 'a', 2)"),
  script("redis.set_repl(redis.REPL_AOF) redis.call('set', 'a', 2) redis.call('set', 'c', 2)"),
  script("redis.set_repl(redis.REPL_REPLICA) redis.call('set', 'a', 2)"),
  script(
    "redis.call('set', 'a', 2) redis.set_repl(0) redis.call('del', 'a') redis.set_repl(3) redis.call('incr', 'n')",
  ),
  script("return redis.call('publish', 'c', 'x')"),
  script("redis.call('publish', 'c', 'x') redis.call('incr', 'n')"),
  script('#!lua flags=no-writes\nreturn 1'),
  script("#!lua\nreturn redis.call('del', 'n', 'none')"),
  ['EVAL_RO', "return redis.call('set', 'a', 1)", '0'],
  ['SCRIPT', 'LOAD', 'return 1'],
  ['SCRIPT', 'FLUSH'],
  ['MULTI'],
  script("redis.call('incr', 'n') redis.call('incr', 'n')"),
  ['INCR', 'n'],
  script("return redis.call('get', 'n')"),
  ['EXEC'],
  ['MULTI'],
  script("return redis.call('get', 'n')"),
  ['EXEC'],
  ['FUNCTION', 'LOAD', LIBRARY],
  ['FUNCTION', 'LOAD', LIBRARY],
  ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY],
  ['FCALL', 'set', '1', 'k', 'v'],
  ['FCALL', 'get', '1', 'k'],
  ['FCALL_RO', 'get', '1', 'k'],
  ['MULTI'],
  ['FCALL', 'set', '1', 'k', 'v'],
  ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY],
  ['EXEC'],
  ['FUNCTION', 'DELETE', 'none'],
  ['FUNCTION', 'DELETE', 'lib'],
  ['FUNCTION', 'FLUSH'],
  ['FUNCTION', 'FLUSH', 'ASYNC'],
]

/** Runs the commands that its arguments are, a number of words before each. */
const RUN_ALL = `
local at = 1
while at < #ARGV do
  local count = tonumber(ARGV[at])
  redis.pcall(unpack(ARGV, at + 1, at + count))
  at = at + count + 1
end`

/** One script for each few commands. */
function asScripts(commands: readonly (readonly Bytes[])[], random: Random): Bytes[][] {
  const made: Bytes[][] = []
  for (let i = 0; i < commands.length; ) {
    const few = commands.slice(i, i + 1 + random.below(4))
    i += few.length
    made.push(['EVAL', RUN_ALL, '0', ...few.flatMap((argv) => [`${argv.length}`, ...argv])])
  }
  return made
}

/** What DUMP tells of a short string. */
const PAYLOAD = '\x00\x01v\x0a\x00\x91\x08\xce\xb2\x19\x38\x8a\xce'

t.test('the stream', { skip: withoutRealRedis70 }, async (t) => {
  t.comment(`SEED=${seed}`)
  const sides = [
    await open(t, await startRealRedis({ args: ARGS })),
    await open(t, await startNodeProcess({ args: ARGS })),
  ] as const

  await t.test('of each command', async (t) => {
    for (const scenario of scenarios) {
      const commands = scenario
        .split(' | ')
        .map((text) => line(text).map((word) => (word === 'PAYLOAD' ? PAYLOAD : word)))
      await compare(t, sides, scenario, [
        [['FLUSHALL'], ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'], ...commands],
      ])
    }
  })

  await t.test('of scripts and functions', async (t) => {
    await compare(t, sides, 'scripts', [[['FLUSHALL'], ...scripts]])
  })

  const { acl: _acl, declared: _declared, ...generators } = families
  for (const [family, generate] of Object.entries(generators)) {
    await t.test(`of random commands: ${family}`, async (t) => {
      const random = new Random(`${seed}${family}`)
      const batches = Array.from({ length: Math.ceil(COMMANDS / BATCH) }, () =>
        Array.from({ length: BATCH }, () => generate(random)).filter((argv) => !isWaiting(argv)),
      )
      await compare(t, sides, family, [[['FLUSHALL']], ...batches])
    })
    await t.test(`of scripts that run random commands: ${family}`, async (t) => {
      const random = new Random(`${seed}${family} in scripts`)
      const batches = Array.from({ length: Math.ceil(COMMANDS / 4 / BATCH) }, () =>
        asScripts(
          Array.from({ length: BATCH }, () => generate(random)),
          random,
        ),
      )
      await compare(t, sides, `scripts: ${family}`, [[['FLUSHALL']], ...batches])
    })
  }
})
