/**
 * Thread pools for tests of the host: threads that end with the test, and boots for the faulty worker.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Test } from 'tap'
import { fillCrc16Table } from '../../lib/base/crc16.ts'
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import type { NodeBoot } from '../../lib/control/message.ts'
import { ThreadPool } from '../../lib/host/pool.ts'
import type { Fault } from './faulty-worker.ts'

/** The module that only keeps to the protocol. */
export const faultyWorkerUrl = new URL('./faulty-thread.cjs', import.meta.url)

/** A pool of threads with the faulty worker. The process waits for the test's end: threads do not keep it alive. */
export function faultyPool(t: Test, lingerMs?: number): ThreadPool {
  const pool = new ThreadPool(faultyWorkerUrl, lingerMs)
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => {
    clearInterval(alive)
    return pool.destroy()
  })
  return pool
}

/** A boot without peers, and the host's end of its control port. */
export function bootFor(index: number, fault: Fault = 'none'): [boot: NodeBoot, host: MessagePort] {
  const { port1, port2 } = new MessageChannel()
  const shared = new SharedMemory(index + 1)
  fillCrc16Table(shared.crcTable)
  const boot: NodeBoot = {
    index,
    id: String(index).padStart(40, '0'),
    shared: shared.buffer,
    capacity: shared.capacity,
    seed: 1,
    lives: 0,
    host: '127.0.0.1',
    announcedHost: '127.0.0.1',
    port: 0,
    bus: 'tcp',
    failureDetection: 'instant',
    version: undefined,
    directives: [['fault', fault]],
    directory: undefined,
    log: 'nothing',
    control: port2,
    peers: [],
  }
  return [boot, port1]
}
