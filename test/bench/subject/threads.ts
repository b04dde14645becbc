/** Threads of a subject that begin together, and are told something together. */
import { once } from 'node:events'
import { MessageChannel, type MessagePort, type Transferable, Worker } from 'node:worker_threads'

/** Threads, and what each said first. */
export interface Threads {
  readonly workers: readonly Worker[]
  readonly greetings: readonly unknown[]
}

/** Starts so many threads of a module beside this one, and waits until each has said something. */
export async function startThreads(module: string, count: number): Promise<Threads> {
  const url = new URL(module, import.meta.url)
  const workers = Array.from({ length: count }, () => new Worker(url, { execArgv: [] }))
  return { workers, greetings: await Promise.all(workers.map(nextOf)) }
}

/** Tells each thread its message of these, with all that goes over with it, and waits until each has said something more. */
export async function tellAll<T>(
  { workers }: Threads,
  messages: readonly T[],
  transferOf: (message: T) => readonly Transferable[] = () => [],
): Promise<void> {
  const answers = workers.map(nextOf)
  for (const [index, worker] of workers.entries()) {
    const message = messages[index] as T
    worker.postMessage(message, transferOf(message))
  }
  await Promise.all(answers)
}

/** Makes a channel between every two of so many threads; each gets its ends. */
export function channelsBetween(count: number): readonly MessagePort[][] {
  const ends: MessagePort[][] = Array.from({ length: count }, () => [])
  for (const [one, ports] of ends.entries()) {
    for (const others of ends.slice(one + 1)) {
      const { port1, port2 } = new MessageChannel()
      ports.push(port1)
      others.push(port2)
    }
  }
  return ends
}

async function nextOf(worker: Worker): Promise<unknown> {
  const [message] = await once(worker, 'message')
  return message
}
