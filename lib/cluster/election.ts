/**
 * A replica replaces its failed master by the votes of a majority of masters (clusterHandleSlaveFailover). Invariant: it
 * counts votes of one epoch only, and takes over no more than its master's slots. How masters vote: `vote.ts`.
 */
import { type BusHeader, HeaderFlag, NodeFlag } from '../bus/message.ts'
import type { FailoverReason } from '../control/event.ts'
import { type ClusterNode, hasFlag, isFailed, isMaster } from './cluster-node.ts'
import { broadcast, broadcastPong } from './delivery.ts'
import { setOwnEpoch } from './epoch.ts'
import { buildHeader } from './header.ts'
import { resetManualFailover } from './manual-failover.ts'
import { noteGain } from './news.ts'
import { becomeMaster } from './role.ts'
import { moveSlots, slotsNow } from './slot-assignment.ts'
import { updateState } from './state.ts'
import { type Timing, timingOf } from './timing.ts'
import { type ClusterView, isInstant, log, saveLater, tell, touch, wakeBy } from './view.ts'

/** The reason why there is no failover is logged again after this long. */
const REASON_LOG_MS = 5 * 60_000
/** The first moments after the failure are no reason to complain. */
const REASON_GRACE_MS = 5000

/**
 * In instant mode votes have a moment to come. Where two elections in a row ran out, each that follows has twice as long as
 * the one before, up to so many times as long as the first: on a machine that is busy enough none might be in time.
 */
const LONGEST_STRETCH = 16

const FAILING = NodeFlag.pfail | NodeFlag.fail

const REASONS = {
  dataAge:
    "Disconnected from master for longer than allowed. Please check the 'cluster-replica-validity-factor' configuration option.",
  delay: 'Waiting the delay before I can start a new failover.',
  expired: 'Failover attempt expired.',
  votes: 'Waiting for votes, but majority still not reached.',
} as const

/** Takes the next step of an election of ours, if there is cause for one. */
export function pursueElection(view: ClusterView): void {
  const { election } = view
  const master = masterToReplace(view)
  if (master === undefined) {
    election.reason = undefined
    election.ranOut = 0
    return
  }
  const timing = timingNow(view)
  const ageMs = view.now - election.atMs
  if (!isManual(view) && isDataTooOld(view)) explain(view, master, REASONS.dataAge)
  else if (ageMs > timing.electionRetryMs) schedule(view, timing)
  else awaitOrEnd(view, master, timing)
}

/** The delays that count now: see {@link LONGEST_STRETCH}. */
function timingNow(view: ClusterView): Timing {
  const timing = timingOf(view.settings)
  const { ranOut } = view.election
  if (ranOut < 2 || !isInstant(view) || isManual(view)) return timing
  const stretch = Math.min(2 ** (ranOut - 1), LONGEST_STRETCH)
  return {
    ...timing,
    electionTimeoutMs: timing.electionTimeoutMs * stretch,
    electionRetryMs: timing.electionRetryMs * stretch,
  }
}

/** The master this replica has cause to replace now, if any. */
function masterToReplace(view: ClusterView): ClusterNode | undefined {
  const { master } = view.myself
  if (isMaster(view.myself) || master === undefined || master.slotCount === 0) return undefined
  if (isManual(view)) return master
  return isFailed(master) && !view.settings.replicaNoFailover ? master : undefined
}

function isManual({ manualFailover }: ClusterView): boolean {
  return manualFailover.endMs !== 0 && manualFailover.canStart
}

/** An election is scheduled: wait for its time, ask for votes, count them. */
function awaitOrEnd(view: ClusterView, master: ClusterNode, timing: Timing): void {
  const { election } = view
  if (!election.sent && view.manualFailover.endMs === 0) {
    followRank(view, timing)
    followTurn(view, timing)
  }
  if (view.now < election.atMs) {
    wakeBy(view, election.atMs)
    explain(view, master, REASONS.delay)
  } else if (view.now - election.atMs > timing.electionTimeoutMs) {
    wakeBy(view, election.atMs + timing.electionRetryMs + 1)
    explain(view, master, REASONS.expired)
  } else if (!election.sent) {
    askForVotes(view)
  } else if (election.votes >= Math.floor(view.size / 2) + 1) {
    win(view)
  } else {
    explain(view, master, REASONS.votes)
  }
}

/** What we have of the master's data is older than cluster-replica-validity-factor allows. */
function isDataTooOld(view: ClusterView): boolean {
  const { nodeTimeoutMs, replicaValidityFactor, replPingPeriodMs } = view.settings
  if (replicaValidityFactor === 0) return false
  const ageSeconds = Math.floor((view.now - view.facts.masterLink().sinceMs) / 1000)
  let ageMs = ageSeconds * 1000
  // The time it took to notice the failure is no fault of ours.
  if (ageMs > nodeTimeoutMs) ageMs -= nodeTimeoutMs
  return ageMs > replPingPeriodMs + nodeTimeoutMs * replicaValidityFactor
}

function schedule(view: ClusterView, timing: Timing): void {
  const { election } = view
  if (election.sent) election.ranOut++
  election.votes = 0
  election.sent = false
  election.rank = rankOf(view)
  election.turn = turnOf(view)
  election.atMs =
    view.now +
    timing.electionDelayMs +
    view.random.below(timing.electionJitterMs) +
    election.rank * timing.rankDelayMs +
    election.turn * timing.turnDelayMs
  if (view.manualFailover.endMs !== 0) {
    election.atMs = view.now
    election.rank = 0
    election.turn = 0
  }
  log(
    view,
    'warning',
    `Start of election delayed for ${election.atMs - view.now} milliseconds (rank #${election.rank}, offset ${view.facts.replicationOffset()}).`,
  )
  broadcastPong(view, 'fellow-replicas')
  wakeBy(view, election.atMs)
  // A manual failover has nothing to wait for.
  if (view.manualFailover.endMs !== 0) view.todo.failover = true
}

