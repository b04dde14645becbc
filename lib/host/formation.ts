/**
 * How nodes come up: all at once as a planned cluster, or one again among the others. On the channel bus every pair of
 * nodes shares a MessageChannel, which the host makes and hands out.
 */
import { MessageChannel } from 'node:worker_threads'
import type { PeerChannel } from '../control/message.ts'
import { ClusterError } from './cluster-error.ts'
import type { NodeRunner } from './node-runner.ts'
import { type NodeAddress, nodesConf, type PlannedNode } from './topology.ts'

/** How nodes gossip. */
export type BusKind = 'channel' | 'tcp'

/** Boots all nodes, on the channel bus each with its ways to the others; resolves when all listen. */
export async function bootAll(runners: readonly NodeRunner[], bus: BusKind): Promise<void> {
  const channels = bus === 'channel' ? channelsOfAll(runners) : undefined
  const boots = runners.map((runner) => runner.start(channels?.get(runner)))
  try {
    await Promise.all(boots)
  } catch (error) {
    void Promise.allSettled(boots).then(() => {
      for (const runner of runners) runner.closeUnusedPorts()
    })
    throw await withAllPorts(error, boots)
  }
}

/** Hands each node the nodes.conf it has by the plan, or leaves all of them blank. */
export async function formAll(
  runners: readonly NodeRunner[],
  plan: readonly PlannedNode[] | undefined,
  addresses: readonly NodeAddress[],
): Promise<void> {
  await Promise.all(
    runners.map((runner, index) =>
      plan === undefined
        ? runner.form(undefined)
        : runner.formPlanned(nodesConf(plan, addresses, index)),
    ),
  )
}

/** Makes nodes without a cluster replicas of a server, as REPLICAOF does. */
export async function replicate(
  replicas: readonly NodeRunner[],
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  await Promise.all(replicas.map((runner) => runner.command(['REPLICAOF', host, `${port}`])))
}

/** Boots a node that has ended once more, with new channels to the nodes that run. */
export async function bootAgain(
  runner: NodeRunner,
  running: readonly NodeRunner[],
  bus: BusKind,
): Promise<void> {
  await runner.start()
  if (bus === 'channel') for (const other of running) connect(runner, other)
}

/** A channel for each pair, by the nodes that are to have its ends: one message each brings them all. */
function channelsOfAll(runners: readonly NodeRunner[]): Map<NodeRunner, PeerChannel[]> {
  const channels = new Map<NodeRunner, PeerChannel[]>(runners.map((runner) => [runner, []]))
  for (const [i, one] of runners.entries()) {
    for (const other of runners.slice(0, i)) {
      const { port1, port2 } = new MessageChannel()
      channels.get(one)?.push({ index: other.index, port: port1 })
      channels.get(other)?.push({ index: one.index, port: port2 })
    }
  }
  return channels
}

/** Gives two nodes that listen a channel. */
function connect(one: NodeRunner, other: NodeRunner): void {
  const { port1, port2 } = new MessageChannel()
  one.addPeer(other.index, port1)
  other.addPeer(one.index, port2)
}

/** If a port was taken: an error that names all that are, once every node has tried. */
async function withAllPorts(error: unknown, boots: readonly Promise<void>[]): Promise<unknown> {
  if (!(error instanceof ClusterError) || error.code !== 'ERR_PORT_TAKEN') return error
  const results = await Promise.allSettled(boots)
  const taken = results.flatMap((result) => {
    const reason: unknown = result.status === 'rejected' ? result.reason : undefined
    return reason instanceof ClusterError && reason.code === 'ERR_PORT_TAKEN'
      ? [reason.message]
      : []
  })
  return new ClusterError(
    'ERR_PORT_TAKEN',
    `${taken.join('; ')}. Try another \`port\`, or leave it out for free ports`,
    { cause: error },
  )
}
