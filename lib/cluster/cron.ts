/**
 * What happens every 100 ms, in Redis' order (clusterCron): links are made, a random node is pinged, silent ones are
 * suspected, elections and migrations move on.
 */
import { NodeFlag } from '../bus/message.ts'
import { refreshMyself } from './address.ts'
import { type ClusterNode, hasFlag, inHandshake, isMaster, isReplica } from './cluster-node.ts'
import { sendPing } from './delivery.ts'
import { pursueElection } from './election.ts'
import { suspectIfOverdue } from './failure-detection.ts'
import { expireHandshake } from './handshake.ts'
import { connectTo, dropLink, type Link } from './link.ts'
import { checkManualFailoverTimeout, watchManualFailover } from './manual-failover.ts'
import { considerMigration } from './replica-migration.ts'
import { follow } from './role.ts'
import type { ClusterView } from './view.ts'

/** From one tick to the next. */
export const TICK_MS = 100
/** A random node is pinged every this many ticks. */
export const TICKS_PER_RANDOM_PING = 10
const RANDOM_PING_DRAWS = 5

/** One tick of 100 ms, and before it so many that were left out. */
export function tick(view: ClusterView, skipped: number): void {
  refreshMyself(view)
  view.ticks += skipped + 1
  view.tickedMs = view.now
  tendLinks(view)
  if (view.ticks % TICKS_PER_RANDOM_PING === 0) pingSomebody(view)
  const { nodeTimeoutMs } = view.settings
  for (const node of view.nodes) {
    if (hasFlag(node, NodeFlag.myself | NodeFlag.noaddr | NodeFlag.handshake)) continue
    watch(view, node, nodeTimeoutMs)
  }
  followMaster(view)
  pursueFailover(view)
  considerMigration(view)
  if (view.state === 'fail') view.todo.updateState = true
}

/** Elections and manual failovers move on. */
export function pursueFailover(view: ClusterView): void {
  view.todo.failover = false
  checkManualFailoverTimeout(view)
  if (!isReplica(view.myself)) return
  watchManualFailover(view)
  pursueElection(view)
}

/** Ends handshakes that took too long and links that choke, and connects to nodes without a link. */
function tendLinks(view: ClusterView): void {
  const limit = view.settings.linkSendBufferLimit
  // Whoever leaves the table meanwhile has been looked at.
  for (const node of view.nodes) {
    if (hasFlag(node, NodeFlag.myself)) continue
    if (limit > 0)
      for (const link of [node.outbound, node.inbound]) closeIfChoked(view, link, limit)
    if (hasFlag(node, NodeFlag.noaddr) || expireHandshake(view, node)) continue
    if (node.outbound === undefined) connectTo(view, node)
  }
  view.todo.dial = false
}

/** Connects to every node without a link. */
export function dial(view: ClusterView): void {
  view.todo.dial = false
  for (const node of view.nodes) {
    if (hasFlag(node, NodeFlag.myself | NodeFlag.noaddr)) continue
    if (node.outbound === undefined) connectTo(view, node)
  }
}

function closeIfChoked(view: ClusterView, link: Link | undefined, limit: number): void {
  if (link === undefined) return
  if (view.facts.sendBuffer(link.id).allocated <= limit) return
  dropLink(view, link)
  view.sendBufferLimitExceeded++
}

/** Of a few nodes drawn at random, pings the one that was silent longest. */
function pingSomebody(view: ClusterView): void {
  let oldest: ClusterNode | undefined
  for (let i = 0; i < RANDOM_PING_DRAWS; i++) {
    const node = view.nodes.pick(view.random)
    if (node.outbound === undefined || node.pingSentMs !== 0) continue
    if (hasFlag(node, NodeFlag.myself | NodeFlag.handshake)) continue
    if (oldest === undefined || oldest.pongReceivedMs > node.pongReceivedMs) oldest = node
  }
  if (oldest?.outbound !== undefined) sendPing(view, oldest.outbound, 'ping')
}

function watch(view: ClusterView, node: ClusterNode, nodeTimeoutMs: number): void {
  const halfMs = nodeTimeoutMs / 2
  const link = node.outbound
  const stuck =
    link !== undefined &&
    view.now - link.createdMs > nodeTimeoutMs &&
    node.pingSentMs !== 0 &&
    view.now - node.pingSentMs > halfMs &&
    view.now - node.dataReceivedMs > halfMs
  // Perhaps only the connection is broken: a new one has time to prove it.
  if (stuck) dropLink(view, link)
  if (node.outbound !== undefined && node.pingSentMs === 0) {
    if (view.now - node.pongReceivedMs > halfMs) {
      sendPing(view, node.outbound, 'ping')
      return
    }
  }
  const { manualFailover, myself } = view
  if (node.outbound !== undefined && isMaster(myself) && manualFailover.replica === node) {
    if (manualFailover.endMs !== 0) {
      sendPing(view, node.outbound, 'ping')
      return
    }
  }
  suspectIfOverdue(view, node)
}

/** A replica that could not start replication before, for want of an address, does it now. */
function followMaster(view: ClusterView): void {
  const master = view.myself.master
  if (!isReplica(view.myself) || master === undefined || view.following !== undefined) return
  if (master.ip !== '' && !hasFlag(master, NodeFlag.noaddr) && !inHandshake(master)) {
    follow(view, master)
  }
}
