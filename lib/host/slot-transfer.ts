/**
 * Many slots move at once, with their keys. Invariant: when it ends, well or not, no slot of it is half-moved, or the error
 * says which is and why.
 */
import { ownsForAll } from './agreement.ts'
import { ClusterError } from './cluster-error.ts'
import type { ClusterNode } from './handle.ts'
import { type LeverContext, stateError } from './lever/lever.ts'
import { integerIn } from './reply.ts'
import { slotsIn, slotsText } from './slot-list.ts'
import { credentialsFor, MIGRATIONS_AT_ONCE, SlotMigration, successorOf } from './slot-migration.ts'

/** Slots of one master that go to another. */
export interface SlotTransfer {
  readonly slots: readonly number[]
  readonly from: ClusterNode
  readonly to: ClusterNode
}

/** So many slots take each step together: a node hears of them in one turn. */
const BATCH_SLOTS = 64

/** After a failure replicas have this long to replace who has ended, milliseconds. */
const RECOVERY_MS = 5000

/** Moves slots with their keys; resolves when all nodes that can know agree. Throws a ClusterError that says what has moved. */
export async function transferSlots(
  context: LeverContext,
  transfers: readonly SlotTransfer[],
): Promise<void> {
  const release = claimSlots(
    context,
    transfers.flatMap(({ slots }) => slots),
  )
  const done: SlotMigration[] = []
  try {
    for (const transfer of transfers) done.push(await move(context, transfer))
    const findLost = () => done.find(({ to }) => to.state !== 'running')
    await context.waitUntil(
      () => findLost() !== undefined || done.every((migration) => isSettled(context, migration)),
      'not all nodes agreed on the new owners of the slots',
    )
    const lost = findLost()
    if (lost === undefined) return
    const failure = stateError(lost.to, 'given slots', 'it has ended meanwhile')
    throw await recover(context, lost, new Set(), failure)
  } finally {
    release()
  }
}

/** All see the new owner; a source that gave its last slot follows somebody, and so do its replicas. */
function isSettled(context: LeverContext, { slots, from, to }: SlotTransfer): boolean {
  if (!ownsForAll(context, to, slots)) return false
  if (from.state === 'running' && from.role === 'master') return true
  return context.nodes.every(
    (node) =>
      node.state !== 'running' ||
      node.role === 'master' ||
      node.master?.state !== 'running' ||
      (node.master !== from && node.inSync),
  )
}

/** Keeps other levers from moving these slots; returns what lets them again. Throws ERR_SLOT_BUSY. */
export function claimSlots(context: LeverContext, slots: readonly number[]): () => void {
  const { movingSlots } = context
  const busy = slots.filter((slot) => movingSlots.has(slot))
  if (busy.length > 0) {
    throw new ClusterError(
      'ERR_SLOT_BUSY',
      `another operation is moving slot ${slotsText(busy)}; await it, or finish or abort the migration that was begun`,
    )
  }
  for (const slot of slots) movingSlots.add(slot)
  return () => {
    for (const slot of slots) movingSlots.delete(slot)
  }
}

/** Throws unless the node is a running master. */
export function checkMaster(context: LeverContext, node: ClusterNode, wish: string): void {
  const { life } = context.runnerOf(node)
  if (life !== 'running') throw stateError(node, wish, 'it is not running')
  if (node.role !== 'master') throw stateError(node, wish, 'it is a replica; take a master')
}

