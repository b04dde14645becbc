/**
 * What can befall the path between a node and its clients. The kernel goes on accepting connections; what is said on
 * them, and their end, comes late or not at all. Other nodes are no clients: their replication is not concerned.
 */
import { delayOf, type Lever } from './lever.ts'

/** The path between a node and all its clients, in both directions. Making it does nothing yet. */
export const clientLink: Lever<'clientLink'> = (context, node) => {
  const { index } = context.runnerOf(node)
  const { clients } = context.shared.faults
  const paths = [
    [index, clients],
    [clients, index],
  ] as const
  return {
    cut: async () => context.inject({ paths, isCut: true }),
    delay: async (ms) => context.inject({ paths, ...delayOf(ms) }),
  }
}
