/**
 * The bus over MessageChannels: one channel for each pair of nodes of a process, many links over it. Each frame is one
 * byte of kind, the link's number at the node that opened it, and a message packed by msgpackr.
 * Invariant: a peer's links end with its channel, so a killed thread looks like a reset connection.
 */
import type { MessagePort } from 'node:worker_threads'
import type { BusMessage } from '../bus/message.ts'
import { packMessage, unpackMessage } from '../bus/packed.ts'
import type { BusListener, BusTransport, LinkId } from './bus-transport.ts'

/** Kinds of frames. A frame says whether its link was opened by its sender or by its receiver. */
const Frame = { open: 0, accepted: 1, closed: 2, message: 3, openedByReceiver: 4 } as const
const HEAD_BYTES = 5

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
  up: boolean
  /** Sent before the peer accepted. */
  waiting: BusMessage[]
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
    port.on('message', (frame: Uint8Array) => this.#receive(index, frame))
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
    this.#links.set(link, { peer, number: link, opener: 'us', up: false, waiting: [] })
    post(port, Frame.open, link)
  }

  send(link: LinkId, message: BusMessage): void {
    const state = this.#links.get(link)
    if (state === undefined) return
    if (!state.up) {
      state.waiting.push(message)
      return
    }
    const port = this.#ports.get(state.peer)
    if (port !== undefined) post(port, kindOf(Frame.message, state), state.number, message)
  }

  close(link: LinkId): void {
    const state = this.#forget(link)
    const port = state === undefined ? undefined : this.#ports.get(state.peer)
    if (state !== undefined && port !== undefined) {
      post(port, kindOf(Frame.closed, state), state.number)
    }
  }

  bufferedBytes(): number {
    // A posted frame is out of our hands at once.
    return 0
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const link of [...this.#links.keys()]) this.close(link)
    for (const port of this.#ports.values()) {
      port.removeAllListeners()
      port.close()
    }
    this.#ports.clear()
  }

  #receive(peer: number, frame: Uint8Array): void {
    const kind = frame[0] ?? -1
    const number = new DataView(frame.buffer, frame.byteOffset).getUint32(1)
    if (kind === Frame.open) {
      this.#accept(peer, number)
      return
    }
    const ours = (kind & Frame.openedByReceiver) !== 0
    const link = ours ? number : this.#inbound.get(`${peer}:${number}`)
    const state = link === undefined ? undefined : this.#links.get(link)
    if (link === undefined || state === undefined || state.peer !== peer) return
    switch (kind & 3) {
      case Frame.accepted:
        this.#opened(link, state)
        break
      case Frame.closed:
        this.#forget(link)
        if (state.up) this.#listener.closed(link)
        else this.#listener.failed(link)
        break
      default:
        this.#listener.message(link, unpackMessage(frame.subarray(HEAD_BYTES)))
    }
  }

  #accept(peer: number, number: number): void {
    const port = this.#ports.get(peer)
    if (port === undefined) return
    const link = --this.#lastInbound
    this.#links.set(link, { peer, number, opener: 'them', up: true, waiting: [] })
    this.#inbound.set(`${peer}:${number}`, link)
    post(port, Frame.accepted | Frame.openedByReceiver, number)
    this.#listener.accepted(link, this.#directory.addressOf(peer), this.#localIp)
  }

  #opened(link: LinkId, state: ChannelLink): void {
    state.up = true
    const { waiting } = state
    state.waiting = []
    for (const message of waiting) this.send(link, message)
    this.#listener.opened(link)
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
      if (state.up) this.#listener.closed(link)
      else this.#listener.failed(link)
    }
  }
}

/** The frame kind with the side that opened the link, as the receiver has to see it. */
function kindOf(kind: number, { opener }: ChannelLink): number {
  return opener === 'them' ? kind | Frame.openedByReceiver : kind
}

function post(port: MessagePort, kind: number, link: number, message?: BusMessage): void {
  const packed = message === undefined ? undefined : packMessage(message)
  const frame = new Uint8Array(HEAD_BYTES + (packed?.length ?? 0))
  frame[0] = kind
  new DataView(frame.buffer).setUint32(1, link)
  if (packed !== undefined) frame.set(packed, HEAD_BYTES)
  port.postMessage(frame, [frame.buffer])
}
