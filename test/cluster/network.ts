/**
 * A network of cluster machines in one thread: a virtual clock, a queue of deliveries, links that can be cut, nodes that
 * can die and come back from their nodes.conf. Every message goes through the bus codec, so no machine sees another's
 * memory. Same seed and same calls, same bytes.
 */
import { Random } from '../../lib/base/random.ts'
import { decodeMessage, encodeMessage } from '../../lib/bus/codec.ts'
import type { NodeId } from '../../lib/bus/message.ts'
import { parseConfig } from '../../lib/cluster/config-file.ts'
import type { ClusterEffect, FollowedMaster } from '../../lib/cluster/effect.ts'
import type { ClusterInput } from '../../lib/cluster/input.ts'
import { ClusterMachine } from '../../lib/cluster/machine.ts'
import type { ClusterSettings } from '../../lib/cluster/settings.ts'

const TICK_MS = 100
const LATENCY_MS = 1
const IP = '127.0.0.1'

type MutableSettings = { -readonly [K in keyof ClusterSettings]: ClusterSettings[K] }

/** Redis' defaults, with a shorter node timeout. */
export function defaultSettings(): MutableSettings {
  return {
    nodeTimeoutMs: 2000,
    replicaValidityFactor: 10,
    migrationBarrier: 1,
    requireFullCoverage: true,
    allowReadsWhenDown: false,
    allowPubsubShardWhenDown: true,
    allowReplicaMigration: true,
    replicaNoFailover: false,
    linkSendBufferLimit: 0,
    preferredEndpointType: 'ip',
    announceHostname: '',
    announceIp: '',
    announcePort: 0,
    announceBusPort: 0,
    replPingPeriodMs: 10_000,
    failureDetection: 'timeout',
  }
}

/** One end of a connection; the other end is `peer`. */
interface End {
  readonly node: SimulatedNode
  readonly link: number
  peer: End | undefined
}

/** A machine with the little of a node that it asks for. */
export class SimulatedNode {
  readonly index: number
  readonly port: number
  readonly settings: MutableSettings
  machine: ClusterMachine
  alive = true
  /** Log lines, oldest first. */
  readonly logs: string[] = []
  /** Effects other than sends, logs, connects and saves, oldest first. */
  readonly effects: ClusterEffect[] = []
  /** nodes.conf as saved last. */
  config = ''
  saves = 0
  /** Its own offset as a master, or what it has of its master's, bytes. */
  offset = 0
  following: FollowedMaster | undefined
  writesPaused = false
  /** Keys by slot. */
  readonly keys = new Map<number, number>()
  wakeAtMs = Number.POSITIVE_INFINITY
  readonly ends = new Map<number, End>()

  constructor(network: Network, index: number, settings: MutableSettings) {
    this.index = index
    this.port = 7000 + index
    this.settings = settings
    this.machine = network.boot(this, undefined)
  }

  get id(): NodeId {
    return this.machine.myId
  }

  /** The line of CLUSTER NODES about a node, as this node sees it. */
  line(node: SimulatedNode): string {
    return this.lines().find((line) => line.startsWith(node.id)) ?? ''
  }

  lines(): string[] {
    return this.machine.describeNodes().split('\n').slice(0, -1)
  }

  /** The flags of a node, as this node sees it, without `nofailover`. */
  flags(node: SimulatedNode): string {
    return this.line(node).split(' ')[2]?.replace(',nofailover', '') ?? 'unknown'
  }

  /** A field of CLUSTER INFO. */
  info(field: string): string | undefined {
    return new RegExp(`^${field}:(.*)\r$`, 'm').exec(this.machine.describeInfo())?.[1]
  }

  logged(text: string): boolean {
    return this.logs.some((line) => line.includes(text))
  }
}

/** The world of the machines. */
export class Network {
  now = 1_700_000_000_000
  readonly nodes: SimulatedNode[] = []
  readonly random: Random
  readonly #defaults: Partial<ClusterSettings>
  readonly #cut = new Set<string>()
  #queue: { atMs: number; sequence: number; run: () => void }[] = []
  #sequence = 0
  #nextInbound = -1
  /** FNV-1a of all bytes ever sent with sender and time. */
  traffic = 0x811c9dc5
  messages = 0
  /** Ticks that machines could do without are left out. */
  spares = false
  /** How many were. */
  spared = 0

