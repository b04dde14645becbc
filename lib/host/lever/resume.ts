/**
 * A frozen node goes on (SIGCONT). It hears its peers before its clients, so it does not act on what was true once.
 */
import { type Lever, stateError } from './lever.ts'

/** Wakes the thread of a paused node; with instant failure detection it resolves when all agree again. */
export const resume: Lever<'resume'> = async (context, node) => {
  const runner = context.runnerOf(node)
  context.checkRunning()
  if (runner.life !== 'paused') throw stateError(node, 'resumed', 'it is not paused')
  runner.resume()
  await context.settle()
}
