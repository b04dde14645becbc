/** redlock as its documentation uses it: locks of one cluster or server, by ioredis. */
import Redlock from 'redlock'
import t from 'tap'
import { waitFor } from '../support/wait.ts'
import { ioredisAt, tryLibrary } from './library.ts'

const patient = { retryCount: 1000, retryDelay: 5, retryJitter: 5 }

tryLibrary(t, 'redlock', async (t, place) => {
  const redis = ioredisAt(t, place)
  const redlock = new Redlock([redis], patient)
  const hasty = new Redlock([redis], { retryCount: 0 })

  await t.test('lock, extend, unlock', async (t) => {
    const lock = await redlock.lock('locks:account:322456', 10_000)
    t.equal(await redis.get('locks:account:322456'), lock.value)
    await t.rejects(hasty.lock('locks:account:322456', 10_000), Redlock.LockError)
    await lock.extend(60_000)
    t.ok((await redis.pttl('locks:account:322456')) > 30_000)
    await lock.unlock()
    t.equal(await redis.exists('locks:account:322456'), 0)
    await t.rejects(lock.unlock(), Redlock.LockError, 'once')
    await (await hasty.lock('locks:account:322456', 10_000)).unlock()
  })

  await t.test('contention: one at a time', async (t) => {
    await redis.set('balance', 0)
    let inside = 0
    const deposit = async () => {
      const lock = await redlock.lock('locks:balance', 20_000)
      t.equal(++inside, 1)
      await redis.set('balance', Number(await redis.get('balance')) + 1)
      inside--
      await lock.unlock()
    }
    await Promise.all(Array.from({ length: 20 }, deposit))
    t.equal(await redis.get('balance'), '20')
  })

  await t.test('several resources, all or none', async (t) => {
    const both = ['{ab}a', '{ab}b']
    const lock = await redlock.lock('{ab}b', 10_000)
    await t.rejects(hasty.lock(both, 10_000), Redlock.LockError)
    t.equal(await redis.exists('{ab}a'), 0)
    await lock.unlock()
    const of2 = await redlock.lock(both, 10_000)
    t.equal(await redis.exists(...both), 2)
    await of2.extend(20_000)
    await of2.unlock()
    t.equal(await redis.exists(...both), 0)
  })

  await t.test('a lock that nobody releases expires, and is nobody’s then', async (t) => {
    const forgotten = await redlock.lock('locks:short', 50)
    const next = await redlock.lock('locks:short', 20_000)
    t.ok(next.attempts > 1)
    await waitFor(
      'the first to be over',
      () => forgotten.expiration,
      (at) => at < Date.now(),
    )
    await t.rejects(forgotten.extend(1000), Redlock.LockError)
    await t.rejects(forgotten.unlock(), Redlock.LockError)
    t.equal(await redis.get('locks:short'), next.value, 'the new one stays')
    await next.unlock()
  })
})
