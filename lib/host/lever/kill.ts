/**
 * A node dies without a word (SIGKILL): its thread ends, its clients see a reset, its memory is lost.
 */
import { type Lever, stateError, undo } from './lever.ts'
import { restart } from './restart.ts'

/** Ends the thread of a node; healing restarts it, unless somebody has. */
export const kill: Lever<'kill'> = async (context, node) => {
  const runner = context.runnerOf(node)
  context.checkRunning()
  if (runner.life !== 'running' && runner.life !== 'paused') {
    throw stateError(node, 'killed', 'it is not running')
  }
  // Its peers hear of it when its sockets are closed: what it sent reaches them before the news does, as in life.
  await runner.end('killed')
  await context.spread()
  return undo(context, async () => {
    if (runner.life === 'killed' && !context.restarting.has(runner)) await restart(context, node)
  })
}
