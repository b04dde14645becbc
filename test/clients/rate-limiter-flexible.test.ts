/** rate-limiter-flexible as its documentation uses it, with ioredis and with node-redis. */
import {
  BurstyRateLimiter,
  type IRateLimiterStoreOptions,
  RateLimiterQueue,
  RateLimiterRedis,
  RateLimiterRes,
  RateLimiterUnion,
} from 'rate-limiter-flexible'
import t, { type Test } from 'tap'
import { ioredisAt, nodeRedisAt, tryLibrary } from './library.ts'

type Make = (options: Omit<IRateLimiterStoreOptions, 'storeClient'>) => RateLimiterRedis

/** Every client limits users of its own. */
async function run(t: Test, client: string, make: Make): Promise<void> {
  const user = (name: string) => `${name} of ${client}`

  await t.test('as many points as there are, and no more', async (t) => {
    const limiter = make({ keyPrefix: 'api', points: 10, duration: 60 })
    const attempts = await Promise.allSettled(
      Array.from({ length: 25 }, () => limiter.consume(user('10.0.0.1'))),
    )
    const taken = attempts.filter(({ status }) => status === 'fulfilled')
    t.equal(taken.length, 10)
    const refused = await limiter.consume(user('10.0.0.1')).catch((why: unknown) => why)
    t.ok(refused instanceof RateLimiterRes)
    t.match(refused, { remainingPoints: 0, consumedPoints: 26, isFirstInDuration: false })
    const { msBeforeNext } = refused as RateLimiterRes
    t.ok(msBeforeNext > 0 && msBeforeNext <= 60_000, `${msBeforeNext} ms`)
    t.match(await limiter.consume(user('10.0.0.2'), 3), {
      remainingPoints: 7,
      isFirstInDuration: true,
    })
  })

  await t.test('penalty, reward, get, set, delete', async (t) => {
    const limiter = make({ keyPrefix: 'login', points: 5, duration: 60 })
    t.equal(await limiter.get(user('ann')), null)
    await limiter.penalty(user('ann'), 4)
    t.match(await limiter.get(user('ann')), { consumedPoints: 4, remainingPoints: 1 })
    t.match(await limiter.reward(user('ann'), 2), { consumedPoints: 2 })
    await limiter.set(user('ann'), 5, 30)
    await t.rejects(limiter.consume(user('ann')))
    t.equal(await limiter.delete(user('ann')), true)
    t.equal(await limiter.delete(user('ann')), false)
    t.match(await limiter.consume(user('ann')), { consumedPoints: 1 })
  })

  await t.test('blocked for longer once over the limit', async (t) => {
    const limiter = make({ keyPrefix: 'block', points: 1, duration: 1, blockDuration: 600 })
    await limiter.consume(user('bob'))
    const refused: RateLimiterRes = await limiter.consume(user('bob')).catch((why) => why)
    t.ok(refused.msBeforeNext > 500_000, `${refused.msBeforeNext} ms`)
    await limiter.block(user('eve'), 300)
    const blocked: RateLimiterRes = await limiter.consume(user('eve')).catch((why) => why)
    t.ok(blocked.msBeforeNext > 200_000, `${blocked.msBeforeNext} ms`)
  })

  await t.test('limits in memory, unions, bursts and queues on top of it', async (t) => {
    const limiter = make({
      keyPrefix: 'memory',
      points: 1,
      duration: 60,
      inMemoryBlockOnConsumed: 1,
    })
    await limiter.consume(user('cid'))
    await t.rejects(limiter.consume(user('cid')))
    t.match(await limiter.get(user('cid')), { consumedPoints: 1 }, 'refused without asking')

    const union = new RateLimiterUnion(
      make({ keyPrefix: 'minute', points: 2, duration: 60 }),
      make({ keyPrefix: 'hour', points: 3, duration: 3600 }),
    )
    t.match(await union.consume(user('dan')), { minute: { remainingPoints: 1 }, hour: {} })

    const bursty = new BurstyRateLimiter(
      make({ keyPrefix: 'steady', points: 1, duration: 60 }),
      make({ keyPrefix: 'burst', points: 1, duration: 60 }),
    )
    await bursty.consume(user('eva'))
    await bursty.consume(user('eva'))
    await t.rejects(bursty.consume(user('eva')))

    const queue = new RateLimiterQueue(make({ keyPrefix: 'queue', points: 3, duration: 60 }))
    t.equal(await queue.removeTokens(2, user('fay')), 1)
  })

  await t.test('points without an end', async (t) => {
    const limiter = make({ keyPrefix: 'forever', points: 2, duration: 0 })
    await limiter.consume(user('gus'))
    await limiter.consume(user('gus'))
    await t.rejects(limiter.consume(user('gus')))
  })
}

tryLibrary(t, 'rate-limiter-flexible', async (t, place) => {
  await t.test('ioredis', (t) => {
    const storeClient = ioredisAt(t, place)
    return run(t, 'ioredis', (options) => new RateLimiterRedis({ storeClient, ...options }))
  })
  await t.test('node-redis', async (t) => {
    const storeClient = await nodeRedisAt(t, place)
    const useRedisPackage = true
    await run(
      t,
      'node-redis',
      (options) => new RateLimiterRedis({ storeClient, useRedisPackage, ...options }),
    )
  })
})
