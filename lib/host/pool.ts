/**
 * The threads of the nodes: one Piscina for the process. A thread hosts one node at a time; when its node has stopped it
 * stays warm for the next one, and when no node is left the threads end after a while. Nothing here keeps the process
 * alive. Invariant: a thread that hosts a node gets no second one, as piscina would give it once `boot` has returned.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import type { MessagePort, Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { NodeBoot } from '../control/message.ts'
import { workerUrl } from '../worker-url.ts'
import { NODE_LIMIT } from './options.ts'

/** How long warm threads wait for the next cluster, milliseconds. */
const LINGER_MS = 5000

/** Room for young objects in the heap of a thread. */
const YOUNG_GENERATION_MB = 4

/** A thread that hosts a node. */
export interface NodeThread {
  /** Resolves when the thread is gone: with the error that ended it, or undefined if it was terminated. */
  readonly ended: Promise<Error | undefined>
  /** Ends the thread, whatever it does; resolves when it is gone. */
  terminate(): Promise<void>
  /** Gives the thread back, its node having stopped. */
  release(): void
}

/** Threads that all run one worker file. */
export class ThreadPool {
  readonly #worker: URL
  readonly #lingerMs: number
  readonly #waiting = new Set<HostedThread>()
  readonly #occupied = new Map<number, HostedThread>()
  readonly #claimedErrors = new Set<unknown>()
  #piscina: Piscina<NodeBoot> | undefined
  #linger: NodeJS.Timeout | undefined

  constructor(worker: URL, lingerMs = LINGER_MS) {
    this.#worker = worker
    this.#lingerMs = lingerMs
  }

  /** Boots a node on a thread without one, a warm one if there is one. `ports` go with the boot. */
  start(boot: NodeBoot, ports: readonly MessagePort[]): NodeThread {
    clearTimeout(this.#linger)
    this.#linger = undefined
    const thread = new HostedThread((left) => this.#leave(left))
    this.#waiting.add(thread)
    void this.#run(thread, boot, ports)
    return thread
  }

  /** Threads that exist, warm ones included. */
  get size(): number {
    return this.#piscina?.threads.length ?? 0
  }

  /** Threads that host a node or are about to. */
  get occupied(): number {
    return this.#occupied.size + this.#waiting.size
  }

  /** Ends all threads now. */
  async destroy(): Promise<void> {
    clearTimeout(this.#linger)
    const piscina = this.#piscina
    this.#piscina = undefined
    await piscina?.destroy()
  }

  async #run(thread: HostedThread, boot: NodeBoot, ports: readonly MessagePort[]): Promise<void> {
    try {
      this.#piscina ??= this.#open()
      const task = { ...boot, [Piscina.queueOptionsSymbol]: thread }
      await this.#piscina.run(task, { transferList: [...ports], signal: thread.signal })
    } catch (error) {
      thread.fail(error as Error)
    }
  }

  #open(): Piscina<NodeBoot> {
    const { NODE_OPTIONS, NODE_V8_COVERAGE, ...env } = process.env
    const piscina = new Piscina<NodeBoot>({
      filename: this.#worker.href,
      minThreads: 0,
      maxThreads: NODE_LIMIT,
      idleTimeout: Number.POSITIVE_INFINITY,
      // Otherwise an idle worker sleeps, and the servers of its node with it.
      atomics: 'disabled',
      // The loaders and inspectors of a test runner are not for the nodes.
      execArgv: [],
      env,
      recordTiming: false,
      // Threads that host one node after the other collect garbage in time: half the memory, at the same speed.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      loadBalancer: (task, workers) => {
        const free = workers.find(
          (worker) =>
            !worker.destroyed && worker.currentUsage === 0 && !this.#occupied.has(worker.id),
        )
        const thread = task[Piscina.queueOptionsSymbol as keyof typeof task] as unknown
        if (free === undefined || !(thread instanceof HostedThread)) return null
        const worker = piscina.threads.find(({ threadId }) => threadId === free.id)
        if (worker === undefined) return null
        this.#waiting.delete(thread)
        this.#occupied.set(free.id, thread)
        thread.take(worker, (error) => this.#claim(error))
        return free
      },
    })
    piscina.on('error', (error: Error) => {
      // A thread with a node tells its node. One that failed before leaves boots behind that nobody would ever take.
      if (this.#claimedErrors.has(error)) return
      for (const thread of this.#waiting) thread.fail(error)
    })
    return piscina
  }

  /** Piscina passes on an error in the same turn, right after the thread's own listener has seen it. */
  #claim(error: unknown): void {
    this.#claimedErrors.add(error)
    queueMicrotask(() => this.#claimedErrors.delete(error))
  }

  #leave(thread: HostedThread): void {
    this.#waiting.delete(thread)
    for (const [id, other] of this.#occupied) {
      if (other === thread) this.#occupied.delete(id)
    }
    if (this.occupied > 0 || this.#linger !== undefined) return
    this.#linger = setTimeout(() => {
      this.#linger = undefined
      void this.destroy()
    }, this.#lingerMs).unref()
  }
}

/** The thread of one node, before and while it has one. */
class HostedThread implements NodeThread {
  readonly ended: Promise<Error | undefined>
  readonly #controller = new AbortController()
  readonly #onLeave: (thread: HostedThread) => void
  readonly #resolve: (error: Error | undefined) => void
  #worker: Worker | undefined
  #error: Error | undefined
  #forget: (() => void) | undefined

  constructor(onLeave: (thread: HostedThread) => void) {
    this.#onLeave = onLeave
    let settle: (error: Error | undefined) => void = () => {}
    this.ended = new Promise((resolve) => {
      settle = resolve
    })
    this.#resolve = settle
  }

  /** Aborted to take a boot out of the queue, or to end it while it runs. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  take(worker: Worker, claim: (error: unknown) => void): void {
    this.#worker = worker
    const onError = (error: unknown) => {
      claim(error)
      this.#error ??= error instanceof Error ? error : new Error(String(error), { cause: error })
    }
    const onExit = (code: number) => {
      if (code !== 0 && !this.signal.aborted) {
        this.#error ??= new Error(`the thread ended with exit code ${code}`)
      }
      this.#end()
    }
    worker.prependOnceListener('error', onError)
    worker.once('exit', onExit)
    this.#forget = () => {
      worker.off('error', onError)
      worker.off('exit', onExit)
    }
  }

  fail(error: Error): void {
    if (this.signal.aborted) return
    this.#error ??= error
    void this.terminate()
  }

  async terminate(): Promise<void> {
    this.#controller.abort()
    if (this.#worker === undefined) this.#end()
    else await this.#worker.terminate()
    await this.ended
  }

  release(): void {
    this.#worker = undefined
    this.#end()
  }

  #end(): void {
    this.#forget?.()
    this.#forget = undefined
    this.#onLeave(this)
    this.#resolve(this.#error)
  }
}

/** The threads of this process. */
export const nodeThreads = new ThreadPool(workerUrl)
