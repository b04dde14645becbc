/** A request passes the gates in Redis' order, and what stops it is worded as Redis words it. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

/** nodes.conf of one master that owns all slots. */
const LONE_MASTER =
  '0123456789abcdef0123456789abcdef01234567 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-16383\n' +
  'vars currentEpoch 1 lastVoteEpoch 0\n'

t.test('look-up and arity come before everything else', (t) => {
  const harness = new NodeHarness({ config: { requirepass: 'secret' } })
  const client = harness.connect()
  t.equal(
    harness.run(client, 'foo', 'bar', 'b\r\n'),
    "-ERR unknown command 'foo', with args beginning with: 'bar' 'b  ' \r\n",
  )
  t.equal(harness.run(client, 'GET'), "-ERR wrong number of arguments for 'get' command\r\n")
  t.equal(harness.run(client, 'GET', 'k'), '-NOAUTH Authentication required.\r\n')
  t.equal(harness.run(client, 'AUTH', 'secret'), '+OK\r\n')
  t.equal(harness.run(client, 'GET', 'k'), '$-1\r\n')
  t.end()
})

t.test('a long unknown command is shown in part', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const long = 'x'.repeat(200)
  t.equal(
    harness.run(client, long, long, long),
    `-ERR unknown command '${'x'.repeat(128)}', with args beginning with: '${'x'.repeat(128)}' \r\n`,
  )
  t.end()
})

t.test('names are found in any case, subcommands too', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(harness.run(client, 'sEt', 'k', 'v'), '+OK\r\n')
  t.equal(harness.run(client, 'CoNfIg', 'gEt', 'port'), '*2\r\n$4\r\nport\r\n$4\r\n7000\r\n')
  t.equal(
    harness.run(client, 'CONFIG', 'Foo'),
    "-ERR unknown subcommand 'Foo'. Try CONFIG HELP.\r\n",
  )
  t.equal(harness.run(client, 'CONFIG'), "-ERR wrong number of arguments for 'config' command\r\n")
  t.equal(
    harness.run(client, 'CONFIG', 'GET'),
    "-ERR wrong number of arguments for 'config|get' command\r\n",
  )
  t.end()
})

t.test('an empty request says nothing and uses up a silence', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(harness.type(client, 'PING', '*0', '', '*-1'), '+PONG\r\n')
  t.equal(client.lastCommand?.command.name, 'PING')
  t.equal(harness.type(client, 'CLIENT REPLY SKIP', '', 'PING'), '+PONG\r\n')
  t.equal(harness.type(client, 'CLIENT REPLY OFF', '*0', 'PING'), '')
  t.equal(harness.node.stats.commands, 5)
  t.end()
})

t.test('somebody who speaks HTTP is cut off', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(harness.send(client, 'POST / HTTP/1.1\r\nHost: localhost\r\n\r\n'), '')
  t.equal(client.closing, 'now')
  t.match(harness.io.logs.at(-1)?.[1], /^Possible SECURITY ATTACK detected\./)
  t.end()
})

t.test('a broken stream is told why and closed; what came before it is answered', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(
    harness.send(client, 'PING\r\n*x\r\nPING\r\n'),
    '+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n',
  )
  t.equal(client.closing, 'after-reply')
  t.end()
})

t.test('a transaction queues, runs and answers as one', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  const transaction = 'MULTI\r\nSET k 1\r\nINCR k\r\nLPUSHX\r\n'
  t.match(harness.send(client, transaction), /^\+OK\r\n\+QUEUED\r\n\+QUEUED\r\n-ERR/)
  t.equal(
    harness.run(client, 'EXEC'),
    '-EXECABORT Transaction discarded because of previous errors.\r\n',
  )
  t.equal(harness.run(client, 'GET', 'k'), '$-1\r\n')
  t.equal(
    harness.send(client, 'MULTI\r\nSET k a\r\nINCR k\r\nGET k\r\nEXEC\r\n'),
    '+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n-ERR value is not an integer or out of range\r\n$1\r\na\r\n',
  )
  t.equal(harness.run(client, 'EXEC'), '-ERR EXEC without MULTI\r\n')
  t.equal(harness.run(client, 'DISCARD'), '-ERR DISCARD without MULTI\r\n')
  t.end()
})

