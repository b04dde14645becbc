/**
 * The size of Redis' radix tree (rax.c) over keys of one length, which XINFO STREAM tells. A run of bytes that only one
 * way leads through is one node; so is each place where ways part, and each end.
 */
import type { Bytes } from '../base/bytes.ts'

/** What MEMORY USAGE counts for a node and for a key of a tree (streamRadixTreeMemoryUsage). */
const NODE_BYTES = 244
const KEY_BYTES = 16

/** Bytes of the tree of so many stream ids, which mostly part in the last bytes of their time: two nodes each. */
export function radixTreeBytes(ids: number): number {
  return ids * KEY_BYTES + Math.max(1, 2 * ids) * NODE_BYTES
}

/** Nodes of the tree of these keys, which ascend and have the same length. */
export function radixTreeNodes(keys: readonly Bytes[]): number {
  return keys.length === 0 ? 1 : nodesBelow(keys, 0)
}

/** Nodes for what follows the first `depth` bytes, in which the keys are equal. */
function nodesBelow(keys: readonly Bytes[], depth: number): number {
  const first = keys[0] as Bytes
  const last = keys.at(-1) as Bytes
  let fork = depth
  while (fork < first.length && first[fork] === last[fork]) fork++
  // The run, and where it ends.
  let nodes = (fork > depth ? 1 : 0) + 1
  if (fork === first.length) return nodes
  for (let start = 0; start < keys.length; ) {
    const byte = keys[start]?.[fork]
    let end = start + 1
    while (end < keys.length && keys[end]?.[fork] === byte) end++
    nodes += nodesBelow(keys.slice(start, end), fork + 1)
    start = end
  }
  return nodes
}
