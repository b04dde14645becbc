/**
 * What all levers stand on: the cluster as they may use it, and the handle that undoes what a lever did.
 * Invariant: a lever resolves when every node that can know has noticed, and rejects as soon as the cluster is stopped.
 */
import type { SharedMemory } from '../../base/shared-layout.ts'
import { ClusterError } from '../cluster-error.ts'
import { EstrangementWatch } from '../estrangement.ts'
import { type Fault, FaultLedger } from '../fault-ledger.ts'
import type { ClusterNode, Levers, Undo } from '../handle.ts'
import type { NodeRunner } from '../node-runner.ts'
import { wrong } from '../option-check.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Reachability } from '../reachability.ts'
import { isSettled } from '../readiness.ts'
import type { Roster } from '../roster.ts'
import { waitForChange, within } from '../wait.ts'

/** No message takes longer, milliseconds: an hour. */
const LONGEST_DELAY_MS = 3_600_000

/** Nodes that have not noticed after this time never will, milliseconds. */
const PATIENCE_MS = 30_000
/** So many; more nodes have longer, as each has more of them to talk to. */
const NODES_IN_PATIENCE = 20

/** A method of the cluster: the member of {@link Levers} with this name, with the context in front. */
export type Lever<Name extends keyof Levers> = (
  context: LeverContext,
  ...given: Parameters<Levers[Name]>
) => ReturnType<Levers[Name]>

/** The cluster as a lever sees it. */
export class LeverContext {
  readonly options: ResolvedOptions
  readonly roster: Roster
  readonly reachability: Reachability
  readonly faults: FaultLedger
  /** Aborted when the cluster is stopped; its reason is the error for whoever waits. */
  readonly closing: AbortSignal
  /** Nodes that have known all others once, and should still. */
  readonly joined = new Set<ClusterNode>()
  /** Nodes that have not yet been told whom they know. */
  readonly booting = new Set<NodeRunner>()
  /** Nodes that are on their way back. */
  readonly restarting = new Set<NodeRunner>()
  /** How many nodes have been added so far: no two get the same id. */
  added = 0
  /** Ids of removed nodes: whoever comes back with an old nodes.conf has to forget them too. */
  readonly forgotten = new Set<string>()
  /** Slots that a lever is moving. */
  readonly movingSlots = new Set<number>()

  constructor(parts: {
    readonly options: ResolvedOptions
    readonly roster: Roster
    readonly reachability: Reachability
    readonly closing: AbortSignal
  }) {
    this.options = parts.options
    this.roster = parts.roster
    this.reachability = parts.reachability
    this.faults = new FaultLedger(parts.roster.shared.faults)
    this.closing = parts.closing
  }

  /** Whether nothing that `subject` says reaches `observer`. */
  readonly isLost = (observer: ClusterNode, subject: ClusterNode): boolean =>
    this.reachability.isLost(this.runnerOf(observer), this.runnerOf(subject))

  get shared(): SharedMemory {
    return this.roster.shared
  }

  /** All nodes; the list grows. */
  get nodes(): readonly ClusterNode[] {
    return this.roster.nodes
  }

  /** Who runs each of {@link nodes}, in the same order. */
  get runners(): readonly NodeRunner[] {
    return this.roster.runners
  }

  /** Who runs a node. Throws ERR_BAD_OPTION for a node of another cluster. */
  runnerOf(node: ClusterNode): NodeRunner {
    return this.roster.runnerOf(node)
  }

  /** Throws ERR_STOPPED once the cluster is stopped. */
  checkRunning(): void {
    if (this.closing.aborted) throw stoppedError()
  }

  /** Runs a command on a node as a trusted client; returns the raw RESP2 reply. Throws ERR_COMMAND for an error reply. */
  async command(node: ClusterNode, argv: readonly string[], patienceMs?: number): Promise<string> {
    const [reply = ''] = await this.commands(node, [argv], patienceMs)
    return reply
  }

  /** Runs commands in one turn of a node, all of them whatever they answer. Throws ERR_COMMAND for the first error reply. */
  async commands(
    node: ClusterNode,
    commands: readonly (readonly string[])[],
    patienceMs?: number,
  ): Promise<readonly string[]> {
    const replies = await this.runnerOf(node)
      .commands(commands, patienceMs)
      .catch((error: unknown) => {
        // The node went because all do.
        this.checkRunning()
        throw error
      })
    const at = replies.findIndex((reply) => reply.startsWith('-'))
    if (at < 0) return replies
    throw new ClusterError(
      'ERR_COMMAND',
      `node ${node.index} answered ${commands[at]?.[0]} with: ${replies[at]?.slice(1).trimEnd()}`,
    )
  }

  /** Tells the nodes who hears whom now; resolves when every node that runs has heard it. */
  async spread(): Promise<void> {
    this.reachability.update()
    const running = this.runners.filter(({ life }) => life === 'running')
    // A node that ends meanwhile has no need to know.
    const heard = running.map((runner) => runner.hear().catch(() => {}))
    await this.inTime(Promise.all(heard), 'not all nodes answered')
  }

