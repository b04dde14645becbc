/**
 * A node joins: a blank one starts, meets a node of the cluster and is known to all by the real handshake (redis-cli
 * --cluster add-node).
 */
import { Random } from '../../base/random.ts'
import { rolesKnown } from '../agreement.ts'
import { prepareDirectories } from '../directory.ts'
import { bootAgain } from '../formation.ts'
import type { ClusterNode, JoinedNode } from '../handle.ts'
import { join } from '../join.ts'
import { bad } from '../option-check.ts'
import { checkMaster } from '../slot-transfer.ts'
import { blankNodesConf } from '../topology.ts'
import type { Lever, LeverContext } from './lever.ts'
import { removeNode } from './remove-node.ts'

/** Starts one more node, as a master without slots or as a replica; disposing of it removes it. */
export const addNode: Lever<'addNode'> = async (context, options = {}) => {
  context.checkRunning()
  const { replicaOf } = options
  if (replicaOf !== undefined) checkMaster(context, replicaOf, 'replicated')
  const contact = replicaOf ?? context.nodes.find(({ state }) => state === 'running')
  if (contact === undefined) throw bad('no node runs that a new one could meet; restart one first')
  const node = await context.inTime(
    boot(context),
    'the new node did not start',
    'ERR_START_TIMEOUT',
  )
  try {
    // From here on all have to know it: where a client makes somebody forget it, the wait for it ends.
    context.joined.add(node)
    await join(context, node, contact)
    if (replicaOf !== undefined) await attach(context, node, replicaOf)
  } catch (error) {
    if (!context.closing.aborted) await removeNode(context, node).catch(() => {})
    throw error
  }
  return Object.defineProperty(node, Symbol.asyncDispose, {
    value: async () => {
      if (!context.closing.aborted && node.state !== 'removed') await removeNode(context, node)
    },
  }) as JoinedNode
}

async function boot(context: LeverContext): Promise<ClusterNode> {
  const { roster, options } = context
  const index = roster.nextIndex()
  const id = new Random(options.seed).fork(`added ${context.added++}`).nodeId()
  const port = options.port === 0 ? 0 : options.port + index
  const directory =
    options.directory === undefined
      ? undefined
      : prepareDirectories(options.directory, index + 1)[index]
  const running = context.runners.filter(({ life }) => life === 'running')
  const runner = roster.add({ id, port, directory })
  const node = context.nodes[index] as ClusterNode
  try {
    await bootAgain(runner, running, options.bus)
    // The directory may be one of a node that was here before: its identity is not read, its keys and their slots go.
    await runner.form(directory === undefined ? undefined : blankNodesConf(id, node))
    context.reachability.update()
    if (directory !== undefined) {
      await context.commands(node, [['FLUSHALL'], ['CLUSTER', 'RESET', 'HARD']])
    }
    return node
  } catch (error) {
    await runner.stop()
    roster.remove(node)
    throw error
  }
}

async function attach(
  context: LeverContext,
  node: ClusterNode,
  master: ClusterNode,
): Promise<void> {
  await context.command(node, ['CLUSTER', 'REPLICATE', master.id])
  const isInSync = () => node.master === master && node.inSync
  await context.waitUntil(isInSync, `node ${node.index} was not in sync with its master`)
  await rolesKnown(context, [node])
}
