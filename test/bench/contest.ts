/**
 * One node of ours and a redis-server that owns all slots as well, under the same load in turns, and the least that a thread
 * could do. What is compared is the CPU time of the whole process, so threads that work beside a node's own count against it.
 */
import { CLIENTS, type Load, prepare, sendLoad, type Workload } from './load.ts'
import type { Plan } from './plan.ts'
import { cpuMicrosecondsOf, startRealNode } from './real-cluster.ts'
import { interleave, median } from './sample.ts'
import { SubjectProcess } from './subject-process.ts'

interface Server {
  readonly port: number
  cpuMicroseconds(): Promise<number>
}

/** Microseconds of CPU time a command took. */
export interface Cost {
  readonly ours: number
  readonly theirs: number
  /** Of the server that does no more than is asked of it; NaN where that was not. */
  readonly floor: number
}

/** Sent before a command is measured first: both hold its keys, and hot code is compiled. */
const WARM_UP: Load = { requests: 100_000, pipeline: 16 }

/** Servers that take turns. */
export class Contest {
  readonly #ours: Server
  readonly #theirs: Server
  readonly #floor: Server | undefined
  readonly #repetitions: number
  readonly #stop: () => Promise<unknown>

  private constructor(
    ours: Server,
    theirs: Server,
    {
      floor,
      repetitions,
      stop,
    }: {
      readonly floor: Server | undefined
      readonly repetitions: number
      readonly stop: () => Promise<unknown>
    },
  ) {
    this.#ours = ours
    this.#theirs = theirs
    this.#floor = floor
    this.#repetitions = repetitions
    this.#stop = stop
  }

  /** Starts the servers; that of the floor only if it is wanted. */
  static async start(plan: Plan, { hasFloor = false } = {}): Promise<Contest> {
    const subject = await SubjectProcess.start<number>(
      plan.direct ? 'direct-node' : 'threaded-node',
    )
    const floor = hasFloor ? await SubjectProcess.start<number>('plain-node') : undefined
    const real = await startRealNode()
    return new Contest(
      serverOf(subject),
      { port: real.port, cpuMicroseconds: () => cpuMicrosecondsOf(real) },
      {
        floor: floor && serverOf(floor),
        repetitions: plan.quick ? 3 : 5,
        stop: () => Promise.all([subject.end(), floor?.end(), real.stop()]),
      },
    )
  }

  /** Ends them. */
  async end(): Promise<void> {
    await this.#stop()
  }

  /** Does something with ours and theirs, by their ports. */
  async each(action: (port: number) => Promise<void>): Promise<void> {
    for (const { port } of [this.#ours, this.#theirs]) await action(port)
  }

  /** Lets ours and theirs know a command before anything is measured, and the floor if it has it. */
  async warmUp(workload: Workload, { hasFloor = false } = {}): Promise<void> {
    const load = { ...WARM_UP, requests: Math.round(WARM_UP.requests / workload.weight) }
    await this.each((port) => runFresh(port, workload, load))
    if (hasFloor && this.#floor !== undefined) await runFresh(this.#floor.port, workload, load)
  }

  /** What a command costs each of them: the median of some measurements. */
  async measure(workload: Workload, load: Load, { hasFloor = false } = {}): Promise<Cost> {
    const floor = hasFloor ? this.#floor : undefined
    await this.each((port) => runFresh(port, workload, load))
    if (floor !== undefined) await runFresh(floor.port, workload, load)
    const found = await interleave(
      {
        ours: () => cpuPerCommand(this.#ours, workload, load),
        theirs: () => cpuPerCommand(this.#theirs, workload, load),
        floor: async () =>
          floor === undefined ? Number.NaN : await cpuPerCommand(floor, workload, load),
      },
      this.#repetitions,
    )
    return { ours: median(found.ours), theirs: median(found.theirs), floor: median(found.floor) }
  }
}

function serverOf(subject: SubjectProcess<number>): Server {
  return { port: subject.ready, cpuMicroseconds: () => subject.ask<number>('cpu') }
}

async function runFresh(port: number, workload: Workload, load: Load): Promise<void> {
  await prepare(port, workload, load.requests)
  await sendLoad(port, workload, load)
}

/** Microseconds a command takes, what it takes to connect the clients left out. */
async function cpuPerCommand(server: Server, workload: Workload, load: Load): Promise<number> {
  await prepare(server.port, workload, load.requests)
  const { clients = CLIENTS } = workload
  const begin = await server.cpuMicroseconds()
  await sendLoad(server.port, workload, { requests: clients, pipeline: 1 })
  const connected = await server.cpuMicroseconds()
  await sendLoad(server.port, workload, load)
  const end = await server.cpuMicroseconds()
  return (end - connected - (connected - begin)) / (load.requests - clients)
}