  /** Waits until nothing is left of a fault that is healed; with timeouts nodes take their own time, and nobody waits. */
  async settle(): Promise<void> {
    await this.spread()
    if (this.options.failureDetection !== 'instant') return
    await this.waitUntil(
      () => isSettled(this.nodes, this.shared, this.isLost),
      'the nodes did not find together again',
    )
  }

  /** Lets a fault befall the nodes; healing removes it and leaves the others. */
  async inject(fault: Fault): Promise<Undo> {
    this.checkRunning()
    const remove = this.faults.add(fault)
    await this.spread()
    return undo(this, async () => {
      remove()
      await this.settle()
    })
  }

  get #patienceMs(): number {
    return PATIENCE_MS * Math.max(1, this.nodes.length / NODES_IN_PATIENCE)
  }

  /**
   * Waits until `check` holds; it is asked now and after every change at any node. `what` completes "in 30 s". Gives up early
   * when a node has left the others.
   */
  async waitUntil(
    check: () => boolean,
    what: string,
    code: 'ERR_TIMEOUT' | 'ERR_START_TIMEOUT' = 'ERR_TIMEOUT',
  ): Promise<void> {
    const watch = new EstrangementWatch(this)
    const checkAndWatch = (): boolean => {
      if (check()) return true
      watch.look(what)
      return false
    }
    try {
      await waitForChange(this.shared, checkAndWatch, {
        timeoutMs: this.#patienceMs,
        onTimeout: () => this.lateError(what, code),
        signal: this.closing,
        onAbort: () => this.closing.reason as ClusterError,
      })
    } finally {
      watch.stop()
    }
    this.roster.hearOut()
  }

  /** Whether something comes to hold within a time. Throws once the cluster is stopped. */
  async happens(check: () => boolean, timeoutMs: number): Promise<boolean> {
    const late = new Error('it did not happen')
    try {
      await waitForChange(this.shared, check, {
        timeoutMs,
        onTimeout: () => late,
        signal: this.closing,
        onAbort: () => this.closing.reason as ClusterError,
      })
      return true
    } catch (error) {
      if (error === late) return false
      throw error
    }
  }

  /** Gives work the same time and the same ends as {@link waitUntil}. */
  inTime<T>(
    work: Promise<T>,
    what: string,
    code: 'ERR_TIMEOUT' | 'ERR_START_TIMEOUT' = 'ERR_TIMEOUT',
  ): Promise<T> {
    return within(work, {
      timeoutMs: this.#patienceMs,
      onTimeout: () => this.lateError(what, code),
      signal: this.closing,
      onAbort: () => this.closing.reason as ClusterError,
    })
  }

  /** What did not happen, and what was seen last. */
  lateError(what: string, code: 'ERR_TIMEOUT' | 'ERR_START_TIMEOUT'): ClusterError {
    return new ClusterError(
      code,
      `${what} in ${this.#patienceMs / 1000} s; is the machine overloaded? Last seen:\n${this.roster.describe()}`,
    )
  }
}

/** An {@link Undo}: `heal` runs at most once, and not at all once the cluster is stopped. */
export function undo(context: LeverContext, heal: () => Promise<void>): Undo {
  let healing: Promise<void> | undefined
  const healOnce = async (): Promise<void> => {
    if (context.closing.aborted) return
    try {
      await heal()
    } catch (error) {
      // Nothing is left to heal.
      if (!context.closing.aborted) throw error
    }
  }
  return {
    heal() {
      healing ??= healOnce()
      return healing
    },
    [Symbol.asyncDispose]() {
      return this.heal()
    },
  }
}

/** A delay as it is given: milliseconds, or the least and the most of them. Throws ERR_BAD_OPTION. */
export function delayOf(given: unknown): { readonly minMs: number; readonly maxMs: number } {
  const { min, max } = (
    typeof given === 'object' && given !== null ? given : { min: given, max: given }
  ) as { readonly min?: unknown; readonly max?: unknown }
  const isDelay = (value: unknown): value is number =>
    typeof value === 'number' && value >= 0 && value <= LONGEST_DELAY_MS
  if (isDelay(min) && isDelay(max) && min <= max) return { minMs: min, maxMs: max }
  throw wrong('delay', given, `milliseconds from 0 to ${LONGEST_DELAY_MS}, or { min, max } of them`)
}

/** A probability as it is given. Throws ERR_BAD_OPTION. */
export function probabilityOf(given: unknown): number {
  if (typeof given === 'number' && given >= 0 && given <= 1) return given
  throw wrong('drop', given, 'a probability from 0 to 1')
}

/** The cluster is no more. */
export function stoppedError(): ClusterError {
  return new ClusterError('ERR_STOPPED', 'the cluster has been stopped; start another one')
}

/** The caller's signal came before the cluster was ready. */
export function abortedError(signal: AbortSignal): ClusterError {
  return new ClusterError('ERR_ABORTED', 'the start was aborted by its `signal`', {
    cause: signal.reason,
  })
}

/** A node is not in a state for what is wished: `node 3 cannot be paused: it is not running (its state is 'killed')`. */
export function stateError(node: ClusterNode, wish: string, reason: string): ClusterError {
  return new ClusterError(
    'ERR_NODE_STATE',
    `node ${node.index} cannot be ${wish}: ${reason} (its state is '${node.state}')`,
  )
}
