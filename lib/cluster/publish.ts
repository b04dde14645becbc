/**
 * PUBLISH and SPUBLISH beyond this node: to everybody, or to the nodes of our own shard (clusterPropagatePublish).
 */
import type { Bytes } from '../base/bytes.ts'
import { masterOf } from './cluster-node.ts'
import { broadcast, send } from './delivery.ts'
import { buildHeader } from './header.ts'
import type { ClusterView } from './view.ts'

/** Sends a client's message to the other nodes that may have subscribers. */
export function publish(
  view: ClusterView,
  { channel, payload, sharded }: { channel: Bytes; payload: Bytes; sharded: boolean },
): void {
  const header = buildHeader(view)
  if (!sharded) {
    broadcast(view, { type: 'publish', header, channel, payload })
    return
  }
  const master = masterOf(view.myself)
  if (master === undefined) return
  for (const node of [master, ...master.replicas]) {
    if (node === view.myself || node.outbound === undefined) continue
    send(view, node.outbound, { type: 'publishshard', header, channel, payload })
  }
}
