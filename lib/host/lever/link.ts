/**
 * What can befall the path between two nodes: gossip and replication alike.
 */
import { bad, boolean } from '../option-check.ts'
import { delayOf, type Lever, probabilityOf } from './lever.ts'

/** The path between two nodes, in both directions unless told otherwise. Making it does nothing yet. */
export const link: Lever<'link'> = (context, a, b, options = {}) => {
  const [from, to] = [context.runnerOf(a).index, context.runnerOf(b).index]
  if (from === to) throw bad('`link` takes two different nodes')
  const oneWay = boolean('oneWay', options.oneWay) ?? false
  const paths = oneWay
    ? ([[from, to]] as const)
    : ([
        [from, to],
        [to, from],
      ] as const)
  return {
    cut: async () => context.inject({ paths, isCut: true }),
    delay: async (ms) => context.inject({ paths, ...delayOf(ms) }),
    drop: async (probability) =>
      context.inject({ paths, dropProbability: probabilityOf(probability) }),
  }
}
