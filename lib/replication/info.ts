/**
 * Replication as INFO and ROLE show it (genRedisInfoString, roleCommand), field by field in the order of Redis 7.0.
 */
import type { RoleDescription } from '../commands/context.ts'
import type { Failover } from './failover.ts'
import type { History } from './history.ts'
import type { ReplicationMaster } from './master.ts'
import type { ReplicaLink } from './replica.ts'
import type { ReplicationSettings } from './settings.ts'

/** The parts of a node's replication. */
export interface ReplicationParts {
  readonly history: History
  readonly settings: ReplicationSettings
  readonly master: ReplicationMaster
  readonly link: ReplicaLink
  readonly failover: Pick<Failover, 'state'>
}

/** A line of INFO. */
export type InfoField = readonly [name: string, value: string | number]

/** The fields of INFO's section "Replication". */
export function infoFields(parts: ReplicationParts, now: number): InfoField[] {
  const { history, settings, master, link, failover } = parts
  const fields: InfoField[] = [['role', link.address === undefined ? 'master' : 'slave']]
  if (link.address !== undefined) fields.push(...linkFields(parts, now))
  fields.push(['connected_slaves', master.peers.length])
  const { minReplicasToWrite, minReplicasMaxLagSeconds } = settings
  if (minReplicasToWrite > 0 && minReplicasMaxLagSeconds > 0) {
    fields.push(['min_slaves_good_slaves', master.goodPeers(minReplicasMaxLagSeconds, now)])
  }
  for (const [i, peer] of master.peers.entries()) {
    const lag = peer.state === 'online' ? peer.lagSeconds(now) : 0
    fields.push([
      `slave${i}`,
      `ip=${peer.ip},port=${peer.port},state=${peer.stateName},offset=${peer.ackOffset},lag=${lag}`,
    ])
  }
  const { backlog } = history
  fields.push(
    ['master_failover_state', failover.state],
    ['master_replid', history.id],
    ['master_replid2', history.secondaryId],
    ['master_repl_offset', history.offset],
    ['second_repl_offset', history.secondaryOffset],
    ['repl_backlog_active', backlog === undefined ? 0 : 1],
    ['repl_backlog_size', settings.backlogSizeBytes],
    ['repl_backlog_first_byte_offset', backlog?.firstOffset ?? 0],
    ['repl_backlog_histlen', backlog?.length ?? 0],
  )
  return fields
}

function linkFields({ settings, link }: ReplicationParts, now: number): InfoField[] {
  const isUp = link.state === 'connected'
  const fields: InfoField[] = [
    ['master_host', link.address?.host ?? ''],
    ['master_port', link.address?.port ?? 0],
    ['master_link_status', isUp ? 'up' : 'down'],
    ['master_last_io_seconds_ago', isUp ? secondsSince(link.lastIoMs, now) : -1],
    ['master_sync_in_progress', link.state === 'sync' ? 1 : 0],
    ['slave_read_repl_offset', link.offsets?.read ?? 1],
    ['slave_repl_offset', link.offsets?.applied ?? 1],
  ]
  const { receiver } = link
  if (receiver !== undefined) {
    const total = receiver.announcedBytes
    const read = receiver.receivedBytes
    fields.push(
      ['master_sync_total_bytes', total],
      ['master_sync_read_bytes', read],
      ['master_sync_left_bytes', total - read],
      ['master_sync_perc', percentage(read, total)],
      ['master_sync_last_io_seconds_ago', secondsSince(link.lastIoMs, now)],
    )
  }
  if (!isUp) {
    const since = link.downSinceMs
    const seconds = since === undefined ? -1 : secondsSince(since, now)
    fields.push(['master_link_down_since_seconds', seconds])
  }
  fields.push(
    ['slave_priority', settings.priority],
    ['slave_read_only', settings.readOnly ? 1 : 0],
    ['replica_announced', settings.announced ? 1 : 0],
  )
  return fields
}

/** As C prints `%.2f`: nothing of -1 is minus zero. */
function percentage(read: number, total: number): string {
  const percent = total === 0 ? 0 : (read / total) * 100
  return Object.is(percent, -0) ? '-0.00' : percent.toFixed(2)
}

function secondsSince(sinceMs: number, now: number): number {
  return Math.floor(now / 1000) - Math.floor(sinceMs / 1000)
}

/** What ROLE replies. */
export function describeRole({ history, master, link }: ReplicationParts): RoleDescription {
  const { address } = link
  if (address === undefined) {
    return {
      role: 'master',
      offset: history.offset,
      replicas: master.peers
        .filter((peer) => peer.state === 'online')
        .map(({ ip, port, ackOffset }) => ({ ip, port, offset: ackOffset })),
    }
  }
  const offset = link.state === 'connected' ? history.offset : -1
  return { role: 'slave', ...address, state: link.state, offset }
}
