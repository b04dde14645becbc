/** Where commands run while all is well, while a slot moves, and while the cluster is down. */
import t, { type Test } from 'tap'
import { NodeCluster } from '../support/node-cluster.ts'
import type { NodeHarness } from '../support/node-harness.ts'

const ASK = '-ASK 12182 127.0.0.1:7001\r\n'
const MOVED = '-MOVED 12182 127.0.0.1:7000\r\n'
const TRYAGAIN = '-TRYAGAIN Multiple keys request during rehashing of slot\r\n'
const CROSSSLOT = "-CROSSSLOT Keys in request don't hash to the same slot\r\n"
const ABORTED = '-EXECABORT Transaction discarded because of previous errors.\r\n'
const NO_MULTI = '-ERR EXEC without MULTI\r\n'

/** Two masters: slot 12182, that of `foo`, moves from the first to the second. */
function moving(t: Test) {
  const cluster = NodeCluster.start(2, 0)
  const [first, second] = cluster.nodes as [NodeHarness, NodeHarness]
  const [a, b] = [first.connect(), second.connect()]
  const [idOfFirst, idOfSecond] = [first.shared.id(0), second.shared.id(0)]
  second.type(b, `CLUSTER SETSLOT 12182 NODE ${idOfFirst}`)
  first.type(a, `CLUSTER SETSLOT 12182 NODE ${idOfFirst}`)
  cluster.pass(200)
  t.equal(second.type(b, `CLUSTER SETSLOT 12182 IMPORTING ${idOfFirst}`), '+OK\r\n')
  t.equal(first.type(a, 'SET {foo}here 1'), '+OK\r\n')
  t.equal(first.type(a, `CLUSTER SETSLOT 12182 MIGRATING ${idOfSecond}`), '+OK\r\n')
  return {
    cluster,
    first,
    second,
    source: (...lines: string[]) => first.type(a, ...lines),
    target: (...lines: string[]) => second.type(b, ...lines),
  }
}

t.test('the node that gives a slot away serves what it still has', async (t) => {
  const { source } = moving(t)
  t.equal(source('GET {foo}here'), '$1\r\n1\r\n')
  t.equal(source('SET {foo}here 2'), '+OK\r\n')
  t.equal(source('GET foo'), ASK)
  t.equal(source('SET foo 1'), ASK)
  t.equal(source('MGET {foo}here foo'), TRYAGAIN)
  t.equal(source('MGET foo {foo}gone'), ASK)
  t.equal(source('DEL {foo}here {foo}here'), ':1\r\n')
  t.equal(source('MGET foo bar'), CROSSSLOT)
})

t.test('a key whose time is over is as good as gone', async (t) => {
  const { first, source } = moving(t)
  source('SET {foo}here 1 PX 10')
  first.clock.now += 11
  t.equal(source('GET {foo}here'), ASK)
  t.equal(source('DBSIZE'), ':1\r\n', 'the look left no trace')
})

t.test('the node that takes a slot serves those who ask', async (t) => {
  const { target } = moving(t)
  t.equal(target('GET foo'), MOVED)
  for (const [lines, reply] of [
    [['GET foo'], '$-1\r\n'],
    [['SET foo 1'], '+OK\r\n'],
    [['MGET foo foo'], '*2\r\n$1\r\n1\r\n$1\r\n1\r\n'],
    [['MGET foo {foo}gone'], TRYAGAIN],
    [['MSET {foo}x 1 {foo}y 1'], TRYAGAIN],
    [['SET foo'], "-ERR wrong number of arguments for 'set' command\r\n"],
  ] as const) {
    t.equal(target('ASKING', ...lines), `+OK\r\n${reply}`, lines.join())
  }
})

t.test('ASKING holds for one command, whatever becomes of it', async (t) => {
  const { target } = moving(t)
  for (const [line, reply] of [
    ['GET foo', '$-1\r\n'],
    ['PING', '+PONG\r\n'],
    ['PING a b c', "-ERR wrong number of arguments for 'ping' command\r\n"],
    ['GET', "-ERR wrong number of arguments for 'get' command\r\n"],
    ['NOSUCH', "-ERR unknown command 'NOSUCH', with args beginning with: \r\n"],
    ['CLUSTER FOO', "-ERR unknown subcommand 'FOO'. Try CLUSTER HELP.\r\n"],
    ['WATCH foo', '+OK\r\n'],
    ['RESET', '+RESET\r\n'],
    ['', ''],
    ['*0', ''],
  ] as const) {
    t.equal(target('ASKING', line, 'GET foo'), `+OK\r\n${reply}${MOVED}`, line)
  }
  t.equal(target('ASKING', 'ASKING', 'GET foo'), '+OK\r\n+OK\r\n$-1\r\n')
  t.match(target('ASKING', 'ASKING x', 'GET foo'), /'asking' command\r\n\$-1\r\n$/)
})

