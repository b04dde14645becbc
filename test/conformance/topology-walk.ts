/**
 * A walk through the states of a cluster: random changes of who owns which slot and who follows whom, on any node, right or
 * wrong, with keys read and written in between through redirections; said to both sides of a duel. After each change both
 * sides may talk among themselves until nothing changes any more: then every node has to see the same on both.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bytes } from '../../lib/base/bytes.ts'
import { keySlot } from '../../lib/base/crc16.ts'
import type { Random } from '../../lib/base/random.ts'
import { parseReply } from '../support/resp-client.ts'
import { type Difference, type Duel, type Queues, typed } from './differential.ts'

/** Directives of both sides: nodes ping each other every second, and nobody is elected but by command. */
export const WALK_CONFIG = {
  'cluster-node-timeout': '2000',
  'cluster-require-full-coverage': 'no',
  'cluster-replica-no-failover': 'yes',
  'cluster-allow-replica-migration': 'no',
} as const

/** Nodes: three masters, then one that follows the first. */
export const WALK_NODES = 4

/** Slots from 16001 on belong to nobody. */
const RANGES = [
  ['0', '5460'],
  ['5461', '10922'],
  ['10923', '16000'],
] as const

/** Every node has heard from every other since the last change: they ping each other at half the node timeout at the latest. */
const CALM_MS = 1300
/** A view that differs for so long without change is a difference. */
const STUCK_MS = 6000
/** Elections and epochs that collide take some rounds. */
const PATIENCE_MS = 25_000
const LOOK_MS = 120
const TAGS_PER_OWNER = 2
const KEYS_PER_TAG = 3
const READS = 6

/** A hash tag and its slot. */
interface Tag {
  readonly tag: Bytes
  readonly slot: string
}

/** A step: where it is said, and what. */
type Step = readonly [connection: string, ...argv: Bytes[]]

/** One walk. */
export class TopologyWalk {
  readonly #duel: Duel
  readonly #random: Random
  readonly #tags: readonly Tag[]
  readonly #said: string[] = []
  readonly #queues: Queues = new Map()

  /** The nodes of both sides are blank, and in the order of their ids: they decide which of two epochs gives way. */
  constructor(duel: Duel, random: Random) {
    this.#duel = duel
    this.#random = random
    this.#tags = tagsOfAllOwners()
  }

  /** Lines of what was said so far, the last ones if there are many. */
  get history(): readonly string[] {
    return this.#said.slice(-40)
  }

  /** How many commands were said. */
  get length(): number {
    return this.#said.length
  }