  constructor(seed: string | number, settings: Partial<ClusterSettings> = {}) {
    this.random = new Random(seed)
    this.#defaults = settings
  }

  /** Adds a blank node. */
  add(settings: Partial<ClusterSettings> = {}): SimulatedNode {
    const index = this.nodes.length
    const node = new SimulatedNode(this, index, {
      ...defaultSettings(),
      ...this.#defaults,
      ...settings,
    })
    this.nodes.push(node)
    this.#startTicks(node)
    this.#perform(node, node.machine.drain())
    return node
  }

  addMany(count: number): SimulatedNode[] {
    return Array.from({ length: count }, () => this.add())
  }

  /** A machine for a node, from a nodes.conf or blank. */
  boot(node: SimulatedNode, config: string | undefined): ClusterMachine {
    return new ClusterMachine({
      identity: {
        id: this.random.fork(`id ${node.index}`).nodeId(),
        ip: '',
        port: node.port,
        busPort: node.port + 10_000,
      },
      settings: node.settings,
      random: this.random.fork(`machine ${node.index}`),
      now: this.now,
      restored: config === undefined ? undefined : parseConfig(config),
      facts: {
        replicationOffset: () => this.#offsetOf(node),
        countKeysInSlot: (slot) => node.keys.get(slot) ?? 0,
        countKeys: () => [...node.keys.values()].reduce((sum, count) => sum + count, 0),
        masterLink: () => ({ connected: this.#master(node) !== undefined, sinceMs: this.now }),
        sendBuffer: () => ({ allocated: 0, used: 0 }),
      },
    })
  }

  #master(node: SimulatedNode): SimulatedNode | undefined {
    const master = this.nodes.find((other) => other.id === node.following?.id)
    return master?.alive && !this.isCut(master, node) ? master : undefined
  }

  /** Replication is instantaneous here while the master lives. */
  #offsetOf(node: SimulatedNode): number {
    const master = this.#master(node)
    if (master !== undefined) node.offset = master.offset
    return node.offset
  }

  /** Calls a verb of a node and performs what it caused. */
  tell(node: SimulatedNode, verb: (machine: ClusterMachine) => void): void {
    node.machine.now = this.now
    verb(node.machine)
    this.#perform(node, node.machine.drain())
  }

  meet(from: SimulatedNode, to: SimulatedNode): void {
    this.tell(from, (machine) => machine.meet({ ip: IP, port: to.port, busPort: to.port + 10_000 }))
  }

  step(node: SimulatedNode, input: ClusterInput): void {
    if (node.alive) this.#perform(node, node.machine.step(input, this.now))
  }

  /** Lets time pass. */
  run(ms: number): void {
    const endMs = this.now + ms
    this.#runUntil(endMs, () => false)
    this.now = endMs
  }

  /** Lets time pass until something holds; returns how many ms it took, or throws after `limitMs`. */
  until(what: string, holds: () => boolean, limitMs = 60_000): number {
    const startMs = this.now
    if (!this.#runUntil(startMs + limitMs, holds)) throw new Error(`never: ${what}`)
    return this.now - startMs
  }

  #runUntil(endMs: number, holds: () => boolean): boolean {
    if (holds()) return true
    for (;;) {
      const next = this.#queue[0]
      if (next === undefined || next.atMs > endMs) return false
      this.#queue.shift()
      this.now = next.atMs
      next.run()
      if (holds()) return true
    }
  }

