/**
 * The stream of changes on its way out: commands as RESP, spelled as Redis 7.0 spells them (replicationFeedSlaves), or the
 * bytes of our own master passed on (replicationFeedStreamFromMasterStream). Invariant: backlog and replicas get the same
 * bytes in the same order; within a turn they may lag behind the history's offset, after `flush` they do not.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn, PART_MAX } from '../base/bytes.ts'
import { encodeCommand, putCommand } from '../resp/command.ts'
import type { EffectSink } from './effect.ts'
import type { History } from './history.ts'
import type { Peers } from './peers.ts'

/** The master's sign of life. */
export const PING: Bytes = '*1\r\n$4\r\nping\r\n'

const GETACK: Bytes = '*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n'

/** No database is selected: the next command is preceded by SELECT. */
const NONE_SELECTED = -1

/** Collects the stream and gives it to everybody who follows. */
export class OutgoingStream {
  /** This node makes the stream, it is a master; else it passes on what its master made. */
  isSource = true
  readonly #history: History
  readonly #peers: Peers
  readonly #sink: EffectSink
  #pending: Bytes = ''
  #selected = NONE_SELECTED

  constructor(history: History, peers: Peers, sink: EffectSink) {
    this.#history = history
    this.#peers = peers
    this.#sink = sink
  }

  /** Commands are wanted. */
  get isWanted(): boolean {
    return this.isSource && this.#history.backlog !== undefined
  }

  /** Adds a command; one that nobody wants costs two comparisons. */
  feed(database: number, argv: readonly Bytes[]): void {
    if (!this.isSource || this.#history.backlog === undefined) return
    if (database !== this.#selected) {
      this.#selected = database
      this.#add(encodeCommand(['SELECT', String(database)]))
    }
    putCommand(argv, this.#add)
  }

  /** The database that the stream has selected, 0 before it has selected any. */
  get selected(): number {
    return Math.max(0, this.#selected)
  }

  /** Adds a sign of life, whatever database is selected. */
  ping(): void {
    if (this.isWanted) this.#add(PING)
  }

  /** Asks the replicas how far they are, whatever database is selected. */
  requestAcknowledgements(): void {
    if (this.isWanted) this.#add(GETACK)
  }

  readonly #add = (text: Bytes): void => {
    if (this.#pending.length + text.length > PART_MAX) this.flush()
    this.#pending += text
    this.#history.offset += text.length
  }

  /** Hands on what was added. */
  flush(): void {
    const text = this.#pending
    if (text === '') return
    this.#pending = ''
    this.#history.backlog?.append(text)
    this.#deliver(text)
  }

  /** Hands on bytes of our master's stream; the history's offset counts them already. */
  forward(bytes: Buffer): void {
    this.#history.backlog?.appendBuffer(bytes)
    if (this.#peers.all.length > 0) this.#deliver(bytesIn(bytes))
  }

  #deliver(text: Bytes): void {
    for (const peer of this.#peers.all) peer.deliver(text, this.#sink)
  }

  /** The next command must not rely on a database selected before. */
  forgetSelection(): void {
    this.#selected = NONE_SELECTED
  }
}
