/** Where the samples of a CPU profile fell: each function's own time, without what it called. */
import type { Profiler } from 'node:inspector'

/** A function and its share of the time the process was busy, 0 to 1. */
export interface SelfTime {
  readonly name: string
  readonly place: string
  readonly share: number
}

/** Functions of a profile by the time they took themselves, most first; idle time does not count. */
export function selfTimes(profile: Profiler.Profile): SelfTime[] {
  const byId = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
  const times = new Map<string, { name: string; place: string; micros: number }>()
  let busy = 0
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const frame = byId.get(id)
    if (frame === undefined || frame.functionName === '(idle)') continue
    const micros = profile.timeDeltas?.[i] ?? 0
    const file = frame.url.replace(/^.*\/(dist\/)?(?=(lib|workers|node_modules)\/)/, '')
    const place = file === '' ? '' : `${file}:${frame.lineNumber + 1}`
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName
    const known = times.get(`${name} ${place}`) ?? { name, place, micros: 0 }
    known.micros += micros
    busy += micros
    times.set(`${name} ${place}`, known)
  }
  return [...times.values()]
    .sort((a, b) => b.micros - a.micros)
    .map(({ name, place, micros }) => ({ name, place, share: micros / busy }))
}