  #at(atMs: number, run: () => void): void {
    const event = { atMs, sequence: this.#sequence++, run }
    let i = this.#queue.length
    while (i > 0 && (this.#queue[i - 1]?.atMs ?? 0) > atMs) i--
    this.#queue.splice(i, 0, event)
  }

  #startTicks(node: SimulatedNode): void {
    const machine = node.machine
    let skipped = 0
    const tick = () => {
      if (node.machine !== machine || !node.alive) return
      this.#at(this.now + TICK_MS, tick)
      if (this.spares && machine.idleTicks > skipped) {
        skipped++
        this.spared++
        return
      }
      this.step(node, { type: 'tick', skipped })
      skipped = 0
    }
    this.#at(this.now + 1 + node.index, tick)
  }

  isCut(a: SimulatedNode, b: SimulatedNode): boolean {
    return this.#cut.has(`${a.index} ${b.index}`)
  }

  /** Loses everything between two groups; with instant detection both sides are told. */
  cut(left: readonly SimulatedNode[], right: readonly SimulatedNode[]): void {
    for (const [a, b] of pairs(left, right)) {
      this.#cut.add(`${a.index} ${b.index}`)
      if (a.settings.failureDetection === 'instant') {
        this.step(a, { type: 'unreachable', node: b.id })
      }
    }
  }

  heal(left: readonly SimulatedNode[], right: readonly SimulatedNode[]): void {
    for (const [a, b] of pairs(left, right)) this.#cut.delete(`${a.index} ${b.index}`)
    for (const [a, b] of pairs(left, right)) {
      if (a.settings.failureDetection === 'instant') {
        this.step(a, { type: 'reachable', node: b.id })
      }
    }
  }

  /** The process is gone: its peers see their connections close. */
  kill(node: SimulatedNode): void {
    node.alive = false
    for (const end of node.ends.values()) this.#close(end)
    node.ends.clear()
    for (const other of this.nodes) {
      if (other !== node && other.settings.failureDetection === 'instant') {
        this.step(other, { type: 'unreachable', node: node.id })
      }
    }
  }

  /** The node comes back with its nodes.conf and without its keys. */
  restart(node: SimulatedNode): void {
    node.alive = true
    node.keys.clear()
    node.offset = 0
    node.following = undefined
    node.wakeAtMs = Number.POSITIVE_INFINITY
    node.machine = this.boot(node, node.config)
    this.#startTicks(node)
    this.#perform(node, node.machine.drain())
    for (const other of this.nodes) {
      if (other !== node && other.settings.failureDetection === 'instant') {
        this.step(other, { type: 'reachable', node: node.id })
      }
    }
  }

  #perform(node: SimulatedNode, effects: readonly ClusterEffect[]): void {
    for (const effect of effects) this.#performOne(node, effect)
  }

  #performOne(node: SimulatedNode, effect: ClusterEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#connect(node, effect.link, effect.busPort)
        return
      case 'send':
        this.#send(node, effect.link, encodeMessage(effect.message))
        return
      case 'disconnect': {
        const end = node.ends.get(effect.link)
        node.ends.delete(effect.link)
        if (end !== undefined) this.#close(end)
        return
      }
      case 'log':
        node.logs.push(effect.text)
        return
      case 'save':
        node.config = node.machine.describeConfig()
        node.saves++
        return
      case 'wake':
        this.#wake(node, effect.atMs)
        return
      default:
        node.effects.push(effect)
        if (effect.type === 'follow') node.following = effect.master
        if (effect.type === 'flush-keys') node.keys.clear()
        if (effect.type === 'drop-slots') for (const slot of effect.slots) node.keys.delete(slot)
        if (effect.type === 'pause-writes') node.writesPaused = true
        if (effect.type === 'resume-writes') node.writesPaused = false
    }
  }

  #wake(node: SimulatedNode, atMs: number): void {
    node.wakeAtMs = atMs
    this.#at(atMs, () => {
      if (node.wakeAtMs === atMs) this.step(node, { type: 'wake' })
    })
  }

  #connect(node: SimulatedNode, link: number, busPort: number): void {
    const end: End = { node, link, peer: undefined }
    node.ends.set(link, end)
    this.#at(this.now + LATENCY_MS, () => {
      if (node.ends.get(link) !== end) return
      const target = this.nodes.find((other) => other.port + 10_000 === busPort)
      // A cut swallows the attempt; a dead node refuses it.
      if (target !== undefined && this.isCut(node, target)) return
      if (target === undefined || !target.alive) {
        node.ends.delete(link)
        this.step(node, { type: 'connect-failed', link })
        return
      }
      end.peer = { node: target, link: this.#nextInbound--, peer: end }
      target.ends.set(end.peer.link, end.peer)
      this.step(target, {
        type: 'link-accepted',
        link: end.peer.link,
        remoteIp: IP,
        localIp: IP,
      })
      this.step(node, { type: 'link-opened', link })
    })
  }

  #close(end: End): void {
    const peer = end.peer
    if (peer === undefined) return
    this.#at(this.now + LATENCY_MS, () => {
      if (peer.node.ends.get(peer.link) !== peer) return
      peer.node.ends.delete(peer.link)
      this.step(peer.node, { type: 'link-closed', link: peer.link })
    })
  }

  #send(node: SimulatedNode, link: number, bytes: Buffer): void {
    this.messages++
    this.#record(node, bytes)
    const end = node.ends.get(link)
    if (end === undefined) return
    this.#at(this.now + LATENCY_MS, () => {
      const peer = end.peer
      if (peer === undefined || peer.node.ends.get(peer.link) !== peer) return
      if (this.isCut(node, peer.node)) return
      const read = decodeMessage(bytes, 0, bytes.length)
      if (read.kind !== 'message') throw new Error(`an invalid message was sent: ${read.text}`)
      this.step(peer.node, { type: 'message', link: peer.link, message: read.message })
    })
  }

  #record(node: SimulatedNode, bytes: Buffer): void {
    let hash = this.traffic
    hash = Math.imul(hash ^ node.index, 0x01000193)
    hash = Math.imul(hash ^ (this.now | 0), 0x01000193)
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
    this.traffic = hash >>> 0
  }
}

