/**
 * One run: a world drawn from its seed, a script played in it under load, peace, and the question whether all is as it
 * should be. The checkers look on all the time; the first violation ends the run.
 */
import { keySlot } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import type { BusMessage } from '../../lib/bus/message.ts'
import type { LogLevel } from '../../lib/node/io.ts'
import { RespError } from '../support/resp-client.ts'
import { ClaimCheck } from './claim-check.ts'
import { Client, type Routine } from './client.ts'
import { disagreement, isInStep, leak } from './convergence.ts'
import { DataCheck } from './data-check.ts'
import { ElectionCheck } from './election-check.ts'
import { Operator } from './operator.ts'
import { withPatience } from './patience.ts'
import { drawScript, type Step } from './script.ts'
import type { Carried, SimulatedNode, Tamper, Witness } from './simulated-node.ts'
import { Stage } from './stage.ts'
import type { Tally } from './tally.ts'
import { Trace } from './trace.ts'
import { Violation } from './violation.ts'
import { World } from './world.ts'

/** Which run. */
export interface RunOptions {
  readonly seed: string
  readonly run: number
  readonly nodes: number
  /** Drawn without. */
  readonly masters?: number | undefined
  readonly failureDetection?: 'instant' | 'timeout' | undefined
  /** Only the steps of the script at these places; all without. */
  readonly steps?: readonly number[] | undefined
  /** A script instead of the one the seed draws. */
  readonly script?: readonly Step[] | undefined
  readonly tamper?: Tamper | undefined
  /** Does something to the world once the cluster stands. */
  readonly plant?: ((world: World) => void) | undefined
  /** How much real time it may take, ms. */
  readonly patienceMs?: number | undefined
  /** Hears what the nodes log. */
  readonly onLog?: ((atMs: number, place: number, text: string) => void) | undefined
}

/** How it went. */
export interface RunResult {
  readonly violation: Violation | undefined
  readonly script: readonly Step[]
  /** Same run, same hash. */
  readonly hash: number
  readonly virtualMs: number
  readonly wins: number
  readonly writes: number
  readonly confirmed: number
  readonly waited: number
  readonly lost: number
  /** What befell it. */
  readonly tally: Tally
}

const TAGS = Array.from({ length: 16 }, (_, i) => `tag${i}`)
const WRITERS = 4
const CALM_MS = 120_000
const LOOK_MS = 500
const STEP_MS = 250
/** Real time that nothing but an endless loop takes. */
const PATIENCE_MS_PER_NODE = 10_000

/** Everything about a run that its seed decides. */
function drawFrame({ seed, run, nodes, failureDetection, masters }: RunOptions) {
  const random = new Random(`${seed}/${run}/${nodes}`)
  const mode = failureDetection ?? random.pick(['instant', 'timeout'] as const)
  const nodeTimeoutMs = random.pick([500, 1000, 2000])
  const drawnMasters = Math.min(nodes, Math.max(3, Math.ceil(nodes / (2 + random.below(2)))))
  const weather = random.pick([
    { delayMs: 0, jitterMs: 1 },
    { delayMs: 0, jitterMs: 3 },
    { delayMs: 1, jitterMs: 20 },
    { delayMs: 5, jitterMs: 100 },
  ])
  const directives: [string, string][] = [
    ['enable-debug-command', 'yes'],
    ['cluster-node-timeout', String(nodeTimeoutMs)],
    ['cluster-require-full-coverage', random.pick(['yes', 'yes', 'no'])],
    ['cluster-allow-replica-migration', random.pick(['yes', 'no'])],
    ['cluster-replica-validity-factor', random.pick(['10', '0'])],
    ['repl-diskless-sync', random.pick(['yes', 'no'])],
    ['repl-ping-replica-period', random.pick(['1', '10'])],
    ['repl-backlog-size', random.pick(['1048576', '16384'])],
  ]
  const lengthMs = 5000 + random.below(random.pick([5000, 20_000, 60_000]))
  const slots = TAGS.map((tag) => keySlot(tag))
  const count = 1 + random.below(random.pick([4, 10, 25]))
  const script = drawScript(random.fork('script'), { nodes, lengthMs, slots, nodeTimeoutMs }, count)
  return {
    mode,
    masters: masters ?? drawnMasters,
    weather,
    directives,
    lengthMs,
    script,
    nodeTimeoutMs,
  }
}

