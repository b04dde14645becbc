/**
 * Where a command that a script calls writes its reply while somebody wants to see it: to the script, and as RESP text. Invariant:
 * the text is of the protocol that the script has chosen.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Protocol, ReplySink } from '../resp/reply-sink.ts'
import type { WireReply } from '../resp/wire-reply.ts'
import type { LuaReply } from '../scripting/lua-reply.ts'
import type { SessionReply } from './session.ts'

/** A reply that goes two ways. */
export class RecordedReply implements SessionReply {
  /** Only then there is a text. */
  isRecorded = false
  readonly #script: LuaReply
  readonly #text: WireReply
  readonly #onError: (text: Bytes) => void

  /** `onError` hears of each error, before it is written. */
  constructor(script: LuaReply, text: WireReply, onError: (text: Bytes) => void) {
    this.#script = script
    this.#text = text
    this.#onError = onError
  }

  /** What was recorded since the last call. */
  takeText(): Bytes {
    return this.#text.take()
  }

  get protocol(): Protocol {
    return this.#script.protocol
  }

  set protocol(protocol: Protocol) {
    this.#script.protocol = protocol
  }

  get length(): number {
    return this.#script.length
  }

  take(): Bytes {
    return this.#script.take()
  }

  takeParts(): readonly Bytes[] {
    return this.#script.takeParts()
  }

  raw(): void {}

  ok(): void {
    this.#write((sink) => sink.ok())
  }

  simple(text: Bytes): void {
    this.#write((sink) => sink.simple(text))
  }

  error(text: Bytes): void {
    this.#onError(text)
    this.#write((sink) => sink.error(text))
  }

  integer(value: number | bigint): void {
    this.#write((sink) => sink.integer(value))
  }

  bulk(bytes: Bytes): void {
    this.#write((sink) => sink.bulk(bytes))
  }

  bulks(elements: readonly Bytes[]): void {
    this.#write((sink) => sink.bulks(elements))
  }

  bulkOrNull(bytes: Bytes | undefined): void {
    this.#write((sink) => sink.bulkOrNull(bytes))
  }

  null(): void {
    this.#write((sink) => sink.null())
  }

  nullArray(): void {
    this.#write((sink) => sink.nullArray())
  }

  array(length: number): void {
    this.#write((sink) => sink.array(length))
  }

  map(pairs: number): void {
    this.#write((sink) => sink.map(pairs))
  }

  set(length: number): void {
    this.#write((sink) => sink.set(length))
  }

  attribute(pairs: number): void {
    this.#write((sink) => sink.attribute(pairs))
  }

  push(length: number): void {
    this.#write((sink) => sink.push(length))
  }

  double(value: number): void {
    this.#write((sink) => sink.double(value))
  }

  doubleText(digits: Bytes): void {
    this.#write((sink) => sink.doubleText(digits))
  }

  boolean(value: boolean): void {
    this.#write((sink) => sink.boolean(value))
  }

  bigNumber(digits: Bytes): void {
    this.#write((sink) => sink.bigNumber(digits))
  }

  verbatim(format: 'txt' | 'mkd', text: Bytes): void {
    this.#write((sink) => sink.verbatim(format, text))
  }

  #write(write: (sink: ReplySink) => void): void {
    write(this.#script)
    if (!this.isRecorded) return
    this.#text.protocol = this.#script.protocol
    write(this.#text)
  }
}
