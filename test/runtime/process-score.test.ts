/** The file of the system: what is written is what the process has, in every thread. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { processScore } from '../../lib/runtime/process-score.ts'

t.test(
  'the score of this process',
  { skip: process.platform === 'linux' ? false : 'only Linux keeps a score' },
  async (t) => {
    const before = processScore.read()
    t.equal(`${before}\n`, readFileSync(`/proc/${process.pid}/oom_score_adj`, 'latin1'))
    // Anybody may raise it; only a privileged process may lower it again.
    processScore.write(Math.min(before + 1, 1000))
    t.equal(processScore.read(), Math.min(before + 1, 1000))
    t.throws(() => processScore.write(1001), { message: 'Invalid argument' })
  },
)
