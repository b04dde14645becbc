/** How long fields live. Replies of 8.0 are in test/conformance/transcript; here is what happens beside them. */
import t from 'tap'
import type { Database } from '../../lib/keyspace/database.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const NOW = 1_700_000_000_000

function runner(): CommandRunner {
  const made = new CommandRunner({ version: '8.0', now: NOW })
  made.run('HSET h a 1 b 2 c 3 d 4')
  return made
}

t.test('replicas hear of the fields that changed, and of the time itself', async (t) => {
  const it = runner()
  t.same(it.effectOf('HEXPIRE h 100 FIELDS 2 a x'), [
    ['h hexpire h'],
    1,
    [`HPEXPIREAT h ${NOW + 100_000} FIELDS 1 a`],
  ])
  t.same(it.effectOf('HPEXPIRE h 50 NX FIELDS 3 a b x'), [
    ['h hexpire h'],
    1,
    [`HPEXPIREAT h ${NOW + 50} NX FIELDS 1 b`],
  ])
  t.same(it.effectOf('HEXPIREAT h 2000000000 GT FIELDS 2 a c'), [
    ['h hexpire h'],
    1,
    ['HPEXPIREAT h 2000000000000 GT FIELDS 1 a'],
  ])
  t.same(it.effectOf('hpexpireat h 2000000000001 xx FIELDS 1 a'), [
    ['h hexpire h'],
    1,
    ['hpexpireat h 2000000000001 xx FIELDS 1 a'],
  ])
  t.same(it.effectOf('HEXPIRE h 100 LT FIELDS 1 x'), [[], 0, []])
  t.same(it.effectOf('HPERSIST h FIELDS 2 a x'), [['h hpersist h'], 1, ['HPERSIST h FIELDS 2 a x']])
  t.same(it.effectOf('HPERSIST h FIELDS 2 a x'), [[], 0, []])
})

t.test('a field whose end is past goes, the last one with its key', async (t) => {
  const it = runner()
  t.same(it.effectOf('HEXPIREAT h 1 FIELDS 3 a b x'), [['h hdel h'], 2, ['HDEL h a', 'HDEL h b']])
  t.same(it.effectOf('HEXPIRE h 0 FIELDS 2 c d'), [
    ['h hdel h', 'g del h'],
    2,
    ['HDEL h c', 'HDEL h d'],
  ])
  t.equal(it.run('EXISTS h'), ':0\r\n')
})

t.test('a replica waits for its master to say so', async (t) => {
  const it = runner()
  it.db.expiry = 'keep'
  it.run('HPEXPIREAT h 1 FIELDS 1 a')
  t.equal(it.run('HGET h a'), '$1\r\n1\r\n')
  it.db.expiry = 'hide'
  expectReplies(t, it, [
    ['HGET h a', '$-1|'],
    ['HLEN h', ':3|'],
    ['HTTL h FIELDS 1 a', '*1|:-2|'],
    ['HKEYS h', '*3|$1|b|$1|c|$1|d|'],
  ])
  t.same(it.takePropagated().slice(1), [['HPEXPIREAT', 'h', '1', 'FIELDS', '1', 'a']])
  it.db.expiry = 'delete'
  t.same(it.effectOf('HLEN h'), [['h hexpired h'], 0, ['HDEL h a']])
})

t.test('whoever comes after the end finds the field gone', async (t) => {
  const it = runner()
  it.run('HPEXPIRE h 10 FIELDS 2 a b')
  it.clock.now += 10
  t.equal(it.run('HGET h a'), '$1\r\n1\r\n', 'it lives through its last millisecond')
  it.clock.now++
  t.same(it.effectOf('HINCRBY h b 5'), [
    ['h hexpired h', 'h hincrby h'],
    1,
    ['HDEL h b', 'HDEL h a', 'HINCRBY h b 5'],
  ])
  t.equal(it.stats.expiredFields, 2)
  expectReplies(t, it, [
    ['HGET h b', '$1|5|'],
    ['HTTL h FIELDS 2 a b', '*2|:-2|:-1|'],
    ['HSET g x 1', ':1|'],
    ['HPEXPIRE g 1 FIELDS 1 x', '*1|:1|'],
  ])
  it.clock.now += 2
  t.same(it.effectOf('HSETNX g x 2'), [
    ['h hexpired g', 'g del g', 'n new g', 'h hset g'],
    1,
    ['HDEL g x', 'HSETNX g x 2'],
  ])
})

t.test('times left are rounded up, as times are', async (t) => {
  const it = runner()
  it.run(`HPEXPIREAT h ${NOW + 1500} FIELDS 1 a`)
  expectReplies(t, it, [
    ['HTTL h FIELDS 1 a', '*1|:2|'],
    ['HPTTL h FIELDS 1 a', '*1|:1500|'],
    ['HEXPIRETIME h FIELDS 1 a', '*1|:1700000002|'],
    ['HPEXPIRETIME h FIELDS 1 a', `*1|:${NOW + 1500}|`],
  ])
})

t.test('what follows the end of fields: SORT, COPY and a look at the database', async (t) => {
  const it = runner()
  it.run('HPEXPIRE h 10 FIELDS 1 a')
  t.equal(it.db.expiringHashes, 1)
  it.run('COPY h k')
  it.run('RPUSH l h')
  t.equal(it.db.expiringHashes, 2)
  t.equal(it.run('SORT l BY nosort GET *->a'), '*1\r\n$1\r\n1\r\n')
  it.clock.now += 11
  t.equal(it.run('SORT l BY nosort GET *->a'), '*1\r\n$-1\r\n')
  t.equal(it.db.expiringHashes, 1, 'but k has one')
  t.equal(it.db.expireFieldsDue(10), 1)
  t.equal(it.db.expiringHashes, 0)
})

t.test('ends change places with their databases', async (t) => {
  const it = runner()
  it.run('HPEXPIRE h 10 FIELDS 1 a')
  it.databases[0]?.swap(it.databases[1] as Database)
  it.clock.now += 11
  t.equal(it.databases[0]?.expireFieldsDue(10), 0)
  t.equal(it.databases[1]?.expireFieldsDue(10), 1)
})

t.test('older versions know none of it', async (t) => {
  const old = new CommandRunner({ version: '7.2' })
  t.throws(() => old.run('HEXPIRE h 1 FIELDS 1 a'), { message: 'no such command: HEXPIRE' })
})
