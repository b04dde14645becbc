/** cache-manager as its documentation uses it: on @keyv/redis, alone and below a layer in memory. */
import { createCache } from 'cache-manager'
import { Keyv } from 'keyv'
import t from 'tap'
import { waitFor } from '../support/wait.ts'
import { keyvAt } from './keyv-store.ts'
import { tryLibrary } from './library.ts'

tryLibrary(t, 'cache-manager', async (t, place) => {
  const cache = createCache({ stores: [keyvAt(t, place)], ttl: 60_000 })

  await t.test('keys one by one and many at once', async (t) => {
    t.equal(await cache.get('none'), undefined)
    await cache.set('key', { a: [1, 'ž'] })
    t.same(await cache.get('key'), { a: [1, 'ž'] })
    t.ok(Number(await cache.ttl('key')) > Date.now() + 30_000)
    await cache.del('key')
    t.equal(await cache.get('key'), undefined)
    const list = Array.from({ length: 30 }, (_, i) => ({ key: `many:${i}`, value: i }))
    await cache.mset(list)
    const keys = list.map(({ key }) => key)
    t.same(
      await cache.mget(keys),
      list.map(({ value }) => value),
    )
    await cache.mdel(keys.slice(0, 29))
    t.same(await cache.mget(keys.slice(28)), [undefined, 29])
  })

  await t.test('wrap: asked once, until it expires; refreshed before', async (t) => {
    let calls = 0
    const answer = async () => ++calls
    t.equal(await cache.wrap('wrapped', answer), 1)
    t.equal(await cache.wrap('wrapped', answer), 1)
    const both = await Promise.all([
      cache.wrap('together', answer, 50),
      cache.wrap('together', answer, 50),
    ])
    t.same(both, [2, 2])
    await waitFor(
      'it to expire',
      () => cache.wrap('together', answer, 50),
      (value) => value > 2,
    )
    await cache.wrap('fresh', answer, { ttl: 60_000, refreshThreshold: 120_000 })
    const before = calls
    await cache.wrap('fresh', answer, { ttl: 60_000, refreshThreshold: 120_000 })
    await waitFor(
      'the refreshed value',
      () => cache.get<number>('fresh'),
      (value) => Number(value) > before,
    )
  })

  await t.test('a layer in memory above it', async (t) => {
    const below = keyvAt(t, place)
    const layered = createCache({ stores: [new Keyv(), below] })
    await layered.set('layered', 'both')
    t.equal(await below.get('layered'), 'both')
    await below.set('only below', 'found')
    t.equal(await layered.get('only below'), 'found')
    await layered.clear()
    t.equal(await below.get('layered'), undefined)
  })
})
