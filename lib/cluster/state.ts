/**
 * Is the cluster up, in this node's view (clusterUpdateState). Invariant: never ok while we see ourselves in a minority.
 */
import { SLOT_COUNT } from '../base/crc16.ts'
import { NodeFlag } from '../bus/message.ts'
import { hasFlag, isFailed, isMaster } from './cluster-node.ts'
import { timingOf } from './timing.ts'
import { type ClusterView, emit, log, touch, wakeBy } from './view.ts'

/** Computes the state anew and acts on a change. */
export function updateState(view: ClusterView): void {
  view.todo.updateState = false
  const timing = timingOf(view.settings)
  view.firstEvaluationMs ??= view.now
  const isDownMaster = isMaster(view.myself) && view.state === 'fail'
  // A restarted master waits, so that the news of its demotion can reach it.
  const writableMs = view.firstEvaluationMs + timing.startupDelayMs
  if (isDownMaster && view.now < writableMs) {
    wakeBy(view, writableMs)
    return
  }
  const reachable = countMasters(view)
  const majority = reachable >= Math.floor(view.size / 2) + 1
  if (!majority) view.minorityMs = view.now
  const state = majority && isCovered(view) ? 'ok' : 'fail'
  if (state === view.state) return
  const rejoinMs = view.minorityMs + timing.rejoinDelayMs
  if (state === 'ok' && isMaster(view.myself) && view.now < rejoinMs) {
    wakeBy(view, rejoinMs)
    return
  }
  view.state = state
  log(view, 'warning', `Cluster state changed: ${state}`)
  emit(view, { type: 'state', state })
  touch(view)
}

/** Counts the masters with slots into `size`; returns how many of them can be reached. */
function countMasters(view: ClusterView): number {
  let size = 0
  let reachable = 0
  for (const node of view.nodes) {
    if (!isMaster(node) || node.slotCount === 0) continue
    size++
    if (!hasFlag(node, NodeFlag.fail | NodeFlag.pfail)) reachable++
  }
  view.size = size
  return reachable
}

function isCovered(view: ClusterView): boolean {
  if (!view.settings.requireFullCoverage) return true
  if (view.slotsAssigned < SLOT_COUNT) return false
  for (const node of view.nodes) if (isFailed(node) && node.slotCount > 0) return false
  return true
}
