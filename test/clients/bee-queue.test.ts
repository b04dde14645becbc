/**
 * bee-queue as its documentation uses it. It brings its own client (node_redis 3), which knows no cluster: there it is given
 * the master of its prefix, a hash tag.
 */
import Queue from 'bee-queue'
import t, { type Test } from 'tap'
import { waitFor } from '../support/wait.ts'
import { masterOf, type Place, tryLibrary } from './library.ts'

const PREFIX = '{bq}'

function open(
  t: Test,
  place: Place,
  name: string,
  settings: Queue.QueueSettings = {},
): Promise<Queue> {
  const { host, port } = masterOf(place, PREFIX)
  const queue = new Queue(name, {
    prefix: PREFIX,
    redis: { host, port },
    activateDelayedJobs: true,
    ...settings,
  })
  t.teardown(() => queue.close(0))
  return queue.ready()
}

/** What happens to a job in the end. */
function outcome<T>(job: Queue.Job<T>): Promise<unknown> {
  return new Promise((resolve) => {
    job.on('succeeded', resolve)
    job.on('failed', resolve)
  })
}

const trials: Readonly<Record<string, (t: Test, place: Place) => Promise<void>>> = {
  'jobs, results and progress': async (t, place) => {
    const queue = await open(t, place, 'addition')
    const worker = await open(t, place, 'addition')
    const job = queue.createJob({ x: 2, y: 3 })
    const progress: unknown[] = []
    job.on('progress', (page) => progress.push(page))
    const end = outcome(job)
    await job.save()
    worker.process(async (job: Queue.Job<{ x: number; y: number }>) => {
      job.reportProgress({ page: 1 })
      return job.data.x + job.data.y
    })
    t.equal(await end, 5)
    t.match(await queue.getJob(job.id), { status: 'succeeded', data: { x: 2, y: 3 } })
    t.match(await queue.checkHealth(), { succeeded: 1, waiting: 0, active: 0 })
    t.same(progress, [{ page: 1 }])
  },

  'bulk, with ids of their own, listed and removed': async (t, place) => {
    const queue = await open(t, place, 'bulk')
    const jobs = Array.from({ length: 100 }, (_, i) => queue.createJob({ i }).setId(`n${i}`))
    t.equal((await queue.saveAll(jobs)).size, 0)
    t.equal((await queue.getJobs('waiting', { start: 0, end: 200 })).length, 100)
    await queue.removeJob('n7')
    t.equal(await queue.getJob('n7'), null)
    const done: number[] = []
    queue.process(10, async ({ data }: Queue.Job<{ i: number }>) => done.push(data.i))
    await waitFor(
      'all to be done',
      () => queue.checkHealth(),
      ({ succeeded }) => succeeded === 99,
    )
    t.equal(new Set(done).size, 99)
    t.notOk(done.includes(7))
    await queue.destroy()
    t.match(await queue.checkHealth(), { succeeded: 0 })
  },

  'retries with backoff': async (t, place) => {
    const queue = await open(t, place, 'luck')
    let attempts = 0
    queue.process(async (job: Queue.Job<unknown>) => {
      attempts++
      if (job.options.retries > 0) throw new Error('bad luck')
      return 'good luck'
    })
    const job = queue.createJob({}).retries(2).backoff('exponential', 10)
    const end = outcome(job)
    await job.save()
    t.equal(await end, 'good luck')
    t.equal(attempts, 3)
    t.match(await queue.getJob(job.id), { status: 'succeeded' })
  },

  'delayed jobs': async (t, place) => {
    const queue = await open(t, place, 'later')
    const order: unknown[] = []
    const second = queue.createJob('second').delayUntil(Date.now() + 200)
    const end = outcome(second)
    await second.save()
    await queue.createJob('first').save()
    t.match(await queue.checkHealth(), { delayed: 1, waiting: 1 })
    queue.process(async ({ data }: Queue.Job<string>) => order.push(data))
    await end
    t.same(order, ['first', 'second'])
  },

  'a stalled job goes to another worker': async (t, place) => {
    const sleeper = await open(t, place, 'stall', { stallInterval: 50 })
    let letGo = () => {}
    sleeper.process(
      () =>
        new Promise<void>((resolve) => {
          letGo = resolve
        }),
    )
    const queue = await open(t, place, 'stall', { stallInterval: 50 })
    const job = await queue.createJob({}).save()
    await waitFor(
      'the sleeper to take it',
      () => queue.checkHealth(),
      ({ active }) => active === 1,
    )
    await sleeper.close(0).catch(() => {})
    queue.process(async () => 'saved')
    const end = outcome(job)
    const stalled = new Promise((resolve) => queue.once('stalled', resolve))
    await waitFor(
      'it to be found',
      () => queue.checkStalledJobs(),
      (count) => count === 1,
    )
    t.equal(await stalled, job.id)
    t.equal(await end, 'saved')
    letGo()
  },
}

tryLibrary(t, 'bee-queue', async (t, place) => {
  for (const [name, trial] of Object.entries(trials)) await t.test(name, (t) => trial(t, place))
})
