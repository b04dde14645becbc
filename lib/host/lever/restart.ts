/**
 * A node comes back: the same ports, the same identity, and the nodes.conf it had, as a server does that is started in
 * its old directory. Invariant: one restart of a node at a time.
 */
import { isOutcast } from '../estrangement.ts'
import { bootAgain, replicate } from '../formation.ts'
import type { ClusterNode } from '../handle.ts'
import type { NodeRunner } from '../node-runner.ts'
import { isBack } from '../readiness.ts'
import { type Lever, type LeverContext, stateError } from './lever.ts'
import { forget } from './remove-node.ts'

/** Starts a node again, stopping it first if it runs; resolves when it is back among the others. */
export const restart: Lever<'restart'> = async (context, node) => {
  const runner = context.runnerOf(node)
  context.checkRunning()
  const { booting, restarting, reachability } = context
  if (restarting.has(runner)) throw stateError(node, 'restarted', 'it is being restarted')
  restarting.add(runner)
  booting.add(runner)
  reachability.hold(runner)
  try {
    const what = `node ${node.index} was not back`
    await context.inTime(bringBack(context, node, runner), what, 'ERR_START_TIMEOUT')
  } finally {
    restarting.delete(runner)
    booting.delete(runner)
    reachability.release(runner)
  }
}

async function bringBack(
  context: LeverContext,
  node: ClusterNode,
  runner: NodeRunner,
): Promise<void> {
  const { bus, directory } = context.options
  const wasLinked = node.knownNodes > 1
  const { master } = node
  await runner.stop()
  const running = context.runners.filter(({ life }) => life === 'running')
  await bootAgain(runner, running, bus)
  context.reachability.release(runner)
  await runner.form(directory === undefined ? runner.config : undefined)
  for (const id of context.forgotten) await forget(context, node, id)
  context.booting.delete(runner)
  if (!context.options.clusterEnabled && master !== undefined) {
    await replicate([runner], master)
    // Without its master it is back as well as it can be.
    const isInSync = () => node.inSync || context.isLost(node, master)
    await context.waitUntil(isInSync, `node ${node.index} was not in sync`, 'ERR_START_TIMEOUT')
  }
  if (!wasLinked) return
  const check = (): boolean => {
    if (runner.life !== 'running') throw stateError(node, 'restarted', 'it ended again')
    if (isOutcast(node, context.nodes)) {
      const reason = 'it knows nobody: a client has sent CLUSTER RESET, or its nodes.conf is gone'
      throw stateError(node, 'restarted', reason)
    }
    return isBack(node, context.nodes, context.isLost)
  }
  await context.waitUntil(check, `node ${node.index} was not back`, 'ERR_START_TIMEOUT')
}
