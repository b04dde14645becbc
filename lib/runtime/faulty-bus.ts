/**
 * The bus with the faults of the shared memory, around either transport. Faults bite where a message is sent. A cut is a
 * black hole: a connection can neither be made nor seen to end; what is sent meanwhile waits, as TCP would send it again,
 * and arrives after the healing unless the sender has given the link up by then. A lost message is lost.
 * Invariant: with no fault anywhere it does nothing but pass on.
 */
import type { FaultMatrix, PathFault } from '../base/fault-matrix.ts'
import type { Random } from '../base/random.ts'
import { messageLength } from '../bus/length.ts'
import type { BusMessage, NodeId } from '../bus/message.ts'
import type { BusListener, BusTransport, LinkId } from './bus-transport.ts'
import { Wire } from './wire.ts'

/** Who is where, by index in the shared memory; undefined for nodes of other processes. */
export interface BusAddressBook {
  /** The node whose bus is at this address, alive or not. */
  at(ip: string, busPort: number): number | undefined
  /** The node with this id. */
  named(id: NodeId): number | undefined
}

/** A link and what stands between its ends. */
interface FaultyLink {
  /** Of a link that a peer opened, known with its first message. */
  peer: number | undefined
  /** The transport knows of it. */
  isDialed: boolean
  isOpen: boolean
  /** We have closed it, which the peer may not have seen yet. */
  isClosing: boolean
  waitingBytes: number
  readonly out: Wire
  readonly in: Wire
}

/** A transport with faults. It listens to the transport it stands around. */
export class FaultyBus implements BusTransport, BusListener {
  readonly #listener: BusListener
  readonly #matrix: FaultMatrix
  readonly #self: number
  readonly #book: BusAddressBook
  readonly #random: Random
  readonly #links = new Map<LinkId, FaultyLink>()
  #transport: BusTransport | undefined

  constructor(
    listener: BusListener,
    world: {
      readonly matrix: FaultMatrix
      readonly self: number
      readonly book: BusAddressBook
      readonly random: Random
    },
  ) {
    this.#listener = listener
    this.#matrix = world.matrix
    this.#self = world.self
    this.#book = world.book
    this.#random = world.random
  }

  /** Stands around a transport from now on, which reports to this. */
  surround(transport: BusTransport): void {
    this.#transport = transport
  }

  /** The faults may have changed. */
  look(): void {
    for (const link of [...this.#links.values()]) {
      link.in.look()
      link.out.look()
    }
  }

  connect(id: LinkId, ip: string, busPort: number): void {
    const link = this.#add(id, this.#book.at(ip, busPort))
    link.out.pass(() => {
      link.isDialed = true
      this.#transport?.connect(id, ip, busPort)
    })
  }

  send(id: LinkId, message: BusMessage): void {
    const link = this.#links.get(id)
    if (link === undefined || link.isClosing) return
    const fault = this.#faultTo(link)
    if (fault === undefined && link.out.underWay === 0) {
      this.#transport?.send(id, message)
      return
    }
    if (fault !== undefined && !fault.isCut && this.#random.fraction() < fault.dropProbability) {
      return
    }
    const bytes = messageLength(message)
    link.waitingBytes += bytes
    link.out.pass(() => {
      link.waitingBytes -= bytes
      this.#transport?.send(id, message)
    })
  }

  close(id: LinkId): void {
    const link = this.#links.get(id)
    if (link === undefined || link.isClosing) return
    link.isClosing = true
    if (this.#faultTo(link)?.isCut) {
      link.out.clear()
      if (!link.isDialed) {
        this.#links.delete(id)
        return
      }
    }
    link.out.pass(() => {
      this.#links.delete(id)
      this.#transport?.close(id)
    })
  }

  bufferedBytes(id: LinkId): number {
    const waiting = this.#links.get(id)?.waitingBytes ?? 0
    return waiting + (this.#transport?.bufferedBytes(id) ?? 0)
  }

  async stop(): Promise<void> {
    for (const link of this.#links.values()) {
      link.in.clear()
      link.out.clear()
    }
    this.#links.clear()
    await this.#transport?.stop()
  }

  accepted(id: LinkId, remoteIp: string, localIp: string): void {
    const link = this.#add(id, undefined)
    link.isDialed = true
    link.isOpen = true
    this.#listener.accepted(id, remoteIp, localIp)
  }

  opened(id: LinkId): void {
    const link = this.#links.get(id)
    if (link === undefined) return
    link.isOpen = true
    if (!link.isClosing) this.#listener.opened(id)
  }

  failed(id: LinkId): void {
    this.#ended(id, () => this.#listener.failed(id))
  }

  closed(id: LinkId): void {
    this.#ended(id, () => this.#listener.closed(id))
  }

  message(id: LinkId, message: BusMessage): void {
    const link = this.#links.get(id)
    if (link === undefined || link.isClosing) return
    link.peer ??= this.#book.named(message.header.sender)
    this.#listener.message(id, message)
  }

  dropped(id: LinkId, type: number, log: string | undefined): void {
    this.#listener.dropped(id, type, log)
  }

  broken(id: LinkId, log: string): void {
    this.#listener.broken(id, log)
  }

  #add(id: LinkId, peer: number | undefined): FaultyLink {
    const link: FaultyLink = {
      peer,
      isDialed: false,
      isOpen: false,
      isClosing: false,
      waitingBytes: 0,
      // What is lost of a link is lost in `send`: a message, never a part of one.
      out: new Wire(() => withoutLoss(this.#faultTo(link)), this.#random),
      in: new Wire(() => this.#cutFrom(link), this.#random),
    }
    this.#links.set(id, link)
    return link
  }

  /** The end of a connection is news from the peer, too. */
  #ended(id: LinkId, report: () => void): void {
    const link = this.#links.get(id)
    if (link === undefined) return
    if (link.isClosing) {
      link.out.clear()
      this.#links.delete(id)
      return
    }
    link.in.pass(() => {
      if (link.isClosing) return
      link.out.clear()
      this.#links.delete(id)
      report()
    })
  }

  #faultTo({ peer, isOpen }: FaultyLink): PathFault | undefined {
    if (peer === undefined) return undefined
    const there = this.#matrix.read(this.#self, peer)
    // To connect takes an answer.
    if (isOpen || there?.isCut || !this.#matrix.isCut(peer, this.#self)) return there
    return this.#matrix.read(peer, this.#self)
  }

  /** The sender has waited and lost for its messages: only a cut concerns the receiver. */
  #cutFrom({ peer }: FaultyLink): PathFault | undefined {
    if (peer === undefined || !this.#matrix.isCut(peer, this.#self)) return undefined
    return this.#matrix.read(peer, this.#self)
  }
}

function withoutLoss(fault: PathFault | undefined): PathFault | undefined {
  return fault === undefined ? undefined : { ...fault, dropProbability: 0 }
}