t.test('ASKING before MULTI holds for the whole transaction, within it for nothing', async (t) => {
  const { target } = moving(t)
  t.equal(
    target('ASKING', 'MULTI', 'SET foo 1', 'GET foo', 'EXEC', 'GET foo'),
    `+OK\r\n+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$1\r\n1\r\n${MOVED}`,
  )
  t.equal(
    target('ASKING', 'MULTI', '', 'GET foo', '*0', 'EXEC'),
    '+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n$1\r\n1\r\n',
  )
  t.equal(target('MULTI', 'ASKING', 'GET foo', 'EXEC'), `+OK\r\n+QUEUED\r\n${MOVED}${ABORTED}`)
  t.equal(target('MULTI', 'ASKING', 'EXEC', 'GET foo'), `+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n${MOVED}`)
  t.equal(
    target('ASKING', 'MULTI', 'GET foo', 'DISCARD', 'GET foo'),
    `+OK\r\n+OK\r\n+QUEUED\r\n+OK\r\n${MOVED}`,
  )
})

t.test('a transaction on a moving slot', async (t) => {
  const { source } = moving(t)
  t.equal(source('MULTI', 'GET {foo}here', 'GET foo', 'EXEC'), `+OK\r\n+QUEUED\r\n${ASK}${ABORTED}`)
  t.equal(
    source('MULTI', 'GET {foo}here', 'GET {foo}here', 'EXEC'),
    '+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n$1\r\n1\r\n$1\r\n1\r\n',
  )
})

t.test('a key that leaves between queueing and EXEC', async (t) => {
  const { first, source } = moving(t)
  const other = first.connect()
  source('MULTI', 'GET {foo}here')
  first.type(other, 'DEL {foo}here')
  t.equal(source('EXEC', 'EXEC'), ASK + NO_MULTI)
  source('MULTI', 'PING')
  t.equal(source('EXEC'), '*1\r\n+PONG\r\n', 'a transaction without keys runs anywhere')
})

t.test('a slot that leaves between queueing and EXEC', async (t) => {
  const { first, second, source } = moving(t)
  source('DEL {foo}here')
  first.type(first.connect(), 'CLUSTER SETSLOT 12182 STABLE')
  source('SET bar 1', 'MULTI', 'GET foo')
  first.type(first.connect(), `CLUSTER SETSLOT 12182 NODE ${second.shared.id(0)}`)
  t.equal(source('EXEC', 'EXEC'), `-MOVED 12182 127.0.0.1:7001\r\n${NO_MULTI}`)
})

t.test('a transaction over two slots', async (t) => {
  const { source } = moving(t)
  t.match(source('MULTI', 'GET bar', 'GET {foo}here', 'EXEC'), `+QUEUED\r\n${CROSSSLOT}`)
  t.equal(source('WATCH bar', 'WATCH {foo}here', 'UNWATCH'), '+OK\r\n+OK\r\n+OK\r\n')
  t.equal(source('WATCH bar {foo}here'), CROSSSLOT)
})

t.test('commands without keys run anywhere, those with keys in one slot', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [first] = cluster.nodes as [NodeHarness, NodeHarness]
  const client = first.connect()
  const run = (...lines: string[]) => first.type(client, ...lines)
  t.equal(run('PING', 'DBSIZE', 'FLUSHALL'), '+PONG\r\n:0\r\n+OK\r\n')
  t.equal(run('MSET {a}1 1 {a}2 2'), '-MOVED 15495 127.0.0.1:7001\r\n')
  t.equal(run('MSET {bar}1 1 {bar}2 2'), '+OK\r\n')
  t.equal(run('MSET {bar}1 1 {a}2 2'), CROSSSLOT)
  t.equal(run('MSET {bar}1 1 {bar}2'), "-ERR wrong number of arguments for 'mset' command\r\n")
  t.equal(run('OBJECT ENCODING {bar}1'), '$3\r\nint\r\n')
  t.equal(run('OBJECT ENCODING a'), '-MOVED 15495 127.0.0.1:7001\r\n')
  t.match(run('OBJECT HELP'), /^\*/)
})

