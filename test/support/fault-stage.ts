/**
 * The fault matrix of a few nodes for tests of the runtime, and what node 0 makes of it.
 */
import type { PathFault } from '../../lib/base/fault-matrix.ts'
import { Random } from '../../lib/base/random.ts'
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import { FaultScope } from '../../lib/runtime/fault-scope.ts'

/** Nothing passes. */
export const CUT: PathFault = { isCut: true, minMs: 0, maxMs: 0, dropProbability: 0 }

/** A fault that is not there but for what is given. */
export function poor(differences: Partial<PathFault>): PathFault {
  return { ...CUT, isCut: false, ...differences }
}

/** The shared memory of three nodes on this machine, and the scope of the first. */
export function faultStage(): { readonly shared: SharedMemory; readonly scope: FaultScope } {
  const shared = new SharedMemory(3)
  const world = { hosts: ['127.0.0.1'], random: new Random('faults') }
  return { shared, scope: new FaultScope(shared, 0, world) }
}
