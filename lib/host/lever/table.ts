/**
 * Every lever of the handle. Invariant: each member of `Levers` has its lever, in a file of its name; the README's table
 * is made of the interface's comments.
 */
import { ClusterError } from '../cluster-error.ts'
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

/** Levers that all return promises, and make no sense without slots and a bus. */
type ClusterLever =
  | 'failover'
  | 'migrateSlots'
  | 'beginMigration'
  | 'addNode'
  | 'removeNode'
  | 'rebalance'

/** The lever, refused for nodes that are no cluster. */
function inCluster<Name extends ClusterLever>(name: Name, lever: Lever<Name>): Lever<Name> {
  const guarded = async (...[context, ...given]: Parameters<Lever<Name>>) => {
    context.checkRunning()
    if (!context.options.clusterEnabled) {
      throw new ClusterError(
        'ERR_CLUSTER_DISABLED',
        `\`${name}\` needs a cluster, and these nodes run with \`cluster-enabled: 'no'\`; leave the directive out to start one`,
      )
    }
    return lever(context, ...given)
  }
  return guarded as Lever<Name>
}

/** The levers by name. */
export const levers = {
  kill,
  restart,
  pause,
  resume,
  partition,
  link,
  clientLink,
  failover: inCluster('failover', failover),
  migrateSlots: inCluster('migrateSlots', migrateSlots),
  beginMigration: inCluster('beginMigration', beginMigration),
  addNode: inCluster('addNode', addNode),
  removeNode: inCluster('removeNode', removeNode),
  rebalance: inCluster('rebalance', rebalance),
  flush,
} satisfies {
  readonly [Name in keyof Levers]: Lever<Name>
}
