/**
 * CLUSTER FAILOVER, the operator's wish that a replica takes over (clusterCommand's failover branch). The reply comes
 * before the outcome is known.
 */
import { ReplyError } from '../resp/reply-error.ts'
import { isFailed, isMaster } from './cluster-node.ts'
import { send } from './delivery.ts'
import { replaceMaster } from './election.ts'
import { bumpEpoch } from './epoch.ts'
import { buildHeader } from './header.ts'
import { MANUAL_FAILOVER_MS, resetManualFailover } from './manual-failover.ts'
import { type ClusterView, isInstant, log } from './view.ts'

/** Graceful asks the master first; force does without it; takeover does without anybody. Throws on a node that cannot. */
export function requestFailover(view: ClusterView, mode: 'graceful' | 'force' | 'takeover'): void {
  const { myself } = view
  if (isMaster(myself)) throw new ReplyError('ERR You should send CLUSTER FAILOVER to a replica')
  const master = myself.master
  if (master === undefined) {
    throw new ReplyError("ERR I'm a replica but my master is unknown to me")
  }
  const link = master.outbound
  if (mode === 'graceful' && (isFailed(master) || link === undefined)) {
    throw new ReplyError('ERR Master is down or failed, please use CLUSTER FAILOVER FORCE')
  }
  resetManualFailover(view)
  view.manualFailover.endMs = view.now + MANUAL_FAILOVER_MS
  view.manualFailover.mode = mode
  if (mode === 'takeover') {
    log(view, 'warning', 'Taking over the master (user request).')
    bumpEpoch(view)
    replaceMaster(view, 'takeover')
  } else if (mode === 'force') {
    log(view, 'warning', 'Forced failover user request accepted.')
    view.manualFailover.canStart = true
    if (isInstant(view)) view.todo.failover = true
  } else if (link !== undefined) {
    log(view, 'warning', 'Manual failover user request accepted.')
    send(view, link, { type: 'mfstart', header: buildHeader(view) })
  }
}
