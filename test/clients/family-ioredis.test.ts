/** An example of every family of commands, as somebody with ioredis would write it. */
import { Cluster } from 'ioredis'
import t, { type Test } from 'tap'
import { startClusterUnderTest, underTest, withoutCluster } from '../support/cluster-under-test.ts'

if (withoutCluster !== false) t.comment(`SKIPPED: ${withoutCluster}`)

const examples: Readonly<Record<string, (t: Test, redis: Cluster) => Promise<void>>> = {
  'strings: a counter, a lock, a cache entry': async (t, redis) => {
    t.equal(await redis.incrby('visits', 5), 5)
    t.equal(await redis.set('lock:job', 'me', 'PX', 30_000, 'NX'), 'OK')
    t.equal(await redis.set('lock:job', 'you', 'PX', 30_000, 'NX'), null)
    t.equal(await redis.set('cached', 'old', 'EX', 60), 'OK')
    t.equal(await redis.getset('cached', 'new'), 'old')
    t.equal(await redis.getdel('cached'), 'new')
    await redis.mset({ '{user:1}name': 'Ada', '{user:1}born': '1815' })
    t.same(await redis.mget('{user:1}name', '{user:1}born', '{user:1}none'), ['Ada', '1815', null])
    t.equal(await redis.append('log', 'abc'), 3)
    t.equal(await redis.getrange('log', 1, -1), 'bc')
  },
  'bitmaps: who was there today': async (t, redis) => {
    await redis.setbit('{days}mon', 7, 1)
    await redis.setbit('{days}tue', 7, 1)
    await redis.setbit('{days}tue', 9, 1)
    t.equal(await redis.bitop('AND', '{days}both', '{days}mon', '{days}tue'), 2)
    t.equal(await redis.bitcount('{days}both'), 1)
    t.equal(await redis.bitpos('{days}tue', 1), 7)
    t.same(
      await redis.call('BITFIELD', 'packed', 'SET', 'u4', '#1', '9', 'GET', 'u4', '#1'),
      [0, 9],
    )
  },
  'hyperloglogs: how many different visitors': async (t, redis) => {
    await redis.pfadd('{v}a', 'ann', 'bob')
    await redis.pfadd('{v}b', 'bob', 'cid')
    t.equal(await redis.pfmerge('{v}ab', '{v}a', '{v}b'), 'OK')
    t.equal(await redis.pfcount('{v}ab'), 3)
  },
  'hashes: an object': async (t, redis) => {
    t.equal(await redis.hset('user:2', { name: 'Bob', age: '41' }), 2)
    t.equal(await redis.hincrby('user:2', 'age', 1), 42)
    t.same(await redis.hgetall('user:2'), { name: 'Bob', age: '42' })
    t.same(await redis.hmget('user:2', 'name', 'none'), ['Bob', null])
    const [, found] = await redis.hscan('user:2', 0, 'MATCH', 'n*')
    t.same(found, ['name', 'Bob'])
  },
  'lists: a queue that is waited for': async (t, redis) => {
    const worker = redis.duplicate()
    t.teardown(() => worker.disconnect())
    const taken = worker.blmove('{q}todo', '{q}doing', 'LEFT', 'RIGHT', 10)
    await redis.rpush('{q}todo', 'first', 'second')
    t.equal(await taken, 'first')
    t.same(await redis.lrange('{q}doing', 0, -1), ['first'])
    t.equal(await redis.lpos('{q}todo', 'second'), 0)
    t.same(await redis.blpop('{q}todo', 10), ['{q}todo', 'second'])
    t.equal(await redis.blpop('{q}todo', 0.01), null)
  },
  'sets: tags': async (t, redis) => {
    await redis.sadd('{tag}a', 'x', 'y')
    await redis.sadd('{tag}b', 'y', 'z')
    t.same(await redis.sinter('{tag}a', '{tag}b'), ['y'])
    t.equal(await redis.sintercard(2, '{tag}a', '{tag}b'), 1)
    t.same(await redis.smismember('{tag}a', 'x', 'z'), [1, 0])
    t.equal(await redis.sunionstore('{tag}all', '{tag}a', '{tag}b'), 3)
    t.ok(['x', 'y', 'z'].includes((await redis.spop('{tag}all')) ?? ''))
  },
  'sorted sets: a leader board': async (t, redis) => {
    await redis.zadd('board', 10, 'ann', 30, 'bob', 20, 'cid')
    t.equal(await redis.zincrby('board', 25, 'ann'), '35')
    t.same(await redis.zrange('board', '0', '1', 'REV'), ['ann', 'bob'])
    t.equal(await redis.zrevrank('board', 'cid'), 2)
    t.same(await redis.zrangebyscore('board', '(20', '+inf', 'WITHSCORES'), [
      'bob',
      '30',
      'ann',
      '35',
    ])
    t.same(await redis.zpopmin('board'), ['cid', '20'])
  },
  'geo: what is near': async (t, redis) => {
    await redis.geoadd('places', 13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania')
    t.equal(await redis.geodist('places', 'Palermo', 'Catania', 'KM'), '166.2742')
    t.same(
      await redis.call('GEOSEARCH', 'places', 'FROMLONLAT', 15, 37, 'BYRADIUS', 100, 'km', 'ASC'),
      ['Catania'],
    )
    t.same(await redis.geohash('places', 'Palermo'), ['sqc8b49rny0'])
  },
  'streams: a group of consumers': async (t, redis) => {
    await redis.xgroup('CREATE', 'events', 'workers', '$', 'MKSTREAM')
    await redis.xadd('events', '1-1', 'kind', 'a')
    await redis.xadd('events', '1-2', 'kind', 'b')
    const read = await redis.xreadgroup(
      'GROUP',
      'workers',
      'w1',
      'COUNT',
      1,
      'STREAMS',
      'events',
      '>',
    )
    t.same(read, [['events', [['1-1', ['kind', 'a']]]]])
    t.equal(await redis.xack('events', 'workers', '1-1'), 1)
    t.same(await redis.xrange('events', '-', '+'), [
      ['1-1', ['kind', 'a']],
      ['1-2', ['kind', 'b']],
    ])
    t.equal(await redis.xtrim('events', 'MAXLEN', 1), 1)
  },
  'keys: expiry, names, types': async (t, redis) => {
    await redis.set('{k}a', '1')
    t.equal(await redis.expire('{k}a', 100), 1)
    t.ok((await redis.ttl('{k}a')) > 90)
    t.equal(await redis.persist('{k}a'), 1)
    t.equal(await redis.rename('{k}a', '{k}b'), 'OK')
    t.equal(await redis.copy('{k}b', '{k}c'), 1)
    t.equal(await redis.type('{k}c'), 'string')
    t.equal(await redis.exists('{k}a', '{k}b', '{k}c'), 2)
    const packed = await redis.dumpBuffer('{k}b')
    t.equal(await redis.restore('{k}d', 0, packed), 'OK')
    t.equal(await redis.unlink('{k}b', '{k}c', '{k}d'), 3)
  },
  transactions: async (t, redis) => {
    const replies = await redis.multi().set('{t}a', '1').incr('{t}a').lpush('{t}l', 'x').exec()
    t.same(replies, [
      [null, 'OK'],
      [null, 2],
      [null, 1],
    ])
  },
  'publish and subscribe': async (t, redis) => {
    const listener = redis.duplicate()
    t.teardown(() => listener.disconnect())
    await listener.subscribe('news')
    const heard = new Promise((resolve) => listener.once('message', (...said) => resolve(said)))
    await redis.publish('news', 'hello')
    t.same(await heard, ['news', 'hello'])
  },
  sorting: async (t, redis) => {
    await redis.rpush('{s}n', '3', '1', '2')
    t.same(await redis.sort('{s}n', 'LIMIT', 0, 2, 'DESC'), ['3', '2'])
  },
  'the server': async (t, redis) => {
    t.match(await redis.info('server'), /redis_version:\d/)
    const [master] = redis.nodes('master')
    t.same(await master?.config('GET', 'appendonly'), ['appendonly', 'no'])
    t.ok(Number(await master?.dbsize()) >= 0)
  },
}

t.test(`ioredis on the ${underTest} cluster`, { skip: withoutCluster }, async (t) => {
  const cluster = await startClusterUnderTest({ masters: 3, replicas: 1 })
  t.teardown(() => cluster.stop())
  const redis = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
  t.teardown(() => redis.disconnect())
  for (const [name, example] of Object.entries(examples)) {
    await t.test(name, (t) => example(t, redis))
  }
})
