/**
 * The cluster machine among the rest of the node: steps it, performs its effects in order, publishes what became
 * visible. The machine decides, this file only carries out.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { parseConfig } from '../cluster/config-file.ts'
import type { ClusterEffect, FollowedMaster } from '../cluster/effect.ts'
import type { ClusterInput } from '../cluster/input.ts'
import { ClusterMachine } from '../cluster/machine.ts'
import type { ClusterIdentity } from '../cluster/settings.ts'
import type { NodeEvent } from '../control/event.ts'
import type { Database } from '../keyspace/database.ts'
import type { Alarm } from './alarm.ts'
import { clusterSettings } from './cluster-settings.ts'
import type { Config } from './config/config.ts'
import type { Holding } from './holding.ts'
import type { ConfigKeeping, NodeIo } from './io.ts'
import type { Migration } from './migration.ts'
import { PauseLevel } from './pause.ts'
import type { Propagation } from './propagation.ts'
import type { PubSub } from './pubsub.ts'
import type { ReplicationShell } from './replication-shell.ts'
import type { SharedView } from './shared-view.ts'

/** What a node tells of itself in the cluster. */
const IDENTITY_DIRECTIVES = [
  'cluster-announce-ip',
  'cluster-announce-port',
  'cluster-announce-bus-port',
  'cluster-announce-hostname',
  'cluster-replica-no-failover',
] as const

/** What effects touch besides the bus and the log, and what the machine asks of its node. */
export interface ClusteredNode {
  readonly clock: Clock
  readonly alarm: Alarm
  readonly databases: readonly Database[]
  readonly inFlight: Pick<Migration, 'isRunning' | 'abort'>
  readonly holding: Pick<Holding, 'pause' | 'unpause'>
  readonly propagation: Pick<Propagation, 'deleted' | 'endUnit'>
  readonly pubsub: Pick<PubSub, 'deliver' | 'deliverToShard' | 'closeSlots'>
  readonly replication: Pick<ReplicationShell, 'offset' | 'masterLink' | 'followMaster'>
}

/** What it is made of. */
export interface ClusterParts {
  readonly node: ClusteredNode
  readonly identity: ClusterIdentity
  readonly config: Config
  readonly random: Random
  readonly io: NodeIo
  readonly view: SharedView
  readonly failureDetection: 'instant' | 'timeout'
  /** nodes.conf to start from; undefined for a blank node. */
  readonly clusterConfig: Bytes | undefined
  /** That is the plan of a new cluster: its masters need not wait before they serve. */
  readonly isPlanned: boolean
}

/** Drives the cluster machine of one node. */
export class ClusterShell {
  readonly machine: ClusterMachine
  /** It did something else than to send messages; whoever wants to know clears it. */
  hasActed = false
  /** Keys may be served elsewhere now, or nowhere; whoever wants to know clears it. */
  servingChanged = false
  readonly #node: ClusteredNode
  readonly #io: NodeIo
  readonly #view: SharedView
  /** All keys of a cluster. */
  readonly #database: Database
  #publishedVersion = -1
  #inVerb = false
  /** Told when the record and the slots that they speak of are published. */
  #events: NodeEvent[] = []
  /** What would pause the writes while keys are in flight. */
  #delayed: ClusterInput[] = []

  constructor(parts: ClusterParts) {
    const { node, config, io, clusterConfig } = parts
    this.#node = node
    this.#io = io
    this.#view = parts.view
    const [database] = node.databases as [Database]
    this.#database = database
    this.machine = new ClusterMachine({
      identity: parts.identity,
      settings: clusterSettings(config, parts),
      random: parts.random,
      now: node.clock.now,
      restored: clusterConfig === undefined ? undefined : parseConfig(clusterConfig),
      facts: {
        replicationOffset: () => node.replication.offset,
        countKeysInSlot: (slot) => database.countInSlot(slot),
        countKeys: () => database.size,
        masterLink: () => node.replication.masterLink,
        sendBuffer: (link) => {
          const bytes = io.linkBacklogBytes(link)
          return { allocated: bytes, used: bytes }
        },
      },
    })
    for (const name of IDENTITY_DIRECTIVES) {
      config.onChange(name, () => this.machine.refreshMyself())
    }
  }

