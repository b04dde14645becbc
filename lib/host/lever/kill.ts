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
  const ended = runner.end('killed')
  // It runs no more from here on, though it takes the thread a moment to be gone.
  context.reachability.update()
  await ended
  await context.spread()
  return undo(context, async () => {
    if (runner.life === 'killed' && !context.restarting.has(runner)) await restart(context, node)
  })
}
