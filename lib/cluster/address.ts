/**
 * Addresses: our own as we learn or announce it, and those of others as they move (nodeUpdateAddressIfNeeded,
 * clusterUpdateMyselfIp and its siblings).
 */
import { type BusHeader, NodeFlag } from '../bus/message.ts'
import type { ClusterNode } from './cluster-node.ts'
import { dropLink, type Link } from './link.ts'
import { follow } from './role.ts'
import { type ClusterView, log, saveLater, setFlags, touch } from './view.ts'

/** Takes our announced address and flags from the settings. */
export function refreshMyself(view: ClusterView): void {
  const { identity, myself, settings } = view
  const ip = settings.announceIp === '' ? myself.ip : settings.announceIp
  const port = settings.announcePort || identity.port
  const busPort = settings.announceBusPort || identity.busPort
  const same =
    myself.ip === ip &&
    myself.port === port &&
    myself.busPort === busPort &&
    myself.hostname === settings.announceHostname
  if (!same) {
    myself.ip = ip
    myself.port = port
    myself.busPort = busPort
    myself.hostname = settings.announceHostname
    saveLater(view)
    touch(view)
  }
  const noFailover = settings.replicaNoFailover ? NodeFlag.nofailover : 0
  if ((myself.flags & NodeFlag.nofailover) !== noFailover) {
    setFlags(view, myself, noFailover, NodeFlag.nofailover)
    saveLater(view)
  }
}

/** Takes our own address from the connection a peer made to us, unless we announce one. */
export function learnOwnAddress(view: ClusterView, link: Link): void {
  if (view.settings.announceIp !== '' || link.localIp === '') return
  if (link.localIp === view.myself.ip) return
  view.myself.ip = link.localIp
  log(view, 'warning', `IP address for this node updated to ${link.localIp}`)
  saveLater(view)
  touch(view)
}

/**
 * Stores the address a node's message came with, if it is another than we had: the next connection goes there, and
 * replication too if it is our master. True if it changed.
 */
export function updateAddress(
  view: ClusterView,
  node: ClusterNode,
  header: BusHeader,
  link: Link,
): boolean {
  // What comes back on our own connection proves the address we have.
  if (node.outbound === link) return false
  const ip = header.ip === '' ? link.remoteIp : header.ip
  const same =
    node.ip === ip &&
    node.port === header.port &&
    node.busPort === header.busPort &&
    node.otherPort === header.otherPort
  if (same) return false
  node.ip = ip
  node.port = header.port
  node.busPort = header.busPort
  node.otherPort = header.otherPort
  dropLink(view, node.outbound)
  setFlags(view, node, 0, NodeFlag.noaddr)
  log(view, 'warning', `Address updated for node ${node.id}, now ${node.ip}:${node.port}`)
  if (view.myself.master === node) follow(view, node)
  view.todo.dial = true
  touch(view)
  return true
}
