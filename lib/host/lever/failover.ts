/**
 * A replica takes the place of its master (CLUSTER FAILOVER). Redis answers before anything is decided; here the outcome is
 * waited for, at all nodes.
 */
import { followAll, listeners, ownsForAll } from '../agreement.ts'
import { ClusterError } from '../cluster-error.ts'
import type { ClusterNode } from '../handle.ts'
import { choice } from '../option-check.ts'
import { waitForChange } from '../wait.ts'
import { type Lever, type LeverContext, stateError, undo } from './lever.ts'

const MODES = ['graceful', 'force', 'takeover'] as const

/** A replica gives up a manual failover after 5 seconds; then its log says so, milliseconds. */
const PATIENCE_MS = 6000

/** Promotes a replica; healing fails back to the master it had, if that still follows it. */
export const failover: Lever<'failover'> = async (context, replica, options = {}) => {
  const runner = context.runnerOf(replica)
  context.checkRunning()
  const mode = choice('mode', options.mode, MODES) ?? 'graceful'
  if (runner.life !== 'running') throw stateError(replica, 'promoted', 'it is not running')
  if (replica.role === 'master') {
    const reason = 'it is a master already; take one from `replicas` or `replicasOf(master)`'
    throw stateError(replica, 'promoted', reason)
  }
  const old = replica.master
  if (mode === 'graceful' && old !== undefined && old.state !== 'running') {
    const reason = `its master, node ${old.index}, is ${old.state} and cannot hand over`
    throw stateError(
      replica,
      'promoted',
      `${reason}; try { mode: 'force' } or { mode: 'takeover' }`,
    )
  }
  const slots = slotsSeen(context, replica, old)
  const followers = context.nodes.filter(
    (node) => node === old || (node.master === old && old !== undefined && node !== replica),
  )
  await context.command(replica, ['CLUSTER', 'FAILOVER', ...WORDS[mode]])
  await promotion(context, replica, mode)
  await context.waitUntil(() => {
    const knowsEpoch = (node: ClusterNode) => node.currentEpoch >= replica.configEpoch
    return (
      ownsForAll(context, replica, slots) &&
      followAll(context, replica, followers) &&
      listeners(context, replica).every(knowsEpoch)
    )
  }, `not all nodes agreed on node ${replica.index} as master`)
  return undo(context, async () => {
    if (old?.state !== 'running' || old.role !== 'replica' || old.master !== replica) return
    if (replica.state === 'running') await failover(context, old)
  })
}

const WORDS = { graceful: [], force: ['FORCE'], takeover: ['TAKEOVER'] } as const

/** The slots of a master as its replica sees them. */
function slotsSeen(
  context: LeverContext,
  replica: ClusterNode,
  master: ClusterNode | undefined,
): number[] {
  const slots: number[] = []
  if (master === undefined) return slots
  for (const [slot, owner] of context.shared.slotView(replica.index).entries()) {
    if (owner === master.index + 1) slots.push(slot)
  }
  return slots
}

/** Waits until the replica is a master, and tells its own reason when it gives up. */
async function promotion(
  context: LeverContext,
  replica: ClusterNode,
  mode: keyof typeof WORDS,
): Promise<void> {
  const check = (): boolean => {
    if (replica.state !== 'running') throw stateError(replica, 'promoted', 'it ended meanwhile')
    return replica.role === 'master'
  }
  await waitForChange(context.shared, check, {
    timeoutMs: PATIENCE_MS,
    onTimeout: () => {
      const said = replica.log.slice(-3).map(({ text }) => `  ${text}`)
      const advice =
        mode === 'takeover' ? '' : ", or try { mode: 'takeover' }, which needs nobody else"
      return new ClusterError(
        'ERR_TIMEOUT',
        `node ${replica.index} did not become a master in ${PATIENCE_MS / 1000} s; see that a majority of ` +
          `masters runs and hears it${advice}. Its log:\n${said.join('\n')}\nThe nodes:\n${context.roster.describe()}`,
      )
    },
    signal: context.closing,
    onAbort: () => context.closing.reason as ClusterError,
  })
}
