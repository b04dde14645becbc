/**
 * What replicas hear of deliveries: they get the same pending entries and positions whatever their clocks say
 * (streamPropagateXCLAIM, streamPropagateGroupID, streamPropagateConsumerCreation).
 */
import type { Bytes } from '../base/bytes.ts'
import { formatStreamId } from '../base/stream-id.ts'
import type { ConsumerGroup, PendingEntry } from '../data/stream-group.ts'
import type { PropagationPort } from './context.ts'

/** A group with the names of its key and of itself. */
export interface NamedGroup {
  readonly key: Bytes
  readonly name: Bytes
  readonly group: ConsumerGroup
}

/** An entry pends for a consumer; `id` in the words it was asked for. */
export function propagateClaim(
  propagation: PropagationPort,
  { key, name, group }: NamedGroup,
  id: Bytes,
  { consumer, deliveredAtMs, deliveries }: PendingEntry,
): void {
  propagation.also([
    'XCLAIM',
    key,
    name,
    consumer.name,
    '0',
    id,
    'TIME',
    String(deliveredAtMs),
    'RETRYCOUNT',
    String(deliveries),
    'FORCE',
    'JUSTID',
    'LASTID',
    formatStreamId(group.lastId),
  ])
}

/** The group was given entries up to its last id, and nothing pends for it. */
export function propagatePosition(
  propagation: PropagationPort,
  { key, name, group }: NamedGroup,
): void {
  const read = String(group.entriesRead ?? -1)
  const id = formatStreamId(group.lastId)
  propagation.also(['XGROUP', 'SETID', key, name, id, 'ENTRIESREAD', read])
}

/** A consumer came to be. */
export function propagateConsumer(
  propagation: PropagationPort,
  { key, name }: NamedGroup,
  consumer: Bytes,
): void {
  propagation.also(['XGROUP', 'CREATECONSUMER', key, name, consumer])
}
