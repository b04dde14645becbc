/** @fastify/rate-limit with redis, as its documentation uses it: two servers count the same visitors. */
import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { ioredisAt, type Place, tryLibrary } from './library.ts'

async function serve(
  t: Test,
  place: Place,
  options: RateLimitPluginOptions,
): Promise<FastifyInstance> {
  const app = fastify()
  await app.register(rateLimit, {
    redis: ioredisAt(t, place, { maxRetriesPerRequest: 1 }),
    ...options,
  })
  app.get('/', (_, reply) => reply.send('hello'))
  app.get('/rare', { config: { rateLimit: { max: 1, timeWindow: '1 minute' } } }, (_, reply) =>
    reply.send('rarely'),
  )
  t.teardown(() => app.close())
  return app
}

tryLibrary(t, '@fastify/rate-limit', async (t, place) => {
  const options = { max: 10, timeWindow: '1 minute', nameSpace: 'limit-' }
  const apps = [await serve(t, place, options), await serve(t, place, options)]
  const get = (url: string, visitor: string, index = 0) =>
    (apps[index] as FastifyInstance).inject({ url, remoteAddress: visitor })

  await t.test('one limit for both', async (t) => {
    const replies = await Promise.all(
      Array.from({ length: 15 }, (_, i) => get('/', '10.0.0.1', i % 2)),
    )
    const refused = replies.filter(({ statusCode }) => statusCode === 429)
    t.equal(refused.length, 5)
    t.match(refused[0]?.json(), { error: 'Too Many Requests', message: /retry in/ })
    const { headers, statusCode } = await get('/', '10.0.0.2')
    t.equal(statusCode, 200)
    t.match(headers, { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9' })
    const reset = Number(headers['x-ratelimit-reset'])
    t.ok(reset > 0 && reset <= 60, `${reset} s`)
  })

  await t.test('a route of its own', async (t) => {
    t.equal((await get('/rare', '10.0.0.3')).statusCode, 200)
    t.equal((await get('/rare', '10.0.0.3', 1)).statusCode, 429)
    t.equal((await get('/', '10.0.0.3')).statusCode, 200)
  })

  await t.test('backing off exponentially, and bans', async (t) => {
    const app = await serve(t, place, {
      max: 1,
      timeWindow: 60_000,
      nameSpace: 'backoff-',
      exponentialBackoff: true,
      ban: 2,
    })
    const resets: number[] = []
    const codes: number[] = []
    for (let i = 0; i < 4; i++) {
      const { statusCode, headers } = await app.inject({ url: '/', remoteAddress: '10.0.0.4' })
      codes.push(statusCode)
      resets.push(Number(headers['x-ratelimit-reset']))
    }
    t.same(codes, [200, 429, 429, 403])
    t.ok(Number(resets[2]) > Number(resets[1]), `${resets}`)
  })
})
