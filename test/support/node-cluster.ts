/**
 * A cluster of whole nodes in the test's own thread: their bus links and their replication go by calls, time is one virtual
 * clock for all. Bus messages pass the codec, so no node sees another's memory.
 */
import { decodeMessage, encodeMessage } from '../../lib/bus/codec.ts'
import type { ClusterInput } from '../../lib/cluster/input.ts'
import { nodesConf, planCluster } from '../../lib/host/topology.ts'
import { NodeHarness } from './node-harness.ts'
import { ReplicaWire } from './replica-wire.ts'

const STEP_MS = 10
const CRON_MS = 100

/** The other end of a bus link. */
interface End {
  readonly harness: NodeHarness
  readonly link: number
}

/** Nodes that know each other, and all that goes between them. */
export class NodeCluster {
  readonly nodes: readonly NodeHarness[]
  readonly #wires: readonly ReplicaWire[]
  readonly #ends = new Map<NodeHarness, Map<number, End>>()
  #lastInbound = 0
  #sinceCronMs = 0
  readonly #isolated = new Set<NodeHarness>()

  private constructor(nodes: readonly NodeHarness[]) {
    this.nodes = nodes
    for (const harness of nodes) this.#ends.set(harness, new Map())
    this.#wires = nodes.map(
      (harness) => new ReplicaWire(harness, (port) => this.#reach(harness, port)),
    )
  }

  /** Nodes as a plan has them, formed and in step: masters first, then their replicas. */
  static start(
    masters: number,
    replicas: number,
    config: Readonly<Record<string, string>> = {},
  ): NodeCluster {
    const plan = planCluster({ masters, replicas, seed: '1' })
    const addresses = plan.map((_, index) => ({
      host: '127.0.0.1',
      port: 7000 + index,
      busPort: 17_000 + index,
    }))
    const cluster = new NodeCluster(
      plan.map(
        ({ id }, index) =>
          new NodeHarness({
            id,
            port: 7000 + index,
            config: { 'cluster-enabled': 'yes', ...config },
            clusterConfig: nodesConf(plan, addresses, index),
          }),
      ),
    )
    cluster.pass(1000)
    return cluster
  }

  /** Carries everything until nobody has anything to say. */
  pump(): void {
    for (let round = 0; round < 1000; round++) if (!this.pumpOnce()) return
    throw new Error('the nodes never fall silent')
  }

  /** Carries what there is to carry now; false when that is nothing. */
  pumpOnce(): boolean {
    const busy = this.nodes.map((harness) => this.#carryBus(harness))
    const fed = this.#wires.map((wire) => wire.carry())
    return busy.includes(true) || fed.includes(true)
  }

  /** Cuts a node off: its links and its replication break, and nothing new comes through. */
  isolate(harness: NodeHarness): void {
    this.#isolated.add(harness)
    for (const [index, wire] of this.#wires.entries()) {
      if (this.nodes[index] === harness || wire.leadsTo(harness)) wire.cut()
    }
    for (const [link, end] of [...(this.#ends.get(harness) ?? [])]) {
      this.#ends.get(end.harness)?.delete(end.link)
      this.#ends.get(harness)?.delete(link)
      input(end.harness, { type: 'link-closed', link: end.link })
      input(harness, { type: 'link-closed', link })
    }
  }

  /** Ends what {@link isolate} began. */
  rejoin(harness: NodeHarness): void {
    this.#isolated.delete(harness)
  }

  /** Lets time pass for all. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= STEP_MS) {
      for (const harness of this.nodes) harness.clock.now += STEP_MS
      this.#sinceCronMs += STEP_MS
      for (const harness of this.nodes) {
        harness.wake()
        if (this.#sinceCronMs >= CRON_MS) harness.turn(() => harness.node.cron())
      }
      if (this.#sinceCronMs >= CRON_MS) this.#sinceCronMs = 0
      this.pump()
    }
  }

  /** The node at a client port, as far as another one can reach it. */
  #reach(from: NodeHarness, port: number): NodeHarness | undefined {
    const peer = this.nodes.find(({ config }) => config.number('port') === port)
    if (peer === undefined || this.#isolated.has(from) || this.#isolated.has(peer)) return undefined
    return peer
  }

  #carryBus(harness: NodeHarness): boolean {
    const { links, sent, closedLinks } = harness.io
    if (links.length + sent.length + closedLinks.length === 0) return false
    for (const { link, busPort } of links.splice(0)) this.#open(harness, link, busPort)
    for (const { link, message } of sent.splice(0)) {
      const end = this.#ends.get(harness)?.get(link)
      if (end === undefined) continue
      const bytes = encodeMessage(message)
      const decoded = decodeMessage(bytes, 0, bytes.length)
      if (decoded.kind !== 'message')
        throw new Error(`a message that is not valid: ${message.type}`)
      input(end.harness, { type: 'message', link: end.link, message: decoded.message })
    }
    for (const link of closedLinks.splice(0)) {
      const end = this.#ends.get(harness)?.get(link)
      this.#ends.get(harness)?.delete(link)
      if (end === undefined) continue
      this.#ends.get(end.harness)?.delete(end.link)
      input(end.harness, { type: 'link-closed', link: end.link })
    }
    return true
  }

  #open(harness: NodeHarness, link: number, busPort: number): void {
    const peer = this.#reach(harness, busPort - 10_000)
    if (peer === undefined) {
      input(harness, { type: 'connect-failed', link })
      return
    }
    const inbound = --this.#lastInbound
    this.#ends.get(harness)?.set(link, { harness: peer, link: inbound })
    this.#ends.get(peer)?.set(inbound, { harness, link })
    const [remoteIp, localIp] = ['127.0.0.1', '127.0.0.1']
    input(peer, { type: 'link-accepted', link: inbound, remoteIp, localIp })
    input(harness, { type: 'link-opened', link })
  }
}

function input(harness: NodeHarness, what: ClusterInput): void {
  harness.turn(() => harness.node.clusterInput(what))
}
