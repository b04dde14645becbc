/**
 * TCP between places, on the virtual clock. What is sent on a connection arrives in order and once, or the connection
 * breaks: loss is delay by retransmission, a cut holds everything back until it is healed. Whether a place is up, asleep
 * or gone is told by the machine that stands there.
 * Invariant: nothing overtakes within a direction of a connection, and after `closed` an end hears nothing more.
 */
import { assert } from '../../lib/base/assert.ts'
import type { Random } from '../../lib/base/random.ts'
import type { BusMessage } from '../../lib/bus/message.ts'
import type { EventQueue } from './event-queue.ts'

/** Where something stands: cuts and delays are between places. */
export type Place = number

/** A bus message as a value, and how long it would be in its binary form. */
export interface Letter {
  readonly message: BusMessage
  readonly length: number
}

/** What travels: bytes as Latin-1 text, or a bus message in its binary form or as a value. */
export type Payload = string | Uint8Array | Letter

/** The owner of an end, as the network tells it things. */
export interface EndListener {
  opened(): void
  data(payload: Payload): void
  closed(reason: string): void
}

/** What stands at a place. */
export interface Machine {
  /** Its network answers; without, what arrives is lost and nobody hears of it. */
  readonly isPowered: boolean
  /** Runs something that came from the network: now, or once it goes on. */
  enter(action: () => void): void
  /** Somebody listens at this port. */
  listensAt(port: number): boolean
  /** A connection came in; the end is open. */
  accept(port: number, end: End): void
}

/** How the network is. */
export interface Weather {
  /** Delay of a payload: at least, and less than so much more. */
  readonly delayMs: number
  readonly jitterMs: number
}

/** A retransmission takes at least this long, as Linux has it. */
const RETRANSMISSION_MS = 200
const RETRANSMISSION_MAX_MS = 2000

/** One end of a connection, and what is on its way from it. */
export class End {
  readonly place: Place
  readonly peerPlace: Place
  /** Where the two stand as cuts and delays see it. */
  readonly site: Place
  readonly peerSite: Place
  state: 'connecting' | 'open' | 'closed' = 'connecting'
  listener: EndListener | undefined
  peer: End | undefined
  /** The connection is broken, which who has this end may hear of later: it may be asleep. */
  isBroken = false
  /** Nothing sent from here arrives before this. */
  arrivalMs = 0
  /** Bytes sent and not arrived. */
  pendingBytes = 0
  /** What waits for the end of a cut, in order. */
  held: readonly Item[] = NOTHING
  heldSinceMs = 0
  readonly #network: Network

  constructor(network: Network, place: Place, peerPlace: Place) {
    this.#network = network
    this.place = place
    this.peerPlace = peerPlace
    this.site = network.siteOf(place)
    this.peerSite = network.siteOf(peerPlace)
  }

  /** Sends after all that was sent before. */
  send(payload: Payload): void {
    if (this.state === 'closed') return
    this.#network.transmit(this, { type: 'data', payload })
  }

  /** Ends the connection in good order; nothing more is heard. */
  close(): void {
    if (this.state === 'closed') return
    this.#network.shut(this)
    this.#network.transmit(this, { type: 'end', reason: 'Connection reset by peer' })
  }
}

type Item =
  | { readonly type: 'data'; readonly payload: Payload }
  | { readonly type: 'end'; readonly reason: string }
  | { readonly type: 'accept'; readonly port: number }
  | { readonly type: 'accepted' }

const NOTHING: readonly Item[] = []

/** Connects places. */
export class Network {
  readonly #queue: EventQueue
  readonly #random: Random
  readonly #machines = new Map<Place, Machine>()
  readonly #ends = new Map<Place, Set<End>>()
  readonly #cuts = new Map<number, number>()
  readonly #slow = new Map<number, number>()
  readonly #losses = new Map<number, number[]>()
  readonly #chance = new Map<number, Random>()
  readonly #held = new Set<End>()
  readonly #sites = new Map<Place, Place>()
  /** Machines that lost their power, and with it what they knew of their connections. */
  readonly #forgetful = new Set<Place>()
  weather: Weather

  constructor(queue: EventQueue, random: Random, weather: Weather) {
    this.#queue = queue
    this.#random = random
    this.weather = weather
  }

  /** Puts a machine at a place; what befalls the network of `site` befalls its too. */
  settle(place: Place, machine: Machine, site = place): void {
    this.#machines.set(place, machine)
    this.#ends.set(place, new Set())
    if (site !== place) this.#sites.set(place, site)
  }

