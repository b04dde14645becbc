/**
 * CLUSTER SLOT-STATS: how much is in each slot of the node's shard. Keys are counted; CPU time and bytes per slot are not,
 * as on a server with `cluster-slot-stats-enabled no` (clusterSlotStatsCommand, Redis 8.2 and Valkey 8).
 */
import type { Bytes } from '../../base/bytes.ts'
import { SLOT_COUNT } from '../../base/crc16.ts'
import { parseIntegerIn } from '../../base/numbers.ts'
import { errors, ReplyError, subcommandSyntax } from '../../resp/reply-error.ts'
import type { ReplySink } from '../../resp/reply-sink.ts'
import { block, integer, oneOf, string, token } from '../argument.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { NONDETERMINISTIC, subcommand } from './declaration.ts'
import { slotOf } from './slot-argument.ts'

type SlotKeys = readonly [slot: number, keys: number]

export const slotStats = subcommand(
  'SLOT-STATS',
  {
    since: '8.2.0',
    summary: 'Tells how many keys the slots of this shard have.',
    complexity: 'O(N) where N is the number of slots, O(N*log(N)) with ORDERBY',
    flags: ['loading', 'stale'],
    tips: NONDETERMINISTIC,
    arity: -4,
    spansKeyspace: true,
    args: [
      oneOf('filter', [
        block('slotsrange', [integer('start-slot'), integer('end-slot')], { token: 'SLOTSRANGE' }),
        block(
          'orderby',
          [
            string('metric'),
            integer('limit', { token: 'LIMIT', optional: true }),
            oneOf('order', [token('asc', 'ASC'), token('desc', 'DESC')], { optional: true }),
          ],
          { token: 'ORDERBY' },
        ),
      ]),
    ],
  },
  (port, { db, reply }, argv) => {
    const count = (slot: number) => db.countInSlot(slot)
    const filter = (argv[2] as Bytes).toUpperCase()
    if (filter === 'SLOTSRANGE' && argv.length === 5) writeStats(reply, range(port, argv, count))
    else if (filter === 'ORDERBY') writeStats(reply, ordered(port, argv, count))
    else throw subcommandSyntax('CLUSTER', argv[1] as Bytes)
  },
)

function range(
  port: ClusterPort,
  argv: readonly Bytes[],
  count: (slot: number) => number,
): SlotKeys[] {
  const start = slotOf(argv[3])
  const end = slotOf(argv[4])
  if (start > end) {
    throw new ReplyError(`ERR Start slot number ${start} is greater than end slot number ${end}`)
  }
  return statsOf(port, start, end, count)
}

function ordered(
  port: ClusterPort,
  argv: readonly Bytes[],
  count: (slot: number) => number,
): SlotKeys[] {
  if ((argv[3] as Bytes).toLowerCase() !== 'key-count') {
    throw new ReplyError('ERR Unrecognized sort metric for ORDERBY.')
  }
  const { limit, direction } = parseOrder(argv)
  return statsOf(port, 0, SLOT_COUNT - 1, count)
    .sort(([a, aKeys], [b, bKeys]) => direction * (aKeys - bKeys) || a - b)
    .slice(0, limit)
}

function parseOrder(argv: readonly Bytes[]): { limit: number; direction: 1 | -1 } {
  const given = new Set<string>()
  let limit = SLOT_COUNT
  let direction: 1 | -1 = -1
  for (let i = 4; i < argv.length; i++) {
    const word = (argv[i] as Bytes).toUpperCase()
    let kind = 'direction'
    if (word === 'LIMIT' && i + 1 < argv.length) {
      kind = word
      limit = limitOf(argv[++i] as Bytes)
    } else if (word === 'ASC') direction = 1
    else if (word === 'DESC') direction = -1
    else throw errors.syntax
    if (given.has(kind)) {
      throw new ReplyError('ERR Multiple filters of the same type are disallowed.')
    }
    given.add(kind)
  }
  return { limit, direction }
}

function limitOf(text: Bytes): number {
  const limit = parseIntegerIn(text, 1, SLOT_COUNT)
  if (limit !== undefined) return limit
  throw new ReplyError('ERR Limit has to lie in between 1 and 16384 (maximum number of slots).')
}

/** The slots of our shard among these. */
function statsOf(
  port: ClusterPort,
  first: number,
  last: number,
  count: (slot: number) => number,
): SlotKeys[] {
  const stats: SlotKeys[] = []
  for (let slot = first; slot <= last; slot++) {
    if (port.ownerOf(slot) === port.myShardId) stats.push([slot, count(slot)])
  }
  return stats
}

function writeStats(reply: ReplySink, stats: readonly SlotKeys[]): void {
  reply.array(stats.length)
  for (const [slot, keys] of stats) {
    reply.array(2)
    reply.integer(slot)
    reply.map(1)
    reply.bulk('key-count')
    reply.integer(keys)
  }
}
