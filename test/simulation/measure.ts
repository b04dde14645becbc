/**
 * What a cluster at rest says on its bus: bytes each node sends in a second, with Redis' default timing, and what it costs
 * to simulate it. Nodes start with the nodes.conf of a formed cluster. It is at rest when all agree, with every link up both
 * ways, and the bytes do not change any more from one look to the next. The pings of nodes that started together come together,
 * in waves that ebb the slower the more nodes there are, and each look sees two: how many pings are needed depends on how
 * well word of the pongs gets around.
 */
import { disagreement } from './convergence.ts'
import { World } from './world.ts'

const NODE_TIMEOUT_MS = 15_000
/** A peer is pinged once half a node timeout has gone by since its last pong, which word of it rounds down to a second. */
const WAVE_MS = NODE_TIMEOUT_MS / 2 - 500
const WINDOW_MS = 2 * WAVE_MS
/** At rest this many windows differ by no more than this share. */
const WINDOWS_ALIKE = 2
const TOLERANCE = 0.03
/** Very many nodes never come to rest quite: their pings go on in waves. */
const LONGEST_MS = 5 * WINDOW_MS
/** Each of them greets all others when it starts: in an instant they would have more to say than memory holds. */
const START_EVERY_MS = 5
/** Nodes per master: with more of them more would serve no purpose and cost memory. */
const NODES_PER_MASTER = 4

/** What was measured. */
export interface Measure {
  readonly nodes: number
  readonly masters: number
  /** Virtual time that was measured, ms. */
  readonly measuredMs: number
  /** Virtual time until all agreed, ms. */
  readonly agreedMs: number
  /** By what share the windows that were measured differ. */
  readonly difference: number
  readonly bytesPerNodeSecond: number
  readonly messagesPerNodeSecond: number
  /** Virtual time over time of this process, of all that was simulated. */
  readonly speed: number
}

interface Window {
  readonly bytes: number
  readonly messages: number
}

/** Lets a cluster come to rest and counts what it says from then on. Throws if the nodes do not agree. */
export function measure(nodes: number): Measure {
  let bytes = 0
  let messages = 0
  let isForming = true
  const masters = Math.max(3, Math.ceil(nodes / NODES_PER_MASTER))
  const began = process.cpuUsage()
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
    startEveryMs: START_EVERY_MS,
    // Until all are linked, each hears from everybody itself: what others tell of them is no news, and very much of it.
    tamper: {
      sent: (_host, message) =>
        isForming && 'gossip' in message ? [{ ...message, gossip: [] }] : [message],
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
  const agreedMs = agreement(world)
  isForming = false
  const windows: Window[] = []
  while (!isAtRest(windows) && world.ageMs < LONGEST_MS) {
    bytes = 0
    messages = 0
    world.run(WINDOW_MS)
    windows.push({ bytes, messages })
  }
  const { user, system } = process.cpuUsage(began)
  const counted = windows.slice(-WINDOWS_ALIKE)
  const nodeSeconds = (nodes * counted.length * WINDOW_MS) / 1000
  return {
    nodes,
    masters,
    measuredMs: counted.length * WINDOW_MS,
    agreedMs,
    difference: difference(counted),
    bytesPerNodeSecond: sum(counted, 'bytes') / nodeSeconds,
    messagesPerNodeSecond: sum(counted, 'messages') / nodeSeconds,
    speed: (world.ageMs * 1000) / (user + system),
  }
}

function agreement(world: World): number {
  for (;;) {
    world.run(500)
    const missing = disagreement(world.hosts)
    if (missing === undefined) return world.ageMs
    if (world.ageMs >= LONGEST_MS) throw new Error(`the nodes do not agree: ${missing}`)
  }
}

function isAtRest(windows: readonly Window[]): boolean {
  const last = windows.slice(-WINDOWS_ALIKE)
  return last.length === WINDOWS_ALIKE && difference(last) <= TOLERANCE
}

function difference(windows: readonly Window[]): number {
  const bytes = windows.map((window) => window.bytes)
  return 1 - Math.min(...bytes) / Math.max(...bytes)
}

function sum(windows: readonly Window[], field: keyof Window): number {
  return windows.reduce((total, window) => total + window[field], 0)
}

/** A line for people. */
export function describeMeasure(measured: Measure): string {
  const { nodes, masters, measuredMs, agreedMs } = measured
  const { bytesPerNodeSecond, messagesPerNodeSecond, speed } = measured
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  return [
    `${nodes} nodes, ${masters} masters: agreed after ${seconds(agreedMs)} s,`,
    `from one window to the next ${(measured.difference * 100).toFixed(0)} % apart,`,
    `${Math.round(bytesPerNodeSecond)} bytes and ${messagesPerNodeSecond.toFixed(1)} messages per node and second over ${seconds(measuredMs)} s,`,
    `${speed.toFixed(2)} times as fast as life`,
  ].join(' ')
}
