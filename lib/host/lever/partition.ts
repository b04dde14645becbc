/**
 * The network falls apart: nothing passes between nodes of different groups, and no connection is seen to end.
 */
import type { ClusterNode, PartitionOptions } from '../handle.ts'
import { bad, boolean } from '../option-check.ts'
import type { Lever } from './lever.ts'

/** Cuts every path between the groups, in both directions. */
export const partition: Lever<'partition'> = async (context, ...given) => {
  context.checkRunning()
  const groups = given.filter((value): value is readonly ClusterNode[] => Array.isArray(value))
  const isLast = groups.every((group, at) => given[at] === group)
  const clients = isLast ? clientsOf(given.slice(groups.length)) : undefined
  if (clients === undefined)
    throw bad('`partition` takes groups of nodes and, last of all, options')
  if (groups.length < 2 || groups.some(({ length }) => length === 0)) {
    throw bad('`partition` takes two or more groups of nodes: `cluster.partition([a, b], [c])`')
  }
  const indexes = groups.map((group) => group.map((node) => context.runnerOf(node).index))
  if (new Set(indexes.flat()).size < indexes.flat().length) {
    throw bad('`partition` takes each node once; one is in two groups, or twice in one')
  }
  if (clients) indexes[0]?.push(context.shared.faults.clients)
  const paths = indexes.flatMap((group) =>
    indexes
      .filter((other) => other !== group)
      .flatMap((other) => group.flatMap((from) => other.map((to) => [from, to] as const))),
  )
  return context.inject({ paths, isCut: true })
}

/** The one option there is; undefined if these are no options. */
function clientsOf(given: readonly unknown[]): boolean | undefined {
  const [options = {}, ...more] = given
  if (typeof options !== 'object' || options === null || more.length > 0) return undefined
  const { clients, ...others } = options as PartitionOptions
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw bad(`\`partition\` has no option \`${unknown}\`; the only one is \`clients\``)
  }
  return boolean('clients', clients) ?? false
}
