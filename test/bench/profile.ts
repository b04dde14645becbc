/** Where a node's time goes under the commands of some rows: its functions by their own time. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MeasuredRow, requestsOf, rowsOf } from './commands.ts'
import { prepare, sendLoad } from './load.ts'
import type { Plan } from './plan.ts'
import { missingTool } from './real-tool.ts'
import type { SelfTime } from './self-time.ts'
import { SubjectProcess } from './subject-process.ts'

/** What is looked at when no row is asked for. */
const USUAL = /per [GS]ET, pipeline (1|64)$/
const FUNCTIONS = 40

/** Prints a profile for each row and leaves the whole of it in a file. */
export async function printProfiles(plan: Plan): Promise<void> {
  const reason = missingTool()
  if (reason !== undefined) throw new Error(reason)
  const subject = await SubjectProcess.start<number>('direct-node')
  try {
    for (const row of rowsOf(plan)) {
      if (plan.row !== '' || USUAL.test(row.what)) await printProfile(subject, row)
    }
  } finally {
    await subject.end()
  }
}

async function printProfile(
  subject: SubjectProcess<number>,
  { what, workload, pipeline }: MeasuredRow,
): Promise<void> {
  const requests = requestsOf(workload, pipeline)
  const load = { requests, pipeline }
  for (const isMeasured of [false, true]) {
    await prepare(subject.ready, workload, requests)
    if (isMeasured) await subject.ask('profile-start')
    await sendLoad(subject.ready, workload, load)
  }
  const name = `${workload.name.replace(/ .*/, '').toLowerCase()}-${pipeline}.cpuprofile`
  const path = join(tmpdir(), name)
  const times = await subject.ask<SelfTime[]>('profile-stop', path)
  console.log(`\n${what} (all of it: ${path})`)
  for (const time of times.slice(0, FUNCTIONS)) console.log(line(time))
}

function line({ name, place, share }: SelfTime): string {
  return `${(share * 100).toFixed(1).padStart(5)} %  ${name.padEnd(28)} ${place}`
}
