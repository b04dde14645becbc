/** Where a node's time goes: its functions by their own time, under GET and SET at both ends of pipelining. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sendLoad, WORKLOADS } from './load.ts'
import { missingTool } from './real-tool.ts'
import type { SelfTime } from './self-time.ts'
import { SubjectProcess } from './subject-process.ts'

const LOADS = [
  { names: ['SET', 'GET'], pipeline: 1, requests: 100_000 },
  { names: ['SET', 'GET'], pipeline: 64, requests: 1_500_000 },
] as const
const FUNCTIONS = 40

/** Prints a profile for each load and leaves the whole of it in a file. */
export async function printProfiles(): Promise<void> {
  const reason = missingTool()
  if (reason !== undefined) throw new Error(reason)
  const subject = await SubjectProcess.start<number>('direct-node')
  try {
    for (const { names, pipeline, requests } of LOADS) {
      for (const workload of WORKLOADS.filter(({ name }) =>
        (names as readonly string[]).includes(name),
      )) {
        await sendLoad(subject.ready, workload, { requests, pipeline })
        await subject.ask('profile-start')
        await sendLoad(subject.ready, workload, { requests, pipeline })
        const path = join(tmpdir(), `${workload.name.toLowerCase()}-${pipeline}.cpuprofile`)
        const times = await subject.ask<SelfTime[]>('profile-stop', path)
        console.log(`\n${workload.name}, pipeline ${pipeline} (all of it: ${path})`)
        for (const time of times.slice(0, FUNCTIONS)) console.log(line(time))
      }
    }
  } finally {
    await subject.end()
  }
}

function line({ name, place, share }: SelfTime): string {
  return `${(share * 100).toFixed(1).padStart(5)} %  ${name.padEnd(28)} ${place}`
}
