/**
 * From "I cannot reach it" (PFAIL) to "the majority cannot" (FAIL) and back. In `timeout` mode a ping unanswered for
 * cluster-node-timeout makes a suspect, in `instant` mode the host's word does; all that follows is the same.
 * Invariant: a node is marked FAIL only on reports of a majority of the masters with slots, or on a peer's FAIL message.
 */
import { type FailMessage, NodeFlag, type NodeId } from '../bus/message.ts'
import {
  type ClusterNode,
  hasFlag,
  isFailed,
  isMaster,
  isReplica,
  isSuspected,
} from './cluster-node.ts'
import { broadcast, sendPing } from './delivery.ts'
import { buildHeader } from './header.ts'
import { connectTo, dropLink } from './link.ts'
import { timingOf } from './timing.ts'
import { type ClusterView, isInstant, log, saveLater, setFlags, tell } from './view.ts'

/** Reports count for this many node timeouts. */
const REPORT_VALIDITY = 2

/** How many masters report this node as failing; old reports are dropped (clusterNodeFailureReportsCount). */
export function countFailureReports(view: ClusterView, node: ClusterNode): number {
  const { failureReports } = node
  if (failureReports === undefined || failureReports.size === 0) return 0
  const oldestMs = view.now - REPORT_VALIDITY * view.settings.nodeTimeoutMs
  for (const [reporter, timeMs] of failureReports) {
    if (timeMs < oldestMs) failureReports.delete(reporter)
  }
  return failureReports.size
}

/** A master says that a node fails. */
export function reportFailing(view: ClusterView, reporter: ClusterNode, node: ClusterNode): void {
  node.failureReports ??= new Map()
  const first = !node.failureReports.has(reporter)
  node.failureReports.set(reporter, view.now)
  if (first) log(view, 'verbose', `Node ${reporter.id} reported node ${node.id} as not reachable.`)
  markFailedIfAgreed(view, node)
}

/** A master says that a node is fine. */
export function reportBackOnline(
  view: ClusterView,
  reporter: ClusterNode,
  node: ClusterNode,
): void {
  if (!node.failureReports?.delete(reporter)) return
  log(view, 'verbose', `Node ${reporter.id} reported node ${node.id} is back online.`)
}

/** Marks a suspect as failed once a majority agrees, and tells everybody (markNodeAsFailingIfNeeded). */
function markFailedIfAgreed(view: ClusterView, node: ClusterNode): void {
  if (!isSuspected(node) || isFailed(node)) return
  const votes = countFailureReports(view, node) + (isMaster(view.myself) ? 1 : 0)
  if (votes < Math.floor(view.size / 2) + 1) return
  log(view, 'notice', `Marking node ${node.id} as failing (quorum reached).`)
  markFailed(view, node)
  tell(view, { type: 'node-failed', node: node.id, epoch: view.currentEpoch })
  broadcast(view, { type: 'fail', header: buildHeader(view), node: node.id })
}

/** A FAIL message: its sender's majority has spoken. */
export function processFail(
  view: ClusterView,
  sender: ClusterNode | undefined,
  message: FailMessage,
): void {
  if (sender === undefined) {
    log(
      view,
      'notice',
      `Ignoring FAIL message from unknown node ${message.header.sender} about ${message.node}`,
    )
    return
  }
  const node = view.nodes.get(message.node)
  if (node === undefined || hasFlag(node, NodeFlag.fail | NodeFlag.myself)) return
  log(view, 'notice', `FAIL message received from ${sender.id} about ${node.id}`)
  markFailed(view, node)
  if (isInstant(view)) askWhetherFailed(view, node)
}

/** News of a failure can come after the node is back and has answered; the next ping may be seconds away. */
function askWhetherFailed(view: ClusterView, node: ClusterNode): void {
  const link = node.outbound
  if (view.unreachable.has(node.id) || !link?.open || node.pingSentMs !== 0) return
  sendPing(view, link, 'ping')
}

function markFailed(view: ClusterView, node: ClusterNode): void {
  node.failedMs = view.now
  setFlags(view, node, NodeFlag.fail, NodeFlag.pfail)
  view.todo.updateState = true
  if (isInstant(view)) view.todo.failover = true
  saveLater(view)
}

/** Suspects nodes whose answer is overdue; those the host declared unreachable in any case. */
export function suspectIfOverdue(view: ClusterView, node: ClusterNode): void {
  if (isInstant(view)) {
    if (view.unreachable.has(node.id)) suspect(view, node)
    // Its answer came too early to forgive it; the next ping may be seconds away.
    else if (isFailed(node) && node.pongReceivedMs >= node.failedMs) clearFailure(view, node)
    return
  }
  if (node.pingSentMs === 0) return
  // Any sign of life counts: a busy node may send before it answers.
  const silentMs = Math.min(view.now - node.pingSentMs, view.now - node.dataReceivedMs)
  if (silentMs > view.settings.nodeTimeoutMs) suspect(view, node)
}

function suspect(view: ClusterView, node: ClusterNode): void {
  if (hasFlag(node, NodeFlag.pfail | NodeFlag.fail | NodeFlag.myself)) return
  log(view, 'debug', `*** NODE ${node.id} possibly failing`)
  setFlags(view, node, NodeFlag.pfail)
  view.todo.updateState = true
  view.todo.announce = true
}

/** A node answered our ping: no longer suspected, and perhaps no longer failed. */
export function noteAnswer(view: ClusterView, node: ClusterNode): void {
  node.pongReceivedMs = view.now
  node.pingSentMs = 0
  if (view.unreachable.has(node.id)) return
  if (isSuspected(node)) {
    setFlags(view, node, 0, NodeFlag.pfail)
    saveLater(view)
    view.todo.updateState = true
  } else if (isFailed(node)) {
    clearFailure(view, node)
  }
}

/** Forgives a failed node that answers, once no failover of its slots can be under way (clearNodeFailureIfNeeded). */
function clearFailure(view: ClusterView, node: ClusterNode): void {
  const harmless = isReplica(node) || node.slotCount === 0
  if (!harmless && view.now - node.failedMs <= timingOf(view.settings).failClearMs) return
  const why = harmless
    ? `${isReplica(node) ? 'replica' : 'master without slots'} is reachable again.`
    : 'is reachable again and nobody is serving its slots after some time.'
  log(view, 'notice', `Clear FAIL state for node ${node.id}: ${why}`)
  setFlags(view, node, 0, NodeFlag.fail)
  tell(view, { type: 'node-recovered', node: node.id })
  view.todo.updateState = true
  saveLater(view)
}

/** The host says that nothing reaches this node from here, or the other way. */
export function loseNode(view: ClusterView, id: NodeId): void {
  view.unreachable.add(id)
  const node = view.nodes.get(id)
  if (node !== undefined && isInstant(view)) suspect(view, node)
}

/** The host says that this node can be reached again: connect anew, for what was sent meanwhile is lost. */
export function regainNode(view: ClusterView, id: NodeId): void {
  if (!view.unreachable.delete(id)) return
  const node = view.nodes.get(id)
  if (node === undefined || node === view.myself) return
  dropLink(view, node.outbound)
  if (!hasFlag(node, NodeFlag.noaddr)) connectTo(view, node)
}
