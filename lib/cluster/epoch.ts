/**
 * Epochs: the cluster's logical clock and what each master's claim to its slots weighs. Invariant: currentEpoch never
 * falls, except by a hard reset, and a configEpoch we give ourselves is never above it.
 */
import { ReplyError } from '../resp/reply-error.ts'
import { type ClusterNode, isMaster, isReplica } from './cluster-node.ts'
import { type ClusterView, log, saveLater, touch } from './view.ts'

/** The greatest epoch known (clusterGetMaxEpoch). */
export function maxEpoch(view: ClusterView): number {
  let max = view.currentEpoch
  for (const node of view.nodes) max = Math.max(max, node.configEpoch)
  return max
}

/** Learns the epochs in a known sender's header; neither ever falls. */
export function learnEpochs(
  view: ClusterView,
  sender: ClusterNode,
  epochs: { readonly currentEpoch: number; readonly configEpoch: number },
): void {
  if (epochs.currentEpoch > view.currentEpoch) {
    view.currentEpoch = epochs.currentEpoch
    touch(view)
  }
  if (epochs.configEpoch > sender.configEpoch) {
    sender.configEpoch = epochs.configEpoch
    // A replica's line shows its master's epoch: nothing that must not be lost has changed.
    saveLater(view, isReplica(sender) ? 'lazily' : 'synced')
    touch(view)
  }
}

/**
 * Takes a new greatest configEpoch without asking anybody, unless ours is the greatest already; true if it changed
 * (clusterBumpConfigEpochWithoutConsensus).
 */
export function bumpEpoch(view: ClusterView): boolean {
  const { myself } = view
  if (myself.configEpoch !== 0 && myself.configEpoch === maxEpoch(view)) return false
  view.currentEpoch++
  setOwnEpoch(view, view.currentEpoch)
  log(view, 'warning', `New configEpoch set to ${myself.configEpoch}`)
  return true
}

/** Two masters with one configEpoch: the one with the smaller id takes a new one (clusterHandleConfigEpochCollision). */
export function resolveCollision(view: ClusterView, sender: ClusterNode): void {
  const { myself } = view
  if (!isMaster(sender) || !isMaster(myself)) return
  if (sender.configEpoch !== myself.configEpoch || sender.id <= myself.id) return
  view.currentEpoch++
  setOwnEpoch(view, view.currentEpoch)
  log(
    view,
    'verbose',
    `WARNING: configEpoch collision with node ${sender.id}. configEpoch set to ${myself.configEpoch}`,
  )
}

/** CLUSTER SET-CONFIG-EPOCH: throws unless this node is alone and its epoch still zero. */
export function assignEpoch(view: ClusterView, epoch: number): void {
  if (view.nodes.size > 1) {
    throw new ReplyError(
      'ERR The user can assign a config epoch only when the node does not know any other node.',
    )
  }
  if (view.myself.configEpoch !== 0) {
    throw new ReplyError('ERR Node config epoch is already non-zero')
  }
  log(view, 'warning', `configEpoch set to ${epoch} via CLUSTER SET-CONFIG-EPOCH`)
  view.currentEpoch = Math.max(view.currentEpoch, epoch)
  setOwnEpoch(view, epoch, 'lazily')
  view.todo.updateState = true
}

/** Gives ourselves a configEpoch. */
export function setOwnEpoch(
  view: ClusterView,
  epoch: number,
  save: 'lazily' | 'synced' = 'synced',
): void {
  view.myself.configEpoch = epoch
  view.todo.announce = true
  saveLater(view, save)
  touch(view)
}
