/** Scripts and functions of node-redis, as its documentation declares them, in a cluster and on one server. */
import { type CommandParser, createClient, createCluster, defineScript } from 'redis'
import t, { type Test } from 'tap'
import { ask } from '../support/started-cluster.ts'
import { type Place, tryLibrary, urls } from './library.ts'

const add = {
  NUMBER_OF_KEYS: 1,
  FIRST_KEY_INDEX: 0,
  parseCommand(parser: CommandParser, key: string, toAdd: number) {
    parser.pushKey(key)
    parser.push(String(toAdd))
  },
  transformReply: undefined as unknown as () => number,
}

const scripts = {
  add: defineScript({ ...add, SCRIPT: `return redis.call('GET', KEYS[1]) + ARGV[1];` }),
}

const functions = { library: { add, peek: { ...add, IS_READ_ONLY: true } } }

const LIBRARY = `#!lua name=library
  local function add(keys, args) return redis.call('GET', keys[1]) + args[1] end
  redis.register_function { function_name = 'add', callback = add }
  redis.register_function { function_name = 'peek', callback = add, flags = { 'no-writes' } }`

function connectToServer(url: string) {
  return createClient({ url, scripts, functions })
}

async function connect(t: Test, place: Place) {
  const rootNodes = urls(place).map((url) => ({ url }))
  const client =
    place.kind === 'cluster'
      ? (createCluster({ rootNodes, scripts, functions }) as unknown as ReturnType<
          typeof connectToServer
        >)
      : connectToServer(urls(place)[0] ?? '')
  await client.connect()
  t.teardown(() => client.close())
  return client
}

tryLibrary(t, 'redis', async (t, place) => {
  const client = await connect(t, place)
  const masters = place.nodes.slice(0, place.kind === 'cluster' ? 3 : 1)
  const names = Array.from({ length: 10 }, (_, i) => `key:${i}`)
  for (const [i, name] of names.entries()) await client.set(name, i)

  await t.test('scripts', async (t) => {
    const all = () => Promise.all(names.map((name) => client.add(name, 100)))
    const sums = names.map((_, i) => 100 + i)
    t.same(await all(), sums)
    for (const node of place.nodes) await ask(node, 'SCRIPT', 'FLUSH')
    t.same(await all(), sums, 'and when they are forgotten')
    t.same(await client.multi().set('{m}', 1).add('{m}', 2).exec(), ['OK', 3])
    t.equal(await client.eval('return ARGV[1]', { keys: ['key:1'], arguments: ['žluť'] }), 'žluť')
    await t.rejects(client.add('none', 1), { message: /attempt to perform arithmetic/ })
  })

  await t.test('functions', async (t) => {
    await t.rejects(client.library.add('key:1', 1), { message: 'ERR Function not found' })
    for (const node of masters) {
      t.equal(await ask(node, 'FUNCTION', 'LOAD', 'REPLACE', LIBRARY), 'library')
    }
    for (const [i, name] of names.entries()) {
      t.equal(await client.library.add(name, 100), 100 + i)
      t.equal(await client.library.peek(name, 50), 50 + i)
    }
    const listed = await ask(masters[0] as Place['nodes'][0], 'FUNCTION', 'LIST')
    t.match(JSON.stringify(listed), /"library".*"LUA"/)
    for (const node of masters) t.equal(await ask(node, 'FUNCTION', 'DELETE', 'library'), 'OK')
    await t.rejects(client.library.add('key:1', 1), { message: 'ERR Function not found' })
  })
})
