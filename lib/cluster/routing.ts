/**
 * May this node run a command on these keys, and if not, what the client is told (getNodeByQuery). The order of the
 * checks is what clients rely on: unserved slot, CROSSSLOT, cluster down, ASK and TRYAGAIN, replica reads, MOVED.
 */
import type { Bytes } from '../base/bytes.ts'
import { keySlot } from '../base/crc16.ts'
import { ask, errors, moved, type ReplyError } from '../resp/reply-error.ts'
import type { ClusterNode } from './cluster-node.ts'
import { isReplica } from './cluster-node.ts'
import { endpointOf } from './topology.ts'
import type { ClusterView } from './view.ts'

/** A command, or all queued commands of a transaction, as routing sees it. */
export interface RouteRequest {
  /** Keys of the command or of all queued commands; channels of sharded pub/sub. */
  readonly keys: readonly Bytes[]
  /** It is a write command, or one of the queued commands is. */
  readonly isWrite: boolean
  readonly isShardedPubSub: boolean
  readonly isMigrate: boolean
  /** The client sent ASKING, or the command carries it (RESTORE-ASKING). */
  readonly asking: boolean
  /** The client sent READONLY. */
  readonly readonlyMode: boolean
  /** The key is here and not expired; no side effects. */
  exists(key: Bytes): boolean
}

/** Where the keys' slot stands with us. */
interface Standing {
  readonly slot: number
  readonly owner: ClusterNode
  readonly open: 'no' | 'migrating' | 'importing'
  readonly severalKeys: boolean
  existing: number
  missing: number
}

/** Undefined if this node serves the request, else the error that tells the client why not or where to go. */
export function route(view: ClusterView, request: RouteRequest): ReplyError | undefined {
  const first = request.keys[0]
  if (first === undefined) return undefined
  const slot = keySlot(first)
  const owner = view.owners.of(slot)
  if (owner === undefined) return errors.slotNotServed
  for (const key of request.keys) if (keySlot(key) !== slot) return errors.crossSlot
  const down = view.state === 'fail' ? refuseWhenDown(view, request) : undefined
  if (down !== undefined) return down
  const standing = standingOf(view, request, slot, owner)
  if (standing.open !== 'no' && request.isMigrate) return undefined
  if (standing.open === 'migrating' && standing.missing > 0) {
    return standing.existing > 0 ? errors.tryAgain : askTarget(view, slot)
  }
  if (standing.open === 'importing' && request.asking) {
    return standing.severalKeys && standing.missing > 0 ? errors.tryAgain : undefined
  }
  if (owner === view.myself || mayReadHere(view, request, owner)) return undefined
  return moved(slot, endpointOf(view, owner), owner.port)
}

/** A client that is blocked on keys of one slot. */
export interface BlockedRequest {
  /** The first of its keys. */
  readonly key: Bytes
  readonly isWrite: boolean
  /** The client sent READONLY. */
  readonly readonlyMode: boolean
}

/**
 * Undefined if a client that waits may go on waiting here (clusterRedirectBlockedClientIfNeeded): while its slot is on
 * the way to or from us it may.
 */
export function routeBlocked(view: ClusterView, request: BlockedRequest): ReplyError | undefined {
  if (view.state === 'fail') return errors.clusterDown
  const slot = keySlot(request.key)
  const owner = view.owners.of(slot)
  if (owner === view.myself || view.importing.has(slot)) return undefined
  if (owner === undefined) return errors.slotNotServed
  if (readsFor(view, owner) && request.readonlyMode && !request.isWrite) return undefined
  return moved(slot, endpointOf(view, owner), owner.port)
}

function refuseWhenDown(view: ClusterView, request: RouteRequest): ReplyError | undefined {
  if (request.isShardedPubSub) {
    return view.settings.allowPubsubShardWhenDown ? undefined : errors.clusterDown
  }
  if (!view.settings.allowReadsWhenDown) return errors.clusterDown
  return request.isWrite ? errors.clusterDownReadOnly : undefined
}

function standingOf(
  view: ClusterView,
  request: RouteRequest,
  slot: number,
  owner: ClusterNode,
): Standing {
  const { keys } = request
  const migrating = owner === view.myself && view.migrating.has(slot)
  const open = migrating ? 'migrating' : view.importing.has(slot) ? 'importing' : 'no'
  const severalKeys = keys.some((key) => key !== keys[0])
  const standing: Standing = { slot, owner, open, severalKeys, existing: 0, missing: 0 }
  if (open === 'no' || request.isShardedPubSub) return standing
  for (const key of keys) {
    if (request.exists(key)) standing.existing++
    else standing.missing++
  }
  return standing
}

function askTarget(view: ClusterView, slot: number): ReplyError | undefined {
  const target = view.migrating.get(slot)
  // A slot may be said to migrate to its own node.
  return target === undefined || target === view.myself
    ? undefined
    : ask(slot, endpointOf(view, target), target.port)
}

/** A replica serves reads of its master's slots to clients that allow it, and sharded pub/sub to all. */
function mayReadHere(view: ClusterView, request: RouteRequest, owner: ClusterNode): boolean {
  if (!readsFor(view, owner) || request.isWrite) return false
  return request.readonlyMode || request.isShardedPubSub
}

/** We are a replica of this node. */
function readsFor(view: ClusterView, owner: ClusterNode): boolean {
  return isReplica(view.myself) && view.myself.master === owner
}
