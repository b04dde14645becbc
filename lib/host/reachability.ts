/**
 * The host's truth about who hears whom, told to nodes with instant failure detection: exactly the nodes that lost a peer
 * hear that it is unreachable, and hear when it is back. Invariant: after `update` every node that runs has been told
 * the truth; a node that starts anew has been told nothing and takes all peers for reachable.
 */
import type { SharedMemory } from '../base/shared-layout.ts'
import type { NodeRunner } from './node-runner.ts'

/** Knows who hears whom and passes it on. */
export class Reachability {
  readonly #shared: SharedMemory
  readonly #runners: readonly NodeRunner[]
  readonly #isInstant: boolean
  /** For each node the indexes of the peers it was told it had lost. */
  readonly #told = new Map<NodeRunner, Set<number>>()
  readonly #held = new Set<NodeRunner>()

  /** `runners` may grow. Without instant failure detection nodes find out by themselves. */
  constructor(shared: SharedMemory, runners: readonly NodeRunner[], isInstant: boolean) {
    this.#shared = shared
    this.#runners = runners
    this.#isInstant = isInstant
  }

  /** Whether nothing that `subject` says reaches `observer`. */
  isLost(observer: NodeRunner, subject: NodeRunner): boolean {
    if (observer === subject) return false
    return subject.life !== 'running' || this.#shared.faults.isCut(subject.index, observer.index)
  }

  /** The node goes and comes back on purpose: until `release` nobody hears anything new of it. */
  hold(runner: NodeRunner): void {
    this.#held.add(runner)
  }

  /** The node is there again, or will not come; it remembers nothing of what it was told. */
  release(runner: NodeRunner): void {
    if (!this.#held.delete(runner)) return
    this.#told.delete(runner)
    this.update()
  }

  /** Something changed: whoever is affected is told. */
  update(): void {
    if (!this.#isInstant) return
    for (const observer of this.#runners) {
      // What a paused node is told it hears when it wakes.
      if (observer.life !== 'running' && observer.life !== 'paused') {
        this.#told.delete(observer)
        continue
      }
      for (const subject of this.#runners) this.#tell(observer, subject)
    }
  }

  #tell(observer: NodeRunner, subject: NodeRunner): void {
    if (this.#held.has(subject) || this.#held.has(observer)) return
    let told = this.#told.get(observer)
    const wasLost = told?.has(subject.index) ?? false
    const isLost = this.isLost(observer, subject)
    if (wasLost === isLost) return
    if (told === undefined) {
      told = new Set()
      this.#told.set(observer, told)
    }
    if (isLost) told.add(subject.index)
    else told.delete(subject.index)
    observer.tell(isLost ? 'unreachable' : 'reachable', this.#shared.id(subject.index))
  }
}
