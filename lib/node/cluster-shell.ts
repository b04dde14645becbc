/**
 * The cluster machine among the rest of the node: steps it, performs its effects in order, publishes what became
 * visible. The machine decides, this file only carries out.
 */

import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { ClusterEffect, FollowedMaster } from '../cluster/effect.ts'
import type { ClusterInput } from '../cluster/input.ts'
import { ClusterMachine, type ClusterMachineOptions } from '../cluster/machine.ts'
import type { SlotRange } from '../cluster/slot-bitmap.ts'
import type { NodeEvent } from '../control/event.ts'
import type { ConfigKeeping, NodeIo } from './io.ts'
import type { SharedView } from './shared-view.ts'

/** What effects touch besides the bus and the log. */
export interface ClusterSurroundings {
  readonly clock: Clock
  readonly io: NodeIo
  readonly view: SharedView
  /** Replicate this master, or be a master. */
  follow(master: FollowedMaster | undefined): void
  removeSlots(slots: readonly number[]): void
  /** A message of another node's client, for ours. */
  deliver(channel: Bytes, payload: Bytes, sharded: boolean): void
  closeChannels(slots: readonly SlotRange[]): void
  flushKeys(): void
  pauseWrites(untilMs: number | undefined): void
  /** Steps with `wake` at this time, Unix ms; replaces an earlier wish. */
  wakeAt(atMs: number): void
  /** Keys may be served elsewhere now, or nowhere. */
  servingChanged(): void
}

/** Drives the cluster machine of one node. */
export class ClusterShell {
  readonly machine: ClusterMachine
  /** It did something else than to send messages; whoever wants to know clears it. */
  hasActed = false
  readonly #surroundings: ClusterSurroundings
  #publishedVersion = -1
  #inVerb = false
  /** Told when the record and the slots that they speak of are published. */
  #events: NodeEvent[] = []

  constructor(options: ClusterMachineOptions, surroundings: ClusterSurroundings) {
    this.machine = new ClusterMachine(options)
    this.#surroundings = surroundings
  }

  step(input: ClusterInput): void {
    for (const effect of this.machine.step(input, this.#surroundings.clock.now)) {
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
      this.#surroundings.view.publishRecord(this.machine.record())
    }
    if (this.#events.length === 0) return
    for (const event of this.#events) this.#surroundings.io.tell(event)
    this.#events = []
  }

  #perform(effect: ClusterEffect): void {
    const { io } = this.#surroundings
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
        this.#surroundings.wakeAt(effect.atMs)
        break
      case 'slots':
        this.#surroundings.view.publishSlots(this.machine.assignments())
        this.#surroundings.servingChanged()
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
    const surroundings = this.#surroundings
    switch (effect.type) {
      case 'follow':
        surroundings.follow(effect.master)
        break
      case 'drop-slots':
        surroundings.removeSlots(effect.slots)
        break
      case 'published':
        surroundings.deliver(effect.channel, effect.payload, effect.sharded)
        break
      case 'close-channels':
        surroundings.closeChannels(effect.slots)
        break
      case 'flush-keys':
        surroundings.flushKeys()
        break
      case 'pause-writes':
        surroundings.pauseWrites(effect.untilMs)
        break
      case 'resume-writes':
        surroundings.pauseWrites(undefined)
        break
      case 'event':
        this.#events.push(effect.event)
        break
      case 'state':
        this.#events.push({ type: 'state', ok: effect.state === 'ok' })
        surroundings.servingChanged()
        break
      // The record carries the id.
      case 'renamed':
        break
    }
  }
}
