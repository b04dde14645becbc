/**
 * How subcommands of CLUSTER are declared: their handlers get the cluster, which a standalone node does not have, and
 * leave the rest to the machine (clusterCommand).
 */
import type { Bytes } from '../../base/bytes.ts'
import { errors } from '../../resp/reply-error.ts'
import { string } from '../argument.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { type CommandDeclaration, command } from '../command.ts'
import type { Context } from '../context.ts'

type Facts = Omit<CommandDeclaration, 'name' | 'group' | 'run'>

/** Flags of a subcommand that asks. */
export const QUESTION: CommandDeclaration['flags'] = ['stale']

/** Flags of a subcommand that changes the cluster. */
export const OPERATOR: CommandDeclaration['flags'] = ['admin', 'stale', 'no_async_loading']

/** The tip of a subcommand whose answer depends on more than its arguments. */
export const NONDETERMINISTIC = ['nondeterministic_output']

/** The argument that names a node. */
export const NODE_ID = string('node-id')

/** A subcommand of CLUSTER; its handler gets the cluster, which a standalone node does not have. */
export function subcommand(
  name: string,
  facts: Facts,
  run: (cluster: ClusterPort, context: Context, argv: readonly Bytes[]) => void,
) {
  return command({
    name: `CLUSTER ${name}`,
    group: 'cluster',
    ...facts,
    run: (context, argv) => run(clusterOf(context), context, argv),
  })
}

/** A subcommand that does something and answers OK. */
export function verb(
  name: string,
  facts: Omit<Facts, 'flags'> & Partial<Pick<Facts, 'flags'>>,
  run: (cluster: ClusterPort, argv: readonly Bytes[], context: Context) => void,
) {
  return subcommand(name, { flags: OPERATOR, ...facts }, (port, context, argv) => {
    run(port, argv, context)
    context.reply.ok()
  })
}

/** The cluster. Throws on a standalone node. */
export function clusterOf({ cluster: port }: Context): ClusterPort {
  if (port === undefined) throw errors.clusterDisabled
  return port
}
