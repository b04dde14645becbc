/**
 * A hand-driven peer of one machine: it says exactly what a test makes it say, on a link of its own to the machine and on
 * the machine's link to it, and keeps what it is told.
 */
import type { BusHeader, BusMessage, GossipEntry } from '../../lib/bus/message.ts'
import type { ClusterEffect } from '../../lib/cluster/effect.ts'
import type { ClusterInput } from '../../lib/cluster/input.ts'
import type { ClusterMachine } from '../../lib/cluster/machine.ts'
import { setSlot } from '../../lib/cluster/slot-bitmap.ts'

const FIRST_PORT = 8000

/** A machine and its clock, with the effects it had. */
export class Stage {
  readonly machine: ClusterMachine
  now: number
  readonly effects: ClusterEffect[] = []
  #links = 0

  constructor(machine: ClusterMachine, now: number) {
    this.machine = machine
    this.now = now
    this.effects.push(...machine.drain())
  }

  step(input: ClusterInput): readonly ClusterEffect[] {
    const effects = this.machine.step(input, this.now)
    this.effects.push(...effects)
    return effects
  }

  /** Lets time pass in ticks of 100 ms. */
  run(ms: number): void {
    for (const endMs = this.now + ms; this.now < endMs; ) {
      this.now += 100
      this.step({ type: 'tick' })
    }
  }

  /** An inbound link of the machine. */
  accept(): number {
    const link = -++this.#links
    this.step({ type: 'link-accepted', link, remoteIp: '10.0.0.9', localIp: '10.0.0.1' })
    return link
  }

  logged(text: string): boolean {
    return this.effects.some((effect) => effect.type === 'log' && effect.text.includes(text))
  }

  effectsOf<T extends ClusterEffect['type']>(type: T): Extract<ClusterEffect, { type: T }>[] {
    return this.effects.filter(
      (effect): effect is Extract<ClusterEffect, { type: T }> => effect.type === type,
    )
  }
}

/** A peer. */
export class Bot {
  readonly id: string
  readonly port: number
  /** What it says of itself in the next message. */
  header: BusHeader
  readonly #stage: Stage
  readonly #link: number

  constructor(stage: Stage, index: number) {
    this.#stage = stage
    this.id = `${index}`.padStart(2, '0').repeat(20)
    this.port = FIRST_PORT + index
    this.header = {
      sender: this.id,
      port: this.port,
      otherPort: 0,
      busPort: this.port + 10_000,
      currentEpoch: 0,
      configEpoch: 0,
      offset: 0,
      slots: new Uint8Array(2048),
      masterId: undefined,
      ip: '10.0.0.9',
      flags: 1,
      state: 'ok',
      messageFlags: 0,
    }
    this.#link = stage.accept()
  }

  /** Claims slots with an epoch from now on. */
  claim(configEpoch: number, slots: readonly number[]): this {
    const bitmap = new Uint8Array(2048)
    for (const slot of slots) setSlot(bitmap, slot)
    const currentEpoch = Math.max(this.header.currentEpoch, configEpoch)
    this.header = { ...this.header, currentEpoch, configEpoch, slots: bitmap }
    return this
  }

  /** Is a replica of a master from now on. */
  replicate(masterId: string, slots: Uint8Array = new Uint8Array(2048)): this {
    this.header = { ...this.header, masterId, slots, flags: 2 }
    return this
  }

  /** Says something on its own link to the machine; returns what the machine did. */
  say(message: BusMessage): readonly ClusterEffect[] {
    return this.#stage.step({ type: 'message', link: this.#link, message })
  }

  ping(gossip: readonly GossipEntry[] = [], type: 'ping' | 'meet' = 'ping') {
    return this.say({ type, header: this.header, gossip, extensions: [] })
  }

  /** The machine's link to this bot, if it has one. */
  get linkFromMachine(): number | undefined {
    return this.#stage.machine.node(this.id)?.outbound?.id
  }

  /** Answers on the machine's link to this bot. */
  pong(gossip: readonly GossipEntry[] = []): readonly ClusterEffect[] {
    const link = this.linkFromMachine
    if (link === undefined) throw new Error('the machine has no link to this bot')
    return this.#stage.step({
      type: 'message',
      link,
      message: { type: 'pong', header: this.header, gossip, extensions: [] },
    })
  }

  /** Becomes known to the machine the way MEET does it; its slots and epochs are told too. */
  join(): this {
    const before = new Set(this.#stage.effectsOf('connect').map(({ link }) => link))
    this.ping([], 'meet')
    this.#stage.run(100)
    const connect = this.#stage
      .effectsOf('connect')
      .find(({ link, busPort }) => !before.has(link) && busPort === this.header.busPort)
    if (connect === undefined) throw new Error('the machine did not connect')
    this.#stage.step({ type: 'link-opened', link: connect.link })
    this.#stage.step({
      type: 'message',
      link: connect.link,
      message: { type: 'pong', header: this.header, gossip: [], extensions: [] },
    })
    this.ping()
    return this
  }

  /** What the machine sent to this bot, on either link. */
  heard(): BusMessage[] {
    const links = new Set([this.#link])
    for (const { link, busPort } of this.#stage.effectsOf('connect')) {
      if (busPort === this.header.busPort) links.add(link)
    }
    return this.#stage
      .effectsOf('send')
      .filter(({ link }) => links.has(link))
      .map(({ message }) => message)
  }

  /** What others say about this bot. */
  entry(flags = this.header.flags): GossipEntry {
    return {
      id: this.id,
      pingSentSeconds: 0,
      pongReceivedSeconds: Math.floor(this.#stage.now / 1000),
      ip: this.header.ip,
      port: this.port,
      otherPort: 0,
      busPort: this.header.busPort,
      flags,
    }
  }
}
