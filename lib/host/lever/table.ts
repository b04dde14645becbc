/**
 * Every lever of the handle. Invariant: each member of `Levers` has its lever, in a file of its name; the README's table
 * is made of the interface's comments.
 */
import type { Levers } from '../handle.ts'
import { addNode } from './add-node.ts'
import { beginMigration } from './begin-migration.ts'
import { clientLink } from './client-link.ts'
import { failover } from './failover.ts'
import { flush } from './flush.ts'
import { kill } from './kill.ts'
import type { Lever } from './lever.ts'
import { link } from './link.ts'
import { migrateSlots } from './migrate-slots.ts'
import { partition } from './partition.ts'
import { pause } from './pause.ts'
import { rebalance } from './rebalance.ts'
import { removeNode } from './remove-node.ts'
import { restart } from './restart.ts'
import { resume } from './resume.ts'

/** The levers by name. */
export const levers = {
  kill,
  restart,
  pause,
  resume,
  partition,
  link,
  clientLink,
  failover,
  migrateSlots,
  beginMigration,
  addNode,
  removeNode,
  rebalance,
  flush,
} satisfies {
  readonly [Name in keyof Levers]: Lever<Name>
}
