/**
 * Whether the nodes agree on what a lever has changed: on the owner of slots, on who follows whom. Invariant: only nodes
 * that run and hear the one they are asked about count; the others cannot know.
 */
import { setTimeout } from 'node:timers'
import { EstrangementWatch, isOutcast } from './estrangement.ts'
import type { ClusterNode } from './handle.ts'
import type { LeverContext } from './lever/lever.ts'

/** Whether everybody who can know says that these slots are this node's. */
export function ownsForAll(
  context: LeverContext,
  owner: ClusterNode,
  slots: readonly number[],
): boolean {
  return listeners(context, owner).every((observer) => {
    const view = context.shared.slotView(observer.index)
    return slots.every((slot) => view[slot] === owner.index + 1)
  })
}

/** Whether these nodes, as far as they run and hear the master, follow it and have all it has. */
export function followAll(
  context: LeverContext,
  master: ClusterNode,
  replicas: readonly ClusterNode[],
): boolean {
  return listeners(context, master)
    .filter((node) => replicas.includes(node))
    .every((node) => node.master === master && node.inSync)
}

/** The nodes that run and hear a node, itself included; one that knows nobody cannot tell whom it hears. */
export function listeners(context: LeverContext, subject: ClusterNode): ClusterNode[] {
  const { nodes, runners, reachability } = context
  const speaker = context.runnerOf(subject)
  return nodes.filter((node, at) => {
    const runner = runners[at]
    if (node.state !== 'running' || runner === undefined) return false
    return node === subject || (!isOutcast(node, nodes) && !reachability.isLost(runner, speaker))
  })
}

/** Between two looks at what nodes tell of others, milliseconds: no shared memory says when that changes. */
const LOOK_AGAIN_MS = 10

/** Waits until everybody who can know sees these nodes as what they say they are, and each as running. */
export async function rolesKnown(
  context: LeverContext,
  nodes: readonly ClusterNode[],
): Promise<void> {
  const observers = context.nodes.filter((observer) =>
    nodes.every((node) => listeners(context, node).includes(observer)),
  )
  await waitUntilTold(context, observers, (lines) =>
    nodes.every((node) => {
      const [, , flags = '', master] =
        lines.find((line) => line.startsWith(node.id))?.split(' ') ?? []
      if (/handshake|noaddr|fail/.test(flags)) return false
      if (node.role === 'master') return flags.includes('master')
      return flags.includes('slave') && (node.master === undefined || master === node.master.id)
    }),
  )
}

/** Waits until the CLUSTER NODES of each observer, line by line, is as wished; those that end have no say. */
export async function waitUntilTold(
  context: LeverContext,
  observers: readonly ClusterNode[],
  isWished: (lines: readonly string[]) => boolean,
): Promise<void> {
  const what = 'not all nodes knew of the change'
  const watch = new EstrangementWatch(context)
  const ask = async (observer: ClusterNode): Promise<void> => {
    while (observer.state === 'running') {
      const reply = await context.command(observer, ['CLUSTER', 'NODES'])
      if (isWished(reply.split('\n').slice(1))) return
      context.checkRunning()
      watch.look(what)
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    }
  }
  try {
    await context.inTime(Promise.all(observers.map(ask)), what)
  } finally {
    watch.stop()
  }
}
