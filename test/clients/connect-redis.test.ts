/** connect-redis as its documentation uses it: express-session of two web servers that share their sessions. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RedisStore } from 'connect-redis'
import session, { type Session } from 'express-session'
import t, { type Test } from 'tap'
import { nodeRedisAt, tryLibrary } from './library.ts'

/** A web server that counts the visits of each visitor; returns its address. */
async function serve(t: Test, store: RedisStore): Promise<string> {
  const withSession = session({
    store,
    resave: false,
    saveUninitialized: false,
    secret: 'keyboard cat',
  })
  const server = createServer((request: IncomingMessage & { session?: Session }, response) => {
    withSession(request, response, () => {
      const { session } = request
      if (session === undefined) {
        response.writeHead(500).end('no session')
      } else if (request.url === '/leave') {
        session.destroy((error) => response.end(String(error ?? 'left')))
      } else {
        session.visits = (session.visits ?? 0) + 1
        response.end(String(session.visits))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A visitor, who keeps cookies. */
class Visitor {
  #cookie = ''

  async get(url: string): Promise<string> {
    const response = await fetch(url, { headers: { cookie: this.#cookie, connection: 'close' } })
    this.#cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie
    return response.text()
  }
}

tryLibrary(t, 'connect-redis', async (t, place) => {
  const client = await nodeRedisAt(t, place)
  const store = new RedisStore({ client, prefix: 'myapp:' })
  const one = await serve(t, store)
  const two = await serve(
    t,
    new RedisStore({ client: await nodeRedisAt(t, place), prefix: 'myapp:' }),
  )

  const visitors = Array.from({ length: 20 }, () => new Visitor())
  for (const visitor of visitors) {
    t.equal(await visitor.get(one), '1')
    t.equal(await visitor.get(two), '2', 'the other server knows the visitor')
  }
  t.equal(await store.length(), 20)
  const ids: string[] = await store.ids()
  t.equal(ids.length, 20)
  const left = await client.ttl(`myapp:${ids[0]}`)
  t.ok(left > 86_000 && left <= 86_400, `${left} s`)

  const [first] = visitors as [Visitor]
  t.equal(await first.get(`${two}/leave`), 'left')
  t.equal(await store.length(), 19)
  t.equal(await first.get(one), '1', 'a new one')

  t.equal(await store.get('nobody'), null)
  await store.set('short', { cookie: { expires: new Date(Date.now() + 5000) } })
  t.ok((await client.ttl('myapp:short')) <= 5)
  await store.touch('short', { cookie: {} })
  t.ok((await client.ttl('myapp:short')) > 5)
  await store.destroy('short')
  t.equal(await store.get('short'), null)

  // What takes many keys at once it cannot do in a cluster.
  if (place.kind === 'server') {
    t.same((await store.all()).map(({ visits }: Session) => visits).sort(), [
      1,
      ...Array.from({ length: 19 }, () => 2),
    ])
    await store.clear()
    t.equal(await store.length(), 0)
  }
})
