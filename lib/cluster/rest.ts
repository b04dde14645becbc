/**
 * Which ticks a machine at rest can do without: those that come before anything they look at falls due. Redis ticks ten
 * times a second whatever there is to do (clusterCron). Invariant: a tick that is left out would have changed nothing and
 * said nothing; whatever is out of the ordinary leaves none out. Nobody tells a node that its clock was set: it notices with
 * the next tick that is not left out, a second later at most, where Redis notices within 100 ms.
 */
import { NodeFlag } from '../bus/message.ts'
import { type ClusterNode, hasFlag, inHandshake, isReplica } from './cluster-node.ts'
import { TICK_MS, TICKS_PER_RANDOM_PING } from './cron.ts'
import { hasOrphans } from './replica-migration.ts'
import { type ClusterView, isInstant } from './view.ts'

/** So many of the ticks that follow the last one can be left out, unless something happens. */
export function idleTicks(view: ClusterView): number {
  const untilPing = TICKS_PER_RANDOM_PING - (view.ticks % TICKS_PER_RANDOM_PING)
  if (untilPing === 1 || !isAtRest(view)) return 0
  const patience = { timeoutMs: view.settings.nodeTimeoutMs, isInstant: isInstant(view) }
  const soonMs = view.tickedMs + TICK_MS
  let dueMs = Number.POSITIVE_INFINITY
  for (const node of view.nodes) {
    if (node !== view.myself) dueMs = Math.min(dueMs, dueOf(node, patience))
    if (dueMs <= soonMs) return 0
  }
  return Math.min(untilPing, Math.ceil((dueMs - view.tickedMs) / TICK_MS)) - 1
}

/** Nothing is under way but pings and pongs. */
function isAtRest(view: ClusterView): boolean {
  const { todo, settings } = view
  const isUnusual =
    view.state === 'fail' ||
    view.census.failing > 0 ||
    view.unreachable.size > 0 ||
    view.earlyRequests.size > 0 ||
    view.manualFailover.endMs !== 0 ||
    todo.failover ||
    todo.updateState ||
    settings.linkSendBufferLimit > 0
  return !isUnusual && (!isReplica(view.myself) || isReplicaAtRest(view))
}

/** It follows its master, no election left a trace that the next tick would remove, and no other master lacks a replica. */
function isReplicaAtRest(view: ClusterView): boolean {
  const { election, following, myself } = view
  if (myself.master !== undefined && following === undefined) return false
  return election.reason === undefined && election.ranOut === 0 && !hasOrphans(view)
}

/** When a tick does something about a node, Unix ms. */
function dueOf(
  node: ClusterNode,
  { timeoutMs, isInstant }: { readonly timeoutMs: number; readonly isInstant: boolean },
): number {
  if (hasFlag(node, NodeFlag.noaddr)) return Number.POSITIVE_INFINITY
  const link = node.outbound
  if (link === undefined || inHandshake(node)) return 0
  const halfMs = timeoutMs / 2
  const { pingSentMs, pongReceivedMs, dataReceivedMs } = node
  if (pingSentMs === 0) return after(pongReceivedMs + halfMs)
  const silentSinceMs = Math.max(pingSentMs, dataReceivedMs)
  const stuckMs = Math.max(link.createdMs + timeoutMs, silentSinceMs + halfMs)
  const overdueMs = isInstant ? Number.POSITIVE_INFINITY : silentSinceMs + timeoutMs
  return after(Math.min(stuckMs, overdueMs))
}

/** The first whole millisecond later than a time. */
function after(timeMs: number): number {
  return Math.floor(timeMs) + 1
}
