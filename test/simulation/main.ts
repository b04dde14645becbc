/**
 * `npm run simulate`: many runs of a simulated cluster, each with its own faults; the first one that goes wrong is told with
 * the line that replays it and the shortest script that still shows it. `--measure` tells what the bus costs instead.
 */
import { parseArgs } from 'node:util'
import { describeMeasure, measure } from './measure.ts'
import { play, type RunOptions, type RunResult, scriptOf } from './run.ts'
import { describeStep } from './script.ts'
import { shrink } from './shrink.ts'
import { Tally } from './tally.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '100' },
    run: { type: 'string' },
    nodes: { type: 'string' },
    mode: { type: 'string' },
    steps: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    measure: { type: 'boolean', default: false },
  },
})

const PROGRESS_RUNS = 250
const MEASURED_NODES = [6, 50, 200, 1000]

const seed = values.seed ?? String(Date.now())
const nodes = Number(values.nodes ?? 6)
const mode = values.mode as RunOptions['failureDetection']

function optionsOf(run: number): RunOptions {
  const steps = values.steps
    ?.split(',')
    .filter((word) => word !== '')
    .map(Number)
  const onLog = (atMs: number, place: number, text: string): void => {
    console.log(`${(atMs / 1000).toFixed(3)} ${place} ${text}`)
  }
  return {
    seed,
    run,
    nodes,
    failureDetection: mode,
    steps,
    onLog: values.verbose ? onLog : undefined,
  }
}

function tell(options: RunOptions, result: RunResult): void {
  const { violation } = result
  console.log(`run ${options.run}: ${violation?.message}`)
  const words = [
    'npm run simulate --',
    `--seed ${seed}`,
    `--run ${options.run}`,
    `--nodes ${nodes}`,
  ]
  if (mode !== undefined) words.push(`--mode ${mode}`)
  console.log(words.join(' '))
  if (values.steps !== undefined || violation === undefined) return
  const all = scriptOf(options)
  const fails = (steps: readonly number[]): boolean =>
    play({ ...options, steps, onLog: undefined }).violation?.rule === violation.rule
  const kept = shrink(
    all.map((_, i) => i),
    fails,
  )
  console.log(`shrunk to ${kept.length} of ${all.length} steps: --steps ${kept.join(',')}`)
  for (const i of kept) console.log(`  ${describeStep(all[i] as (typeof all)[number])}`)
}

if (values.measure) {
  for (const count of values.nodes === undefined ? MEASURED_NODES : [Number(values.nodes)]) {
    console.log(describeMeasure(measure(count)))
  }
  process.exit()
}

const first = values.run === undefined ? 0 : Number(values.run)
const last = values.run === undefined ? Number(values.runs) - 1 : first
const began = process.cpuUsage().user
const total = { virtualMs: 0, wins: 0, writes: 0, confirmed: 0, waited: 0, lost: 0, violations: 0 }
const tally = new Tally()
console.log(`seed ${seed}, ${last - first + 1} runs of ${nodes} nodes`)
for (let run = first; run <= last; run++) {
  const options = optionsOf(run)
  const result = play(options)
  total.virtualMs += result.virtualMs
  total.wins += result.wins
  total.writes += result.writes
  total.confirmed += result.confirmed
  total.waited += result.waited
  total.lost += result.lost
  tally.addAll(result.tally)
  if (values.verbose) for (const step of result.script) console.log(describeStep(step))
  if ((run + 1) % PROGRESS_RUNS === 0) console.log(`${run + 1} runs`)
  if (result.violation === undefined) continue
  total.violations++
  tell(options, result)
  if (!values.keep) break
}
const cpuSeconds = (process.cpuUsage().user - began) / 1e6
const minutes = total.virtualMs / 60_000
console.log(
  `${minutes.toFixed(1)} cluster minutes in ${cpuSeconds.toFixed(1)} s of CPU (${((minutes * 60) / cpuSeconds).toFixed(0)} times as fast), ${total.wins} elections won, ${total.writes} writes, ${total.confirmed + total.waited} confirmed by replicas, ${total.lost} lost with cause, ${total.violations} violations`,
)
console.log(tally.describe())
process.exitCode = total.violations === 0 ? 0 : 1
