/**
 * The benchmarks: measures, prints one table, and judges nothing; a run that could measure ends with status 0 whatever
 * it found. Invariant: it ends by itself, and what it started ends with it; one that is ended prints what it has.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { benchClients } from './clients.ts'
import { benchColdStart } from './cold-start.ts'
import { benchCommands } from './commands.ts'
import { benchCrc16 } from './crc16.ts'
import { benchFailover } from './failover.ts'
import { benchIdle } from './idle.ts'
import { benchKeyMemory } from './key-memory.ts'
import { benchMemory } from './memory.ts'
import { benchPersistence } from './persistence.ts'
import { type Plan, planOf, type Subject, USAGE } from './plan.ts'
import { printProfiles } from './profile.ts'
import { benchReshard } from './reshard.ts'
import { benchScale } from './scale.ts'
import { benchSortedSet } from './sorted-set.ts'
import { judge, markdownTable, type Row } from './table.ts'
import { benchTail } from './tail.ts'
import { benchWarmStart } from './warm-start.ts'

const benches: Readonly<Record<Subject, (plan: Plan) => AsyncIterable<Row>>> = {
  'cold-start': benchColdStart,
  'warm-start': benchWarmStart,
  scale: benchScale,
  idle: benchIdle,
  failover: benchFailover,
  reshard: benchReshard,
  persistence: benchPersistence,
  memory: benchMemory,
  'key-memory': benchKeyMemory,
  crc16: benchCrc16,
  'sorted-set': benchSortedSet,
  commands: benchCommands,
  clients: benchClients,
  tail: benchTail,
}

const plan = planFromCommandLine()
const rows: Row[] = []

// Ending by a signal would skip what ends the children.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    if (rows.length > 0) report(plan, rows)
    process.exit(1)
  })
}

if (plan.profile) await printProfiles(plan)
else await measure(plan)
process.exit(0)

function planFromCommandLine(): Plan {
  try {
    return planOf(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

async function measure(plan: Plan): Promise<void> {
  let current: Subject | undefined
  const limit = setTimeout(() => {
    if (current !== undefined)
      rows.push({ what: current, reason: `cut off after ${plan.limitMs / 1000} s` })
    report(plan, rows)
    process.exit(0)
  }, plan.limitMs)
  for (const subject of plan.subjects) {
    current = subject
    if (process.stderr.isTTY) process.stderr.write(`measuring ${subject} ...\n`)
    try {
      for await (const row of benches[subject](plan)) rows.push(row)
    } catch (error) {
      const { message } = error as Error
      rows.push({ what: subject, reason: `failed: ${tellingLine(message)}` })
      console.error(`${subject}: ${message}\n`)
    }
  }
  clearTimeout(limit)
  report(plan, rows)
}

function report(plan: Plan, rows: readonly Row[]): void {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
  console.log(`Node ${machine.node} on ${machine.cores} x ${machine.cpu}\n`)
  console.log(markdownTable(rows))
  if (plan.json !== undefined) {
    const { quick, direct } = plan
    const text = JSON.stringify({ ...machine, quick, direct, rows: rows.map(judge) }, undefined, 2)
    writeFileSync(plan.json, `${text}\n`)
  }
}

/** What a process wrote before it failed begins with the place; what counts names the error. */
function tellingLine(text: string): string {
  const lines = text.split('\n')
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? ''
}