  /** Makes a cluster of the blank nodes. */
  async form(): Promise<Difference | undefined> {
    for (const [index, range] of RANGES.entries()) {
      const name = String(index)
      const difference =
        (await this.#say([name, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)])) ??
        (await this.#say([name, 'CLUSTER', 'ADDSLOTSRANGE', ...range]))
      if (difference !== undefined) return difference
    }
    for (let index = 1; index < WALK_NODES; index++) {
      await this.#say([String(index), 'CLUSTER', 'MEET', '127.0.0.1', '$port0'])
    }
    return (
      (await this.#settle()) ??
      (await this.#say([String(WALK_NODES - 1), 'CLUSTER', 'REPLICATE', '$id0'])) ??
      (await this.#settle())
    )
  }

  /** Takes so many steps; the first difference, or undefined. */
  async run(steps: number): Promise<Difference | undefined> {
    for (let step = 0; step < steps; step++) {
      const tag = this.#random.pick(this.#tags)
      const change = this.#random.below(2) === 0 ? this.#change(tag) : undefined
      const difference =
        change === undefined
          ? await this.#useKeys(tag)
          : ((await this.#say(change)) ?? (await this.#settle()))
      if (difference !== undefined) return difference
    }
    return undefined
  }

  #change({ tag, slot }: Tag): Step {
    const random = this.#random
    const at = this.#node()
    const id = `$id${this.#node()}`
    const key = random.below(3) === 0 ? '' : keyOf(tag, random)
    const target = ['127.0.0.1', `$port${this.#node()}`, key, '0', '2000']
    const changes: readonly (readonly Bytes[])[] = [
      ['CLUSTER', 'SETSLOT', slot, 'MIGRATING', id],
      ['CLUSTER', 'SETSLOT', slot, 'MIGRATING', id],
      ['CLUSTER', 'SETSLOT', slot, 'IMPORTING', id],
      ['CLUSTER', 'SETSLOT', slot, 'IMPORTING', id],
      ['CLUSTER', 'SETSLOT', slot, 'NODE', id],
      ['CLUSTER', 'SETSLOT', slot, 'NODE', id],
      ['CLUSTER', 'SETSLOT', slot, 'STABLE'],
      ['CLUSTER', 'ADDSLOTS', slot],
      ['CLUSTER', 'DELSLOTS', slot],
      ['CLUSTER', 'BUMPEPOCH'],
      ['CLUSTER', 'REPLICATE', id],
      ['CLUSTER', 'FAILOVER', ...random.pick([[], ['FORCE'], ['TAKEOVER']])],
      ['MIGRATE', ...target, ...random.pick([[], ['REPLACE'], ['COPY'], ['COPY', 'REPLACE']])],
      ['MIGRATE', ...target, 'REPLACE'],
    ]
    return [at, ...random.pick(changes)]
  }

  /** Some commands on keys of one slot, on any nodes; on connections that may have said READONLY, or just ASKING. */
  async #useKeys({ tag, slot }: Tag): Promise<Difference | undefined> {
    const random = this.#random
    for (let i = 0; i < READS; i++) {
      const name = `${this.#node()}${random.pick(['', '', 'r'])}`
      const steps: Step[] = []
      if (name.endsWith('r') && random.below(2) === 0) {
        steps.push([name, random.pick(['READONLY', 'READWRITE'])])
      }
      if (random.below(3) === 0) steps.push([name, 'ASKING'])
      steps.push([name, ...this.#use(tag, slot)])
      for (const step of steps) {
        const difference = await this.#say(step)
        if (difference !== undefined) return difference
      }
    }
    return undefined
  }

  #use(tag: Bytes, slot: string): readonly Bytes[] {
    const random = this.#random
    const [key, other] = [keyOf(tag, random), keyOf(tag, random)]
    const elsewhere = keyOf(random.pick(this.#tags).tag, random)
    const uses: readonly (readonly Bytes[])[] = [
      ['GET', key],
      ['SET', key, `value ${random.below(100)}`],
      ['MSET', key, '1', other, '2'],
      ['MGET', key, other],
      ['MGET', key, elsewhere],
      ['DEL', key, other],
      ['EXISTS', key, other],
      ['TOUCH', key, other],
      ['RENAME', key, other],
      ['EXPIRE', key, '1000'],
      ['OBJECT', 'ENCODING', key],
      ['SORT', key, 'BY', 'nosort'],
      ['EVAL', "return redis.call('GET', KEYS[1])", '1', key],
      ['EVAL', "return redis.call('SET', KEYS[1], 'x')", '1', key],
      ['EVAL', "return redis.pcall('GET', ARGV[1])", '1', key, elsewhere],
      ['EVAL', 'return 1', '0'],
      ['EVAL_RO', "return redis.call('MGET', KEYS[1], KEYS[2])", '2', key, other],
      ['MULTI'],
      ['EXEC'],
      ['DISCARD'],
      ['WATCH', key],
      ['SPUBLISH', key, 'x'],
      ['DBSIZE'],
      ['CLUSTER', 'KEYSLOT', key],
      ['CLUSTER', 'COUNTKEYSINSLOT', slot],
      ['CLUSTER', 'REPLICAS', `$id${this.#node()}`],
    ]
    return random.pick(uses)
  }

  #node(): string {
    return String(this.#random.below(WALK_NODES))
  }

  async #say([name, ...argv]: Step): Promise<Difference | undefined> {
    const { expected, got, isSame } = await this.#duel.say(name, argv, { queues: this.#queues })
    const command = `@${name} ${typed(argv)}`
    this.#said.push(`${command} -> ${(expected.split('\r\n')[0] ?? '').slice(0, 80)}`)
    return isSame ? undefined : { command, expected, got }
  }

  /** Waits until nothing changes any more: then a node that sees something else on the other side is the difference. */
  async #settle(): Promise<Difference | undefined> {
    const deadline = Date.now() + PATIENCE_MS
    let last = ''
    let calmSince = Date.now()
    for (;;) {
      const { difference, seen } = await this.#look()
      if (seen !== last) calmSince = Date.now()
      last = seen
      const calmMs = Date.now() - calmSince
      if (difference === undefined && calmMs > CALM_MS) return undefined
      if (difference !== undefined && (calmMs > STUCK_MS || Date.now() > deadline))
        return difference
      await sleep(LOOK_MS)
    }
  }

  /** What all nodes of both sides see, and where the sides differ. */
  async #look(): Promise<{ readonly difference: Difference | undefined; readonly seen: string }> {
    let difference: Difference | undefined
    const seen: string[] = []
    for (let node = 0; node < WALK_NODES; node++) {
      // A connection of their own: the others may be in a transaction.
      const name = `${node}look`
      for (const word of ['NODES', 'INFO'] as const) {
        const argv = ['CLUSTER', word]
        const [expected, got] = (await this.#duel.answers(name, argv)).map(
          word === 'INFO' ? epochsAndState : withoutTimes,
        ) as [Bytes, Bytes]
        seen.push(expected, got)
        if (expected !== got) difference ??= { command: `@${node} CLUSTER ${word}`, expected, got }
      }
    }
    return { difference, seen: seen.join('\n') }
  }
}

function keyOf(tag: Bytes, random: Random): Bytes {
  return `{${tag}}${random.below(KEYS_PER_TAG)}`
}

/** Two tags of each master, and one that nobody owns. */
function tagsOfAllOwners(): Tag[] {
  const tags: Tag[] = []
  const wanted = [...RANGES.map(() => TAGS_PER_OWNER), 1]
  for (let i = 0; wanted.some((count) => count > 0); i++) {
    const slot = keySlot(`t${i}`)
    const found = RANGES.findIndex(([, last]) => slot <= Number(last))
    const owner = found < 0 ? RANGES.length : found
    if ((wanted[owner] as number) === 0) continue
    wanted[owner] = (wanted[owner] as number) - 1
    tags.push({ tag: `t${i}`, slot: String(slot) })
  }
  return tags
}

/** What a node sees of each, in any order, without when it last heard of it. */
function withoutTimes(raw: Bytes): string {
  return textOf(raw)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').toSpliced(4, 2).join(' '))
    .sort()
    .join('\n')
}

function epochsAndState(raw: Bytes): string {
  return textOf(raw)
    .split('\r\n')
    .filter((line) => /^cluster_(state|slots_|known_|size|current_|my_)/.test(line))
    .join('\n')
}

function textOf(raw: Bytes): string {
  return String(parseReply(raw)?.value)
}
