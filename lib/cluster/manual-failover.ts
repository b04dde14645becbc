/**
 * Manual failover: the master pauses its writers and tells its offset, the replica catches up to it and then asks for
 * votes without delay (the clusterManualFailover functions). Invariant: `endMs` is 0 exactly when none is under way.
 */
import { HeaderFlag } from '../bus/message.ts'
import { type ClusterNode, isMaster, isReplica } from './cluster-node.ts'
import { sendPing } from './delivery.ts'
import type { Link } from './link.ts'
import { type ClusterView, emit, isInstant, log, wakeBy } from './view.ts'

/** How long a manual failover may take. */
export const MANUAL_FAILOVER_MS = 5000
/** Writers stay paused a little longer, so that they meet the new configuration. */
const PAUSE_MS = 2 * MANUAL_FAILOVER_MS
/** Instant mode looks this often whether the replica has caught up. */
const INSTANT_LOOK_MS = 2

/** Ends whatever manual failover is under way (resetManualFailover). */
export function resetManualFailover(view: ClusterView): void {
  const failover = view.manualFailover
  if (failover.replica !== undefined) emit(view, { type: 'resume-writes' })
  failover.endMs = 0
  failover.replica = undefined
  failover.masterOffset = undefined
  failover.canStart = false
}

/** One of our replicas asks to take over in good order: pause the writers, tell the offset. */
export function beginForReplica(view: ClusterView, replica: ClusterNode, link: Link): void {
  if (!isMaster(view.myself) || replica.master !== view.myself) return
  resetManualFailover(view)
  const failover = view.manualFailover
  failover.endMs = view.now + MANUAL_FAILOVER_MS
  failover.replica = replica
  emit(view, { type: 'pause-writes', untilMs: view.now + PAUSE_MS })
  log(view, 'warning', `Manual failover requested by replica ${replica.id}.`)
  sendPing(view, link, 'ping')
}

/** Takes the offset from the first header that our paused master sends. */
export function captureMasterOffset(
  view: ClusterView,
  sender: ClusterNode,
  header: { readonly messageFlags: number; readonly offset: number },
): void {
  const failover = view.manualFailover
  if (failover.endMs === 0 || failover.masterOffset !== undefined) return
  if (!isReplica(view.myself) || view.myself.master !== sender) return
  if ((header.messageFlags & HeaderFlag.paused) === 0) return
  failover.masterOffset = header.offset
  view.todo.failover = true
  log(
    view,
    'warning',
    `Received replication offset for paused master manual failover: ${header.offset}`,
  )
}

/** Ends a manual failover that took too long. */
export function checkManualFailoverTimeout(view: ClusterView): void {
  if (view.manualFailover.endMs === 0 || view.manualFailover.endMs >= view.now) return
  log(view, 'warning', 'Manual failover timed out.')
  resetManualFailover(view)
}

/** Lets the election begin once this replica has all that its paused master ever said. */
export function watchManualFailover(view: ClusterView): void {
  const failover = view.manualFailover
  if (failover.endMs === 0 || failover.canStart || failover.masterOffset === undefined) return
  if (failover.masterOffset === view.facts.replicationOffset()) {
    failover.canStart = true
    log(view, 'warning', 'All master replication stream processed, manual failover can start.')
  } else if (isInstant(view)) {
    wakeBy(view, view.now + INSTANT_LOOK_MS)
  }
}
