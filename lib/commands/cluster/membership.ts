/** Who belongs to the cluster and to whom: CLUSTER MEET, FORGET, REPLICATE, RESET. */
import type { Bytes } from '../../base/bytes.ts'
import { parseInteger } from '../../base/numbers.ts'
import { errors, ReplyError, subcommandSyntax } from '../../resp/reply-error.ts'
import { integer, oneOf, string, token } from '../argument.ts'
import { NODE_ID, verb } from './declaration.ts'

const BUS_PORT_OFFSET = 10_000

export const meet = verb(
  'MEET',
  {
    since: '3.0.0',
    summary: 'Makes this node and another one get to know each other.',
    complexity: 'O(1)',
    history: [['4.0.0', 'Takes the bus port as an option.']],
    args: [
      string('ip'),
      integer('port'),
      integer('cluster-bus-port', {
        formerName: 'cluster_bus_port',
        optional: true,
        since: '4.0.0',
      }),
    ],
  },
  (port, argv) => {
    if (argv.length > 5) throw subcommandSyntax('CLUSTER', argv[1] as Bytes)
    const base = portOf(argv[3], 'base')
    const busPort = argv.length === 5 ? portOf(argv[4], 'bus') : base + BUS_PORT_OFFSET
    port.meet({ ip: argv[2] as Bytes, port: base, busPort })
  },
)

export const forget = verb(
  'FORGET',
  {
    since: '3.0.0',
    summary: 'Removes a node from the table of known nodes.',
    complexity: 'O(1)',
    args: [NODE_ID],
  },
  (port, argv) => port.forget(argv[2] as Bytes),
)

export const replicate = verb(
  'REPLICATE',
  {
    since: '3.0.0',
    spansKeyspace: true,
    summary: 'Makes this node a replica of a master.',
    complexity: 'O(1)',
    args: [NODE_ID],
  },
  (port, argv) => port.replicate(argv[2] as Bytes),
)

export const reset = verb(
  'RESET',
  {
    since: '3.0.0',
    spansKeyspace: true,
    summary: 'Makes this node forget the cluster; hard, also who it was.',
    complexity:
      'O(N) where N is the number of known nodes. The command may execute a FLUSHALL as a side effect.',
    flags: ['admin', 'noscript', 'stale'],
    args: [
      oneOf('reset-type', [token('hard', 'HARD'), token('soft', 'SOFT')], {
        formerName: 'hard_soft',
        optional: true,
      }),
    ],
  },
  (port, argv) => {
    if (argv.length > 3) throw subcommandSyntax('CLUSTER', argv[1] as Bytes)
    const mode = argv[2]?.toLowerCase() ?? 'soft'
    if (mode !== 'hard' && mode !== 'soft') throw errors.syntax
    port.reset(mode)
  },
)

function portOf(text: Bytes | undefined, kind: 'base' | 'bus'): number {
  const value = parseInteger(text ?? '')
  if (value === undefined) {
    throw new ReplyError(`ERR Invalid TCP ${kind} port specified: ${text}`)
  }
  return Number(value)
}
