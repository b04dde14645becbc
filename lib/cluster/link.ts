/**
 * Bus links. A node keeps one outbound link per known node and remembers at most one inbound link per node; pings go
 * out on the outbound one, the pong comes back on the same (clusterLink in cluster.h).
 * Invariant: `view.links` holds every live link, and `node.outbound` / `node.inbound` point to links in it.
 */
import type { NodeId } from '../bus/message.ts'
import { count } from './census.ts'
import type { ClusterNode } from './cluster-node.ts'
import { type ClusterView, emit, log, touch } from './view.ts'

/** Names a link between the machine and its transport: positive outbound, negative inbound. */
export type LinkId = number

/** A connection to or from another node's bus. */
export interface Link {
  readonly id: LinkId
  readonly direction: 'to' | 'from'
  readonly createdMs: number
  /** The peer's address and ours on an inbound link. */
  readonly remoteIp: string
  readonly localIp: string
  /** Undefined on an inbound link whose sender is not known yet. */
  node: ClusterNode | undefined
  /** Connected, not only connecting. */
  open: boolean
  /** Who the last message of an unassociated inbound link said it was. */
  lastSender: NodeId | undefined
}

/** Starts to connect to a node. */
export function connectTo(view: ClusterView, node: ClusterNode): void {
  const link: Link = {
    id: view.nextLinkId++,
    direction: 'to',
    createdMs: view.now,
    remoteIp: node.ip,
    localIp: '',
    node,
    open: false,
    lastSender: undefined,
  }
  view.links.set(link.id, link)
  node.outbound = link
  emit(view, { type: 'connect', link: link.id, ip: node.ip, busPort: node.busPort })
}

/** A peer's connection is there; who it is comes with its first message. */
export function acceptLink(
  view: ClusterView,
  accepted: { readonly link: LinkId; readonly remoteIp: string; readonly localIp: string },
): void {
  view.links.set(accepted.link, {
    id: accepted.link,
    direction: 'from',
    createdMs: view.now,
    remoteIp: accepted.remoteIp,
    localIp: accepted.localIp,
    node: undefined,
    open: true,
    lastSender: undefined,
  })
}

/** The transport reports the end of a link. */
export function linkClosed(view: ClusterView, id: LinkId): void {
  const link = view.links.get(id)
  if (link === undefined) return
  if (link.direction === 'to' && link.node !== undefined) {
    log(
      view,
      'debug',
      `Connection with Node ${link.node.id} at ${link.node.ip}:${link.node.busPort} lost`,
    )
  }
  release(view, link)
}

/** Closes a link, if there is one. */
export function dropLink(view: ClusterView, link: Link | undefined): void {
  if (link === undefined || !view.links.has(link.id)) return
  emit(view, { type: 'disconnect', link: link.id })
  release(view, link)
}

/** The inbound link of a node is this one from now on; an older one is closed. */
export function associateInbound(view: ClusterView, node: ClusterNode, link: Link): void {
  if (node.inbound !== undefined && node.inbound !== link) dropLink(view, node.inbound)
  node.inbound = link
  link.node = node
  count(view, node)
  touch(view)
}

function release(view: ClusterView, link: Link): void {
  view.links.delete(link.id)
  const node = link.node
  if (node?.outbound === link) node.outbound = undefined
  if (node?.inbound === link) node.inbound = undefined
  if (node !== undefined) count(view, node)
  if (link.open) touch(view)
}