/** A write of some kind without its key; each command has keys of its own. */
function babbleOf(random: Random): readonly [name: string, ...words: string[]] {
  const word = String(random.below(1000))
  return random.pick([
    ['INCRBY', word],
    ['APPEND', word],
    ['HSET', `field ${word}`, word],
    ['RPUSH', word],
    ['SADD', word],
    ['SETEX', String(1 + random.below(5)), word],
    ['GETDEL'],
    ['INCRBYFLOAT', '0.1'],
  ] as const)
}

/** The script of a run. */
export function scriptOf(options: RunOptions): readonly Step[] {
  return drawFrame(options).script
}

/** Plays a run. */
export function play(options: RunOptions): RunResult {
  const { nodes, patienceMs = PATIENCE_MS_PER_NODE * nodes } = options
  let run = new Run(options)
  let violation: Violation | undefined
  try {
    withPatience(
      patienceMs,
      () => run.act(),
      () => {
        run = new Run(options)
      },
    )
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violation = error
  }
  return run.result(violation)
}

class Run implements Witness {
  readonly #options: RunOptions
  readonly #frame: ReturnType<typeof drawFrame>
  readonly #script: readonly Step[]
  readonly #trace = new Trace()
  readonly #elections = new ElectionCheck()
  readonly #claims = new ClaimCheck(this.#elections.unagreed)
  readonly #world: World
  readonly #data: DataCheck
  readonly #operator: Operator
  readonly #stage: Stage
  #writes = 0
  #isLoaded = true
  #clients = 0

