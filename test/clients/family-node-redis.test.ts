/** An example of every family of commands, as somebody with node-redis would write it. */
import { createCluster, RESP_TYPES } from 'redis'
import t, { type Test } from 'tap'
import { startClusterUnderTest, underTest, withoutCluster } from '../support/cluster-under-test.ts'

if (withoutCluster !== false) t.comment(`SKIPPED: ${withoutCluster}`)

function connectTo(nodes: readonly { readonly host: string; readonly port: number }[]) {
  return createCluster({
    rootNodes: nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })),
  })
}

type Client = ReturnType<typeof connectTo>

const examples: Readonly<Record<string, (t: Test, redis: Client) => Promise<void>>> = {
  'strings: a counter, a lock, a cache entry': async (t, redis) => {
    t.equal(await redis.incrBy('visits', 5), 5)
    t.equal(await redis.set('lock:job', 'me', { PX: 30_000, NX: true }), 'OK')
    t.equal(await redis.set('lock:job', 'you', { PX: 30_000, NX: true }), null)
    await redis.set('cached', 'old', { EX: 60 })
    t.equal(await redis.getDel('cached'), 'old')
    await redis.mSet({ '{user:1}name': 'Ada', '{user:1}born': '1815' })
    t.same(await redis.mGet(['{user:1}name', '{user:1}born', '{user:1}none']), [
      'Ada',
      '1815',
      null,
    ])
    t.equal(await redis.append('log', 'abc'), 3)
    t.equal(await redis.getRange('log', 1, -1), 'bc')
    t.equal(await redis.incrByFloat('float', 0.5), '0.5')
  },
  'bitmaps: who was there today': async (t, redis) => {
    await redis.setBit('{days}mon', 7, 1)
    await redis.setBit('{days}tue', 7, 1)
    await redis.setBit('{days}tue', 9, 1)
    t.equal(await redis.bitOp('AND', '{days}both', ['{days}mon', '{days}tue']), 2)
    t.equal(await redis.bitCount('{days}both'), 1)
    t.equal(await redis.bitPos('{days}tue', 1), 7)
    t.same(
      await redis.bitField('packed', [
        { operation: 'SET', encoding: 'u4', offset: '#1', value: 9 },
        { operation: 'GET', encoding: 'u4', offset: '#1' },
      ]),
      [0, 9],
    )
  },
  'hyperloglogs: how many different visitors': async (t, redis) => {
    await redis.pfAdd('{v}a', ['ann', 'bob'])
    await redis.pfAdd('{v}b', ['bob', 'cid'])
    await redis.pfMerge('{v}ab', ['{v}a', '{v}b'])
    t.equal(await redis.pfCount('{v}ab'), 3)
  },
  'hashes: an object': async (t, redis) => {
    t.equal(await redis.hSet('user:2', { name: 'Bob', age: '41' }), 2)
    t.equal(await redis.hIncrBy('user:2', 'age', 1), 42)
    t.same({ ...(await redis.hGetAll('user:2')) }, { name: 'Bob', age: '42' })
    t.same(await redis.hmGet('user:2', ['name', 'none']), ['Bob', null])
    const { entries } = await redis.hScan('user:2', '0', { MATCH: 'n*' })
    t.same(
      entries.map(({ field, value }) => [field, value]),
      [['name', 'Bob']],
    )
  },
  'lists: a queue that is waited for': async (t, redis) => {
    const worker = await redis.duplicate().connect()
    t.teardown(() => worker.destroy())
    const taken = worker.blMove('{q}todo', '{q}doing', 'LEFT', 'RIGHT', 10)
    await redis.rPush('{q}todo', ['first', 'second'])
    t.equal(await taken, 'first')
    t.same(await redis.lRange('{q}doing', 0, -1), ['first'])
    t.equal(await redis.lPos('{q}todo', 'second'), 0)
    t.same({ ...(await redis.blPop('{q}todo', 10)) }, { key: '{q}todo', element: 'second' })
    t.equal(await redis.blPop('{q}todo', 0.01), null)
  },
  'sets: tags': async (t, redis) => {
    await redis.sAdd('{tag}a', ['x', 'y'])
    await redis.sAdd('{tag}b', ['y', 'z'])
    t.same([...(await redis.sInter(['{tag}a', '{tag}b']))], ['y'])
    t.equal(await redis.sInterCard(['{tag}a', '{tag}b']), 1)
    t.same(await redis.smIsMember('{tag}a', ['x', 'z']), [1, 0])
    t.equal(await redis.sUnionStore('{tag}all', ['{tag}a', '{tag}b']), 3)
    t.ok(['x', 'y', 'z'].includes(String(await redis.sPop('{tag}all'))))
  },
  'sorted sets: a leader board': async (t, redis) => {
    await redis.zAdd('board', [
      { score: 10, value: 'ann' },
      { score: 30, value: 'bob' },
      { score: 20, value: 'cid' },
    ])
    t.equal(await redis.zIncrBy('board', 25, 'ann'), 35)
    t.same(await redis.zRange('board', 0, 1, { REV: true }), ['ann', 'bob'])
    t.equal(await redis.zRevRank('board', 'cid'), 2)
    t.same(await redis.zRangeByScoreWithScores('board', '(20', '+inf'), [
      { value: 'bob', score: 30 },
      { value: 'ann', score: 35 },
    ])
    t.same(await redis.zPopMin('board'), { value: 'cid', score: 20 })
  },
  'geo: what is near': async (t, redis) => {
    await redis.geoAdd('places', [
      { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' },
      { longitude: 15.087269, latitude: 37.502669, member: 'Catania' },
    ])
    t.equal(await redis.geoDist('places', 'Palermo', 'Catania', 'km'), 166.2742)
    t.same(
      await redis.geoSearch(
        'places',
        { longitude: 15, latitude: 37 },
        { radius: 100, unit: 'km' },
        { SORT: 'ASC' },
      ),
      ['Catania'],
    )
    t.same(await redis.geoHash('places', 'Palermo'), ['sqc8b49rny0'])
  },
  'streams: a group of consumers': async (t, redis) => {
    await redis.xGroupCreate('events', 'workers', '$', { MKSTREAM: true })
    await redis.xAdd('events', '1-1', { kind: 'a' })
    await redis.xAdd('events', '1-2', { kind: 'b' })
    const read = await redis.xReadGroup('workers', 'w1', { key: 'events', id: '>' }, { COUNT: 1 })
    t.match(JSON.stringify(read), /"events".*"1-1".*"kind":"a"/)
    t.equal(await redis.xAck('events', 'workers', '1-1'), 1)
    const all = await redis.xRange('events', '-', '+')
    t.same(
      (all ?? []).map(({ id, message }) => [id, { ...message }]),
      [
        ['1-1', { kind: 'a' }],
        ['1-2', { kind: 'b' }],
      ],
    )
    t.equal(await redis.xTrim('events', 'MAXLEN', 1), 1)
  },
  'keys: expiry, names, types': async (t, redis) => {
    await redis.set('{k}a', '1')
    t.equal(await redis.expire('{k}a', 100), 1)
    t.ok((await redis.ttl('{k}a')) > 90)
    t.equal(await redis.persist('{k}a'), 1)
    t.equal(await redis.rename('{k}a', '{k}b'), 'OK')
    t.equal(await redis.copy('{k}b', '{k}c'), 1)
    t.equal(await redis.type('{k}c'), 'string')
    t.equal(await redis.exists(['{k}a', '{k}b', '{k}c']), 2)
    const bytes = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    t.equal(await redis.restore('{k}d', 0, (await bytes.dump('{k}b')) as Buffer), 'OK')
    t.equal(await redis.unlink(['{k}b', '{k}c', '{k}d']), 3)
  },
  transactions: async (t, redis) => {
    const replies = await redis.multi().set('{t}a', '1').incr('{t}a').lPush('{t}l', 'x').exec()
    t.same(replies, ['OK', 2, 1])
  },
  'publish and subscribe': async (t, redis) => {
    const listener = await redis.duplicate().connect()
    t.teardown(() => listener.destroy())
    let hear: (said: readonly string[]) => void = () => {}
    const heard = new Promise((resolve) => {
      hear = resolve
    })
    await listener.subscribe('news', (message, channel) => hear([channel, message]))
    await redis.publish('news', 'hello')
    t.same(await heard, ['news', 'hello'])
  },
  sorting: async (t, redis) => {
    await redis.rPush('{s}n', ['3', '1', '2'])
    const options = { DIRECTION: 'DESC', LIMIT: { offset: 0, count: 2 } } as const
    t.same(await redis.sort('{s}n', options), ['3', '2'])
  },
  'the server': async (t, redis) => {
    const [master] = redis.masters
    const client = master === undefined ? undefined : await redis.nodeClient(master)
    t.match(await client?.info('server'), /redis_version:\d/)
    t.same({ ...(await client?.configGet('appendonly')) }, { appendonly: 'no' })
    t.ok(Number(await client?.dbSize()) >= 0)
  },
}

t.test(`node-redis on the ${underTest} cluster`, { skip: withoutCluster }, async (t) => {
  const cluster = await startClusterUnderTest({ masters: 3, replicas: 1 })
  t.teardown(() => cluster.stop())
  const redis = await connectTo(cluster.nodes).connect()
  t.teardown(() => redis.destroy())
  for (const [name, example] of Object.entries(examples)) {
    await t.test(name, (t) => example(t, redis))
  }
})
