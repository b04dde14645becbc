/**
 * The end of every step: work that was put off is done once (clusterBeforeSleep), and the effects are handed out with
 * `save` ahead of all that it makes true.
 */
import { dial, pursueFailover } from './cron.ts'
import { broadcastPong } from './delivery.ts'
import type { ClusterEffect } from './effect.ts'
import { introduceNodes } from './handshake.ts'
import { tellNews } from './news.ts'
import { updateState } from './state.ts'
import { type ClusterView, isInstant } from './view.ts'
import { answerEarlyRequests } from './vote.ts'

/** Does what was put off and returns the effects of the step. */
export function settle(view: ClusterView): readonly ClusterEffect[] {
  const { todo } = view
  if (view.earlyRequests.size > 0) answerEarlyRequests(view)
  if (todo.updateState) updateState(view)
  // A manual failover may take its next step in the course of the first.
  for (let i = 0; todo.failover && i < 2; i++) pursueFailover(view)
  if (todo.updateState) updateState(view)
  if (isInstant(view)) spreadNews(view)
  if (todo.broadcast) broadcastPong(view, 'all')
  else if (todo.announce && isInstant(view)) broadcastPong(view, 'connected')
  todo.dial = false
  todo.broadcast = false
  todo.announce = false
  if (todo.closedSlots.length > 0) {
    view.effects.push({ type: 'close-channels', slots: todo.closedSlots })
    todo.closedSlots = []
  }
  tellNews(view)
  if (todo.slots) {
    todo.slots = false
    view.effects.push({ type: 'slots' })
  }
  return takeEffects(view)
}

function spreadNews(view: ClusterView): void {
  if (view.todo.dial) dial(view)
  introduceNodes(view)
}

function takeEffects(view: ClusterView): readonly ClusterEffect[] {
  const { effects, todo } = view
  if (effects.length === 0 && todo.save === 'no') return NONE
  view.effects = []
  if (todo.save !== 'no') effects.unshift({ type: 'save', sync: todo.save === 'synced' })
  todo.save = 'no'
  return effects
}

const NONE: readonly ClusterEffect[] = []
