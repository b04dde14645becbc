/**
 * A snapshot for replicas: handed to the machine as fast as those who get it read (rdbPipeReadHandler, sendBulkToSlave).
 * Invariant: what a replica has not read is bounded, unless it came within one turn.
 */
import type { Buffer } from 'node:buffer'
import type { ReplicationInput } from '../replication/input.ts'
import type { Session } from './session.ts'
import { type DeliveryPorts, SnapshotDelivery, type SnapshotSource } from './snapshot-delivery.ts'

/** So much may wait for a replica before more is drawn. */
const WINDOW_BYTES = 1024 * 1024

const CHUNK_BYTES = 64 * 1024

/** What it needs of its node. */
export interface OutgoingPorts extends DeliveryPorts {
  /** Who gets it. */
  takers(): readonly Session[]
  step(input: ReplicationInput): void
  /** All of it was handed on. */
  ended(): void
}

/** One snapshot and the way it goes. */
export class OutgoingSnapshot {
  isOver = false
  readonly #transfer: number
  readonly #ports: OutgoingPorts
  /** What is to be stopped when nobody wants it any more. */
  #delivery: SnapshotDelivery | undefined
  #lastSentMs: number

  /** Begins within this turn. */
  constructor(source: SnapshotSource, transfer: number, ports: OutgoingPorts) {
    this.#transfer = transfer
    this.#ports = ports
    this.#lastSentMs = ports.clock.now
    this.#send(source)
  }

  cancel(): void {
    this.isOver = true
    this.#delivery?.cancel()
  }

  #send(source: SnapshotSource): void {
    const transfer = this.#transfer
    const taker = {
      isReady: () => this.#isReady(),
      take: (bytes: Buffer) => {
        this.#lastSentMs = this.#ports.clock.now
        this.#ports.step({ type: 'chunk', transfer, bytes })
      },
      done: () => {
        this.isOver = true
        this.#ports.ended()
        this.#ports.step({ type: 'chunks-ended', transfer })
      },
    }
    const delivery = new SnapshotDelivery(source, taker, this.#ports)
    if (!delivery.isOver) this.#delivery = delivery
    // It was given up while its first slice went.
    if (this.isOver) delivery.cancel()
  }

  #isReady(): boolean {
    const slow = this.#ports.takers().filter(({ output }) => output.waitingBytes >= WINDOW_BYTES)
    if (slow.length === 0) return true
    const timeoutMs = this.#ports.config.number('repl-timeout') * 1000
    if (this.#ports.clock.now - this.#lastSentMs > timeoutMs) {
      for (const { id } of slow) this.#ports.step({ type: 'snapshot-stuck', client: id })
    }
    return false
  }
}

/** A file as chunks. */
export function chunksOf(file: Buffer): SnapshotSource {
  let at = 0
  return {
    keys: 0,
    next() {
      if (at >= file.length) return { done: true, value: undefined }
      const chunk = file.subarray(at, at + CHUNK_BYTES)
      at += chunk.length
      return { done: false, value: chunk }
    },
  }
}
