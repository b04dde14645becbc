/**
 * An end to what would not end: a loop within one event is none that the world's clock could see, so real time is
 * looked at. Invariant: what takes too long is stopped in its middle, and told as a violation unless a busy machine let it
 * do next to nothing in that time: then it begins again, with twice as much.
 */
import { Script } from 'node:vm'
import { Violation } from './violation.ts'

/** The global under which an action waits to be run. */
const ACTION = Symbol.for('redis-memory-cluster/simulation/action')
// Only a script can be stopped by its thread's own clock.
const script = new Script(`globalThis[Symbol.for(${JSON.stringify(ACTION.description)})]()`)

/** Who had less of a processor than this share of the time was not in a loop. */
const LEAST_SHARE = 0.5

/** Runs something that has to end within so many ms of real time; `renew` readies it to be begun again. */
export function withPatience<T>(limitMs: number, action: () => T, renew: () => void): T {
  const scope = globalThis as { [ACTION]?: () => T }
  for (let realMs = limitMs; ; realMs *= 2) {
    const began = process.cpuUsage()
    scope[ACTION] = action
    try {
      return script.runInThisContext({ timeout: realMs }) as T
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      const { user, system } = process.cpuUsage(began)
      if (user + system >= limitMs * 1000 * LEAST_SHARE) {
        throw new Violation('a run ends', `it did not within ${realMs} ms of real time`)
      }
    } finally {
      delete scope[ACTION]
    }
    renew()
  }
}
