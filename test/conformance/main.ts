/**
 * `npm run conformance`: as many random commands as wanted, of all families and both protocols, to a real redis-server and to
 * one of our nodes. Tells of each family how many were answered alike, or the first that was not and what leads to it; ends
 * with status 1 if any was not.
 */
import { parseArgs } from 'node:util'
import { Random } from '../../lib/base/random.ts'
import { startBoth, withoutBoth } from './contestant.ts'
import { type Difference, explained } from './differential.ts'
import { families } from './generator/family.ts'
import { runRandom } from './random-run.ts'

const USAGE = `npm run conformance -- [--commands 80000] [--seed N] [--family NAME]...
  --commands  how many in all, families and protocols together
  --seed      the same seed says the same; default: chosen by the clock
  --family    only these: ${Object.keys(families).join(', ')}`

// Ending by a signal would skip what ends the real server.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1))
}

process.exit(await main())

async function main(): Promise<number> {
  const plan = planOf(process.argv.slice(2))
  if (typeof plan === 'string') {
    console.error(`${plan}\n${USAGE}`)
    return 2
  }
  if (withoutBoth !== false) {
    console.error(`SKIPPED: ${withoutBoth}`)
    return 0
  }
  const undo: (() => unknown)[] = []
  const duel = await startBoth(
    { teardown: (action) => undo.push(action) },
    { masters: 1, replicas: 0, config: { 'enable-debug-command': 'yes' } },
  )
  const { seed, names } = plan
  const count = Math.ceil(plan.commands / names.length / 2)
  console.log(`seed ${seed}, ${count} commands a family and protocol`)
  let said = 0
  let differing = 0
  for (const family of names) {
    for (const protocol of [2, 3] as const) {
      const random = new Random(seed).fork(`${family} ${protocol}`)
      const generate = families[family] as (typeof families)[string]
      const onDifference = (difference: Difference): void => {
        const { expected, got } = explained(difference)
        console.log(`${family}, RESP${protocol}: ${difference.command}`)
        console.log(`  redis-server: ${expected}\n  we:           ${got}\n  after:`)
      }
      const run = { random, generate, protocol, count, onDifference }
      const result = await runRandom(duel, run)
      if (typeof result === 'number') {
        said += result
        console.log(`${family}, RESP${protocol}: ${result} commands, no difference`)
      } else {
        differing++
        for (const line of result.shortest) console.log(`    ${line}`)
      }
    }
  }
  console.log(`${said} commands answered alike, ${differing} differences`)
  for (const action of undo.reverse()) await action()
  return differing === 0 ? 0 : 1
}

interface Plan {
  readonly commands: number
  readonly seed: string
  readonly names: readonly string[]
}

/** What the command line asks for, or what is wrong with it. */
function planOf(args: string[]): Plan | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        commands: { type: 'string', default: '80000' },
        seed: { type: 'string', default: String(Date.now()) },
        family: { type: 'string', multiple: true, default: Object.keys(families) },
      },
    })
    const commands = Number(values.commands)
    if (!Number.isInteger(commands) || commands < 1) {
      return `--commands ${values.commands} is not a number of commands`
    }
    const unknown = values.family.find((name) => !(name in families))
    if (unknown !== undefined) return `there is no family ${unknown}`
    return { commands, seed: values.seed, names: values.family }
  } catch (error) {
    return (error as Error).message
  }
}
