/**
 * What a cluster at rest says on its bus: bytes each node sends in a second, with Redis' default timing, and what it costs
 * to simulate it. A cluster of n nodes pings each peer every half node timeout, and each ping tells of a tenth of them.
 */
import { disagreement } from './convergence.ts'
import { World } from './world.ts'

const NODE_TIMEOUT_MS = 15_000
const SETTLE_MS = 3000
/** Each peer is pinged at least once in half a node timeout: four such times, for many nodes one. */
const MEASURED_MS = 2 * NODE_TIMEOUT_MS
const MANY_NODES = 500
const MEASURED_OF_MANY_MS = NODE_TIMEOUT_MS / 2
/** Nobody heard of the others while they formed: what pongs others had has to get around first. */
const SETTLE_MANY_MS = 12_000
/** Many nodes that greeted each other all at once would have more to say than memory holds. */
const START_MANY_EVERY_MS = 5
/** Nodes per master: with more of them more would serve no purpose and cost memory. */
const NODES_PER_MASTER = 4

/** What was measured. */
export interface Measure {
  readonly nodes: number
  readonly masters: number
  /** Virtual time that was measured, ms. */
  readonly measuredMs: number
  /** Virtual time until all agreed, ms; undefined when they did not. */
  readonly agreedMs: number | undefined
  readonly bytesPerNodeSecond: number
  readonly messagesPerNodeSecond: number
  /** Virtual time over time of this process. */
  readonly speed: number
}

/** Lets a cluster live for a while and counts. */
export function measure(nodes: number): Measure {
  const areMany = nodes >= MANY_NODES
  const measuredMs = areMany ? MEASURED_OF_MANY_MS : MEASURED_MS
  let bytes = 0
  let messages = 0
  const masters = Math.max(3, Math.ceil(nodes / NODES_PER_MASTER))
  let isForming = true
  const world = new World({
    seed: 'measure',
    masters,
    nodes,
    failureDetection: 'timeout',
    bus: 'channel',
    directives: [
      ['cluster-node-timeout', String(NODE_TIMEOUT_MS)],
      ['repl-backlog-size', '16384'],
    ],
    weather: { delayMs: 1, jitterMs: 2 },
    startEveryMs: areMany ? START_MANY_EVERY_MS : 0,
    // Many nodes are planned to know each other: while they greet each other they need not hear of the others.
    tamper: {
      sent: (_host, message) =>
        areMany && isForming && 'gossip' in message ? [{ ...message, gossip: [] }] : [message],
    },
    witness: {
      born: () => {},
      sends: (_host, _link, _message, sent) => {
        bytes += sent.length
        messages++
      },
      logs: () => {},
      crashed: (_host, error) => {
        throw error
      },
    },
  })
  let agreedMs: number | undefined
  for (const endMs = world.now + 60_000; world.now < endMs && agreedMs === undefined; ) {
    world.run(500)
    if (disagreement(world.hosts) === undefined) agreedMs = world.ageMs
  }
  isForming = false
  world.run(areMany ? SETTLE_MANY_MS : SETTLE_MS)
  bytes = 0
  messages = 0
  const began = process.cpuUsage()
  world.run(measuredMs)
  const { user, system } = process.cpuUsage(began)
  const seconds = measuredMs / 1000
  return {
    nodes,
    masters,
    measuredMs,
    agreedMs,
    bytesPerNodeSecond: bytes / nodes / seconds,
    messagesPerNodeSecond: messages / nodes / seconds,
    speed: (measuredMs * 1000) / (user + system),
  }
}

/** A line for people. */
export function describeMeasure(measured: Measure): string {
  const { nodes, masters, measuredMs, agreedMs, bytesPerNodeSecond, messagesPerNodeSecond, speed } =
    measured
  return [
    `${nodes} nodes, ${masters} masters:`,
    agreedMs === undefined ? 'no agreement,' : `agreed after ${(agreedMs / 1000).toFixed(1)} s,`,
    `${Math.round(bytesPerNodeSecond)} bytes and ${messagesPerNodeSecond.toFixed(1)} messages per node and second over ${measuredMs / 1000} s,`,
    `${speed.toFixed(2)} times as fast as life`,
  ].join(' ')
}
