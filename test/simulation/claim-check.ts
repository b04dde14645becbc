/**
 * Who says it serves which slots, and why it may.
 * - A master comes to claim a slot by an election or takeover of its own master's slots, by the operator (SETSLOT NODE,
 *   ADDSLOTS), or because it claimed it before.
 * - Two masters claim a slot with one configEpoch only if one of them took that epoch without a vote (TAKEOVER, the end
 *   of an import, a collision): then the smaller id takes another as soon as they hear of each other, and the check of
 *   convergence sees that they did.
 */
import { Buffer } from 'node:buffer'
import type { BusMessage, NodeId } from '../../lib/bus/message.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { slotsOf } from '../../lib/cluster/slot-bitmap.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { Violation } from './violation.ts'

interface Claim {
  readonly place: number
  configEpoch: number
  isMaster: boolean
  /** Of a replica. */
  master: NodeId | undefined
  slots: Buffer
  /** Slots it may claim, whatever it did so far. */
  readonly allowed: Set<number>
}

const NO_SLOTS = Buffer.alloc(2048)

/** Watches claims. */
export class ClaimCheck {
  readonly #claims = new Map<NodeId, Claim>()
  readonly #unagreed: ReadonlySet<number>

  /** `unagreed` are the epochs that somebody gave itself without a vote. */
  constructor(unagreed: ReadonlySet<number>) {
    this.#unagreed = unagreed
  }

  /** An operator gave a node a slot. */
  allow(id: NodeId, slot: number): void {
    this.#claims.get(id)?.allowed.add(slot)
  }

  /** A node was promoted, or began to live: what it has now it may have. */
  accept(host: SimulatedNode): void {
    const { id, machine } = host
    const claim = this.#claimOf(id, host.place)
    for (const slot of slotsOf(machine.myself.slots)) claim.allowed.add(slot)
  }

  /** A replica takes its master's slots over: what that might claim it may claim. */
  succeed(host: SimulatedNode): void {
    const claim = this.#claimOf(host.id, host.place)
    const { master } = claim
    if (master === undefined) return
    for (const slot of this.#claims.get(master)?.allowed ?? []) claim.allowed.add(slot)
  }

  #claimOf(id: NodeId, place: number): Claim {
    let claim = this.#claims.get(id)
    if (claim === undefined) {
      claim = {
        place,
        configEpoch: -1,
        isMaster: false,
        master: undefined,
        slots: NO_SLOTS,
        allowed: new Set(),
      }
      this.#claims.set(id, claim)
    }
    return claim
  }

  sends(host: SimulatedNode, { header }: BusMessage): void {
    const claim = this.#claimOf(header.sender, host.place)
    const isMaster = (header.flags & NodeFlag.master) !== 0
    if (header.masterId !== undefined) claim.master = header.masterId
    const isOld =
      claim.isMaster === isMaster &&
      claim.configEpoch === header.configEpoch &&
      claim.slots.equals(header.slots)
    if (isOld) return
    claim.isMaster = isMaster
    claim.configEpoch = header.configEpoch
    claim.slots = Buffer.from(header.slots)
    if (!isMaster) return
    this.#checkReasons(claim)
    this.#checkRivals(header.sender, claim)
  }

  #checkReasons(claim: Claim): void {
    for (const slot of slotsOf(claim.slots)) {
      if (claim.allowed.has(slot)) continue
      throw new Violation(
        'no slot comes from nowhere',
        `node ${claim.place} claims slot ${slot} that nobody gave it`,
      )
    }
  }

  #checkRivals(id: NodeId, claim: Claim): void {
    if (this.#unagreed.has(claim.configEpoch)) return
    for (const [otherId, other] of this.#claims) {
      if (otherId === id || !other.isMaster || other.configEpoch !== claim.configEpoch) continue
      const shared = slotsOf(claim.slots.map((byte, i) => byte & (other.slots[i] ?? 0)))
      if (shared.length === 0) continue
      throw new Violation(
        'one master per slot and epoch',
        `nodes ${claim.place} and ${other.place} claim slot ${shared[0]} with epoch ${claim.configEpoch}`,
      )
    }
  }
}
