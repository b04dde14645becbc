/**
 * What the bundle of a thread holds: everything a node is made of, behind one function.
 */
import type { NodeBoot } from '../lib/control/message.ts'
import { NodeRuntime } from '../lib/runtime/node-runtime.ts'

/** Boots one node; resolves when it listens or has told the host why it cannot. */
export function boot(task: NodeBoot): Promise<void> {
  return NodeRuntime.start(task)
}
