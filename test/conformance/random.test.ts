/**
 * Random commands of each family to a real server and to one of our nodes: the answers are the same. SEED repeats a run,
 * COMMANDS says how many commands a family gets in each protocol. A failure shows the shortest list that still differs.
 */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { startBoth, withoutBoth } from './contestant.ts'
import { explained } from './differential.ts'
import { families } from './generator/family.ts'
import { runRandom } from './random-run.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

const seed = process.env.SEED ?? String(Date.now())
const count = Number(process.env.COMMANDS ?? 4000)

t.test('random commands', { skip: withoutBoth }, async (t) => {
  t.comment(`SEED=${seed} COMMANDS=${count}`)
  const duel = await startBoth(t, { masters: 1, replicas: 0 })
  for (const [family, generate] of Object.entries(families)) {
    for (const protocol of [2, 3] as const) {
      const random = new Random(seed).fork(`${family} ${protocol}`)
      const result = await runRandom(duel, { random, generate, protocol, count })
      if (typeof result === 'number') t.pass(`${family}, RESP${protocol}: ${result} commands`)
      else {
        const { command, shortest } = result
        t.fail(`${family}, RESP${protocol}: ${command}`, { ...explained(result), seed, shortest })
      }
    }
  }
})
