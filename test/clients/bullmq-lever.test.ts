/**
 * A worker of BullMQ that goes on while its queue's master dies or its slot moves: every job that was added is done. Once at
 * least, as BullMQ promises: what a dead master had not told its replica is done again.
 */
import { type Job, Queue, Worker } from 'bullmq'
import { Cluster as IoredisCluster } from 'ioredis'
import t, { type Test } from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { ask, startForTest } from '../support/started-cluster.ts'
import { waitFor } from '../support/wait.ts'

// A busy machine.
t.setTimeout(300_000)

const JOBS = 60
const prefix = '{bull}'

/** A queue with jobs in it, and what its worker has done. */
interface Work {
  readonly queue: Queue
  readonly done: Set<string>
  /** Adds a job; tried again when it is refused. */
  add(name: string): Promise<void>
}

async function begin(t: Test, cluster: Cluster): Promise<Work> {
  const connection = new IoredisCluster([...cluster.addresses], {
    redisOptions: { maxRetriesPerRequest: null },
  })
  t.teardown(() => connection.disconnect())
  connection.on('error', () => {})
  const queue = new Queue('work', { connection: connection as never, prefix })
  t.teardown(() => queue.close())
  queue.on('error', () => {})
  const add = async (name: string) => {
    await waitFor(
      `${name} to be added`,
      () => queue.add(name, {}, { jobId: name }),
      () => true,
    )
  }
  for (let i = 0; i < JOBS; i++) await add(`early-${i}`)

  const done = new Set<string>()
  const worker = new Worker('work', async ({ name }: Job) => done.add(name), {
    connection: connection as never,
    prefix,
    autorun: false,
    // A job whose end was not heard is taken up again soon.
    lockDuration: 500,
    stalledInterval: 500,
    maxStalledCount: 100,
    runRetryDelay: 50,
  })
  t.teardown(() => worker.close(true))
  worker.on('error', () => {})
  await replicated(cluster)
  worker.run().catch((error: unknown) => t.error(error))
  return { queue, done, add }
}

/** Waits until the replica of the queue's master has all that it has. */
async function replicated(cluster: Cluster): Promise<void> {
  const master = cluster.masterFor(prefix)
  const nodes = [master, ...cluster.replicasOf(master)]
  await waitFor(
    'the jobs at the replica',
    () => Promise.all(nodes.map((node) => ask(node, 'DBSIZE'))),
    ([wanted, ...found]) => found.every((size) => size === wanted),
  )
}

async function finish(t: Test, { queue, done }: Work, count: number): Promise<void> {
  await waitFor(
    'all jobs to be done',
    () => queue.getJobCounts(),
    ({ completed, active, waiting, failed }) =>
      completed === count && active === 0 && waiting === 0 && failed === 0,
    60_000,
  )
  t.equal(done.size, count)
}

t.test('a worker goes on through the death of its master', async (t) => {
  const cluster = await startForTest(t)
  const work = await begin(t, cluster)
  const master = cluster.masterFor(prefix)
  await waitFor(
    'the first jobs to be done',
    () => work.done.size,
    (size) => size > 5,
  )
  const killed = cluster.kill(master)
  const late = Array.from({ length: JOBS }, (_, i) => work.add(`late-${i}`))
  await killed
  await cluster.until(({ ok }) => ok)
  t.not(cluster.masterFor(prefix), master)
  await Promise.all(late)
  await cluster.restart(master)
  await finish(t, work, 2 * JOBS)
})

t.test('a worker goes on while its slot moves, there and back', async (t) => {
  const cluster = await startForTest(t)
  const work = await begin(t, cluster)
  const slot = cluster.slotOf(prefix)
  const other = cluster.masters.find((node) => node !== cluster.masterFor(prefix)) as ClusterNode
  await waitFor(
    'the first jobs to be done',
    () => work.done.size,
    (size) => size > 5,
  )
  const moved = cluster.migrateSlots({ slots: slot, to: other })
  const late = Array.from({ length: JOBS }, (_, i) => work.add(`late-${i}`))
  const undo = await moved
  t.equal(cluster.masterFor(prefix), other)
  await Promise.all(late)
  await undo.heal()
  await work.add('last')
  await finish(t, work, 2 * JOBS + 1)
})
