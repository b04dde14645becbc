/**
 * How a master votes when a replica asks (clusterSendFailoverAuthIfNeeded). Invariant: a node votes at most once per epoch,
 * and says so on disk before the vote leaves. In instant mode a request can overtake the news of the failure, since
 * they come on different links and nothing waits for long: it is then answered as if it had come after the news.
 */
import { type BusHeader, HeaderFlag } from '../bus/message.ts'
import { type ClusterNode, isFailed, isMaster } from './cluster-node.ts'
import { send } from './delivery.ts'
import { buildHeader } from './header.ts'
import { slotsOf } from './slot-bitmap.ts'
import { timingOf } from './timing.ts'
import { type ClusterView, isInstant, log, saveLater } from './view.ts'

const MASTER_IS_UP = 'its master is up'

/** Votes for a replica that asks, if all the rules allow it; a refusal is only logged, or comes too early and is kept. */
export function grantVote(view: ClusterView, sender: ClusterNode, header: BusHeader): void {
  const { myself } = view
  if (!isMaster(myself) || myself.slotCount === 0) return
  const denial = reasonToDeny(view, sender, header)
  if (denial === MASTER_IS_UP && isInstant(view)) {
    view.earlyRequests.set(sender, { header, atMs: view.now })
    return
  }
  if (denial !== undefined) {
    log(view, 'warning', `Failover auth denied to ${sender.id}: ${denial}`)
    return
  }
  const master = sender.master
  if (master !== undefined) master.votedMs = view.now
  view.lastVoteEpoch = view.currentEpoch
  saveLater(view, 'synced')
  if (sender.outbound !== undefined) {
    send(view, sender.outbound, { type: 'auth-ack', header: buildHeader(view) })
  }
  log(view, 'warning', `Failover auth granted to ${sender.id} for epoch ${view.currentEpoch}`)
}

function reasonToDeny(
  view: ClusterView,
  sender: ClusterNode,
  header: BusHeader,
): string | undefined {
  if (header.currentEpoch < view.currentEpoch) {
    return `reqEpoch (${header.currentEpoch}) < curEpoch(${view.currentEpoch})`
  }
  if (view.lastVoteEpoch === view.currentEpoch) {
    return `already voted for epoch ${view.currentEpoch}`
  }
  const master = sender.master
  if (isMaster(sender)) return 'it is a master node'
  if (master === undefined) return "I don't know its master"
  const forced = (header.messageFlags & HeaderFlag.forceAck) !== 0
  if (!isFailed(master) && !forced) return MASTER_IS_UP
  const waitMs = timingOf(view.settings).voteIntervalMs - (view.now - master.votedMs)
  if (waitMs > 0) return `can't vote about this master before ${waitMs} milliseconds`
  for (const slot of slotsOf(header.slots)) {
    const owner = view.owners.of(slot)
    if (owner === undefined || view.unclaimed.has(slot)) continue
    if (owner.configEpoch <= header.configEpoch) continue
    return `slot ${slot} epoch (${owner.configEpoch}) > reqEpoch (${header.configEpoch})`
  }
  return undefined
}

/** Answers requests that came before the news that their master failed, while their election lasts. */
export function answerEarlyRequests(view: ClusterView): void {
  const { electionTimeoutMs } = timingOf(view.settings)
  for (const [sender, { header, atMs }] of view.earlyRequests) {
    const isFailing = sender.master !== undefined && isFailed(sender.master)
    const isOver = view.now - atMs > electionTimeoutMs
    if (isFailing || isOver) view.earlyRequests.delete(sender)
    if (isFailing && !isOver) grantVote(view, sender, header)
  }
}