function pairs(
  left: readonly SimulatedNode[],
  right: readonly SimulatedNode[],
): [SimulatedNode, SimulatedNode][] {
  return left.flatMap((a) =>
    right.flatMap((b): [SimulatedNode, SimulatedNode][] => [
      [a, b],
      [b, a],
    ]),
  )
}

/** All slots of masters, split as evenly as redis-cli does. */
export function splitSlots(masters: number): (readonly [start: number, end: number])[] {
  const ranges: [number, number][] = []
  let first = 0
  for (let i = 0; i < masters; i++) {
    const end = i === masters - 1 ? 16383 : Math.round((i + 1) * (16384 / masters) - 1)
    ranges.push([first, end])
    first = end + 1
  }
  return ranges
}

/** The slots from start to end, both included. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start + 1 }, (_, i) => start + i)
}

/** Makes a cluster by hand: MEET, ADDSLOTS, REPLICATE; waits until every node agrees. Masters come first. */
export function formCluster(network: Network, masters: number, replicas = 0): SimulatedNode[] {
  const nodes = network.addMany(masters * (1 + replicas))
  for (const [i, node] of nodes.entries()) {
    network.tell(node, (machine) => machine.setConfigEpoch(i + 1))
  }
  for (const node of nodes.slice(1)) network.meet(node, nodes[0] as SimulatedNode)
  network.until('all know all', () => nodes.every((node) => knowsAll(node, nodes.length)))
  for (const [i, [start, end]] of splitSlots(masters).entries()) {
    network.tell(nodes[i] as SimulatedNode, (machine) => machine.addSlots(range(start, end)))
  }
  for (const [i, node] of nodes.slice(masters).entries()) {
    network.tell(node, (machine) => machine.replicate(nodes[i % masters]?.id ?? ''))
  }
  network.until('all agree', () => agree(nodes))
  return nodes
}

function knowsAll(node: SimulatedNode, count: number): boolean {
  const { knownNodes, linksOut, linksIn } = node.machine.record()
  return knownNodes === count && linksOut === count - 1 && linksIn === count - 1
}

/** Every living node is ok and tells the same roles, epochs and slots. */
export function agree(nodes: readonly SimulatedNode[]): boolean {
  const living = nodes.filter((node) => node.alive)
  if (living.some((node) => node.machine.state !== 'ok')) return false
  return new Set(living.map(signature)).size === 1
}

const signatures = new WeakMap<ClusterMachine, { version: number; text: string }>()

function signature({ machine }: SimulatedNode): string {
  const known = signatures.get(machine)
  if (known?.version === machine.version) return known.text
  const lines = machine.describeNodes().split('\n').slice(0, -1)
  const text = lines.map(withoutTimes).sort().join('\n')
  signatures.set(machine, { version: machine.version, text })
  return text
}

/** What all nodes should say alike of a node. */
function withoutTimes(line: string): string {
  const words = line.split(' ')
  const slots = words.slice(8).filter((word) => !word.startsWith('['))
  return [words[0], words[2]?.replace('myself,', ''), words[3], words[6], ...slots].join(' ')
}
