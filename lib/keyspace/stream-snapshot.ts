/**
 * Streams as RDB records and back, with all that their groups know. Invariant: nodes stay cut where they are, and an entry
 * that pends in a group is one object with that of its consumer again.
 */
import type { Bytes } from '../base/bytes.ts'
import type { EncodingLimits } from '../data/encoding-limit.ts'
import { StreamValue } from '../data/stream.ts'
import { ConsumerGroup } from '../data/stream-group.ts'
import { StreamNode } from '../data/stream-node.ts'
import type { GroupRecord, StreamRecord } from '../rdb/record.ts'

/** A stream as a record: its nodes are views of the live ones. */
export function streamRecord(stream: StreamValue): StreamRecord {
  return {
    type: 'stream',
    size: stream.size,
    nodes: stream.nodes,
    lastId: stream.lastId,
    firstId: stream.firstId,
    maxDeletedId: stream.maxDeletedId,
    entriesAdded: stream.entriesAdded,
    groups: Array.from(stream.groups.entries(), ([name, group]) => groupRecord(name, group)),
  }
}

function groupRecord(name: Bytes, group: ConsumerGroup): GroupRecord {
  return {
    name,
    lastId: group.lastId,
    entriesRead: group.entriesRead,
    pending: Array.from(group.pending.entries(), ([id, { deliveredAtMs, deliveries }]) => {
      return { id, deliveredAtMs, deliveries }
    }),
    consumers: Array.from(group.consumers.values(), ({ name, seenAtMs, activeAtMs, pending }) => {
      return { name, seenAtMs, activeAtMs, pending: Array.from(pending.entries(), ([id]) => id) }
    }),
  }
}

/** A stream to store, from a record. */
export function streamOfRecord(record: StreamRecord, limits: EncodingLimits): StreamValue {
  const nodes = record.nodes.map(({ masterId, fields, entries }) => {
    const node = new StreamNode(masterId, fields)
    for (const entry of entries) node.append(entry.id, entry.fields, entry.values, entry.isDeleted)
    return node
  })
  const stream = new StreamValue(limits, nodes, record)
  for (const group of record.groups) stream.groups.set(group.name, groupOf(group))
  return stream
}

function groupOf(record: GroupRecord): ConsumerGroup {
  const group = new ConsumerGroup(record.lastId, record.entriesRead)
  const deliveries = new Map(record.pending.map((pending) => [pending.id, pending]))
  for (const { name, seenAtMs, activeAtMs, pending } of record.consumers) {
    const consumer = group.addConsumer(name, seenAtMs, activeAtMs)
    for (const id of pending) {
      const delivery = deliveries.get(id)
      if (delivery !== undefined) group.assign(id, { ...delivery, consumer }, consumer)
    }
  }
  return group
}
