/**
 * The thread's entry: piscina runs this function for each node the thread hosts, one after the other. It resolves when
 * the node listens; the node lives on in the thread's event loop until the host says stop.
 */
import type { NodeBoot } from '../lib/control/message.ts'
import { NodeRuntime } from '../lib/runtime/node-runtime.ts'

/** Boots one node. */
export default function boot(task: NodeBoot): Promise<void> {
  return NodeRuntime.start(task)
}
