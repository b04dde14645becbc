/**
 * When a cluster is ready, and when a node is back: judged by what the nodes say of themselves in the shared memory. A node
 * that knows nobody is no part of it.
 * Redis leaves this to whoever waits: redis-cli asks node after node until their views agree.
 */
import { Buffer } from 'node:buffer'
import { SLOT_COUNT } from '../base/crc16.ts'
import { Field, type SharedMemory } from '../base/shared-layout.ts'
import { isOutcast } from './estrangement.ts'
import type { ClusterNode } from './handle.ts'

/** Every node is linked with every other, all see the same slots and all is well, and every replica follows its master. */
export function allAgree(nodes: readonly ClusterNode[], shared: SharedMemory): boolean {
  const others = nodes.length - 1
  const settled = nodes.every(
    (node) =>
      node.clusterOk &&
      node.knownNodes === nodes.length &&
      node.links.to === others &&
      node.links.from === others &&
      node.slotsAssigned === SLOT_COUNT &&
      (node.role === 'master' || node.inSync),
  )
  return settled && seeTheSame(nodes, shared)
}

/** Nodes without a cluster: each serves, and all but the first are replicas in sync with it. */
export function allFollow(nodes: readonly ClusterNode[]): boolean {
  const [master] = nodes
  return nodes.every(
    (node) => node.clusterOk && (node === master || (node.master === master && node.inSync)),
  )
}

/** A node runs, and all that run see the cluster as ok: none of them because it has not noticed yet that a master is gone. */
export function isOk(nodes: readonly ClusterNode[], shared: SharedMemory): boolean {
  const running = nodes.filter(({ state }) => state === 'running')
  const gone = nodes.filter((node) => !running.includes(node))
  // A node tells what it makes of a loss before it tells that it has noticed, so that is what is looked at first.
  return (
    running.length > 0 && running.every((node) => hasNoticed(node, gone, shared) && node.clusterOk)
  )
}

/** Slots stay a failed node's until another takes them, and where not all need to be covered the cluster is ok meanwhile. */
function hasNoticed(observer: ClusterNode, gone: readonly ClusterNode[], shared: SharedMemory) {
  if (shared.get(observer.index, Field.failed) >= gone.length) return true
  const owners = shared.slotView(observer.index)
  return !gone.some(({ index }) => owners.includes(index + 1))
}

/** Whether nothing that `subject` says reaches `observer`. */
export type IsLost = (observer: ClusterNode, subject: ClusterNode) => boolean

/** The node is linked with all that run and are not cut off from it, they with it and each other, and, unless they are in trouble themselves, as well as they are. */
export function isBack(
  node: ClusterNode,
  nodes: readonly ClusterNode[],
  isLost: IsLost = () => false,
): boolean {
  const running = nodes.filter(
    (other) => other.state === 'running' && (other === node || !isOutcast(other, nodes)),
  )
  const peers = peersOf(node, running, isLost)
  // Each of them has one link more than before, either way, once it has noticed.
  if (![node, ...peers].every((one) => isLinked(one, running, isLost))) return false
  if (node.role === 'replica' && isAmong(peers, node.master) && !node.inSync) return false
  // It may remember a node for failed that it is cut off from, and nobody can tell it otherwise.
  const isCutOff = peers.length < running.length - 1
  return node.clusterOk || isCutOff || !peers.some((other) => other.clusterOk)
}

/** Nodes that hear each other. */
function peersOf(node: ClusterNode, running: readonly ClusterNode[], isLost: IsLost) {
  return running.filter((other) => other !== node && !isLost(node, other) && !isLost(other, node))
}

function isLinked(node: ClusterNode, running: readonly ClusterNode[], isLost: IsLost): boolean {
  const wanted = Math.min(peersOf(node, running, isLost).length, node.knownNodes - 1)
  return node.links.to >= wanted && node.links.from >= wanted
}

function isAmong(nodes: readonly ClusterNode[], node: ClusterNode | undefined): boolean {
  return node !== undefined && nodes.includes(node)
}

/**
 * Nothing is left of a fault that was healed: nobody is held for failed but nodes that somebody has lost, all who can be
 * are linked and in sync, and where nobody has lost anybody who runs, all agree again.
 */
export function isSettled(
  nodes: readonly ClusterNode[],
  shared: SharedMemory,
  isLost: IsLost,
): boolean {
  const running = nodes.filter((node) => node.state === 'running' && !isOutcast(node, nodes))
  const members = nodes.filter(({ state }) => state !== 'removed')
  const missed = members.filter((node) => running.some((observer) => isLost(observer, node)))
  const areWell = running.every((node) => {
    if (node.failing > missed.length || !isLinked(node, running, isLost)) return false
    if (node.role === 'master' || node.inSync) return true
    return !isAmong(peersOf(node, running, isLost), node.master)
  })
  if (!areWell || running.some((node) => missed.includes(node))) return areWell
  const isOk = running[0]?.clusterOk
  if (running.some(({ clusterOk }) => clusterOk !== isOk)) return false
  return (
    running.some(({ knownNodes }) => knownNodes < running.length) || seeTheSame(running, shared)
  )
}

/** All have the same slot table. */
function seeTheSame(nodes: readonly ClusterNode[], shared: SharedMemory): boolean {
  const [first, ...rest] = nodes.map(({ index }) => {
    const view = shared.slotView(index)
    return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  })
  return rest.every((view) => first?.equals(view))
}
