/** MULTI, EXEC and WATCH of sessions that share the keys of one node: whose change dooms whom. */
import t, { type Test } from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'

const DOOMED = '+OK\r\n+QUEUED\r\n*-1\r\n'
const RUN = '+OK\r\n+QUEUED\r\n*1\r\n+PONG\r\n'

function stage(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config })
  const [client, other] = [harness.connect(), harness.connect()]
  const tryToRun = (session: Session = client) => harness.type(session, 'MULTI', 'PING', 'EXEC')
  return { harness, client, other, tryToRun }
}

/** Says what happens between WATCH and EXEC, and checks what becomes of the transaction. */
function between(t: Test, reply: string, what: string, ...lines: string[]): void {
  const { harness, client, other, tryToRun } = stage()
  harness.type(other, 'SET k 1', 'SET l 1', 'HSET h f v')
  harness.type(client, 'WATCH k missing h')
  harness.type(other, ...lines)
  t.equal(tryToRun(), reply, what)
}

t.test('what others do to a watched key', async (t) => {
  between(t, DOOMED, 'another value', 'SET k 2')
  between(t, DOOMED, 'the same value', 'SET k 1')
  between(t, DOOMED, 'an expiry', 'EXPIRE k 100')
  between(t, DOOMED, 'gone', 'DEL k')
  between(t, DOOMED, 'renamed', 'RENAME k new')
  between(t, DOOMED, 'renamed onto', 'RENAME l k')
  between(t, DOOMED, 'come to be', 'SET missing 1')
  between(t, DOOMED, 'come and gone', 'SET missing 1', 'DEL missing')
  between(t, DOOMED, 'edited', 'HSET h f w')
  between(t, DOOMED, 'in a transaction', 'MULTI', 'SET k 2', 'EXEC')
  between(t, DOOMED, 'flushed', 'FLUSHDB')
  between(t, DOOMED, 'all flushed', 'SELECT 1', 'FLUSHALL')
})

t.test('what leaves a watched key as it was', async (t) => {
  between(t, RUN, 'nothing at all', 'PING')
  between(t, RUN, 'looks', 'GET k', 'TOUCH k', 'OBJECT ENCODING k', 'COPY k copy')
  between(t, RUN, 'writes without effect', 'SETNX k 2', 'SET k 2 NX', 'PERSIST k', 'DEL missing')
  between(t, RUN, 'failed writes', 'INCR h', 'HSET k f v', 'EXPIRE missing 10')
  between(t, RUN, 'the key of another database', 'SELECT 1', 'SET k 2', 'FLUSHDB')
  between(t, RUN, 'a transaction that did not run', 'MULTI', 'SET k 2', 'DISCARD')
})

t.test('a flush concerns only watched keys that are there', async (t) => {
  const { harness, client, other, tryToRun } = stage()
  harness.type(client, 'WATCH missing')
  harness.type(other, 'SET k 1', 'FLUSHALL')
  t.equal(tryToRun(), RUN)
})

t.test('a key is watched in the database that was selected', async (t) => {
  const { harness, client, other, tryToRun } = stage()
  harness.type(client, 'SELECT 1', 'WATCH k', 'SELECT 0')
  harness.type(other, 'SET k 1')
  t.equal(tryToRun(), RUN)
  harness.type(client, 'SELECT 1', 'WATCH k', 'SELECT 0')
  harness.type(other, 'SELECT 1', 'SET k 1')
  t.match(harness.type(client, 'CLIENT INFO'), / flags=d /)
  t.equal(tryToRun(), DOOMED)
  t.match(harness.type(client, 'CLIENT INFO'), / flags=N /)
})

t.test('own changes count, those of the transaction itself do not', async (t) => {
  const { harness, client, tryToRun } = stage()
  harness.type(client, 'WATCH k', 'SET k 1')
  t.equal(tryToRun(), DOOMED)
  harness.type(client, 'WATCH k')
  const twice = ['MULTI', 'SET k 1', 'SET k 2', 'EXEC']
  t.match(harness.type(client, ...twice), /\*2\r\n\+OK\r\n\+OK\r\n$/)
  t.equal(tryToRun(), RUN, 'nothing is watched after EXEC')
})

