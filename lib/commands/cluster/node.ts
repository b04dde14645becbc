/** What this node knows of itself and of the other nodes: CLUSTER NODES, INFO, MYID and what asks about one node. */
import type { Bytes } from '../../base/bytes.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { Context } from '../context.ts'
import { NODE_ID, NONDETERMINISTIC, QUESTION, subcommand } from './declaration.ts'

export const nodes = subcommand(
  'NODES',
  {
    since: '3.0.0',
    summary: 'Shows the known nodes, a line each, as this node sees them.',
    complexity: 'O(N) where N is the total number of Cluster nodes',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.verbatim('txt', port.describeNodes()),
)

export const info = subcommand(
  'INFO',
  {
    since: '3.0.0',
    summary: 'Shows the state of the cluster, its epochs and the counters of its bus.',
    complexity: 'O(1)',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.verbatim('txt', port.describeInfo()),
)

export const myid = subcommand(
  'MYID',
  { since: '3.0.0', summary: 'Shows the id of this node.', complexity: 'O(1)', flags: QUESTION },
  (port, { reply }) => reply.bulk(port.myId),
)

export const myshardid = subcommand(
  'MYSHARDID',
  {
    since: '7.2.0',
    summary: 'Shows the id of the shard that this node belongs to.',
    complexity: 'O(1)',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.bulk(port.myShardId),
)

const PER_REPLICA = {
  complexity: 'O(N) where N is the number of replicas.',
  before: { '7.2.0': { complexity: 'O(1)' } },
}

export const replicas = subcommand(
  'REPLICAS',
  {
    since: '5.0.0',
    summary: 'Shows the replicas of a master, a line of CLUSTER NODES each.',
    ...PER_REPLICA,
    flags: ['admin', 'stale'],
    tips: NONDETERMINISTIC,
    args: [NODE_ID],
  },
  writeReplicas,
)

export const slaves = subcommand(
  'SLAVES',
  {
    since: '3.0.0',
    summary: 'Shows the replicas of a master, under the older name.',
    ...PER_REPLICA,
    flags: ['admin', 'stale'],
    tips: NONDETERMINISTIC,
    deprecated: { since: '5.0.0', replacedBy: '`CLUSTER REPLICAS`' },
    args: [NODE_ID],
  },
  writeReplicas,
)

function writeReplicas(port: ClusterPort, { reply }: Context, argv: readonly Bytes[]): void {
  const lines = port.describeReplicas(argv[2] as Bytes)
  reply.array(lines.length)
  for (const line of lines) reply.bulk(line)
}

export const countFailureReports = subcommand(
  'COUNT-FAILURE-REPORTS',
  {
    since: '3.0.0',
    summary: 'Counts the masters that currently report a node as failing.',
    complexity: 'O(N) where N is the number of failure reports',
    flags: ['admin', 'stale'],
    tips: NONDETERMINISTIC,
    args: [NODE_ID],
  },
  (port, { reply }, argv) => reply.integer(port.failureReports(argv[2] as Bytes)),
)
