/**
 * Nodes that run and have left the others: a client sent CLUSTER RESET, or CLUSTER FORGET for a node that runs. Whoever
 * waits until all agree would wait in vain and is told so after a while. Invariant: a node that starts or is being removed
 * is on its way and counts neither as one that has left nor as one that is missed.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import { ClusterError } from './cluster-error.ts'
import type { ClusterNode } from './handle.ts'
import type { LeverContext } from './lever/lever.ts'

/** News of nodes takes a moment to spread: a node that knows too few for longer will not hear of them, milliseconds. */
const PATIENCE_MS = 5000

/** Patience is counted in turns of this thread, milliseconds each: where they come late, the nodes' come late too. */
const TURN_MS = 50

/** Whether a node knows nobody where others know each other: it can agree with none of them. */
export function isOutcast(node: ClusterNode, nodes: readonly ClusterNode[]): boolean {
  const isAlone = (one: ClusterNode) => one.state === 'running' && one.knownNodes <= 1
  return isAlone(node) && nodes.some((other) => other.state === 'running' && !isAlone(other))
}

/** Looks, for as long as something is waited for, whether a node has left the others. */
export class EstrangementWatch {
  readonly #context: LeverContext
  readonly #patienceMs: number
  #timer: NodeJS.Timeout | undefined
  #isLate = false

  constructor(context: LeverContext, patienceMs = PATIENCE_MS) {
    const { failureDetection, nodeTimeoutMs } = context.options
    this.#context = context
    // With timeouts news travels with the pings: everybody is pinged twice in one.
    this.#patienceMs = patienceMs + (failureDetection === 'instant' ? 0 : nodeTimeoutMs)
  }

  /** Throws ERR_NODE_STATE once a node has known too few for some time. `what` did not happen. */
  look(what: string): void {
    const members = membersOf(this.#context)
    const stranger = members.find(({ knownNodes }) => knownNodes < members.length)
    if (stranger === undefined) this.stop()
    else if (this.#isLate) throw this.#error(what, stranger, members.length)
    else if (this.#timer === undefined) this.#wait(this.#patienceMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isLate = false
  }

  #wait(leftMs: number): void {
    const turnMs = Math.min(leftMs, TURN_MS)
    this.#timer = setTimeout(() => {
      if (leftMs > turnMs) this.#wait(leftMs - turnMs)
      else this.#ring()
    }, turnMs)
  }

  #ring(): void {
    this.#isLate = true
    // Whoever waits looks once more.
    Atomics.notify(this.#context.shared.head, 0)
  }

  #error(what: string, { index, knownNodes }: ClusterNode, count: number): ClusterError {
    return new ClusterError(
      'ERR_NODE_STATE',
      `${what}: node ${index} knows ${knownNodes} of the ${count} nodes that run; a client has sent CLUSTER RESET or ` +
        `CLUSTER FORGET, and only CLUSTER MEET helps. Last seen:\n${this.#context.roster.describe()}`,
    )
  }
}

/** The nodes that should know each other. */
function membersOf(context: LeverContext): ClusterNode[] {
  return context.nodes.filter(
    (node) =>
      node.state === 'running' &&
      context.joined.has(node) &&
      !context.forgotten.has(node.id) &&
      !context.booting.has(context.runnerOf(node)),
  )
}
