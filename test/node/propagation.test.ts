/** What the commands of one unit leave behind for replicas: as a class, and as the stream of a whole node. */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { Database } from '../../lib/keyspace/database.ts'
import { type Effect, Propagation } from '../../lib/node/propagation.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { StreamReader } from '../support/stream-reader.ts'

/** A propagation whose units are written down as `database: words`. */
function recorded(active = true) {
  const effects: string[] = []
  const propagation = new Propagation(({ databaseIndex, argv }: Effect) => {
    effects.push(`${databaseIndex}: ${argv.join(' ')}`)
  })
  propagation.feedsReplicas = active
  return { propagation, effects }
}

function databaseOf(index: number): Database {
  const ignore = () => {}
  return new Database({
    index,
    clock: { now: 0, microseconds: 0 },
    limits: defaultEncodingLimits(),
    listener: {
      touched: ignore,
      ready: () => {},
      flushed: ignore,
      swapped: ignore,
      notify: ignore,
      expired: ignore,
      fieldExpired: ignore,
    },
    stats: { hits: 0, misses: 0, expired: 0, expiredFields: 0, evicted: 0, lazyFreed: 0 },
    random: new Random(1),
    changes: { dirty: 0 },
  })
}

t.test(
  'a command that changed something goes as it was sent, another one not at all',
  async (t) => {
    const { propagation, effects } = recorded()
    propagation.begin(3)
    propagation.finish(['SET', 'a', '1'], true)
    propagation.endUnit()
    propagation.begin(3)
    propagation.finish(['GET', 'a'], false)
    propagation.endUnit()
    t.same(effects, ['3: SET a 1'])
  },
)

t.test('other words, more words, no words, words in spite of no change', async (t) => {
  const { propagation, effects } = recorded()
  propagation.begin(0)
  propagation.replaceWith(['SET', 'a', '1', 'PXAT', '5'])
  propagation.finish(['SETEX', 'a', '1', '1'], true)
  propagation.endUnit()
  t.same(effects.splice(0), ['0: SET a 1 PXAT 5'])

  propagation.begin(0)
  propagation.also(['SREM', 's', 'x'])
  propagation.also(['SREM', 's', 'y'])
  propagation.prevent()
  propagation.finish(['SPOP', 's', '2'], true)
  propagation.endUnit()
  t.same(effects.splice(0), ['0: MULTI', '0: SREM s x', '0: SREM s y', '0: EXEC'])

  propagation.begin(0)
  propagation.force()
  propagation.finish(['FLUSHALL'], false)
  propagation.endUnit()
  t.same(effects.splice(0), ['0: FLUSHALL'])

  propagation.begin(0)
  propagation.finish(['GET', 'a'], false)
  propagation.endUnit()
  t.same(effects, [], 'nothing of it is left for the next command')
})

t.test('a unit of several effects is a transaction, each in its database', async (t) => {
  const { propagation, effects } = recorded()
  propagation.begin(2)
  propagation.deleted(databaseOf(1), 'old', 'DEL')
  propagation.finish(['INCR', 'n'], true)
  propagation.endUnit()
  t.same(effects, ['1: MULTI', '1: DEL old', '2: INCR n', '2: EXEC'])
})

t.test('with nobody to tell nothing is kept, not even for later', async (t) => {
  const { propagation, effects } = recorded(false)
  propagation.begin(0)
  propagation.also(['DEL', 'b'])
  propagation.deleted(databaseOf(0), 'c', 'UNLINK')
  propagation.finish(['SET', 'a', '1'], true)
  propagation.feedsReplicas = true
  propagation.endUnit()
  t.same(effects, [])
})

/** A standalone node with a client and somebody who reads its stream. */
function followed(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config })
  const client = harness.connect()
  const reader = new StreamReader(harness)
  /** Types lines as one turn and returns what the stream then holds. */
  const streamed = (...lines: string[]) => {
    harness.type(client, ...lines)
    return reader.take()
  }
  return { harness, client, reader, streamed }
}

