/**
 * What the command line prints about a cluster: a table for people, one line of JSON for programs.
 */
import type { Cluster, ClusterNode } from '../host/handle.ts'

/** A table of the nodes, with a head and a hint how to talk to them. */
export function tableOf(cluster: Cluster): string {
  const rows = cluster.nodes.map((node) => [
    String(node.index),
    node.role,
    `${node.host}:${node.port}`,
    String(node.busPort),
    placeOf(node),
    node.id,
  ])
  const head = ['node', 'role', 'address', 'bus', 'slots', 'id']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const [first] = cluster.nodes
  const secret = cluster.urls[0]?.includes('@') ? ' -a <password>' : ''
  const host = first === undefined || first.host === '127.0.0.1' ? '' : ` -h ${first.host}`
  return `${lines.join('\n')}\n\nTry: redis-cli -c${host} -p ${first?.port}${secret}   Stop: Ctrl-C\n`
}

/** One line of JSON: the nodes, and what clients take. */
export function jsonOf(cluster: Cluster): string {
  const { nodes, addresses, urls } = cluster
  return `${JSON.stringify({ nodes, addresses, urls, pid: process.pid })}\n`
}

function placeOf(node: ClusterNode): string {
  if (node.role === 'replica') return `of node ${node.master?.index ?? '?'}`
  const ranges = node.slots.map(({ start, end }) =>
    start === end ? `${start}` : `${start}-${end}`,
  )
  return ranges.join(' ') || 'none'
}
