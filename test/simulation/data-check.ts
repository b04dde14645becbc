/**
 * What clients wrote and what the nodes hold. Every key has one writer that writes versions 1, 2, 3 and gives a key up
 * once an answer is missing, so a version never comes back.
 *
 * Redis replicates asynchronously: a write that was acknowledged may be lost when its master fails, and even one that WAIT
 * confirmed when another replica than the confirming one wins, when the confirming one lost its memory, or when the master
 * that took it had lost its slots already without knowing. What must hold nevertheless:
 * - As long as a node keeps its memory (no restart, no full synchronization, no reset, no loss of the slot), no key falls
 *   back to an older version on it, master or replica, promoted or demoted.
 * - A replica that acknowledged an offset has applied every write up to it: so it is still there when this replica is
 *   promoted.
 * - A write that the owner of the slot acknowledged is there at the end, unless the slot changed hands or its owner lost
 *   its memory since. A slot that is migrated while a failover of its source or target is under way counts as such.
 * - In the end a key is at its owner and nowhere else. A replica that was told to follow another master and is promoted
 *   before it has its data keeps what it had, and its replicas copy it: CLUSTER FAILOVER TAKEOVER asks nobody, and
 *   elections look at times and offsets only. So does a replica of a migration's party that is promoted and replaced again:
 *   a node drops the keys of slots that it loses, and the slot under way was never its own (clusterUpdateSlotsConfigWith).
 * - Nobody ever reads a version that was never written.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { keySlot } from '../../lib/base/crc16.ts'
import type { BusMessage, NodeId } from '../../lib/bus/message.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { hasSlot } from '../../lib/cluster/slot-bitmap.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** A key and its writes. */
export interface Entry {
  readonly key: Bytes
  readonly slot: number
  /** Greatest version sent. */
  attempted: number
  /** Greatest version acknowledged by the slot's owner, and when it was sent, ms. */
  acknowledged: number
  sentMs: number
}

/** What a node has had since it lost what it had before. */
interface Memory {
  sinceMs: number
  /** Since when it counts what it writes: from its first replica on. */
  countsSinceMs: number
  /** Whom it follows, and whether it has been in step with it. */
  master: NodeId | undefined
  isOfMaster: boolean
  /** It was promoted before it was in step: it has keys of slots that it never served. */
  isStray: boolean
  readonly versions: Map<Bytes, number>
}

const PROMOTION = /^(Failover election won|Taking over the master)/
/** A node is promoted or demoted. */
const ROLE_CHANGE = new RegExp(`${PROMOTION.source}|Reconfiguring myself as a replica of`)
const IN_STEP = /sync: Finished with success$|^Successful partial resynchronization with master/

interface SlotStory {
  /** The greatest claim so far. */
  epoch: number
  owner: number
  /** When the slot last changed hands or its owner lost its memory, ms. */
  disturbedMs: number
  /** Its keys were moved at some time: they may be missing where they were. */
  hasMoved: boolean
  /** Where they were going to last. */
  target: number
  /** The nodes whose failure may cost what is under way. */
  movers: Set<number>
}

/** A write that was acknowledged. */
export interface Written {
  readonly entry: Entry
  readonly version: number
  readonly place: number
  readonly sentMs: number
}

/** Watches keys. */
export class DataCheck {
  readonly entries = new Map<Bytes, Entry>()
  readonly #world: World
  readonly #memories: Memory[]
  readonly #stories = new Map<number, SlotStory>()
  /** Writes that replicas confirmed. */
  confirmed = 0
  waited = 0
  lost = 0

