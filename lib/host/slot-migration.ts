/**
 * Slots on their way from a master to another, by the commands of redis-cli (clusterManagerMoveSlot);
 * several slots take each step together. Invariant: until `give` the source owns them, and every key is at one of the two.
 */
import type { Bytes } from '../base/bytes.ts'
import { ownsForAll } from './agreement.ts'
import { unserved } from './cluster-error.ts'
import type { ClusterNode } from './handle.ts'
import type { LeverContext } from './lever/lever.ts'
import { bulksIn, integerIn } from './reply.ts'

/** Keys of one MIGRATE. */
const BATCH_KEYS = 250

/** The target has to answer within this time, milliseconds. */
const MIGRATE_TIMEOUT_MS = 8000

/** So many migrations of a transfer are on their way at once: while keys of one travel, others are opened and given. */
export const MIGRATIONS_AT_ONCE = 4

/** MIGRATE waits at its node for those of the others, each of which has its time to connect and again to answer, milliseconds. */
const MIGRATE_PATIENCE_MS = MIGRATIONS_AT_ONCE * 2 * MIGRATE_TIMEOUT_MS

/** After this the others are told by us, milliseconds: the news may be lost on its way. */
const NEWS_MS = 500

/** Slots that move. */
export class SlotMigration {
  readonly slots: readonly number[]
  readonly from: ClusterNode
  readonly to: ClusterNode
  readonly #context: LeverContext
  readonly #credentials: readonly string[]

  /** `credentials` are the words by which MIGRATE logs in. */
  constructor(
    context: LeverContext,
    route: {
      readonly slots: readonly number[]
      readonly from: ClusterNode
      readonly to: ClusterNode
    },
    credentials: readonly string[],
  ) {
    this.#context = context
    this.#credentials = credentials
    this.slots = route.slots
    this.from = route.from
    this.to = route.to
  }

  /** Opens the slots at both ends: clients are sent on with ASK for keys that are not there any more. */
  async open(): Promise<void> {
    await this.#setSlots(this.to, this.slots, 'IMPORTING', this.from.id)
    await this.#setSlots(this.from, this.slots, 'MIGRATING', this.to.id)
  }

  /** Moves up to so many keys; returns how many there were. */
  async moveSome(count = Number.POSITIVE_INFINITY): Promise<number> {
    let moved = 0
    while (moved < count) {
      const limit = Math.min(count - moved, BATCH_KEYS)
      const found = (await this.#keysAt(this.from, this.slots, limit)).filter(
        (keys) => keys.length > 0,
      )
      if (found.length === 0) break
      // A node moves keys of one MIGRATE at a time; the next ones would only queue there.
      for (const keys of found) await this.moveKeys(keys)
      moved += found.reduce((sum, keys) => sum + keys.length, 0)
    }
    return moved
  }

  /** Moves these keys of one slot; those that do not exist are passed over. */
  async moveKeys(keys: readonly Bytes[]): Promise<void> {
    // What the owner of the slot has is the truth: a copy at the target is a leftover.
    await this.#migrate(this.from, this.to, keys)
  }

