/**
 * How many nodes are known, linked and failing. A record of it is published after every change, and a large cluster has
 * many of both, so it is kept account of as each node changes.
 * Invariant: `view.census` counts each node of the table as what its `counted` says, and `view.suspects` holds the suspects.
 */
import { NodeFlag } from '../bus/message.ts'
import { type ClusterNode, hasFlag, inHandshake, isSuspected } from './cluster-node.ts'
import type { ClusterView } from './view.ts'

/** Numbers of nodes, ourselves included, handshakes not. */
export interface Census {
  knownNodes: number
  /** With an open link to them. */
  linksOut: number
  /** With a link from them. */
  linksIn: number
  /** Held as FAIL or PFAIL. */
  failing: number
  /** Held as FAIL. */
  failed: number
}

/** What a node counts as, in bits of {@link ClusterNode.counted}. */
const Count = { known: 1, linkedTo: 2, linkedFrom: 4, failing: 8, failed: 16 } as const

/** Counts a node of the table as what it is now. */
export function count(view: ClusterView, node: ClusterNode): void {
  if (isSuspected(node)) view.suspects.add(node)
  else view.suspects.delete(node)
  countAs(view, node, standing(node))
}

/** A node that has left the table counts no more. */
export function uncount(view: ClusterView, node: ClusterNode): void {
  view.suspects.delete(node)
  countAs(view, node, 0)
}

function standing(node: ClusterNode): number {
  if (inHandshake(node)) return 0
  let counts: number = Count.known
  if (node.outbound?.open) counts |= Count.linkedTo
  if (node.inbound !== undefined) counts |= Count.linkedFrom
  if (hasFlag(node, NodeFlag.fail | NodeFlag.pfail)) counts |= Count.failing
  if (hasFlag(node, NodeFlag.fail)) counts |= Count.failed
  return counts
}

function countAs({ census }: ClusterView, node: ClusterNode, counts: number): void {
  const before = node.counted
  if (counts === before) return
  node.counted = counts
  census.knownNodes += difference(before, counts, Count.known)
  census.linksOut += difference(before, counts, Count.linkedTo)
  census.linksIn += difference(before, counts, Count.linkedFrom)
  census.failing += difference(before, counts, Count.failing)
  census.failed += difference(before, counts, Count.failed)
}

function difference(before: number, after: number, bit: number): number {
  return ((after & bit) - (before & bit)) / bit
}