  constructor(options: RunOptions) {
    this.#options = options
    const frame = drawFrame(options)
    this.#frame = frame
    const script = options.script ?? frame.script
    this.#script = options.steps?.map((i) => script[i] as Step) ?? script
    this.#world = new World({
      seed: `${options.seed}/${options.run}`,
      masters: frame.masters,
      nodes: options.nodes,
      failureDetection: frame.mode,
      directives: frame.directives,
      weather: frame.weather,
      witness: this,
      tamper: options.tamper,
    })
    this.#data = new DataCheck(this.#world)
    this.#operator = new Operator(this.#world, {
      gives: (host, slot) => this.#claims.allow(host.id, slot),
      moves: (slot, source, target) => this.#data.move(slot, source, target),
      settles: (slot) => this.#data.disturb(slot),
    })
    this.#stage = new Stage(this.#world, {
      operator: this.#operator,
      newClient: () => this.#newClient(this.#world.newPlace()),
      forgets: (place) => this.#data.loseMemory(place),
    })
    for (const host of this.#world.hosts) this.#claims.accept(host)
  }

  /** How it went, or how far it came. */
  result(violation: Violation | undefined): RunResult {
    return {
      violation,
      script: this.#script,
      hash: this.#trace.hash,
      virtualMs: this.#world.ageMs,
      wins: this.#elections.wins,
      writes: this.#writes,
      confirmed: this.#data.confirmed,
      waited: this.#data.waited,
      lost: this.#data.lost,
      tally: this.#stage.tally,
    }
  }

  act(): void {
    const world = this.#world
    this.#waitFor('the cluster forms', () => disagreement(world.hosts))
    for (let i = 0; i < WRITERS; i++) {
      // Some stand beside a node and share its fate on the network, some stand apart.
      const place = world.newPlace(i % 2 === 0 ? undefined : i % world.hosts.length)
      const client = this.#newClient(place)
      client.start(this.#write(client, i))
    }
    const talker = this.#newClient(world.newPlace())
    talker.start(this.#babble(talker))
    this.#look()
    this.#options.plant?.(world)
    this.#stage.play(this.#script)
    world.run(this.#frame.lengthMs)
    this.#stage.calm()
    this.#makePeace()
    this.#waitFor('all agree in peace', () => disagreement(world.hosts))
    world.run(1000)
    this.#isLoaded = false
    this.#waitFor('replicas are in step', () =>
      isInStep(world.hosts) ? disagreement(world.hosts) : 'a replica is behind',
    )
    this.#data.checkMemories()
    this.#data.checkEnd()
    this.#waitFor('nothing leaks', () => leak(world))
  }

  /** Gives the nodes time to agree by themselves, then the operator a hand, until they do. */
  #makePeace(): void {
    const world = this.#world
    const patienceMs = 5000 + 10 * this.#frame.nodeTimeoutMs
    for (const endMs = world.now + CALM_MS; world.now < endMs; this.#repair()) {
      for (const untilMs = world.now + patienceMs; world.now < untilMs; world.run(STEP_MS)) {
        if (disagreement(world.hosts) === undefined) return
      }
    }
  }

  #repair(): void {
    this.#operator.repair(this.#newClient(this.#world.newPlace()))
  }

  #waitFor(what: string, missing: () => string | undefined): void {
    const limitMs = this.#world.now + 30_000
    for (let text = missing(); text !== undefined; text = missing()) {
      if (this.#world.now > limitMs) throw new Violation(what, text)
      this.#world.run(100)
    }
  }

  #look(): void {
    if (!this.#isLoaded) return
    this.#data.checkMemories()
    this.#world.queue.after(LOOK_MS, () => this.#look())
  }

  #newClient(place: number): Client {
    return new Client(this.#world, place, this.#world.random.fork(`client ${this.#clients++}`))
  }

  *#write(client: Client, writer: number): Routine {
    const random = this.#world.random.fork(`writer ${writer}`)
    const tags = TAGS.filter((_, i) => i % WRITERS === writer)
    const keys = new Map(tags.map((tag) => [tag, 0]))
    while (this.#isLoaded) {
      yield { sleepMs: 5 + random.below(200) }
      const tag = random.pick(tags)
      const key = `{${tag}}:${keys.get(tag)}`
      const entry = this.#data.entries.get(key) ?? this.#data.add(key)
      const version = ++entry.attempted
      const sentMs = this.#world.now
      const outcome = yield* client.command(key, 'SET', key, String(version))
      this.#trace.add(`${key} ${version} ${String(outcome.reply)}`)
      if (outcome.isDoubtful) {
        keys.set(tag, (keys.get(tag) ?? 0) + 1)
      } else if (outcome.reply === 'OK') {
        this.#writes++
        this.#data.acknowledge(entry, version, outcome.node, sentMs)
        const written = { entry, version, place: outcome.node, sentMs }
        if (random.below(4) === 0) this.#data.checkConfirmed(written)
        if (random.below(4) === 0) {
          const commands = [['WAIT', String(1 + random.below(2)), '500']]
          const count = (yield { node: outcome.node, commands })?.[0]
          if (typeof count === 'number') this.#data.checkWaited(written, count)
        }
      } else if (!(outcome.reply instanceof RespError)) {
        keys.set(tag, (keys.get(tag) ?? 0) + 1)
      }
    }
  }

  /** Writes of all kinds that nobody keeps account of: replicas have to follow them all the same. */
  *#babble(client: Client): Routine {
    const random = this.#world.random.fork('babble')
    while (this.#isLoaded) {
      yield { sleepMs: 5 + random.below(200) }
      const [name, ...words] = babbleOf(random)
      const key = `{${random.pick(TAGS)}}:${name}`
      yield* client.command(key, name, key, ...words)
    }
  }

  // What the nodes do.

  born(host: SimulatedNode): void {
    // The checkers are made after the world's first nodes.
    if (this.#world === undefined) return
    this.#claims.accept(host)
  }

  sends(host: SimulatedNode, link: number, message: BusMessage, carried: Carried): void {
    this.#trace.addBytes(host.place, carried as Uint8Array)
    if (this.#world === undefined) return
    this.#elections.sends(host, link, message)
    this.#claims.sends(host, message)
    this.#data.sends(host, message)
  }

  logs(host: SimulatedNode, level: LogLevel, text: string): void {
    this.#trace.add(text)
    if (this.#world === undefined) return
    if (level !== 'debug') this.#options.onLog?.(this.#world.ageMs, host.place, text)
    this.#elections.logs(host, text)
    this.#data.logs(host, text)
    const isPromotion =
      text === "Failover election won: I'm the new master." ||
      text === 'Taking over the master (user request).'
    if (isPromotion) this.#claims.succeed(host)
  }

  crashed(host: SimulatedNode, error: unknown): void {
    if (error instanceof Violation) throw error
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Violation('no node crashes', `node ${host.place}: ${text}`)
  }
}
