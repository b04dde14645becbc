/** A client of a node that is alone in its cluster, at the level of handlers. */
import type { ClientPort } from '../../../lib/commands/context.ts'
import { setStage } from '../../cluster/stage.ts'
import { CommandRunner } from '../../support/command-runner.ts'

/** The id of the node. */
export const ME = 'm'.repeat(40)

/** Connects a client to a 7.0 node unless told otherwise; `settle` gathers what its commands asked of the cluster. */
export function connect(version?: string) {
  const set = setStage()
  const client = { asking: false, readonlyMode: false } as unknown as ClientPort
  const runner = new CommandRunner({
    ...(version !== undefined && { version }),
    ports: { cluster: set.machine, client },
  })
  const settle = () => {
    set.stage.effects.push(...set.machine.drain())
  }
  return { ...set, runner, client, settle }
}