t.test('every way to stop watching', async (t) => {
  for (const line of ['UNWATCH', 'DISCARD', 'EXEC', 'RESET']) {
    const { harness, client, other, tryToRun } = stage()
    harness.type(client, 'WATCH k', ...(line === 'UNWATCH' ? [] : ['MULTI']))
    if (line === 'EXEC') harness.type(client, 'NOSUCH')
    harness.type(other, 'SET k 1')
    harness.type(client, line)
    t.equal(tryToRun(), RUN, line)
    harness.type(other, 'SET k 2')
    t.equal(tryToRun(), RUN, `${line}, for good`)
  }
})

t.test(
  'several clients and keys: each is doomed for itself, watching twice is watching once',
  async (t) => {
    const { harness, client, other, tryToRun } = stage()
    const third = harness.connect()
    harness.type(client, 'WATCH a b', 'WATCH a')
    harness.type(third, 'WATCH b')
    harness.type(other, 'WATCH c', 'SET a 1')
    t.equal(tryToRun(third), RUN)
    t.equal(tryToRun(other), RUN)
    t.equal(tryToRun(), DOOMED)
    harness.type(client, 'WATCH a')
    harness.disconnect(client)
    harness.type(third, 'SET a 1', 'WATCH a')
    t.equal(tryToRun(third), RUN)
  },
)

t.test('a refusal wins over a change', async (t) => {
  const { harness, client, other } = stage()
  harness.type(client, 'WATCH k')
  harness.type(other, 'SET k 1')
  t.match(harness.type(client, 'MULTI', 'NOSUCH', 'EXEC'), /-EXECABORT [^\r]*\r\n$/)
})

t.test('a watched key whose time comes counts as changed', async (t) => {
  for (const line of ['PING', 'GET k', 'FLUSHALL', 'DEL k']) {
    const { harness, client, other, tryToRun } = stage()
    harness.type(client, 'SET k 1 PX 10', 'WATCH k')
    harness.clock.now += 11
    harness.type(other, line)
    t.equal(tryToRun(), DOOMED, line)
  }
  const { harness, client, tryToRun } = stage()
  harness.type(client, 'SET k 1 PX 10', 'WATCH k')
  harness.pass(100)
  t.equal(tryToRun(), DOOMED, 'and the cron deletes it')
})

t.test('of a key whose time was over before, only what comes after counts', async (t) => {
  const gone = (...lines: string[]) => {
    const { harness, client, other, tryToRun } = stage()
    harness.type(client, 'SET k 1 PX 10')
    harness.clock.now += 11
    harness.type(client, 'WATCH k')
    harness.type(other, ...lines)
    return tryToRun()
  }
  t.equal(gone('PING'), RUN)
  t.equal(gone('GET k'), RUN, 'deleted at last')
  t.equal(gone('DEL k'), RUN)
  t.equal(gone('FLUSHALL'), RUN)
  t.equal(gone('SET k 2'), DOOMED)
  t.equal(gone('GET k', 'SET k 2'), DOOMED)
  t.equal(gone('FLUSHALL', 'SET k 2'), DOOMED)
  const { harness, client, tryToRun } = stage()
  harness.type(client, 'SET k 1 PX 10')
  harness.clock.now += 11
  harness.type(client, 'WATCH k')
  harness.pass(100)
  t.equal(tryToRun(), RUN, 'deleted by the cron')
})

t.test('what a transaction tells of itself', async (t) => {
  const { harness, client } = stage()
  t.match(harness.type(client, 'CLIENT INFO'), / multi=-1 .* multi-mem=0 /)
  harness.type(client, 'MULTI', 'SET k value')
  const [, line = ''] = harness.type(harness.connect(), `CLIENT LIST ID ${client.id}`).split('\r\n')
  t.match(line, / flags=x .* multi=1 .* multi-mem=33 .* cmd=set /)
  harness.type(client, 'DISCARD')
  t.match(harness.type(client, 'CLIENT INFO'), / flags=N .* multi=-1 .* multi-mem=0 /)
})

