/**
 * The replicas of a node. All of them are asked something at the end of each turn, and come and go rarely: so there is a list,
 * made anew whenever one does. Invariant: a list that somebody walks over does not change.
 */
import type { ReplicaPeer } from './replica-peer.ts'

/** Replicas by the number of their client. */
export class Peers {
  /** All of them, longest here first. */
  all: readonly ReplicaPeer[] = []

  find(client: number): ReplicaPeer | undefined {
    return this.all.find((peer) => peer.client === client)
  }

  /** Adds one, unless it is here. */
  add(peer: ReplicaPeer): void {
    if (!this.all.includes(peer)) this.all = [...this.all, peer]
  }

  remove(peer: ReplicaPeer): void {
    this.all = this.all.filter((other) => other !== peer)
  }
}
