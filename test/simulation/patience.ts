/**
 * An end to what would not end: a loop within one event is none that the world's clock could see, so real time is
 * looked at. Invariant: what takes too long is stopped in its middle, and told as a violation.
 */
import { Script } from 'node:vm'
import { Violation } from './violation.ts'

/** The global under which an action waits to be run. */
const ACTION = Symbol.for('redis-memory-cluster/simulation/action')
// Only a script can be stopped by its thread's own clock.
const script = new Script(`globalThis[Symbol.for(${JSON.stringify(ACTION.description)})]()`)

/** Runs something that has to end within so many ms of real time. */
export function withPatience<T>(limitMs: number, action: () => T): T {
  const scope = globalThis as { [ACTION]?: () => T }
  scope[ACTION] = action
  try {
    return script.runInThisContext({ timeout: limitMs }) as T
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Violation('a run ends', `it did not within ${limitMs} ms of real time`)
  } finally {
    delete scope[ACTION]
  }
}
