/**
 * What a node says to its host: log lines, events and answers, those of a turn in one frame. Invariant: the host hears them in
 * the order they were said, and who waits for what a turn changed has heard what the turn had to say of it.
 */
import type { MessagePort } from 'node:worker_threads'
import type { NodeMessage } from '../control/message.ts'
import { packForHost } from '../control/pack.ts'
import type { SharedView } from '../node/shared-view.ts'

/** The way from one node to its host. */
export class HostLine {
  readonly #control: Pick<MessagePort, 'postMessage'>
  readonly #view: Pick<SharedView, 'isSettled' | 'announce'>
  #unsent: NodeMessage[] = []
  #isArriving = false

  constructor(
    control: Pick<MessagePort, 'postMessage'>,
    view: Pick<SharedView, 'isSettled' | 'announce'>,
  ) {
    this.#control = control
    this.#view = view
  }

  /** The node is one of a planned cluster and not with the others yet: nobody waits for one of its steps. */
  beginArrival(): void {
    this.#isArriving = true
  }

  /** It has taken long enough: each step is told. */
  endArrival(): void {
    this.#isArriving = false
  }

  /** Says something with the rest of the turn. */
  add(message: NodeMessage): void {
    this.#unsent.push(message)
  }

  /** Says something now, after all that waits to be said. */
  post(message: NodeMessage): void {
    this.add(message)
    this.send()
  }

  /** Says what waits to be said. */
  send(): void {
    if (this.#unsent.length === 0) return
    const packed = packForHost(this.#unsent)
    this.#unsent = []
    this.#control.postMessage(packed, [packed.buffer])
  }

  /** Ends a turn: says what it left to say, and announces what it changed. */
  settle(): void {
    if (this.#isArriving) {
      this.#isArriving = !this.#view.isSettled
      // Nobody waits for one of its steps, and each would wake the host.
      if (this.#isArriving && this.#unsent.every(({ type }) => type === 'log')) return
    }
    this.send()
    if (!this.#isArriving) this.#view.announce()
  }
}
