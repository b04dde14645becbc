/**
 * A server with an append-only file is killed in the midst of writes, again and again, and started from what is left. Under
 * `appendfsync always` everything acknowledged is there, under `everysec` all but the last two seconds; no transaction is
 * there by half, nothing is there twice. SEED picks the moments, ROUNDS how many there are.
 */
import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import { nodeDirectory } from '../support/node-directory.ts'
import type { RespClient, RespValue } from '../support/resp-client.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 2)
const WRITERS = 3
/** How long writers write, milliseconds. */
const LIFE_MS = 400
/** What `everysec` may lose, milliseconds. */
const LOSS_MS = 2000
const posix = process.platform === 'win32' ? 'needs the signals of a POSIX system' : false

/** One client that writes steps 1, 2, 3, each as three ways of writing it, until its server is gone. */
class Writer {
  sent = 0
  /** When each step was acknowledged. */
  readonly acknowledged: number[] = []
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  async run(client: RespClient, random: Random): Promise<void> {
    try {
      for (;;) {
        const steps = 1 + random.below(4)
        const commands = Array.from({ length: steps }, () => this.#step(random)).flat()
        await client.pipeline(commands)
        for (let i = 0; i < steps; i++) this.acknowledged.push(Date.now())
      }
    } catch {
      // The server is gone.
    }
  }

  #step(random: Random): string[][] {
    const step = `${++this.sent}`
    const { name } = this
    const filler = random.below(20) === 0 ? 'x'.repeat(random.below(200_000)) : 'x'
    return [
      ['MULTI'],
      ['SET', `${name}:a`, step],
      ['SET', `${name}:filler`, filler],
      ['HSET', `${name}:h`, 'b', step],
      ['EXEC'],
      ['INCR', `${name}:n`],
      ['RPUSH', `${name}:l`, step],
    ]
  }

  /** What is wrong with what is left, if anything is. */
  async audit(client: RespClient, killedAt: number, mayLose: number): Promise<string | undefined> {
    const { name } = this
    const ask = async (...words: string[]): Promise<RespValue> =>
      (await client.command(...words)).value
    const a = Number((await ask('GET', `${name}:a`)) ?? 0)
    const b = Number((await ask('HGET', `${name}:h`, 'b')) ?? 0)
    const n = Number((await ask('GET', `${name}:n`)) ?? 0)
    const list = (await ask('LRANGE', `${name}:l`, '0', '-1')) as string[]
    const certain = this.acknowledged.filter(
      (at) => mayLose === 0 || at <= killedAt - mayLose,
    ).length
    const state = `a ${a}, b ${b}, n ${n}, list of ${list.length}; sent ${this.sent}, certain ${certain}`
    if (a !== b) return `half a transaction: ${state}`
    if (list.some((word, i) => Number(word) !== i + 1)) return `a list with gaps: ${state}`
    if (a > this.sent || a - n > 1 || n > a || n - list.length > 1 || list.length > n) {
      return `steps out of order: ${state}`
    }
    return list.length < certain ? `an acknowledged step is lost: ${state}` : undefined
  }
}

async function liveAndDie(
  server: ServerProcess,
  random: Random,
  round: number,
): Promise<{ writers: Writer[]; killedAt: number }> {
  const writers = Array.from({ length: WRITERS }, (_, i) => new Writer(`${round}:${i}`))
  const clients = await Promise.all(writers.map(() => server.connect()))
  const written = Promise.all(
    writers.map((writer, i) => writer.run(clients[i] as RespClient, random.fork(writer.name))),
  )
  const admin = await server.connect()
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  await pause(random.below(LIFE_MS))
  // A rewriting, half of the time, that the end may come into.
  if (random.below(2) === 0) await admin.command('BGREWRITEAOF')
  await pause(random.below(LIFE_MS / 2))
  const killedAt = Date.now()
  await server.kill()
  await written
  return { writers, killedAt }
}

async function survive(t: Test, policy: 'always' | 'everysec', mayLose: number): Promise<void> {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(`${seed} ${policy}`)
  const directory = nodeDirectory(t)
  let steps = 0
  for (let round = 0; round < ROUNDS; round++) {
    const preamble = random.below(2) === 0 ? 'yes' : 'no'
    const args = [
      '--appendonly',
      'yes',
      '--appendfsync',
      policy,
      '--aof-use-rdb-preamble',
      preamble,
    ]
    const server = await startServerProcess(t, directory, ...args)
    const { writers, killedAt } = await liveAndDie(server, random, round)
    const next = await startServerProcess(t, directory, ...args)
    const client = await next.connect()
    for (const writer of writers) {
      steps += writer.acknowledged.length
      const wrong = await writer.audit(client, killedAt, mayLose)
      if (wrong !== undefined) {
        t.fail(`seed ${seed}, round ${round}, writer ${writer.name}: ${wrong}`)
        return
      }
    }
    await next.kill()
  }
  t.comment(`${policy}: ${ROUNDS} ends, ${steps} acknowledged steps`)
  t.ok(steps > 0, 'something was written')
}

t.test('always: all that was acknowledged is there', { skip: posix }, (t) =>
  survive(t, 'always', 0),
)

t.test('everysec: all but the last two seconds', { skip: posix }, (t) =>
  survive(t, 'everysec', LOSS_MS),
)
