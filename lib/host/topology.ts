/**
 * The plan of a new cluster: ids, roles, slots and epochs as `redis-cli --cluster create` would give them, and the
 * nodes.conf each node would then have. Masters come first, then a round of replicas for all masters, then the next.
 * Invariant: the slots of the masters are disjoint and cover 0 to 16383; the same seed gives the same plan.
 */
import { SLOT_COUNT } from '../base/crc16.ts'
import { Random } from '../base/random.ts'

/** A range of slots, both ends included. */
export interface SlotRange {
  readonly start: number
  readonly end: number
}

/** A node of the plan. */
export interface PlannedNode {
  /** Its place in the shared memory and in `cluster.nodes`. */
  readonly index: number
  /** 40 hexadecimal digits. */
  readonly id: string
  /** Index of the master it replicates; undefined for a master. */
  readonly master: number | undefined
  readonly slots: readonly SlotRange[]
  /** 1 for the first node and so on, as SET-CONFIG-EPOCH gives them. */
  readonly configEpoch: number
}

/** Where a node can be reached. */
export interface NodeAddress {
  readonly host: string
  readonly port: number
  readonly busPort: number
}

/** Plans a cluster of `masters` masters with `replicas` replicas each. */
export function planCluster(options: {
  readonly masters: number
  readonly replicas: number
  readonly seed: string
}): PlannedNode[] {
  const { masters, replicas, seed } = options
  const random = new Random(seed).fork('ids')
  const ranges = splitSlots(masters)
  return Array.from({ length: masters * (1 + replicas) }, (_, index) => {
    const range = ranges[index]
    return {
      index,
      id: random.nodeId(),
      master: index < masters ? undefined : index % masters,
      slots: range === undefined ? [] : [range],
      configEpoch: index + 1,
    }
  })
}

/** Splits all slots among so many masters, with redis-cli's rounding, single precision included. */
export function splitSlots(masters: number): SlotRange[] {
  const share = Math.fround(SLOT_COUNT / masters)
  const ranges: SlotRange[] = []
  let cursor = 0
  let start = 0
  for (let i = 0; i < masters; i++) {
    const last = Math.round(Math.fround(Math.fround(cursor + share) - 1))
    const end = i === masters - 1 ? SLOT_COUNT - 1 : Math.max(Math.min(last, SLOT_COUNT - 1), start)
    ranges.push({ start, end })
    start = end + 1
    cursor = Math.fround(cursor + share)
  }
  return ranges
}

/** The nodes.conf of one node of a plan: a line for every node, its own flagged `myself`, and the epochs. */
export function nodesConf(
  plan: readonly PlannedNode[],
  addresses: readonly NodeAddress[],
  self: number,
): string {
  const lines = plan.map((node) => {
    const { host, port, busPort } = addresses[node.index] as NodeAddress
    const master = node.master === undefined ? undefined : plan[node.master]
    const flags = [node.index === self ? 'myself' : [], master ? 'slave' : 'master'].flat()
    const ranges = node.slots.map(({ start, end }) =>
      start === end ? `${start}` : `${start}-${end}`,
    )
    const epoch = (master ?? node).configEpoch
    return [
      node.id,
      `${host}:${port}@${busPort}`,
      flags.join(','),
      master?.id ?? '-',
      // They have all heard of each other just now: nobody needs to ask before its time.
      node.index === self ? '0 0' : '0 1',
      epoch,
      'connected',
      ...ranges,
    ].join(' ')
  })
  return `${lines.join('\n')}\nvars currentEpoch ${plan.length} lastVoteEpoch 0\n`
}

/** The nodes.conf of a node that knows nobody and has been nowhere. */
export function blankNodesConf(id: string, { host, port, busPort }: NodeAddress): string {
  const line = `${id} ${host}:${port}@${busPort} myself,master - 0 0 0 connected`
  return `${line}\nvars currentEpoch 0 lastVoteEpoch 0\n`
}
