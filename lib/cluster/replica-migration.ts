/**
 * A replica that its master can spare moves to a master without any (clusterHandleSlaveMigration). Invariant: one replica
 * moves at a time: the one with the smallest id among those of the masters that have the most.
 */
import { NodeFlag } from '../bus/message.ts'
import { type ClusterNode, hasFlag, isFailed, isMaster, isReplica } from './cluster-node.ts'
import { becomeReplicaOf } from './role.ts'
import { type ClusterView, log, saveLater } from './view.ts'

/** An orphan has to be one for this long. */
const ORPHAN_MS = 5000

/** Replicas of a master that work. */
function workingReplicas(master: ClusterNode): number {
  let count = 0
  for (const node of master.replicas) if (!isFailed(node)) count++
  return count
}

/** A master that serves slots and is to have replicas, but has none that works. */
function isOrphan(node: ClusterNode): boolean {
  return (
    isMaster(node) &&
    !isFailed(node) &&
    node.slotCount > 0 &&
    hasFlag(node, NodeFlag.migrateTo) &&
    workingReplicas(node) === 0
  )
}

/** A master waits for a replica of another. */
export function hasOrphans(view: ClusterView): boolean {
  for (const node of view.nodes) if (isOrphan(node)) return true
  return false
}

/** Keeps account of orphans on a replica, and moves it to one if it is its turn. */
export function considerMigration(view: ClusterView): void {
  const { myself, settings } = view
  if (!isReplica(myself)) return
  let most = 0
  let orphans = 0
  for (const node of view.nodes) {
    if (hasFlag(node, NodeFlag.myself | NodeFlag.noaddr | NodeFlag.handshake)) continue
    if (!isMaster(node) || isFailed(node)) continue
    most = Math.max(most, workingReplicas(node))
    if (isOrphan(node)) orphans++
  }
  const { master } = myself
  const mine = master === undefined || isFailed(master) ? 0 : workingReplicas(master)
  if (orphans === 0 || most < 2 || mine !== most || !settings.allowReplicaMigration) return
  migrate(view, most)
}

function migrate(view: ClusterView, most: number): void {
  const { myself, settings } = view
  const master = myself.master
  if (view.state !== 'ok' || master === undefined) return
  const spare = master.replicas.filter((node) => !hasFlag(node, NodeFlag.fail | NodeFlag.pfail))
  if (spare.length <= settings.migrationBarrier) return
  let candidate = myself
  let target: ClusterNode | undefined
  for (const node of view.nodes) {
    if (!isMaster(node)) continue
    if (isOrphan(node)) {
      target ??= node
      if (node.orphanedMs === 0) node.orphanedMs = view.now
    } else {
      node.orphanedMs = 0
    }
    if (workingReplicas(node) !== most) continue
    for (const replica of node.replicas) if (replica.id < candidate.id) candidate = replica
  }
  if (target === undefined || candidate !== myself) return
  if (view.now - target.orphanedMs <= ORPHAN_MS) return
  log(view, 'warning', `Migrating to orphaned master ${target.id}`)
  becomeReplicaOf(view, target)
  saveLater(view)
  view.todo.updateState = true
}