t.test('the stream of a node: what changes, once, and where', async (t) => {
  const { streamed } = followed()
  t.same(streamed('SET a 1', 'GET a', 'SETNX a 2', 'DEL nosuch'), ['SELECT 0', 'SET a 1'])
  t.same(streamed('SELECT 1', 'SET b 2', 'SELECT 0', 'SET c 3'), [
    'SELECT 1',
    'SET b 2',
    'SELECT 0',
    'SET c 3',
  ])
  t.same(streamed('set d 1 px 100', 'INCR d', 'incrbyfloat d 0.5'), [
    'SET d 1 PXAT 1700000000100',
    'INCR d',
    'SET d 2.5 KEEPTTL',
  ])
  t.same(streamed('FLUSHALL', 'FLUSHALL'), ['FLUSHALL', 'FLUSHALL'], 'though there is nothing left')
})

t.test('MULTI goes as MULTI when it writes twice', async (t) => {
  const { streamed } = followed()
  t.same(streamed('MULTI', 'SET a 1', 'INCR a', 'EXEC'), [
    'SELECT 0',
    'MULTI',
    'SET a 1',
    'INCR a',
    'EXEC',
  ])
  t.same(streamed('MULTI', 'GET a', 'INCR a', 'EXEC'), ['INCR a'], 'one write stands alone')
  t.same(streamed('MULTI', 'GET a', 'SETNX a 1', 'EXEC'), [], 'no write, nothing')
  t.same(streamed('MULTI', 'SETEX a 10 1', 'EXEC'), ['SET a 1 PXAT 1700000010000'])
  t.same(streamed('MULTI', 'SET a x', 'INCR a', 'EXEC'), ['SET a x'], 'what failed is not there')
  t.same(streamed('MULTI', 'SET a 1', 'DISCARD', 'MULTI', 'SET a 2', 'FOO', 'EXEC'), [])
  t.same(streamed('MULTI', 'SELECT 1', 'SET a 1', 'SELECT 0', 'SET b 2', 'EXEC'), [
    'SELECT 1',
    'MULTI',
    'SET a 1',
    'SELECT 0',
    'SET b 2',
    'EXEC',
  ])
})

t.test('a key whose time came goes before the command that met it', async (t) => {
  const { harness, streamed } = followed()
  streamed('SET a 1 PX 10', 'SET b 1 PX 10', 'SET c 1 PX 10')
  harness.clock.now += 11
  t.same(streamed('GET a'), ['DEL a'])
  t.same(streamed('INCR b'), ['MULTI', 'DEL b', 'INCR b', 'EXEC'])
  t.same(streamed('MULTI', 'GET c', 'SET d 1', 'EXEC'), ['MULTI', 'DEL c', 'SET d 1', 'EXEC'])
})

t.test('keys deleted by the cron go one by one', async (t) => {
  const { harness, reader, streamed } = followed()
  streamed('SET a 1 PX 10', 'SET b 1 PX 20', 'SELECT 1', 'SET c 1 PX 10')
  harness.pass(100)
  t.same(reader.take(), ['SELECT 0', 'DEL a', 'DEL b', 'SELECT 1', 'DEL c'])
})

t.test('the stream begins with the first replica and counts from there', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  harness.type(client, 'SET a 1')
  const offset = () => Number(/master_repl_offset:(\d+)/.exec(harness.type(client, 'INFO'))?.[1])
  t.equal(offset(), 0)
  const reader = new StreamReader(harness)
  const before = offset()
  harness.type(client, 'SET a 2')
  t.equal(offset() - before, reader.takeBytes().length)
})

t.test('effects are narrowed to who is to hear of them', async (t) => {
  const heard: [words: string, audience: string][] = []
  const propagation = new Propagation(({ argv, audience = 'all' }) => {
    heard.push([argv.join(' '), audience])
  })
  propagation.feedsReplicas = true
  propagation.also(['unheard'])
  propagation.narrow(0, 'log')
  t.equal(propagation.length, 0, 'there is no log')
  propagation.feedsLog = true
  propagation.begin(0)
  for (const [word, audience] of [
    ['a', 'all'],
    ['b', 'nobody'],
    ['c', 'log'],
  ] as const) {
    const before = propagation.length
    propagation.also([word])
    if (audience !== 'all') propagation.narrow(before, audience)
  }
  propagation.endUnit(true)
  t.same(heard, [
    ['a', 'all'],
    ['c', 'log'],
  ])
})

t.test('a loose unit is no transaction', async (t) => {
  const { propagation, effects } = recorded()
  propagation.deleted(databaseOf(0), 'a', 'DEL')
  propagation.deleted(databaseOf(0), 'b', 'DEL')
  propagation.endUnit(true)
  t.same(effects, ['0: DEL a', '0: DEL b'])
})
