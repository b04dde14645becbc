/**
 * A full synchronization of many keys while clients go on: a node of ours sends them to a redis-server and takes them from
 * one, answers meanwhile, and in the end both hold the same.
 */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { largeSamples, smallSamples } from '../support/key-sample.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { waitFor } from '../support/wait.ts'

t.setTimeout(300_000)
if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)

const seed = process.env.SEED ?? `${Date.now()}`
const KEYS = 200_000
const BATCH = 500
const PATIENCE_MS = 60_000

const ARGS = [
  ...['--enable-debug-command', 'yes', '--repl-diskless-sync-delay', '0'],
  ...['--repl-diskless-load', 'disabled'],
]

async function field(server: RealRedis, name: string): Promise<string> {
  const text = String((await server.command('INFO')).value)
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1] ?? ''
}

const digestOf = async (server: RealRedis) => (await server.command('DEBUG', 'DIGEST')).value

/** Many strings, and some keys of every kind. */
async function fill(server: RealRedis, random: Random): Promise<void> {
  const client = await server.connect()
  for (let i = 0; i < KEYS; i += BATCH) {
    const words = Array.from({ length: BATCH }, (_, j) => [`key:${i + j}`, random.bytes(32)])
    await client.command('MSET', ...words.flat())
  }
  for (const [kind, sample] of Object.entries({ ...smallSamples, ...largeSamples })) {
    for (let i = 0; i < 20; i++) await client.pipeline(sample(`${kind}:${i}`, random))
  }
  await client.close()
}

/** Changes keys of all kinds one after the other until it is told to stop; how many commands were answered. */
async function keepChanging(
  server: RealRedis,
  random: Random,
  isOver: () => boolean,
): Promise<number> {
  const client = await server.connect()
  const samples = Object.entries(smallSamples)
  let answered = 0
  while (!isOver()) {
    const [kind, sample] = random.pick(samples)
    const key = `key:${random.below(KEYS)}`
    const other = `${kind}:${random.below(40)}`
    const commands = [
      ['APPEND', key, 'x'],
      ['DEL', `key:${random.below(KEYS)}`],
      ['PEXPIRE', `key:${random.below(KEYS)}`, `${1 + random.below(2000)}`],
      ['DEL', other],
      ...sample(other, random),
    ]
    await client.pipeline(commands)
    answered += commands.length
  }
  await client.close()
  return answered
}

for (const [masterKind, startMaster, startReplica] of [
  ['ours', startNodeProcess, startRealRedis],
  ['real', startRealRedis, startNodeProcess],
] as const) {
  for (const diskless of masterKind === 'ours' ? ['yes', 'no'] : ['yes']) {
    const title = `the master is ${masterKind}, diskless ${diskless}`
    t.test(title, { skip: withoutRealRedis70 }, async (t) => {
      t.comment(`SEED=${seed}`)
      const random = new Random(seed)
      const master = await startMaster({ args: [...ARGS, '--repl-diskless-sync', diskless] })
      t.teardown(() => master.stop())
      const replica = await startReplica({ args: ARGS })
      t.teardown(() => replica.stop())
      await fill(master, random)

      let isOver = false
      const changing = keepChanging(master, random, () => isOver)
      await replica.command('REPLICAOF', '127.0.0.1', `${master.port}`)
      await waitFor(
        'the link to be up',
        () => field(replica, 'master_link_status'),
        (status) => status === 'up',
        PATIENCE_MS,
      )
      isOver = true
      const answered = await changing
      t.ok(answered > 100, `${answered} commands were answered meanwhile`)
      await master.command('WAIT', '1', `${PATIENCE_MS}`)
      // Keys that end go on ending: both at one offset.
      await waitFor(
        'both to hold the same',
        async () => [await digestOf(master), await digestOf(replica)],
        ([one, other]) => one === other,
        PATIENCE_MS,
      )
      t.equal(await field(master, 'sync_full'), '1')
    })
  }
}
