/**
 * What an application does to a cluster: commands on keys of every type, scripts and transactions, from several clients at
 * once. Invariant: what it keeps there is bounded, so that memory which grows is not the load's.
 */
import type { Cluster } from 'ioredis'
import type { Random } from '../../lib/base/random.ts'

/** Keys of each type: so few that each has all it will ever hold long before the end of the warm-up. */
const KEYS = 200
/** Elements of a key that has some. */
const ELEMENTS_MAX = 100

type Operation = (client: Cluster, random: Random, tag: string) => Promise<unknown>

const SCRIPT = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('STRLEN', KEYS[1])"

/** By name; each works on keys of its own type. */
const operations: Readonly<Record<string, Operation>> = {
  set: (client, random, tag) => client.set(`string:${tag}`, textOf(random)),
  get: (client, _, tag) => client.get(`string:${tag}`),
  'set to expire': (client, random, tag) =>
    client.psetex(`expiring:${tag}`, 10 + random.below(5000), textOf(random)),
  incr: (client, _, tag) => client.incr(`counter:${tag}`),
  setbit: (client, random, tag) => client.setbit(`bits:${tag}`, random.below(4096), 1),
  hset: (client, random, tag) => client.hset(`hash:${tag}`, element(random), textOf(random)),
  hgetall: (client, _, tag) => client.hgetall(`hash:${tag}`),
  hdel: (client, random, tag) => client.hdel(`hash:${tag}`, element(random)),
  push: (client, random, tag) =>
    client
      .multi()
      .lpush(`list:${tag}`, textOf(random))
      .ltrim(`list:${tag}`, 0, ELEMENTS_MAX - 1)
      .exec(),
  lrange: (client, _, tag) => client.lrange(`list:${tag}`, 0, 9),
  sadd: (client, random, tag) => client.sadd(`set:${tag}`, element(random), element(random)),
  spop: (client, _, tag) => client.spop(`set:${tag}`),
  zadd: (client, random, tag) => client.zadd(`ranking:${tag}`, random.below(1000), element(random)),
  zrange: (client, _, tag) => client.zrange(`ranking:${tag}`, '0', '9', 'WITHSCORES'),
  xadd: (client, random, tag) =>
    client.xadd(`stream:${tag}`, 'MAXLEN', ELEMENTS_MAX, '*', 'text', textOf(random)),
  xrange: (client, _, tag) => client.xrange(`stream:${tag}`, '-', '+', 'COUNT', 10),
  pfadd: (client, random, tag) => client.pfadd(`visitors:${tag}`, element(random)),
  eval: (client, random, tag) => client.eval(SCRIPT, 1, `scripted:${tag}`, textOf(random)),
  transaction: (client, random, tag) =>
    client.multi().set(`{${tag}}:a`, textOf(random)).get(`{${tag}}:a`).del(`{${tag}}:a`).exec(),
  publish: (client, random, tag) => client.publish(`channel:${tag}`, textOf(random)),
  unlink: (client, random, tag) =>
    client.unlink(`${random.pick(['hash', 'list', 'set', 'ranking', 'stream'])}:${tag}`),
}

/** Clients that do not rest until they are stopped. */
export class MixedLoad {
  done = 0
  #isStopped = false
  readonly #running: Promise<void>[]

  /** Each client draws its commands from a generator of its own; `failed` is told of what goes wrong. */
  constructor(
    clients: readonly Cluster[],
    random: Random,
    failed: (what: string, error: Error) => void,
  ) {
    this.#running = clients.map((client, i) =>
      this.#run(client, random.fork(`client ${i}`), failed),
    )
  }

  /** Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#running)
  }

  async #run(
    client: Cluster,
    random: Random,
    failed: (what: string, error: Error) => void,
  ): Promise<void> {
    const names = Object.keys(operations)
    while (!this.#isStopped) {
      const name = random.pick(names)
      try {
        await operations[name]?.(client, random, String(random.below(KEYS)))
      } catch (error) {
        failed(name, error as Error)
      }
      this.done++
    }
  }
}

function element(random: Random): string {
  return `element ${random.below(ELEMENTS_MAX)}`
}

function textOf(random: Random): string {
  return 'x'.repeat(random.below(200))
}
