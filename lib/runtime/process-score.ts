/** The score by which Linux picks the process to end when memory runs short: one file, the same for all its threads. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { ProcessScore } from '../node/oom-score.ts'
import { reasonOf } from './system-error.ts'

const PATH = '/proc/self/oom_score_adj'

/** The score of this process; where there is no such thing, all attempts fail. */
export const processScore: ProcessScore = {
  read: () => Number(attempt(() => readFileSync(PATH, 'latin1'))),
  write: (score) => attempt(() => writeFileSync(PATH, `${score}\n`)),
}

function attempt<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw new Error(reasonOf(error))
  }
}