/**
 * How many fellow replicas have more of the master's data (clusterGetSlaveRank). In instant mode, where no long delay drawn
 * at random keeps them apart, those with as much and a smaller id go first too, and nobody waits for one that fails.
 */
function rankOf(view: ClusterView): number {
  const { master, id } = view.myself
  if (master === undefined) return 0
  const instant = isInstant(view)
  const offset = view.facts.replicationOffset()
  let rank = 0
  for (const node of master.replicas) {
    if (node === view.myself || hasFlag(node, NodeFlag.nofailover)) continue
    if (instant && hasFlag(node, FAILING)) continue
    const isEqual = node.replicationOffset === offset
    if (node.replicationOffset > offset || (instant && isEqual && node.id < id)) rank++
  }
  return rank
}

/** Better replicas may have turned up while we wait. */
function followRank(view: ClusterView, timing: Timing): void {
  const { election } = view
  const rank = rankOf(view)
  if (rank <= election.rank) return
  const addedMs = (rank - election.rank) * timing.rankDelayMs
  election.atMs += addedMs
  election.rank = rank
  log(view, 'warning', `Replica rank updated to #${rank}, added ${addedMs} milliseconds of delay.`)
}

/**
 * How many masters fail besides ours and are replaced before it, in the order of their ids. Two replicas that ask at once
 * ask in one epoch, in which each master has one vote: neither might get a majority.
 */
function turnOf(view: ClusterView): number {
  const own = view.myself.master
  if (own === undefined || !isInstant(view)) return 0
  let turn = 0
  for (const node of view.nodes) {
    if (node.id < own.id && node.slotCount > 0 && hasFlag(node, FAILING) && isReplaceable(node))
      turn++
  }
  return turn
}

function isReplaceable(master: ClusterNode): boolean {
  return master.replicas.some((replica) => !hasFlag(replica, FAILING | NodeFlag.nofailover))
}

/** Another master turned out to fail, or has been replaced. */
function followTurn(view: ClusterView, timing: Timing): void {
  const { election } = view
  const turn = turnOf(view)
  if (turn === election.turn) return
  const atMs = election.atMs + (turn - election.turn) * timing.turnDelayMs
  election.atMs = Math.max(view.now, atMs)
  election.turn = turn
}

function askForVotes(view: ClusterView): void {
  const { election } = view
  view.currentEpoch++
  election.epoch = view.currentEpoch
  // A vote of the last attempt may have come since this one was scheduled: it was given in another epoch.
  election.votes = 0
  election.sent = true
  touch(view)
  log(view, 'warning', `Starting a failover election for epoch ${election.epoch}.`)
  // Voters of a manual failover must not mind that the master works.
  const flags = view.manualFailover.endMs !== 0 ? HeaderFlag.forceAck : 0
  broadcast(view, { type: 'auth-req', header: buildHeader(view, flags) })
  saveLater(view, 'synced')
  view.todo.updateState = true
  wakeBy(view, election.atMs + timingNow(view).electionRetryMs + 1)
}

function win(view: ClusterView): void {
  const { election, myself } = view
  log(view, 'warning', "Failover election won: I'm the new master.")
  if (myself.configEpoch < election.epoch) {
    setOwnEpoch(view, election.epoch)
    log(view, 'warning', `configEpoch set to ${myself.configEpoch} after successful failover`)
  }
  const { manualFailover } = view
  replaceMaster(view, isManual(view) ? manualFailover.mode : 'automatic')
}

/** Turns this replica into the master of its master's slots, and tells everybody (clusterFailoverReplaceYourMaster). */
export function replaceMaster(view: ClusterView, reason: FailoverReason): void {
  const master = view.myself.master
  if (isMaster(view.myself) || master === undefined) return
  becomeMaster(view)
  const slots = slotsNow(master)
  moveSlots(view, slots, view.myself)
  noteGain(view, slots, master.id, 'failover')
  const votes = reason === 'takeover' ? 0 : view.election.votes
  const epoch = view.myself.configEpoch
  tell(view, { type: 'failover', from: master.id, epoch, reason, votes })
  updateState(view)
  saveLater(view, 'synced')
  broadcastPong(view, 'all')
  // Everybody has been told just now.
  view.todo.announce = false
  resetManualFailover(view)
  endElection(view)
}

/** Its votes have served: a replica again, before long or by its clock, we must not win by them once more. */
function endElection({ election }: ClusterView): void {
  election.atMs = 0
  election.sent = false
  election.votes = 0
  election.ranOut = 0
}

/** Logs why there is no failover: when the reason changes, then every few minutes. */
function explain(view: ClusterView, master: ClusterNode, reason: string): void {
  const { election } = view
  if (election.reason === reason && view.now - election.reasonLoggedMs < REASON_LOG_MS) return
  election.reason = reason
  const graceMs = view.settings.nodeTimeoutMs + REASON_GRACE_MS
  if (isFailed(master) && view.now - master.failedMs < graceMs) return
  election.reasonLoggedMs = view.now
  log(view, 'warning', `Currently unable to failover: ${reason}`)
}

/** Counts a vote for our current election, from a master with slots. */
export function countVote(view: ClusterView, sender: ClusterNode, header: BusHeader): void {
  if (!isMaster(sender) || sender.slotCount === 0) return
  if (header.currentEpoch < view.election.epoch) return
  view.election.votes++
  view.todo.failover = true
}
