/**
 * A script: what befalls a cluster and what its operator does, each step with its time. A step ends by itself and means
 * something whatever the other steps are, so any part of a script is a script.
 */
import type { Random } from '../../lib/base/random.ts'
import type { CrashKind } from './world.ts'

/** One step; nodes are numbers, times ms since the beginning of the script. */
export type Step = { readonly atMs: number } & (
  | {
      readonly type: 'crash'
      readonly node: number
      readonly kind: CrashKind
      readonly forMs: number
    }
  | { readonly type: 'pause'; readonly node: number; readonly forMs: number }
  | {
      readonly type: 'cut'
      readonly left: readonly number[]
      readonly right: readonly number[]
      readonly isOneWay: boolean
      readonly forMs: number
    }
  | { readonly type: 'reset'; readonly left: number; readonly right: number }
  | {
      readonly type: 'slow'
      readonly left: number
      readonly right: number
      readonly extraMs: number
      readonly forMs: number
    }
  | {
      readonly type: 'loss'
      readonly left: number
      readonly right: number
      readonly percent: number
      readonly forMs: number
    }
  | { readonly type: 'skew'; readonly node: number; readonly byMs: number }
  | {
      readonly type: 'failover'
      readonly node: number
      readonly mode: 'graceful' | 'force' | 'takeover'
    }
  | { readonly type: 'migrate'; readonly slot: number; readonly to: number }
  | { readonly type: 'forget'; readonly node: number; readonly other: number }
  | { readonly type: 'replicate'; readonly node: number; readonly master: number }
  | { readonly type: 'reset-node'; readonly node: number }
  | { readonly type: 'timeout'; readonly timeoutMs: number }
)

/** A step as people read it. */
export function describeStep(step: Step): string {
  const { atMs, type, ...rest } = step
  const words = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)
  return `${(atMs / 1000).toFixed(3)} s ${type} ${words.join(' ')}`
}

/** What a random script is drawn for. */
export interface ScriptFrame {
  readonly nodes: number
  readonly lengthMs: number
  /** Slots that have keys. */
  readonly slots: readonly number[]
  readonly nodeTimeoutMs: number
}

type Draw = (random: Random, frame: ScriptFrame) => Step

const node = (random: Random, { nodes }: ScriptFrame): number => random.below(nodes)
const at = (random: Random, { lengthMs }: ScriptFrame): number => random.below(lengthMs)

/** A time of the order of the node timeout: much shorter up to a few times as long. */
function aWhile(random: Random, { nodeTimeoutMs }: ScriptFrame): number {
  return 1 + random.below(random.pick([50, nodeTimeoutMs, 2 * nodeTimeoutMs, 6 * nodeTimeoutMs]))
}

/** Two different nodes; the same twice in a cluster of one. */
function two(random: Random, { nodes }: ScriptFrame): { left: number; right: number } {
  const left = random.below(nodes)
  return { left, right: (left + 1 + random.below(Math.max(1, nodes - 1))) % nodes }
}

function split(random: Random, { nodes }: ScriptFrame): { left: number[]; right: number[] } {
  const all = random.shuffle(Array.from({ length: nodes }, (_, i) => i))
  const size = random.below(3) === 0 ? 1 : 1 + random.below(Math.max(1, nodes - 1))
  return { left: all.slice(0, size), right: all.slice(size) }
}

const draws: readonly (readonly [weight: number, draw: Draw])[] = [
  [
    6,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'crash',
      node: node(random, frame),
      kind: random.pick(['process', 'process', 'machine', 'machine', 'disk'] as const),
      forMs: aWhile(random, frame),
    }),
  ],
  [
    4,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'pause',
      node: node(random, frame),
      forMs: aWhile(random, frame),
    }),
  ],
  [
    6,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'cut',
      ...split(random, frame),
      isOneWay: random.below(4) === 0,
      forMs: aWhile(random, frame),
    }),
  ],
  [2, (random, frame) => ({ atMs: at(random, frame), type: 'reset', ...two(random, frame) })],
  [
    2,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'slow',
      ...two(random, frame),
      extraMs: 1 + random.below(random.pick([20, 200, frame.nodeTimeoutMs])),
      forMs: aWhile(random, frame) * 3,
    }),
  ],
  [
    2,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'loss',
      ...two(random, frame),
      percent: 5 + random.below(60),
      forMs: aWhile(random, frame) * 3,
    }),
  ],
  [
    1,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'skew',
      node: node(random, frame),
      byMs: random.below(6000) - 3000,
    }),
  ],
  [
    5,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'failover',
      node: node(random, frame),
      mode: random.pick(['graceful', 'graceful', 'force', 'takeover'] as const),
    }),
  ],
  [
    5,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'migrate',
      slot: random.below(4) === 0 ? random.below(16_384) : random.pick(frame.slots),
      to: node(random, frame),
    }),
  ],
  [
    1,
    (random, frame) => {
      const { left, right } = two(random, frame)
      return { atMs: at(random, frame), type: 'forget', node: left, other: right }
    },
  ],
  [
    1,
    (random, frame) => {
      const { left, right } = two(random, frame)
      return { atMs: at(random, frame), type: 'replicate', node: left, master: right }
    },
  ],
  [
    1,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'reset-node',
      node: node(random, frame),
    }),
  ],
  [
    1,
    (random, frame) => ({
      atMs: at(random, frame),
      type: 'timeout',
      timeoutMs: random.pick([500, 1000, 2000, 5000]),
    }),
  ],
]

const bag = draws.flatMap(([weight, draw]) => new Array<Draw>(weight).fill(draw))

/** A random script of so many steps, in order of time. */
export function drawScript(random: Random, frame: ScriptFrame, count: number): Step[] {
  const steps = Array.from({ length: count }, () => random.pick(bag)(random, frame))
  return steps.sort((a, b) => a.atMs - b.atMs)
}
