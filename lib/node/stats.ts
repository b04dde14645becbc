/**
 * Counters of one node for INFO: commands, connections, errors by their first word, bytes in and out. Rates are taken
 * by the cron over the last samples (trackInstantaneousMetric).
 */
import type { Bytes } from '../base/bytes.ts'

const SAMPLES = 16

/** A counter's rate per second over the last samples. */
export class Rate {
  readonly #samples: number[] = new Array(SAMPLES).fill(0)
  #next = 0
  #lastValue = 0
  #lastMs = 0

  /** Takes a sample of the counter. */
  sample(value: number, nowMs: number): void {
    const elapsedMs = nowMs - this.#lastMs
    if (this.#lastMs !== 0 && elapsedMs > 0) {
      this.#samples[this.#next] = ((value - this.#lastValue) * 1000) / elapsedMs
      this.#next = (this.#next + 1) % SAMPLES
    }
    this.#lastValue = value
    this.#lastMs = nowMs
  }

  /** So many periods went by without a sample. By what the counter has risen it did in the first. */
  letPass(value: number, count: number, periodMs: number): void {
    if (this.#lastMs === 0 || count === 0) return
    this.sample(value, this.#lastMs + periodMs)
    for (let left = count - 1; left > 0; left--) {
      this.#samples[this.#next] = 0
      this.#next = (this.#next + 1) % SAMPLES
      this.#lastMs += periodMs
    }
  }

  get perSecond(): number {
    return this.#samples.reduce((total, sample) => total + sample, 0) / SAMPLES
  }
}

/** The counters; plain fields, raised in place. */
export class NodeStats {
  commands = 0
  connectionsReceived = 0
  connectionsRejected = 0
  bytesIn = 0
  bytesOut = 0
  replicationBytesIn = 0
  replicationBytesOut = 0
  outputLimitDisconnections = 0
  turns = 0
  readsProcessed = 0
  writesProcessed = 0
  /** Blocks of payloads that were checked to the last byte. */
  sanitizedBlocks = 0
  replyBufferShrinks = 0
  replyBufferExpands = 0
  readonly commandRate = new Rate()
  readonly turnRate = new Rate()
  readonly bytesInRate = new Rate()
  readonly bytesOutRate = new Rate()
  readonly replicationBytesInRate = new Rate()
  readonly replicationBytesOutRate = new Rate()
  /** Error replies by their first word. */
  readonly errors = new Map<Bytes, number>()
  errorReplies = 0
  /** To the stream of a master. */
  unexpectedErrorReplies = 0

  /** Counts an error reply; only the first 128 different first words are kept, as Redis does against abuse. */
  countError(message: Bytes): void {
    this.errorReplies++
    const blank = message.indexOf(' ')
    const word = blank < 0 ? message : message.slice(0, blank)
    const known = this.errors.get(word)
    if (known !== undefined || this.errors.size < 128) this.errors.set(word, (known ?? 0) + 1)
  }

  /** The cron's sample, ten times a second. */
  sample(nowMs: number): void {
    this.commandRate.sample(this.commands, nowMs)
    this.turnRate.sample(this.turns, nowMs)
    this.bytesInRate.sample(this.bytesIn, nowMs)
    this.bytesOutRate.sample(this.bytesOut, nowMs)
    this.replicationBytesInRate.sample(this.replicationBytesIn, nowMs)
    this.replicationBytesOutRate.sample(this.replicationBytesOut, nowMs)
  }

  /** So many samples were not taken. What was counted since the last one falls into the first of them. */
  letPass(count: number, periodMs: number): void {
    this.commandRate.letPass(this.commands, count, periodMs)
    this.turnRate.letPass(this.turns, count, periodMs)
    this.bytesInRate.letPass(this.bytesIn, count, periodMs)
    this.bytesOutRate.letPass(this.bytesOut, count, periodMs)
    this.replicationBytesInRate.letPass(this.replicationBytesIn, count, periodMs)
    this.replicationBytesOutRate.letPass(this.replicationBytesOut, count, periodMs)
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.commands = 0
    this.connectionsReceived = 0
    this.connectionsRejected = 0
    this.bytesIn = 0
    this.bytesOut = 0
    this.replicationBytesIn = 0
    this.replicationBytesOut = 0
    this.outputLimitDisconnections = 0
    this.turns = 0
    this.readsProcessed = 0
    this.writesProcessed = 0
    this.sanitizedBlocks = 0
    this.replyBufferShrinks = 0
    this.replyBufferExpands = 0
    this.errors.clear()
    this.errorReplies = 0
    this.unexpectedErrorReplies = 0
  }
}