  /** Gives the slots, which have no more keys here, to the target, and tells all masters. */
  async give(): Promise<void> {
    const { from, to, slots } = this
    await this.#setSlots(to, slots, 'NODE', to.id)
    // It says so itself, with a new epoch. Who only hears it from us takes the slots back to the old owner when a ping comes
    // that this one sent before, with an epoch that is the greater of the two known there.
    await this.#context.happens(() => ownsForAll(this.#context, to, slots), NEWS_MS)
    const others = this.#context.roster.masters.filter((node) => node !== from && node !== to)
    // One that ends just now will hear of it when it comes back.
    await Promise.all(
      others.map((node) =>
        this.#setSlots(node, slots, 'NODE', to.id).catch(() => this.#context.checkRunning()),
      ),
    )
    // Last of all, unlike redis-cli: with its last slot it becomes a replica, and to whoever hears of that before the new
    // owner the slots are nobody's, and the cluster down.
    await this.#setSlots(from, slots, 'NODE', to.id).catch((error: unknown) => {
      // It became one, and knows the new owner.
      if (!String(error).includes('SETSLOT only with masters')) throw error
    })
  }

  /**
   * Gives slots that the target had when it ended to the master that replaced it without having heard of them, if one did:
   * nobody can tell it any more, and the others hold them for a dead node's (redis-cli --cluster fix).
   */
  async giveToSuccessor(slots: readonly number[]): Promise<void> {
    const heir = successorOf(this.#context, this.to)
    if (heir === undefined || slots.length === 0) return
    // The heir first: its election has given it a greater epoch than the target had.
    const others = this.#context.roster.masters.filter((master) => master !== heir)
    for (const node of [heir, ...others]) await this.#setSlots(node, slots, 'NODE', heir.id)
  }

  /** Takes a slot back: its keys return to whoever owns it, and it is closed at all masters. */
  async abort(slot: number): Promise<void> {
    const { roster } = this.#context
    const owner = roster.ownerOf(slot)
    if (owner === undefined) throw unserved(slot, roster.describe())
    // While it migrates the slot it takes in no key.
    await this.#setSlots(owner, [slot], 'STABLE')
    for (const holder of roster.masters) {
      if (holder === owner) continue
      const reply = await this.#context.command(holder, ['CLUSTER', 'COUNTKEYSINSLOT', `${slot}`])
      if (integerIn(reply) > 0) await this.#bringBack(slot, holder, owner)
      else if (holder === this.to || holder === this.from) {
        await this.#setSlots(holder, [slot], 'STABLE')
      }
    }
  }

  async #bringBack(slot: number, holder: ClusterNode, owner: ClusterNode): Promise<void> {
    // Importing from a node that has ended it has not heard of the new owner, and holds the cluster for down.
    await this.#setSlots(holder, [slot], 'NODE', owner.id)
    // Only of a slot that it imports may a node move keys that it does not own.
    await this.#setSlots(holder, [slot], 'IMPORTING', owner.id)
    for (;;) {
      const [keys = []] = await this.#keysAt(holder, [slot], BATCH_KEYS)
      if (keys.length === 0) break
      // A replica that took over may not have heard that they had gone; clients were sent here since.
      await this.#migrate(holder, owner, keys)
    }
    await this.#setSlots(holder, [slot], 'STABLE')
  }

  /** Keys of each slot, up to a limit. */
  async #keysAt(node: ClusterNode, slots: readonly number[], limit: number): Promise<Bytes[][]> {
    const replies = await this.#context.commands(
      node,
      slots.map((slot) => ['CLUSTER', 'GETKEYSINSLOT', `${slot}`, `${limit}`]),
    )
    return replies.map(bulksIn)
  }

  async #migrate(source: ClusterNode, target: ClusterNode, keys: readonly Bytes[]): Promise<void> {
    const { host, port } = target
    const words = ['MIGRATE', host, `${port}`, '', '0', `${MIGRATE_TIMEOUT_MS}`, 'REPLACE']
    await this.#context.command(
      source,
      [...words, ...this.#credentials, 'KEYS', ...keys],
      MIGRATE_PATIENCE_MS,
    )
  }

  async #setSlots(
    node: ClusterNode,
    slots: readonly number[],
    ...words: readonly string[]
  ): Promise<void> {
    await this.#context.commands(
      node,
      slots.map((slot) => ['CLUSTER', 'SETSLOT', `${slot}`, ...words]),
    )
  }
}

/** The running master that replaced a node which no longer runs, known by a slot that the node had. */
export function successorOf(context: LeverContext, node: ClusterNode): ClusterNode | undefined {
  if (node.state === 'running') return undefined
  const last = context.shared.slotView(node.index)
  return context.roster.masters.find((master) => {
    const own = context.shared.slotView(master.index)
    return last.some((owner, slot) => owner === node.index + 1 && own[slot] === master.index + 1)
  })
}

/** The words by which MIGRATE logs in at a node: as nodes log in at each other, or with the password of all. */
export async function credentialsFor(context: LeverContext, node: ClusterNode): Promise<string[]> {
  const names = ['masteruser', 'masterauth', 'requirepass']
  const found = bulksIn(await context.command(node, ['CONFIG', 'GET', ...names]))
  const given = (name: string) => found.find((_, i) => i % 2 === 1 && found[i - 1] === name)
  const [user = '', userPassword = '', password = ''] = names.map(given)
  if (user !== '') return ['AUTH2', user, userPassword]
  return password === '' ? [] : ['AUTH', password]
}