  siteOf(place: Place): Place {
    return this.#sites.get(place) ?? place
  }

  /** Ends that are not closed. */
  openEnds(place: Place): readonly End[] {
    return [...(this.#ends.get(place) ?? [])]
  }

  /** Opens a connection to a port at a place. */
  connect(from: Place, to: Place, port: number, listener: EndListener): End {
    const end = new End(this, from, to)
    end.listener = listener
    this.#ends.get(from)?.add(end)
    this.transmit(end, { type: 'accept', port })
    return end
  }

  // ---- faults

  /** Nothing gets from one place to another until as many heals. */
  cut(from: Place, to: Place): void {
    const key = pair(from, to)
    this.#cuts.set(key, (this.#cuts.get(key) ?? 0) + 1)
  }

  heal(from: Place, to: Place): void {
    const key = pair(from, to)
    const left = (this.#cuts.get(key) ?? 0) - 1
    if (left > 0) this.#cuts.set(key, left)
    else this.#cuts.delete(key)
    if (left > 0) return
    for (const end of [...this.#held]) {
      const { site, peerSite } = end
      if (pair(site, peerSite) === key || pair(peerSite, site) === key) this.#retransmit(end)
    }
  }

  isCut(from: Place, to: Place): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(pair(from, to))
  }

  /** Everything from one place to another takes so much longer. */
  slowDown(from: Place, to: Place, extraMs: number): void {
    const key = pair(from, to)
    const total = (this.#slow.get(key) ?? 0) + extraMs
    if (total === 0) this.#slow.delete(key)
    else this.#slow.set(key, total)
  }

  /**
   * So many percent of what goes from one place to another have to be sent again, until as much is regained. Losses of
   * one path are independent: together they let something through, always.
   */
  lose(from: Place, to: Place, percent: number): void {
    assert(percent < 100, 'what loses everything is a cut')
    const key = pair(from, to)
    this.#losses.set(key, [...(this.#losses.get(key) ?? []), percent])
  }

  /** Takes back one loss. */
  regain(from: Place, to: Place, percent: number): void {
    const key = pair(from, to)
    const losses = this.#losses.get(key) ?? []
    const i = losses.indexOf(percent)
    assert(i >= 0, 'only what was lost can be regained')
    if (losses.length === 1) this.#losses.delete(key)
    else this.#losses.set(key, losses.toSpliced(i, 1))
  }

  /** Breaks all connections between two places; both ends hear of it. Returns how many ends there were. */
  reset(a: Place, b: Place): number {
    let count = 0
    for (const place of [a, b]) {
      for (const end of this.openEnds(place)) {
        if (end.peerPlace !== (place === a ? b : a)) continue
        this.#break(end)
        count++
      }
    }
    return count
  }

  /** A machine lost its processes: the network of the machine closes what was open, if it still can. */
  abandon(place: Place): void {
    const { isPowered } = this.#machines.get(place) as Machine
    if (!isPowered) this.#forgetful.add(place)
    for (const end of this.openEnds(place)) {
      this.shut(end)
      if (isPowered) this.transmit(end, { type: 'end', reason: 'Connection reset by peer' })
    }
  }

  /** A machine has power again: to whoever was connected it answers that it knows nothing of that. */
  powerOn(place: Place): void {
    if (this.#forgetful.delete(place)) this.#refuseAll(place)
    for (const end of [...this.#held]) {
      if (end.peerPlace === place) this.#retransmit(end)
    }
  }

  #refuseAll(place: Place): void {
    for (const ends of this.#ends.values()) {
      for (const end of ends) {
        if (end.peerPlace !== place || end.peer?.state !== 'closed') continue
        const delayMs = this.#chanceOf(end.peerSite, end.site).below(RETRANSMISSION_MAX_MS)
        this.#queue.after(delayMs, () => this.#refuse(end))
      }
    }
  }

  // ---- on the way

  /** Carries something away from an end. */
  transmit(end: End, item: Item): void {
    const { site, peerSite } = end
    end.pendingBytes += sizeOf(item)
    end.arrivalMs = Math.max(end.arrivalMs, this.#queue.now + this.#delayOf(site, peerSite))
    this.#queue.at(end.arrivalMs, () => this.#arrive(end, item))
  }

  #delayOf(from: Place, to: Place): number {
    const { delayMs, jitterMs } = this.weather
    const chance = this.#chanceOf(from, to)
    let total = delayMs + (jitterMs === 0 ? 0 : chance.below(jitterMs))
    if (this.#slow.size > 0) total += this.#slow.get(pair(from, to)) ?? 0
    const losses = this.#losses.size > 0 ? this.#losses.get(pair(from, to)) : undefined
    if (losses !== undefined) {
      let retryMs = RETRANSMISSION_MS
      while (losses.some((percent) => chance.below(100) < percent)) {
        total += retryMs
        retryMs = Math.min(2 * retryMs, RETRANSMISSION_MAX_MS)
      }
    }
    return total
  }

  #chanceOf(from: Place, to: Place): Random {
    const key = pair(from, to)
    let chance = this.#chance.get(key)
    if (chance === undefined) {
      chance = this.#random.fork(key)
      this.#chance.set(key, chance)
    }
    return chance
  }

  #arrive(end: End, item: Item): void {
    if (end.held.length === 0 && !this.#isHeldBack(end, item)) {
      this.#hand(end, item)
      return
    }
    if (end.held.length === 0) end.heldSinceMs = this.#queue.now
    end.held = [...end.held, item]
    this.#held.add(end)
  }

  /** It does not get through now; a connection takes packets both ways, and somebody who answers, to come about. */
  #isHeldBack({ site, peerSite, peerPlace }: End, item: Item): boolean {
    if (this.isCut(site, peerSite)) return true
    if (item.type !== 'accept') return false
    return this.isCut(peerSite, site) || !(this.#machines.get(peerPlace) as Machine).isPowered
  }

  #retransmit(end: End): void {
    const waitedMs = this.#queue.now - end.heldSinceMs
    const limitMs = Math.max(1, Math.min(waitedMs, RETRANSMISSION_MAX_MS))
    const delayMs = this.#chanceOf(end.site, end.peerSite).below(limitMs)
    this.#queue.after(delayMs, () => {
      for (let [first] = end.held; first !== undefined; [first] = end.held) {
        if (this.#isHeldBack(end, first)) return
        end.held = end.held.slice(1)
        this.#hand(end, first)
      }
      this.#held.delete(end)
    })
  }

  #hand(from: End, item: Item): void {
    from.pendingBytes -= sizeOf(item)
    const machine = this.#machines.get(from.peerPlace) as Machine
    if (!machine.isPowered) return
    if (item.type === 'accept') this.#accept(from, item.port, machine)
    else if (from.peer === undefined || from.peer.state === 'closed') {
      // Nobody owns the other end any more.
      if (item.type !== 'end') this.#refuse(from)
    } else this.#tell(from.peer, item)
  }

  #accept(from: End, port: number, machine: Machine): void {
    if (from.state === 'closed' || from.isBroken) return
    if (!machine.listensAt(port)) {
      const delayMs = this.#delayOf(from.peerSite, from.site)
      this.#queue.after(delayMs, () =>
        this.#tell(from, { type: 'end', reason: 'Connection refused' }),
      )
      return
    }
    const end = new End(this, from.peerPlace, from.place)
    end.state = 'open'
    end.peer = from
    from.peer = end
    this.#ends.get(end.place)?.add(end)
    this.transmit(end, { type: 'accepted' })
    machine.enter(() => {
      if (end.state === 'open') machine.accept(port, end)
    })
  }

  #tell(end: End, item: Item): void {
    const machine = this.#machines.get(end.place) as Machine
    machine.enter(() => {
      if (end.state === 'closed') return
      if (item.type === 'data') end.listener?.data(item.payload)
      else if (item.type === 'end') {
        this.shut(end)
        end.listener?.closed(item.reason)
      } else {
        end.state = 'open'
        end.listener?.opened()
      }
    })
  }

  /** The other end answers that it is none. */
  #refuse(end: End): void {
    if (end.state === 'closed') return
    const delayMs = this.#delayOf(end.peerSite, end.site)
    this.#queue.after(delayMs, () => this.#break(end))
  }

  #break(end: End): void {
    if (!(this.#machines.get(end.place) as Machine).isPowered) return
    end.isBroken = true
    this.#tell(end, { type: 'end', reason: 'Connection reset by peer' })
  }

  /** An end is no more. */
  shut(end: End): void {
    end.state = 'closed'
    this.#ends.get(end.place)?.delete(end)
  }
}

function pair(from: Place, to: Place): number {
  return from * 65_536 + to
}

function sizeOf(item: Item): number {
  return item.type === 'data' ? item.payload.length : 0
}