t.test('after a refusal nothing is queued any more', async (t) => {
  const { harness, client } = stage()
  harness.type(client, 'MULTI', 'SET a 1', 'NOSUCH', 'SET b 1')
  t.match(harness.type(harness.connect(), `CLIENT LIST ID ${client.id}`), / multi=1 /)
  t.match(harness.type(client, 'EXEC'), /^-EXECABORT/)
  t.equal(harness.type(client, 'EXISTS a b'), ':0\r\n')
})

t.test('commands that are no part of a transaction', async (t) => {
  const { harness, client } = stage()
  t.equal(harness.type(client, 'MULTI', 'MULTI'), '+OK\r\n-ERR MULTI calls can not be nested\r\n')
  t.equal(harness.type(client, 'WATCH k'), '-ERR WATCH inside MULTI is not allowed\r\n')
  t.equal(harness.type(client, 'PING', 'EXEC'), '+QUEUED\r\n*1\r\n+PONG\r\n', 'neither dooms it')
  t.equal(
    harness.type(client, 'MULTI', 'PSYNC ? -1', 'EXEC'),
    '+OK\r\n-ERR Command not allowed inside a transaction\r\n-EXECABORT Transaction discarded because of previous errors.\r\n',
  )
  t.equal(harness.type(client, 'MULTI', 'QUIT'), '+OK\r\n+OK\r\n')
  t.equal(client.closing, 'after-reply')
})

t.test('UNWATCH in a transaction is queued and too late', async (t) => {
  const { harness, client, other } = stage()
  harness.type(client, 'WATCH k', 'MULTI', 'UNWATCH')
  harness.type(other, 'SET k 1')
  t.equal(harness.type(client, 'EXEC'), '*-1\r\n')
})

t.test('RESP3 has a null of its own', async (t) => {
  const { harness, client, other } = stage()
  harness.type(client, 'HELLO 3', 'WATCH k', 'MULTI', 'GET k')
  harness.type(other, 'SET k 1')
  t.equal(harness.type(client, 'EXEC'), '_\r\n')
})

t.test('SWAPDB dooms who watches a key that it takes or brings', async (t) => {
  const table: [said: string[], isDoomed: boolean][] = [
    [['SET k 1'], true],
    [['SELECT 1', 'SET k 1'], true],
    [['SET other 1'], false],
    [['SET k 1 PX 1'], false],
    [['SELECT 1', 'SET k 1 PX 1'], false],
    [['SET k 1 PX 1', 'SELECT 1', 'SET k 1 PX 1'], false],
    [['SET k 1 PX 1', 'SELECT 1', 'SET k 1'], true],
  ]
  for (const [said, isDoomed] of table) {
    const harness = new NodeHarness({ config: { 'cluster-enabled': 'no' } })
    const [client, other] = [harness.connect(), harness.connect()]
    harness.type(other, ...said)
    // Nothing is deleted while the clock moves on: what is over its time stays where it is.
    harness.clock.now += 5
    harness.type(client, 'WATCH k', 'MULTI', 'PING')
    harness.type(other, 'SWAPDB 0 1')
    const reply = isDoomed ? '*-1\r\n' : '*1\r\n+PONG\r\n'
    t.equal(harness.type(client, 'EXEC'), reply, said.join('; '))
  }
})

t.test('what ends the client is the last word of its transaction, whose rest runs', async (t) => {
  const harness = new NodeHarness()
  const other = harness.connect()
  harness.type(other, 'ACL SETUSER bob on nopass +@all ~*')
  for (const [i, end] of ['ACL DELUSER bob', 'CLIENT KILL USER bob SKIPME no'].entries()) {
    const client = harness.connect()
    harness.type(other, 'ACL SETUSER bob on nopass +@all ~*')
    harness.type(client, 'AUTH bob x', 'MULTI', `SET before${i} 1`, end, `SET after${i} 1`, 'PING')
    t.equal(harness.type(client, 'EXEC'), '*4\r\n+OK\r\n:1\r\n', end)
    t.equal(client.closing, 'after-reply')
    t.equal(harness.type(other, `EXISTS before${i} after${i}`), ':2\r\n')
  }
})