async function move(context: LeverContext, transfer: SlotTransfer): Promise<SlotMigration> {
  const { to, slots } = transfer
  const credentials = await credentialsFor(context, to)
  const migrationOf = (some: readonly number[]) =>
    new SlotMigration(context, { ...transfer, slots: some }, credentials)
  const whole = migrationOf(slots)
  const first = to.slots.length === 0 ? await keylessSlot(context, transfer) : undefined
  const rest = slots.filter((slot) => slot !== first)
  const batches = Array.from({ length: Math.ceil(rest.length / BATCH_SLOTS) }, (_, i) =>
    migrationOf(rest.slice(i * BATCH_SLOTS, (i + 1) * BATCH_SLOTS)),
  )
  const open = new Set<number>()
  let failure: unknown
  const work = async (queue: IterableIterator<SlotMigration>): Promise<void> => {
    for (const batch of queue) {
      if (failure !== undefined) return
      for (const slot of batch.slots) open.add(slot)
      try {
        await batch.open()
        await batch.moveSome()
        await batch.give()
        for (const slot of batch.slots) open.delete(slot)
      } catch (error) {
        failure ??= error
      }
    }
  }
  if (first !== undefined) await work([migrationOf([first])].values())
  const queue = batches.values()
  await Promise.all(Array.from({ length: MIGRATIONS_AT_ONCE }, () => work(queue)))
  if (failure !== undefined) throw await recover(context, whole, open, failure)
  return whole
}

/**
 * A slot of these that holds no key, if there is one. CLUSTER SLOTS does not list a master without slots, so a client that
 * is sent there with ASK may not find it: it is to have a slot before any key moves.
 */
async function keylessSlot(
  context: LeverContext,
  { from, slots }: SlotTransfer,
): Promise<number | undefined> {
  const counts = await context.commands(
    from,
    slots.map((slot) => ['CLUSTER', 'COUNTKEYSINSLOT', `${slot}`]),
  )
  return slots[counts.findIndex((reply) => integerIn(reply) === 0)]
}

/** Closes what is open and tells how far it came. */
async function recover(
  context: LeverContext,
  migration: SlotMigration,
  open: ReadonlySet<number>,
  failure: unknown,
): Promise<unknown> {
  if (context.closing.aborted) return context.closing.reason
  const { from, to, slots } = migration
  const ownerOf = (slot: number) => context.roster.ownerOf(slot)
  const isUnserved = (slot: number) => ownerOf(slot) === undefined
  // A node that has ended may be replaced by its replica, which has the keys.
  const isOver = () =>
    !slots.some(isUnserved) || [from, to].every((node) => isReplaced(context, node))
  await context.happens(isOver, RECOVERY_MS)
  const stuck = new Map<number, string>()
  await migration.giveToSuccessor(slots.filter(isUnserved)).catch(() => context.checkRunning())
  // No key can move while the cluster is down.
  await context.happens(() => context.roster.masters.every((node) => node.clusterOk), RECOVERY_MS)
  for (const slot of slots) {
    if (!open.has(slot) && !isUnserved(slot)) continue
    await migration.abort(slot).catch((error: Error) => {
      context.checkRunning()
      stuck.set(slot, error.message)
    })
  }
  const owned = (node: ClusterNode) =>
    slots.filter((slot) => ownerOf(slot) === node && !stuck.has(slot))
  const told = (what: string, some: readonly number[]) =>
    some.length === 0 ? [] : [`${what}: ${slotsText(some)}`]
  const moved = owned(to)
  const inherited = context.roster.masters
    .filter((node) => node !== from && node !== to)
    .flatMap((node) => told(`at node ${node.index}`, owned(node)))
  const cause = failure instanceof Error ? failure : new Error(String(failure))
  const parts = [
    `the slots could not all move from node ${from.index} to node ${to.index}: ${cause.message}`,
    ...(moved.length + inherited.length === 0 ? ['none has moved'] : told('moved', moved)),
    ...told('where they were, with their keys', owned(from)),
    ...inherited,
    ...[...stuck].map(([slot, why]) => `slot ${slot} is half-moved (${why})`),
    ...(stuck.size === 0 ? [] : ['move them again when their nodes run']),
  ]
  const code = failure instanceof ClusterError ? failure.code : 'ERR_COMMAND'
  return new ClusterError(code, parts.join('; '), { cause })
}

/** A node runs, or another one has its slots and all who can know have heard of it. */
function isReplaced(context: LeverContext, node: ClusterNode): boolean {
  if (node.state === 'running') return true
  const heir = successorOf(context, node)
  return heir !== undefined && ownsForAll(context, heir, slotsIn('slots', heir.slots))
}
