/**
 * One node of ours and a redis-server that owns all slots as well, under the same load in turns. What is compared is the
 * CPU time of the whole process, so threads that work beside a node's own count against it.
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
}

/** Sent before a command is measured first: both hold its keys, and hot code is compiled. */
const WARM_UP: Load = { requests: 100_000, pipeline: 16 }

/** Two servers that take turns. */
export class Contest {
  readonly #ours: Server
  readonly #theirs: Server
  readonly #repetitions: number
  readonly #stop: () => Promise<unknown>

  private constructor(
    ours: Server,
    theirs: Server,
    { repetitions, stop }: { readonly repetitions: number; readonly stop: () => Promise<unknown> },
  ) {
    this.#ours = ours
    this.#theirs = theirs
    this.#repetitions = repetitions
    this.#stop = stop
  }

  /** Starts both servers. */
  static async start(plan: Plan): Promise<Contest> {
    const subject = await SubjectProcess.start<number>(
      plan.direct ? 'direct-node' : 'threaded-node',
    )
    const real = await startRealNode()
    return new Contest(
      { port: subject.ready, cpuMicroseconds: () => subject.ask<number>('cpu') },
      { port: real.port, cpuMicroseconds: () => cpuMicrosecondsOf(real) },
      {
        repetitions: plan.quick ? 3 : 5,
        stop: () => Promise.all([subject.end(), real.stop()]),
      },
    )
  }

  /** Ends both. */
  async end(): Promise<void> {
    await this.#stop()
  }

  /** Does something with each of the two, by its port. */
  async each(action: (port: number) => Promise<void>): Promise<void> {
    for (const { port } of [this.#ours, this.#theirs]) await action(port)
  }

  /** Lets both know a command before anything is measured. */
  async warmUp(workload: Workload): Promise<void> {
    const load = { ...WARM_UP, requests: Math.round(WARM_UP.requests / workload.weight) }
    await this.each((port) => runFresh(port, workload, load))
  }

  /** What a command costs each of the two: the median of some measurements. */
  async measure(workload: Workload, load: Load): Promise<Cost> {
    await this.each((port) => runFresh(port, workload, load))
    const { ours, theirs } = await interleave(
      {
        ours: () => cpuPerCommand(this.#ours, workload, load),
        theirs: () => cpuPerCommand(this.#theirs, workload, load),
      },
      this.#repetitions,
    )
    return { ours: median(ours), theirs: median(theirs) }
  }
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