  constructor(world: World) {
    this.#world = world
    this.#memories = world.hosts.map(() => ({
      sinceMs: world.now,
      countsSinceMs: Number.POSITIVE_INFINITY,
      master: undefined,
      isOfMaster: true,
      isStray: false,
      versions: new Map(),
    }))
  }

  /** A new key. */
  add(key: Bytes): Entry {
    const slot = keySlot(key)
    const entry = { key, slot, attempted: 0, acknowledged: 0, sentMs: 0 }
    this.entries.set(key, entry)
    this.#storyOf(slot)
    return entry
  }

  #storyOf(slot: number): SlotStory {
    const known = this.#stories.get(slot)
    if (known !== undefined) return known
    const owner = this.#world.living.find(
      ({ machine }) => machine.myself.slotCount > 0 && hasSlot(machine.myself.slots, slot),
    )
    const story = {
      epoch: owner?.machine.myself.configEpoch ?? 0,
      owner: owner?.place ?? -1,
      disturbedMs: 0,
      hasMoved: false,
      target: -1,
      movers: new Set<number>(),
    }
    this.#stories.set(slot, story)
    return story
  }

  // ---- what happens

  /** The node begins with an empty memory. */
  loseMemory(place: number): void {
    const memory = this.#memories[place] as Memory
    memory.sinceMs = this.#world.now
    memory.countsSinceMs = Number.POSITIVE_INFINITY
    memory.isStray = false
    memory.versions.clear()
    this.#fail(place)
  }

  /** A node lost what it had or what it was: what it served, or helped to move, may be lost. */
  #fail(place: number): void {
    for (const story of this.#stories.values()) {
      if (story.owner === place || story.movers.has(place)) story.disturbedMs = this.#world.now
    }
  }

  /** The keys of a slot go from one master to another. */
  move(slot: number, source: SimulatedNode, target: SimulatedNode): void {
    const story = this.#storyOf(slot)
    story.hasMoved = true
    story.target = target.place
    for (const host of this.#world.living) {
      const { master } = host.machine.myself
      const isConcerned = [source, target].some(
        (mover) => mover === host || mover.id === master?.id,
      )
      if (isConcerned) story.movers.add(host.place)
    }
  }

  logs(host: SimulatedNode, text: string): void {
    if (text === 'MASTER <-> REPLICA sync: Flushing old data') this.loseMemory(host.place)
    else if (ROLE_CHANGE.test(text)) this.#fail(host.place)
    const memory = this.#memories[host.place] as Memory
    if (IN_STEP.test(text)) {
      const { master } = host.machine.myself
      const source = this.#world.living.find(({ id }) => id === master?.id)
      memory.isOfMaster = true
      // It has all that its master has, rightly or not.
      memory.isStray = (this.#memories[source?.place ?? -1] as Memory | undefined)?.isStray ?? false
    }
    if (PROMOTION.test(text) && !memory.isOfMaster) memory.isStray = true
  }

  sends(host: SimulatedNode, { header }: BusMessage): void {
    const memory = this.#memories[host.place] as Memory
    if (header.masterId !== memory.master) {
      memory.master = header.masterId
      memory.isOfMaster = header.masterId === undefined
    }
    if (header.offset > 0) memory.countsSinceMs = Math.min(memory.countsSinceMs, this.#world.now)
    if ((header.flags & NodeFlag.master) === 0) return
    for (const [slot, story] of this.#stories) {
      if (story.owner === host.place || !hasSlot(header.slots, slot)) continue
      if (header.configEpoch < story.epoch) continue
      // The end of a migration loses nothing.
      if (host.place !== story.target) story.disturbedMs = this.#world.now
      story.owner = host.place
      story.epoch = header.configEpoch
    }
  }

  /** The slot may change hands from now on. */
  disturb(slot: number): void {
    const story = this.#stories.get(slot)
    if (story !== undefined) story.disturbedMs = this.#world.now
  }

  /** A node acknowledged a version. */
  acknowledge(entry: Entry, version: number, place: number, sentMs: number): void {
    const story = this.#stories.get(entry.slot)
    if (story?.owner !== place && story?.target !== place) return
    entry.acknowledged = version
    entry.sentMs = sentMs
  }

  // ---- checks

  /** Which replicas confirm a version that their master just took: they must have it. */
  checkConfirmed({ entry, version, place, sentMs: writtenMs }: Written): void {
    const host = this.#world.host(place)
    if (host.life === undefined || host.isPaused) return
    if (!this.#hasCounted(place, writtenMs)) return
    const { offset } = host.node.replication
    this.#world.queue.after(100, () => {
      const text = host.life?.ask('INFO', 'replication') ?? ''
      for (const [, port, acknowledged] of text.matchAll(
        /slave\d+:ip=[^,]*,port=(\d+),state=online,offset=(\d+)/g,
      )) {
        if (Number(acknowledged) < offset) continue
        this.confirmed++
        const replica = this.#world.host(Number(port) - 7000)
        const memory = this.#memories[replica.place] as Memory
        if (replica.life === undefined || memory.sinceMs >= writtenMs) continue
        const held = this.versionAt(replica, entry.key)
        if (held >= version || this.#isDisturbed(entry.slot, writtenMs)) continue
        if (held === 0 && this.#mayBeMissing(entry.slot)) continue
        throw new Violation(
          'acknowledged is applied',
          `node ${replica.place} acknowledged offset ${acknowledged} and has ${entry.key} in version ${held}, not ${version}`,
        )
      }
    })
  }

  /**
   * WAIT said that so many replicas have the write: so many have it, or had it when they lost their memory. It counts
   * connections: a replica that came back while its master still keeps the old connection is counted twice.
   */
  checkWaited({ entry, version, place, sentMs }: Written, count: number): void {
    const hasBeenSame = (host: SimulatedNode): boolean =>
      host.life !== undefined && (this.#memories[host.place] as Memory).sinceMs < sentMs
    const master = this.#world.host(place)
    if (!hasBeenSame(master) || !this.#hasCounted(place, sentMs)) return
    let holders = 0
    for (const host of this.#world.hosts) {
      if (host === master) continue
      if (!hasBeenSame(host)) holders += 2
      else if (this.versionAt(host, entry.key) >= version) holders++
    }
    this.waited += count
    if (holders >= count || this.#isDisturbed(entry.slot, sentMs)) return
    if (this.versionAt(master, entry.key) === 0 && this.#mayBeMissing(entry.slot)) return
    throw new Violation(
      'what WAIT counts is there',
      `WAIT counted ${count} replicas of node ${place} for ${entry.key} in version ${version}, ${holders} have it`,
    )
  }

  /**
   * The node has been the same all along, and its offset says something of this write: a master counts from its first
   * replica on, and before its first word a replica is taken to have acknowledged 0.
   */
  #hasCounted(place: number, sentMs: number): boolean {
    return (this.#memories[place] as Memory).countsSinceMs < sentMs
  }

  #isDisturbed(slot: number, sinceMs: number): boolean {
    return (this.#stories.get(slot)?.disturbedMs ?? 0) >= sinceMs
  }

  /** A key may leave a node that loses the slot. */
  #mayBeMissing(slot: number): boolean {
    return this.#isDisturbed(slot, 1) || this.#stories.get(slot)?.hasMoved === true
  }

  /** The version of a key in a node's memory, 0 without. */
  versionAt(host: SimulatedNode, key: Bytes): number {
    const value = host.node.databases[0]?.peek(key)
    return value === undefined ? 0 : Number(value)
  }

  /** Looks into all memories. */
  checkMemories(): void {
    for (const host of this.#world.living) {
      const { versions } = this.#memories[host.place] as Memory
      for (const entry of this.entries.values()) {
        const version = this.versionAt(host, entry.key)
        const before = versions.get(entry.key) ?? 0
        versions.set(entry.key, version)
        if (version > entry.attempted || Number.isNaN(version)) {
          throw new Violation(
            'nothing is made up',
            `node ${host.place} has ${entry.key} in version ${version} of ${entry.attempted}`,
          )
        }
        if (version >= before) continue
        if (version === 0 && this.#mayBeMissing(entry.slot)) continue
        throw new Violation(
          'no key falls back',
          `node ${host.place} has ${entry.key} in version ${version} after ${before}`,
        )
      }
    }
  }

  /** All is calm: each key is at its owner and nowhere else but its replicas, and nothing is missing without cause. */
  checkEnd(): void {
    const { living } = this.#world
    const masters = living.filter(({ machine }) => machine.role === 'master')
    for (const entry of this.entries.values()) {
      const holders = masters.filter(
        (host) => this.versionAt(host, entry.key) > 0 && !this.#mayKeep(host, entry.slot),
      )
      if (holders.length > 1) {
        throw new Violation(
          'a key has one home',
          `${entry.key} is on nodes ${holders.map(({ place }) => place).join(' and ')}`,
        )
      }
      const owner = masters.find(({ machine }) => hasSlot(machine.myself.slots, entry.slot))
      const version = owner === undefined ? 0 : this.versionAt(owner, entry.key)
      if (version >= entry.acknowledged) continue
      this.lost++
      if (this.#isDisturbed(entry.slot, entry.sentMs)) continue
      throw new Violation(
        'no write is lost without cause',
        `node ${owner?.place} has ${entry.key} in version ${version}, acknowledged was ${entry.acknowledged}`,
      )
    }
    for (const host of living) this.#checkCopy(host)
  }

  /** The node has keys of a slot that it does not serve, for a reason that Redis leaves it. */
  #mayKeep(host: SimulatedNode, slot: number): boolean {
    if (hasSlot(host.machine.myself.slots, slot)) return false
    const story = this.#stories.get(slot)
    const wasMover = story?.movers.has(host.place) === true && story.disturbedMs > 0
    return wasMover || (this.#memories[host.place] as Memory).isStray
  }

  #checkCopy(host: SimulatedNode): void {
    const { master } = host.machine.myself
    if (master === undefined) return
    const source = this.#world.living.find(({ id }) => id === master.id)
    if (source === undefined) return
    const [ours, theirs] = [host, source].map((node) => node.life?.ask('DEBUG', 'DIGEST').trim())
    if (ours === theirs) return
    const keys = [host, source].map(({ node }) => [...(node.databases[0]?.keys() ?? [])].sort())
    throw new Violation(
      'a replica is a copy',
      `node ${host.place} has ${ours} of ${keys[0]}, its master ${source.place} ${theirs} of ${keys[1]}`,
    )
  }
}