t.test('a watched key that others change dooms the transaction', (t) => {
  const harness = new NodeHarness()
  const [client, other] = [harness.connect(), harness.connect()]
  harness.run(client, 'WATCH', 'k', 'l')
  harness.run(other, 'SET', 'l', '1')
  harness.send(client, 'MULTI\r\nSET k 1\r\n')
  t.equal(harness.run(client, 'EXEC'), '*-1\r\n')
  t.equal(
    harness.send(client, 'MULTI\r\nSET k 1\r\nEXEC\r\n'),
    '+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n',
    'once only',
  )
  harness.run(client, 'WATCH', 'k')
  harness.run(other, 'SET', 'k', '2')
  harness.run(client, 'UNWATCH')
  t.match(harness.send(client, 'MULTI\r\nGET k\r\nEXEC\r\n'), /\*1\r\n\$1\r\n2\r\n$/)
  t.end()
})

t.test('a watched key whose time comes dooms the transaction; one already gone does not', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.run(client, 'SET', 'k', 'v', 'PX', '50')
  harness.run(client, 'WATCH', 'k')
  harness.clock.now += 60
  t.match(harness.send(client, 'MULTI\r\nPING\r\nEXEC\r\n'), /\*-1\r\n$/)
  harness.run(client, 'WATCH', 'k')
  t.match(harness.send(client, 'MULTI\r\nPING\r\nEXEC\r\n'), /\*1\r\n\+PONG\r\n$/)
  t.end()
})

t.test('CLIENT REPLY silences what it says it silences', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  t.equal(harness.send(client, 'CLIENT REPLY SKIP\r\nPING\r\nECHO a\r\n'), '$1\r\na\r\n')
  t.equal(harness.send(client, 'CLIENT REPLY OFF\r\nPING\r\nPING\r\n'), '')
  t.equal(harness.send(client, 'CLIENT REPLY ON\r\nPING\r\n'), '+OK\r\n+PONG\r\n')
  t.end()
})

t.test('in a cluster keys decide where a command runs', (t) => {
  const harness = new NodeHarness({
    config: { 'cluster-enabled': 'yes' },
    clusterConfig: LONE_MASTER.replace('0-16383', '0-5460'),
  })
  const client = harness.connect()
  const run = (...words: string[]) => harness.run(client, ...words)
  t.equal(run('GET', 'foo'), '-CLUSTERDOWN Hash slot not served\r\n')
  t.equal(run('MGET', 'bar', 'foo'), "-CROSSSLOT Keys in request don't hash to the same slot\r\n")
  t.equal(run('GET', 'bar'), '-CLUSTERDOWN The cluster is down\r\n')
  t.equal(run('CLUSTER', 'ADDSLOTSRANGE', '5461', '16383'), '+OK\r\n')
  harness.pass(3000)
  t.equal(run('MSET', '{a}1', 'x', '{a}2', 'y'), '+OK\r\n')
  t.equal(run('MGET', '{a}1', '{a}2'), '*2\r\n$1\r\nx\r\n$1\r\ny\r\n')
  t.match(harness.send(client, 'MULTI\r\nGET foo\r\nGET bar\r\nEXEC\r\n'), /-CROSSSLOT/)
  t.equal(run('EXEC'), '-ERR EXEC without MULTI\r\n')
  t.equal(run('PING'), '+PONG\r\n')
  t.end()
})

t.test('a slot given away in the same breath is not served any more', (t) => {
  const harness = new NodeHarness({
    config: { 'cluster-enabled': 'yes', 'cluster-require-full-coverage': 'no' },
    clusterConfig: LONE_MASTER,
  })
  const client = harness.connect()
  t.equal(
    harness.send(client, 'SET foo 1\r\nCLUSTER DELSLOTS 12182\r\nGET foo\r\n'),
    '+OK\r\n+OK\r\n-CLUSTERDOWN Hash slot not served\r\n',
  )
  t.end()
})

t.test('errors and calls are counted', (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.send(client, 'SET k v\r\nINCR k\r\nGET\r\nHGET k f\r\n')
  const info = harness.run(client, 'INFO', 'errorstats', 'commandstats')
  t.match(info, 'errorstat_ERR:count=2')
  t.match(info, 'errorstat_WRONGTYPE:count=1')
  t.match(info, /cmdstat_incr:calls=1,.*rejected_calls=0,failed_calls=1/)
  t.match(info, /cmdstat_get:calls=0,.*rejected_calls=1,failed_calls=0/)
  t.end()
})

t.test('a client over maxclients is refused', (t) => {
  const harness = new NodeHarness({ config: { maxclients: '1' } })
  harness.connect()
  const refused = harness.connect()
  t.equal(refused.reply.take(), '-ERR max number of clients reached\r\n')
  t.equal(refused.closing, 'after-reply')
  t.end()
})
