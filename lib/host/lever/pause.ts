/**
 * A node freezes (SIGSTOP): its thread sleeps in the shared memory. The kernel still accepts for it, nothing answers.
 */
import { type Lever, stateError, undo } from './lever.ts'
import { resume } from './resume.ts'

/** Puts the thread of a node to sleep; healing wakes it, unless somebody has. */
export const pause: Lever<'pause'> = async (context, node) => {
  const runner = context.runnerOf(node)
  context.checkRunning()
  if (context.restarting.has(runner)) throw stateError(node, 'paused', 'it is being restarted')
  if (runner.life !== 'running') throw stateError(node, 'paused', 'it is not running')
  runner.pause()
  const isAsleep = (): boolean => {
    if (runner.life !== 'paused') throw stateError(node, 'paused', 'it has ended meanwhile')
    return context.shared.isAsleep(runner.index)
  }
  await context.waitUntil(isAsleep, `node ${node.index} did not fall asleep`)
  await context.spread()
  return undo(context, async () => {
    if (runner.life === 'paused') await resume(context, node)
  })
}
