/**
 * Forgotten nodes: for a minute gossip cannot bring them back, so that CLUSTER FORGET can be sent to one node after the
 * other (clusterBlacklistAddNode).
 */
import type { NodeId } from '../bus/message.ts'
import type { ClusterView } from './view.ts'

const BLACKLIST_MS = 60_000

/** Bars an id from gossip for a minute. */
export function blacklist(view: ClusterView, id: NodeId): void {
  for (const [other, untilMs] of view.blacklist) {
    if (untilMs < view.now) view.blacklist.delete(other)
  }
  view.blacklist.set(id, view.now + BLACKLIST_MS)
}

export function isBlacklisted(view: ClusterView, id: NodeId): boolean {
  return (view.blacklist.get(id) ?? 0) >= view.now
}
