/**
 * DEBUG on the cluster bus: messages that are not heard, links that break (the cluster's subcommands of debugCommand).
 */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError, subcommandSyntax } from '../resp/reply-error.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'
import { numberArgument } from './number-argument.ts'

const ignoreMessages: Run = ({ cluster, reply }, [, , type]) => {
  const wireType = numberArgument(type as Bytes)
  cluster?.ignoreMessages(wireType)
  reply.ok()
}

const closeLinks: Run = ({ cluster, reply }, argv) => {
  const [, word, action, direction, node] = argv as [Bytes, Bytes, Bytes, Bytes, Bytes]
  if (cluster === undefined) {
    throw new ReplyError('ERR Debug option only available for cluster mode enabled setup!')
  }
  const which = direction.toLowerCase()
  const isKnown = which === 'to' || which === 'from' || which === 'all'
  if (action.toLowerCase() !== 'kill' || !isKnown) throw subcommandSyntax('DEBUG', word)
  cluster.closeLinks(node, which)
  reply.ok()
}

/** The subcommands of this file. */
export const clusterDebugging: Subcommands = {
  CLUSTERLINK: (argv) => (argv.length === 5 ? closeLinks : undefined),
  'DROP-CLUSTER-PACKET-FILTER': (argv) => (argv.length === 3 ? ignoreMessages : undefined),
}
