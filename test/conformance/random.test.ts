/**
 * Random commands of each family to a real server and to one of our nodes: the answers are the same. SEED says others,
 * COMMANDS how many a family gets in each protocol and of each seed. A failure shows the shortest list that still differs.
 */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { startBoth, withoutBoth } from './contestant.ts'
import { explained } from './differential.ts'
import { families } from './generator/family.ts'
import { runRandom } from './random-run.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

/** Every run says the same, so that a change that breaks something is what a failure tells of: fresh ones are `npm run conformance`. */
const seeds = process.env.SEED?.split(',') ?? ['1', '2', '3']
const count = Number(process.env.COMMANDS ?? 1500)

t.test('random commands', { skip: withoutBoth }, async (t) => {
  t.comment(`SEED=${seeds} COMMANDS=${count}`)
  const config = { 'enable-debug-command': 'yes' }
  const duel = await startBoth(t, { masters: 1, replicas: 0, config })
  for (const seed of seeds) {
    for (const [family, generate] of Object.entries(families)) {
      for (const protocol of [2, 3] as const) {
        const random = new Random(seed).fork(`${family} ${protocol}`)
        const result = await runRandom(duel, { random, generate, protocol, count })
        const run = `seed ${seed}, ${family}, RESP${protocol}`
        if (typeof result === 'number') t.pass(`${run}: ${result} commands`)
        else {
          const { command, shortest } = result
          t.fail(`${run}: ${command}`, { ...explained(result), shortest })
        }
      }
    }
  }
})