t.test('a refusal on the way to a key leaves the command uncounted', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [first] = cluster.nodes as [NodeHarness, NodeHarness]
  const client = first.connect()
  first.type(client, 'GET foo', 'GET bar')
  t.match(
    first.type(client, 'INFO commandstats'),
    /cmdstat_get:calls=1,.*rejected_calls=1,failed_calls=0/,
  )
  t.match(first.type(client, 'INFO errorstats'), 'errorstat_MOVED:count=1')
})

t.test('a cluster that is down', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [first] = cluster.nodes as [NodeHarness, NodeHarness]
  const client = first.connect()
  const run = (...lines: string[]) => first.type(client, ...lines)
  run('SET bar 1', 'CLUSTER DELSLOTS 16383')
  cluster.pass(200)
  const down = '-CLUSTERDOWN The cluster is down\r\n'
  t.equal(run('GET bar', 'SET bar 2'), down + down)
  t.equal(run('MGET bar foo'), CROSSSLOT, 'that would never work')
  t.equal(run('MULTI', 'GET bar', 'EXEC'), `+OK\r\n${down}${ABORTED}`)
  t.equal(run('PING'), '+PONG\r\n')
  run('CONFIG SET cluster-allow-reads-when-down yes')
  t.equal(run('GET bar'), '$1\r\n1\r\n')
  t.equal(run('SET bar 2'), '-CLUSTERDOWN The cluster is down and only accepts read commands\r\n')
  t.match(run('MULTI', 'GET bar', 'EXEC'), /\*1\r\n\$1\r\n1\r\n$/)
})

t.test('a replica reads for those who want that', async (t) => {
  const cluster = NodeCluster.start(1, 1)
  const [master, replica] = cluster.nodes as [NodeHarness, NodeHarness]
  master.type(master.connect(), 'SET foo 1')
  cluster.pump()
  const client = replica.connect()
  const run = (...lines: string[]) => replica.type(client, ...lines)
  t.equal(run('GET foo'), MOVED)
  t.equal(run('READONLY', 'GET foo', 'SET foo 1'), `+OK\r\n$1\r\n1\r\n${MOVED}`)
  t.match(run('MULTI', 'GET foo', 'EXEC'), /\*1\r\n\$1\r\n1\r\n$/)
  t.equal(run('MULTI', 'SET foo 1', 'EXEC'), `+OK\r\n${MOVED}${ABORTED}`)
  t.equal(run('READWRITE', 'GET foo'), `+OK\r\n${MOVED}`)
  t.equal(
    run('FLUSHALL'),
    "-READONLY You can't write against a read only replica.\r\n",
    'no key, no direction',
  )
  run('READONLY', 'MULTI', 'GET foo', 'READWRITE')
  t.equal(run('EXEC', 'GET foo'), `*2\r\n$1\r\n1\r\n+OK\r\n${MOVED}`, 'decided at EXEC')
})

t.test('the host asks where it pleases', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [first] = cluster.nodes as [NodeHarness, NodeHarness]
  const replies: string[] = []
  first.turn(() => first.node.runForHost([['DBSIZE']], (all) => replies.push(...all)))
  t.same(replies, [':0\r\n'])
})

t.test('keys that a word counts', async (t) => {
  const cluster = NodeCluster.start(2, 0)
  const [, second] = cluster.nodes as [NodeHarness, NodeHarness]
  const client = second.connect()
  const run = (line: string) => second.type(client, line)
  t.equal(run('EVAL "return #KEYS" 2 foo {foo}2'), ':2\r\n')
  t.equal(run('EVAL "return #KEYS" 1 foo bar'), ':1\r\n', 'an argument is no key')
  t.equal(run('EVAL "return #KEYS" 0 bar'), ':0\r\n')
  t.equal(run('EVAL "return #KEYS" 2 foo bar'), CROSSSLOT)
  t.equal(run('EVAL "return #KEYS" 1 bar'), '-MOVED 5061 127.0.0.1:7000\r\n')
  t.equal(run('SINTERCARD 2 foo {foo}2'), ':0\r\n')
  t.equal(run('SINTERCARD 2 bar foo'), CROSSSLOT)
  t.equal(
    run('EVAL "return #KEYS" 01 bar'),
    '-MOVED 5061 127.0.0.1:7000\r\n',
    'its keys are found however the count is written',
  )
  t.match(run('EVAL "return #KEYS" 3 foo'), /^-ERR Number of keys can't be greater/)
})
