/** Who serves what, and who is linked with whom, as nested replies: CLUSTER SLOTS, SHARDS and LINKS. */
import type { ReplySink } from '../../resp/reply-sink.ts'
import type { Shard, ShardNode, SlotsNode } from '../cluster-port.ts'
import { NONDETERMINISTIC, QUESTION, subcommand } from './declaration.ts'

export const slots = subcommand(
  'SLOTS',
  {
    since: '3.0.0',
    summary: 'Shows ranges of slots and the nodes that serve them.',
    complexity: 'O(N) where N is the total number of Cluster nodes',
    flags: ['loading', 'stale'],
    tips: NONDETERMINISTIC,
    deprecated: { since: '7.0.0', replacedBy: '`CLUSTER SHARDS`' },
    history: [
      ['4.0.0', 'Tells the ids of the nodes.'],
      ['7.0.0', 'Tells further names and addresses of the nodes.'],
    ],
    before: { '7.4.0': { flags: QUESTION } },
  },
  (port, { reply }) => {
    const ranges = port.describeSlots()
    reply.array(ranges.length)
    for (const range of ranges) {
      reply.array(2 + range.nodes.length)
      reply.integer(range.start)
      reply.integer(range.end)
      for (const node of range.nodes) writeSlotsNode(reply, node)
    }
  },
)

function writeSlotsNode(reply: ReplySink, node: SlotsNode): void {
  reply.array(4)
  reply.bulkOrNull(node.endpoint)
  reply.integer(node.port)
  reply.bulk(node.id)
  reply.map(node.metadata.length)
  for (const [name, value] of node.metadata) {
    reply.bulk(name)
    reply.bulk(value)
  }
}

export const shards = subcommand(
  'SHARDS',
  {
    since: '7.0.0',
    summary: 'Shows the shards: their ranges of slots and their nodes.',
    complexity: 'O(N) where N is the total number of cluster nodes',
    flags: ['loading', 'stale'],
    tips: NONDETERMINISTIC,
    before: { '7.4.0': { flags: QUESTION } },
  },
  (port, { reply }) => {
    const all = port.describeShards()
    reply.array(all.length)
    for (const shard of all) writeShard(reply, shard)
  },
)

function writeShard(reply: ReplySink, shard: Shard): void {
  reply.map(2)
  reply.bulk('slots')
  reply.array(2 * shard.ranges.length)
  for (const [start, end] of shard.ranges) {
    reply.integer(start)
    reply.integer(end)
  }
  reply.bulk('nodes')
  reply.array(shard.nodes.length)
  for (const node of shard.nodes) writeShardNode(reply, node)
}

function writeShardNode(reply: ReplySink, node: ShardNode): void {
  const fields: [string, string | number][] = [
    ['id', node.id],
    ['port', node.port],
    ['ip', node.ip],
    ['endpoint', node.endpoint],
  ]
  if (node.hostname !== undefined) fields.push(['hostname', node.hostname])
  fields.push(['role', node.role])
  fields.push(['replication-offset', node.replicationOffset])
  fields.push(['health', node.health])
  writeFields(reply, fields)
}

export const links = subcommand(
  'LINKS',
  {
    since: '7.0.0',
    summary: 'Shows the bus connections to and from other nodes.',
    complexity: 'O(N) where N is the total number of Cluster nodes',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => {
    const all = port.describeLinks()
    reply.array(all.length)
    for (const link of all) {
      writeFields(reply, [
        ['direction', link.direction],
        ['node', link.node],
        ['create-time', link.createTimeMs],
        ['events', link.events],
        ['send-buffer-allocated', link.sendBufferAllocated],
        ['send-buffer-used', link.sendBufferUsed],
      ])
    }
  },
)

function writeFields(reply: ReplySink, fields: readonly (readonly [string, string | number])[]) {
  reply.map(fields.length)
  for (const [name, value] of fields) {
    reply.bulk(name)
    if (typeof value === 'number') reply.integer(value)
    else reply.bulk(value)
  }
}
