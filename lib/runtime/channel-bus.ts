/**
 * The bus over MessageChannels: one channel for each pair of nodes of a process, many links over it. Each frame is a byte
 * string: a message packed by msgpackr or nothing, the link's number at the node that opened it in four bytes, and one byte
 * of kind. A link is open as soon as it is asked for, as the kernel accepts for a listener that does not look; its first
 * frame opens it at the peer, too.
 * Invariant: a peer's links end with its channel, so a killed thread looks like a reset connection.
 */
import type { MessagePort } from 'node:worker_threads'
import { type Bytes, uint32At, uint32Bytes } from '../base/bytes.ts'
import type { BusMessage } from '../bus/message.ts'
import { packMessage, unpackMessage } from '../bus/packed.ts'
import type { BusListener, BusTransport, LinkId } from './bus-transport.ts'

/** Kinds of frames. A frame says whether its link was opened by its sender or by its receiver. */
const Frame = { open: 0, closed: 1, message: 2, openedByReceiver: 4 } as const
/** What follows the message. */
const TAIL_BYTES = 5

/** Finds the peers of the process by their address on the bus. */
export interface PeerDirectory {
  /** The index of the node that answers on this bus port, undefined if there is none. */
  find(ip: string, busPort: number): number | undefined
  /** The address a peer's links come from. */
  addressOf(index: number): string
}

/** One end of a link. */
interface ChannelLink {
  readonly peer: number
  /** The link's number at the node that opened it. */
  readonly number: number
  readonly opener: 'us' | 'them'
  /** The machine knows that it is open. */
  isUp: boolean
  /** The peer has a frame of it, or is its opener. */
  isKnown: boolean
}

/** Bus links as numbered streams over one MessagePort a peer. */
export class ChannelBus implements BusTransport {
  readonly #listener: BusListener
  readonly #directory: PeerDirectory
  readonly #localIp: string
  readonly #ports = new Map<number, MessagePort>()
  readonly #links = new Map<LinkId, ChannelLink>()
  /** Inbound links by peer and number. */
  readonly #inbound = new Map<string, LinkId>()
  #lastInbound: LinkId = 0
  #stopped = false

  constructor(listener: BusListener, directory: PeerDirectory, localIp: string) {
    this.#listener = listener
    this.#directory = directory
    this.#localIp = localIp
  }

  /** A channel to a peer; a newer one replaces the older. */
  addPeer(index: number, port: MessagePort): void {
    this.#dropPeer(index)
    this.#ports.set(index, port)
    port.on('message', (frame: Bytes) => this.#receive(index, frame))
    port.on('close', () => {
      if (this.#ports.get(index) === port) this.#dropPeer(index)
    })
  }

  connect(link: LinkId, ip: string, busPort: number): void {
    const peer = this.#directory.find(ip, busPort)
    const port = peer === undefined ? undefined : this.#ports.get(peer)
    if (peer === undefined || port === undefined) {
      setImmediate(() => {
        if (!this.#stopped) this.#listener.failed(link)
      })
      return
    }
    const state: ChannelLink = { peer, number: link, opener: 'us', isUp: false, isKnown: false }
    this.#links.set(link, state)
    setImmediate(() => this.#open(link, state))
  }

  #open(link: LinkId, state: ChannelLink): void {
    if (this.#links.get(link) !== state) return
    state.isUp = true
    // Whoever opens a link has something to say, and so opens it at the peer.
    this.#listener.opened(link)
    if (this.#links.get(link) === state && !state.isKnown) this.#post(state, Frame.open)
  }

  send(link: LinkId, message: BusMessage): void {
    const state = this.#links.get(link)
    if (state === undefined) return
    this.#post(state, state.isKnown ? Frame.message : Frame.open, message)
  }

  close(link: LinkId): void {
    const state = this.#forget(link)
    if (state?.isKnown) this.#post(state, Frame.closed)
  }

  #post(state: ChannelLink, kind: number, message?: BusMessage): void {
    const port = this.#ports.get(state.peer)
    if (port === undefined) return
    state.isKnown = true
    post(port, kindOf(kind, state), state.number, message)
  }

  bufferedBytes(): number {
    // A posted frame is out of our hands at once.
    return 0
  }

  async stop(): Promise<void> {
    this.#stopped = true
    // Peers hear of the end of a channel, and know by it that its links are gone.
    this.#links.clear()
    this.#inbound.clear()
    for (const port of this.#ports.values()) {
      port.removeAllListeners()
      port.close()
    }
    this.#ports.clear()
  }

  #receive(peer: number, frame: Bytes): void {
    const tail = frame.length - TAIL_BYTES
    const kind = frame.charCodeAt(tail + 4)
    const number = uint32At(frame, tail)
    if (kind === Frame.open) {
      const link = this.#accept(peer, number)
      if (tail > 0) this.#heard(link, frame)
      return
    }
    const ours = (kind & Frame.openedByReceiver) !== 0
    const link = ours ? number : this.#inbound.get(`${peer}:${number}`)
    const state = link === undefined ? undefined : this.#links.get(link)
    if (link === undefined || state === undefined || state.peer !== peer) return
    if ((kind & Frame.closed) === 0) this.#heard(link, frame)
    else {
      this.#forget(link)
      this.#ended(link, state)
    }
  }

  #heard(link: LinkId, frame: Bytes): void {
    this.#listener.message(link, unpackMessage(frame, frame.length - TAIL_BYTES))
  }

  #ended(link: LinkId, { isUp }: ChannelLink): void {
    if (isUp) this.#listener.closed(link)
    else this.#listener.failed(link)
  }

  #accept(peer: number, number: number): LinkId {
    const link = --this.#lastInbound
    this.#links.set(link, { peer, number, opener: 'them', isUp: true, isKnown: true })
    this.#inbound.set(`${peer}:${number}`, link)
    this.#listener.accepted(link, this.#directory.addressOf(peer), this.#localIp)
    return link
  }

  #forget(link: LinkId): ChannelLink | undefined {
    const state = this.#links.get(link)
    this.#links.delete(link)
    if (state?.opener === 'them') this.#inbound.delete(`${state.peer}:${state.number}`)
    return state
  }

  #dropPeer(index: number): void {
    const port = this.#ports.get(index)
    if (port === undefined) return
    this.#ports.delete(index)
    port.removeAllListeners()
    port.close()
    for (const [link, state] of [...this.#links]) {
      if (state.peer !== index) continue
      this.#forget(link)
      this.#ended(link, state)
    }
  }
}

/** The frame kind with the side that opened the link, as the receiver has to see it. */
function kindOf(kind: number, { opener }: ChannelLink): number {
  return opener === 'them' ? kind | Frame.openedByReceiver : kind
}

function post(port: MessagePort, kind: number, link: number, message?: BusMessage): void {
  const tail = uint32Bytes(link) + String.fromCharCode(kind)
  port.postMessage(message === undefined ? tail : packMessage(message) + tail)
}
