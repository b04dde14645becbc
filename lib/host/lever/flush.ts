/**
 * All keys go: FLUSHALL at every master, and so at their replicas.
 */
import type { Lever } from './lever.ts'

/** Removes all keys from all masters that run. */
export const flush: Lever<'flush'> = async (context) => {
  context.checkRunning()
  await Promise.all(context.roster.masters.map((node) => context.command(node, ['FLUSHALL'])))
}