  /** What the bus or the host brings. */
  hear(input: ClusterInput): void {
    const isRequest = input.type === 'message' && input.message.type === 'mfstart'
    // Who takes over has to know of every key that left.
    if (isRequest && this.#node.inFlight.isRunning) this.#delayed.push(input)
    else this.step(input)
  }

  /** Hears what was delayed, once no key is in flight. */
  hearDelayed(): void {
    if (this.#delayed.length === 0 || this.#node.inFlight.isRunning) return
    for (const input of this.#delayed.splice(0)) this.step(input)
  }

  step(input: ClusterInput): void {
    for (const effect of this.machine.step(input, this.#node.clock.now)) {
      this.#perform(effect)
    }
  }

  /** Performs what the verbs of the turn's commands left, and publishes what changed. */
  settle(): void {
    // What a client asked for is written before it is answered, and no more than that (clusterBeforeSleep): a disk may take
    // 10 ms to hold it, for each slot that is moved.
    this.#inVerb = true
    for (const effect of this.machine.drain()) this.#perform(effect)
    this.#inVerb = false
    if (this.machine.version !== this.#publishedVersion) {
      this.#publishedVersion = this.machine.version
      this.#view.publishRecord(this.machine.record())
    }
    if (this.#events.length === 0) return
    for (const event of this.#events) this.#io.tell(event)
    this.#events = []
  }

  #perform(effect: ClusterEffect): void {
    const io = this.#io
    if (effect.type !== 'send') this.hasActed = true
    switch (effect.type) {
      case 'connect':
        io.connectLink(effect.link, effect.ip, effect.busPort)
        break
      case 'disconnect':
        io.closeLink(effect.link)
        break
      case 'send':
        io.sendOnLink(effect.link, effect.message)
        break
      case 'save':
        io.saveClusterConfig(() => this.machine.describeConfig(), this.#keepingOf(effect.sync))
        break
      case 'log':
        io.log(effect.level, effect.text)
        break
      case 'wake':
        this.#node.alarm.set(this.#wake, effect.atMs)
        break
      case 'slots':
        this.#view.publishSlots(this.machine.assignments())
        this.servingChanged = true
        break
      default:
        this.#performOnNode(effect)
    }
  }

  #keepingOf(sync: boolean): ConfigKeeping {
    if (sync) return 'synced'
    return this.#inVerb ? 'written' : 'soon'
  }

  #performOnNode(effect: ClusterEffect): void {
    const { holding, pubsub } = this.#node
    switch (effect.type) {
      case 'follow':
        this.#follow(effect.master)
        break
      case 'drop-slots':
        for (const slot of effect.slots) this.#removeSlot(slot)
        break
      case 'published':
        if (effect.sharded) pubsub.deliverToShard(effect.channel, effect.payload)
        else pubsub.deliver(effect.channel, effect.payload)
        break
      case 'close-channels':
        pubsub.closeSlots(effect.slots)
        break
      case 'flush-keys':
        this.#database.flush()
        break
      case 'pause-writes':
        holding.pause('failover', PauseLevel.writes, effect.untilMs)
        break
      case 'resume-writes':
        holding.unpause('failover')
        break
      case 'event':
        this.#events.push(effect.event)
        break
      case 'state':
        this.#events.push({ type: 'state', ok: effect.state === 'ok' })
        this.servingChanged = true
        break
      // The record carries the id.
      case 'renamed':
        break
    }
  }

  #follow(master: FollowedMaster | undefined): void {
    // What is confirmed by now still goes, while there are replicas to tell.
    if (master !== undefined) this.#node.inFlight.abort()
    this.#node.replication.followMaster(master)
  }

  /** Replicas learn of each key that goes: nobody else would delete it there. */
  #removeSlot(slot: number): void {
    const { propagation } = this.#node
    for (const key of this.#database.removeSlot(slot)) {
      propagation.deleted(this.#database, key, 'DEL')
      propagation.endUnit()
    }
  }

  readonly #wake = (): void => this.step({ type: 'wake' })
}
