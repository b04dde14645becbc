/** Ticks that a node leaves out are missed by no client: it answers the same, and does the same at the same times. */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import type { Session } from '../../lib/node/session.ts'
import { NodeHarness } from '../support/node-harness.ts'

const TICK_MS = 100
const seed = process.env.SEED ?? '1'
const histories = Number(process.env.FUZZ_RUNS ?? 10)
t.comment(`SEED=${seed}`)

/** A node whose cron comes when it is due, or always. */
class Life {
  readonly harness: NodeHarness
  readonly #spares: boolean
  #nextTickMs: number
  #skipped = 0
  /** Ticks that were left out. */
  spared = 0

  constructor(spares: boolean) {
    this.harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
    // A change that a save may be due for keeps a node awake.
    Object.assign(this.harness.io, { savesToDisk: false })
    this.#spares = spares
    this.#nextTickMs = this.harness.clock.now + TICK_MS
  }

  pass(ms: number): void {
    const { clock, io, node } = this.harness
    for (const endMs = clock.now + ms; clock.now < endMs; ) {
      const nextMs = Math.min(endMs, this.#nextTickMs, Math.max(clock.now + 1, io.wakeAtMs))
      clock.now = Math.max(clock.now, nextMs)
      this.harness.wake()
      if (clock.now < this.#nextTickMs) continue
      // Ticks that a busy node missed are no more.
      while (this.#nextTickMs <= clock.now) this.#nextTickMs += TICK_MS
      if (this.#spares && node.idleTicks > this.#skipped) {
        this.#skipped++
        this.spared++
        continue
      }
      const skipped = this.#spares ? this.#skipped : undefined
      this.#skipped = 0
      this.harness.turn(() => node.cron(skipped))
    }
  }
}

const requests: readonly ((random: Random) => string)[] = [
  (random) => `SET k${random.below(5)} v PX ${1 + random.below(3000)}`,
  (random) => `SET k${random.below(5)} ${'v'.repeat(random.below(60_000))}`,
  (random) => `PEXPIRE k${random.below(5)} ${1 + random.below(1500)}`,
  () => 'PERSIST k1',
  () => 'DBSIZE',
  () => 'INFO clients stats keyspace persistence',
  () => 'INFO stats',
  () => 'CLIENT LIST',
  () => 'GET k1',
  (random) => `CONFIG SET timeout ${random.pick([0, 1, 3])}`,
  (random) => `CLIENT PAUSE ${random.below(1500)} WRITE`,
  (random) => `BLPOP list ${random.pick(['0.05', '0.7', '2'])}`,
  () => 'RPUSH list a',
  () => 'SUBSCRIBE __keyevent@0__:expired',
  () => 'CONFIG SET notify-keyspace-events KEA',
  (random) => `DEBUG REPLYBUFFER PEAK-RESET-TIME ${random.pick(['RESET', 'NEVER', '300'])}`,
  (random) => `DEBUG SET-ACTIVE-EXPIRE ${random.below(2)}`,
  () => 'CLIENT TRACKING ON',
  () => 'DEBUG SLEEP 0.12',
  (random) => `CONFIG SET maxmemory ${random.pick(['0', '2mb'])}`,
  () => 'FLUSHALL',
]

/** Those that read and write keys and nothing else. */
const plain: readonly ((random: Random) => string)[] = [
  ...requests.slice(0, 4),
  () => 'GET k1',
  () => 'INCR n',
  (random) => `EXPIRE n ${random.below(3)}`,
  (random) => `HSET h f${random.below(5)} v`,
  (random) => `HPEXPIRE h ${1 + random.below(1500)} FIELDS 1 f${random.below(5)}`,
  (random) => `GETRANGE k1 0 ${random.below(30_000)}`,
  () => 'LPUSH list a',
]

/** What clients say of a history, and how long they wait before it, milliseconds. */
interface Pace {
  readonly steps: (random: Random) => number
  readonly pause: (random: Random) => number
  readonly request: (random: Random) => string
}

const paces: Readonly<Record<string, Pace>> = {
  'at times': {
    steps: (random) => 4 + random.below(20),
    pause: (random) => random.below(random.pick([60, 1500, 9000])),
    request: (random) => random.pick(requests)(random),
  },
  'without a pause, most of it plain': {
    steps: (random) => 100 + random.below(300),
    pause: (random) => random.below(40),
    request: (random) => random.pick(random.below(60) === 0 ? requests : plain)(random),
  },
}

/** All that clients and the log saw of a history drawn from a seed, with the time of each. */
function play(history: string, { steps, pause, request: draw }: Pace, spares: boolean) {
  const random = new Random(history)
  const life = new Life(spares)
  const { harness } = life
  const startMs = harness.clock.now
  const sessions: Session[] = [harness.connect(), harness.connect(), harness.connect()]
  const seen: unknown[] = []
  for (let left = steps(random); left > 0; left--) {
    life.pass(pause(random))
    const [session, request] = [random.pick(sessions), draw(random)]
    if (session.closing !== 'no') continue
    seen.push([harness.clock.now - startMs, request, harness.type(session, request)])
  }
  life.pass(7000)
  for (const session of sessions) seen.push(harness.take(session), session.describe())
  return { spared: life.spared, seen: [...seen, harness.io.logs, harness.io.closed.length] }
}

for (const [name, pace] of Object.entries(paces)) {
  t.test(`a node that leaves ticks out lives as one that does not; asked ${name}`, async (t) => {
    let spared = 0
    for (let i = 0; i < histories; i++) {
      const history = `${seed}/${i}`
      const sparing = play(history, pace, true)
      spared += sparing.spared
      if (!t.same(sparing.seen, play(history, pace, false).seen, `history ${history}`)) return
    }
    t.ok(spared > 50 * histories, `${spared} ticks were left out`)
  })
}

t.test('at rest one tick a second is enough', async (t) => {
  const life = new Life(true)
  life.pass(10_000)
  const before = life.spared
  life.pass(10_000)
  t.equal(life.spared - before, 90)
})

t.test('a command that may do anything makes the next tick due', async (t) => {
  const life = new Life(true)
  const client = life.harness.connect()
  life.pass(10_100)
  t.ok(life.harness.node.idleTicks > 0)
  life.harness.type(client, 'PING')
  t.equal(life.harness.node.idleTicks, 0)
})

t.test('between commands that read and write keys one tick a second is enough', async (t) => {
  const life = new Life(true)
  const client = life.harness.connect()
  life.pass(10_000)
  const before = life.spared
  for (let i = 0; i < 1000; i++) {
    life.harness.type(client, 'SET k v', 'INCR n')
    life.pass(10)
  }
  // And a few more in which the buffer of replies shrinks.
  t.ok(life.spared - before > 80, `${life.spared - before} of 100 ticks were left out`)
})

t.test('the key of such a command goes within 100 ms of its end', async (t) => {
  const life = new Life(true)
  const client = life.harness.connect()
  const [database] = life.harness.node.databases
  life.pass(10_100)
  for (const [set, ms] of [
    ['SET k v PX 250', 250],
    ['SET k v EX 1', 1000],
    ['PSETEX k 90 v', 90],
  ] as const) {
    life.harness.type(client, set)
    const endMs = life.harness.clock.now + ms
    while (database?.size === 1) life.pass(1)
    const lateMs = life.harness.clock.now - endMs
    t.ok(lateMs > 0 && lateMs <= 100, `${set}: ${lateMs} ms late`)
    life.pass(3000)
  }
})

t.test('a key that ends and nobody asks for goes within 100 ms', async (t) => {
  const life = new Life(true)
  const client = life.harness.connect()
  life.harness.type(client, 'SET k v PX 14250')
  life.pass(14_200)
  t.ok(life.spared > 100, `${life.spared} ticks were left out`)
  t.equal(life.harness.node.databases[0]?.size, 1)
  life.pass(100)
  t.equal(life.harness.node.databases[0]?.size, 0)
})

t.test('a rate is that of the last 1.6 seconds', async (t) => {
  const life = new Life(true)
  const client = life.harness.connect()
  const rate = () =>
    Number(/instantaneous_ops_per_sec:(\d+)/.exec(life.harness.type(client, 'INFO stats'))?.[1])
  life.pass(10_050)
  life.harness.type(client, ...Array<string>(320).fill('PING'))
  life.pass(850)
  t.equal(rate(), 200)
  life.pass(900)
  t.ok(rate() <= 1, 'the question itself counts')
})

t.test('while something is under way no tick is left out', async (t) => {
  for (const request of ['BLPOP list 0', 'CLIENT PAUSE 100000', 'CLIENT TRACKING ON']) {
    const life = new Life(true)
    life.harness.type(life.harness.connect(), 'HELLO 3', request)
    life.pass(5000)
    t.equal(life.spared, 0, request)
  }
})
