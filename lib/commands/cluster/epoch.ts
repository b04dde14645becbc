/** What nodes.conf keeps, by an operator's word: CLUSTER SET-CONFIG-EPOCH, BUMPEPOCH, SAVECONFIG. */
import { errors, ReplyError } from '../../resp/reply-error.ts'
import { integer } from '../argument.ts'
import { NONDETERMINISTIC, OPERATOR, subcommand, verb } from './declaration.ts'
import { integerOf } from './slot-argument.ts'

export const setConfigEpoch = verb(
  'SET-CONFIG-EPOCH',
  {
    since: '3.0.0',
    summary: 'Sets the config epoch of a node that knows no other.',
    complexity: 'O(1)',
    args: [integer('config-epoch')],
  },
  (port, argv) => {
    const epoch = integerOf(argv[2])
    if (epoch < 0) throw new ReplyError(`ERR Invalid config epoch specified: ${argv[2]}`)
    // The bus carries no epoch that a number cannot hold.
    if (!Number.isSafeInteger(epoch)) throw errors.notInteger
    port.setConfigEpoch(epoch)
  },
)

export const bumpepoch = subcommand(
  'BUMPEPOCH',
  {
    since: '3.0.0',
    summary: 'Gives this node the greatest config epoch of the cluster.',
    complexity: 'O(1)',
    flags: OPERATOR,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.simple(port.bumpEpoch()),
)

export const saveconfig = verb(
  'SAVECONFIG',
  {
    since: '3.0.0',
    summary: 'Writes the cluster configuration file now.',
    complexity: 'O(1)',
  },
  (port, _argv, { server }) => {
    const failure = server.keepClusterConfig(port.describeConfig())
    if (failure === undefined) return
    throw new ReplyError(`ERR error saving the cluster node config: ${failure}`)
  },
)
