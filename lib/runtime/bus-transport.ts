/**
 * How bus messages travel between nodes: one interface, two transports (channels inside a process, TCP between any
 * nodes). A transport opens the outbound links the cluster machine asks for and reports the inbound ones; it decides
 * nothing. Invariant: messages of one link arrive in the order they were sent, and none after `closed`.
 */
import type { BusMessage } from '../bus/message.ts'

/** A link's number. Outbound ones are chosen by the cluster machine and positive, inbound ones by the transport and negative. */
export type LinkId = number

/** Hears what happens on the bus. */
export interface BusListener {
  /** A peer opened a link to us. */
  accepted(link: LinkId, remoteIp: string, localIp: string): void
  /** A link we asked for is up. */
  opened(link: LinkId): void
  /** A link we asked for could not be opened. */
  failed(link: LinkId): void
  /** A link that was up is gone, not by our own `close`. */
  closed(link: LinkId): void
  message(link: LinkId, message: BusMessage): void
  /** A message that is not valid: its type number, and a line for the log where Redis writes one. */
  dropped(link: LinkId, type: number, log: string | undefined): void
  /** Bytes that are no message at all; `closed` follows. */
  broken(link: LinkId, log: string): void
}

/** Opens, feeds and closes links. */
export interface BusTransport {
  /** Opens an outbound link; `opened` or `failed` follows in a later turn. */
  connect(link: LinkId, ip: string, busPort: number): void
  /** Sends on a link; before `opened` the message waits. Unknown links are ignored. */
  send(link: LinkId, message: BusMessage): void
  close(link: LinkId): void
  /** Bytes accepted by `send` and not yet handed on. */
  bufferedBytes(link: LinkId): number
  /** Closes everything; resolves when no handle is left. */
  stop(): Promise<void>
}
