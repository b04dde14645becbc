/** BullMQ, the queue most people use, as its guide uses it. On a cluster its prefix is a hash tag. */
import {
  FlowProducer,
  type Job,
  type Processor,
  Queue,
  QueueEvents,
  UnrecoverableError,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import t, { type Test } from 'tap'
import { waitFor } from '../support/wait.ts'
import { ioredisAt, nodeRedisAt, type Place, tryLibrary } from './library.ts'

// Three dozen trials, and a busy machine.
t.setTimeout(300_000)

type Connection = Queue['opts']['connection']

/** Queues, workers and their like that share a connection and close with the test. */
class Bull {
  readonly #t: Test
  readonly options: { readonly connection: Connection; readonly prefix: string }

  constructor(t: Test, connection: Connection, prefix: string) {
    this.#t = t
    this.options = { connection, prefix }
  }

  queue(name: string): Queue {
    return this.#closing(new Queue(name, this.options))
  }

  worker(name: string, processor: Processor, options: Partial<WorkerOptions> = {}): Worker {
    return this.#closing(new Worker(name, processor, { ...this.options, ...options }))
  }

  async events(name: string): Promise<QueueEvents> {
    const events = this.#closing(new QueueEvents(name, { ...this.options, lastEventId: '0' }))
    await events.waitUntilReady()
    return events
  }

  flows(): FlowProducer {
    return this.#closing(new FlowProducer(this.options))
  }

  #closing<T extends { close(): Promise<unknown> }>(part: T): T {
    this.#t.teardown(() => part.close())
    return part
  }
}

/** Waits for as many finished jobs, and returns what the worker gave for them, in the order they finished. */
async function finished(queue: Queue, count: number): Promise<Job[]> {
  await waitFor(
    `${count} finished jobs`,
    () => queue.getJobCounts(),
    ({ completed }) => completed === count,
  )
  return queue.getCompleted(0, -1)
}

const names = (jobs: readonly Job[]) => jobs.map(({ name }) => name)

const trials: Readonly<Record<string, (t: Test, bull: Bull) => Promise<void>>> = {
  'a worker and the events of its jobs': async (t, bull) => {
    const queue = bull.queue('paint')
    const events = await bull.events('paint')
    const heard: string[] = []
    events.on('waiting', ({ jobId }) => heard.push(`waiting ${jobId}`))
    events.on('active', ({ jobId }) => heard.push(`active ${jobId}`))
    events.on('progress', ({ jobId, data }) => heard.push(`progress ${jobId} ${data}`))
    events.on('completed', ({ jobId }) => heard.push(`completed ${jobId}`))
    bull.worker('paint', async (job) => {
      await job.updateProgress(50)
      await job.log('half way')
      return `${job.data.color} car`
    })
    const job = await queue.add('cars', { color: 'blue' }, { jobId: 'first' })
    t.equal(await job.waitUntilFinished(events, 20_000), 'blue car')
    await waitFor(
      'all events',
      () => heard,
      (heard) => heard.length === 4,
    )
    t.same(heard, ['waiting first', 'active first', 'progress first 50', 'completed first'])
    t.same(await queue.getJobLogs('first'), { logs: ['half way'], count: 1 })
    t.equal((await queue.add('cars', { color: 'red' }, { jobId: 'first' })).id, 'first')
    t.match(await queue.getJob('first'), { data: { color: 'blue' }, returnvalue: 'blue car' })
  },

  'many jobs at once, each done once': async (t, bull) => {
    const queue = bull.queue('bulk')
    const jobs = await queue.addBulk(
      Array.from({ length: 200 }, (_, i) => ({ name: 'job', data: { i } })),
    )
    t.equal(jobs.length, 200)
    t.match(await queue.getJobCounts(), { waiting: 200 })
    const seen: number[] = []
    const processor = async ({ data }: Job) => seen.push(data.i)
    for (let i = 0; i < 2; i++) bull.worker('bulk', processor, { concurrency: 10 })
    t.equal((await finished(queue, 200)).length, 200)
    t.same(
      seen.sort((a, b) => a - b),
      jobs.map(({ data }) => data.i),
    )
  },

  'a flow: parents wait for their children': async (t, bull) => {
    const flows = bull.flows()
    const parts = bull.queue('parts')
    const houses = bull.queue('houses')
    const tree = await flows.add({
      name: 'house',
      queueName: 'houses',
      children: [
        {
          name: 'walls',
          queueName: 'parts',
          children: [{ name: 'bricks', queueName: 'parts', data: { count: 3 } }],
        },
        { name: 'roof', queueName: 'parts' },
      ],
    })
    t.equal(await houses.getJobState(tree.job.id ?? ''), 'waiting-children')
    const order: string[] = []
    const build = async (job: Job) => {
      order.push(job.name)
      const children = Object.values(await job.getChildrenValues())
      return children.length === 0 ? job.name : `${job.name} of ${children.sort().join(' and ')}`
    }
    bull.worker('houses', build)
    bull.worker('parts', build)
    const [house] = await finished(houses, 1)
    t.equal(house?.returnvalue, 'house of roof and walls of bricks')
    t.ok(order.indexOf('bricks') < order.indexOf('walls'))
    t.equal(order.at(-1), 'house')
    t.equal(await parts.getCompletedCount(), 3)
    const read = await flows.getFlow({ queueName: 'houses', id: tree.job.id ?? '' })
    t.same(read.children?.map(({ job }) => job.name).sort(), ['roof', 'walls'])
  },

  'a flow whose child fails fails its parent': async (t, bull) => {
    const houses = bull.queue('ruins')
    const { job } = await bull.flows().add({
      name: 'house',
      queueName: 'ruins',
      children: [{ name: 'roof', queueName: 'cracks', opts: { failParentOnFailure: true } }],
    })
    bull.worker('cracks', async () => {
      throw new Error('cracked')
    })
    bull.worker('ruins', async () => 'never')
    await waitFor(
      'the parent to fail',
      () => houses.getJobState(job.id ?? ''),
      (state) => state === 'failed',
    )
    t.match((await houses.getJob(job.id ?? ''))?.failedReason, /child .* failed/)
  },

  'delayed and prioritised jobs': async (t, bull) => {
    const queue = bull.queue('order')
    await queue.add('late', {}, { delay: 300 })
    await queue.add('tomorrow', {}, { delay: 86_400_000 })
    await queue.add('third', {}, { priority: 10 })
    await queue.add('second', {}, { priority: 1 })
    await queue.add('first', {})
    await queue.add('very first', {}, { lifo: true })
    t.match(await queue.getJobCounts(), { delayed: 2, prioritized: 2, waiting: 2 })
    t.same(await queue.getCountsPerPriority([1, 5, 10]), { 1: 1, 5: 0, 10: 1 })
    const order: string[] = []
    bull.worker('order', async ({ name }) => order.push(name))
    await finished(queue, 5)
    const prompt = ['very first', 'first', 'second', 'third']
    t.same(
      order.filter((name) => name !== 'late'),
      prompt,
    )
    const late = (await queue.getCompleted()).find(({ name }) => name === 'late')
    t.ok(Number(late?.processedOn) >= Number(late?.timestamp) + 300, 'not before its time')
    const [tomorrow] = await queue.getDelayed()
    await tomorrow?.promote()
    await finished(queue, 6)
    t.equal(order.at(-1), 'tomorrow')
  },

  'job schedulers: every so often, and at cron times': async (t, bull) => {
    const queue = bull.queue('clock')
    await queue.upsertJobScheduler('tick', { every: 30, limit: 3 }, { name: 'tick' })
    await queue.upsertJobScheduler('second', { pattern: '* * * * * *' }, { name: 'tock' })
    t.same((await queue.getJobSchedulers()).map(({ key }) => key).sort(), ['second', 'tick'])
    const done: string[] = []
    bull.worker('clock', async ({ name }) => done.push(name))
    const isOver = () => done.includes('tock') && done.filter((name) => name === 'tick').length >= 3
    await waitFor(
      'three ticks and a tock',
      () => done,
      () => isOver(),
    )
    t.ok(await queue.removeJobScheduler('second'))
    t.notOk(await queue.removeJobScheduler('second'))
    await waitFor(
      'the end of the schedules',
      () => queue.getJobCounts('active', 'delayed', 'waiting'),
      ({ active, delayed, waiting }) => active === 0 && delayed === 0 && waiting === 0,
    )
    t.equal(done.filter((name) => name === 'tick').length, 3)
  },

  'a rate limit': async (t, bull) => {
    const queue = bull.queue('slow')
    await queue.addBulk(Array.from({ length: 2 }, () => ({ name: 'job', data: {} })))
    bull.worker('slow', async () => 'done', {
      limiter: { max: 1, duration: 600_000 },
      // How soon it looks whether somebody has lifted the limit.
      maximumRateLimitDelay: 50,
    })
    await finished(queue, 1)
    const ms = await queue.getRateLimitTtl(1)
    t.ok(ms > 300_000 && ms <= 600_000, `the next one in ${ms} ms`)
    t.match(await queue.getJobCounts(), { completed: 1, waiting: 1 })
    await queue.removeRateLimitKey()
    await finished(queue, 2)
  },

  'pause and resume, drain and clean': async (t, bull) => {
    const queue = bull.queue('red-light')
    await queue.pause()
    t.ok(await queue.isPaused())
    const done: string[] = []
    const worker = bull.worker('red-light', async ({ name }) => done.push(name))
    await worker.waitUntilReady()
    await queue.add('a', {})
    await queue.add('b', {})
    t.match(await queue.getJobCounts(), { waiting: 2 })
    t.same(done, [])
    await queue.resume()
    await finished(queue, 2)
    await worker.pause()
    await queue.add('c', {})
    await queue.add('later', {}, { delay: 86_400_000 })
    await queue.drain(true)
    t.match(await queue.getJobCounts(), { waiting: 0, delayed: 0 })
    t.equal((await queue.clean(0, 10, 'completed')).length, 2)
    t.match(await queue.getJobCounts(), { completed: 0 })
    await queue.obliterate()
    t.same(done.sort(), ['a', 'b'])
  },

  removal: async (t, bull) => {
    const queue = bull.queue('bin')
    const kept = await queue.add('kept', {})
    const gone = await queue.add('gone', {})
    t.equal(await queue.remove(gone.id ?? ''), 1)
    t.equal(await queue.getJob(gone.id ?? ''), undefined)
    t.same(names(await queue.getWaiting()), ['kept'])
    await queue.add('swept', {}, { removeOnComplete: true })
    bull.worker('bin', async () => 'done')
    await waitFor(
      'both to be done',
      () => queue.getJobCounts(),
      ({ waiting, active, completed }) => waiting === 0 && active === 0 && completed === 1,
    )
    t.same(names(await queue.getCompleted()), ['kept'])
    await kept.remove()
    t.match(await queue.getJobCounts(), { completed: 0 })
  },

  'a failed job is tried again, later and later': async (t, bull) => {
    const queue = bull.queue('luck')
    const events = await bull.events('luck')
    bull.worker('luck', async (job) => {
      if (job.name === 'hopeless') throw new UnrecoverableError('never')
      if (job.attemptsMade < 2) throw new Error(`bad luck ${job.attemptsMade}`)
      return 'good luck'
    })
    const job = await queue.add(
      'third time',
      {},
      { attempts: 3, backoff: { type: 'exponential', delay: 20 } },
    )
    t.equal(await job.waitUntilFinished(events, 20_000), 'good luck')
    const read = await queue.getJob(job.id ?? '')
    t.match(read, { attemptsMade: 3, stacktrace: [/bad luck 0/, /bad luck 1/] })
    const hopeless = await queue.add('hopeless', {}, { attempts: 5, backoff: 20 })
    await t.rejects(hopeless.waitUntilFinished(events, 20_000), { message: 'never' })
    t.match(await queue.getJob(hopeless.id ?? ''), { attemptsMade: 1, failedReason: 'never' })
    t.equal(await queue.getFailedCount(), 1)
    await hopeless.retry()
    await waitFor(
      'it to fail once more',
      () => queue.getJob(hopeless.id ?? ''),
      (job) => job?.attemptsMade === 2,
    )
  },

  'a job whose worker stalls goes to another one': async (t, bull) => {
    const queue = bull.queue('stall')
    const events = await bull.events('stall')
    const stalled = new Promise((resolve) => events.once('stalled', ({ jobId }) => resolve(jobId)))
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    t.teardown(() => letGo())
    const sleeper = bull.worker('stall', () => held, {
      lockDuration: 50,
      skipLockRenewal: true,
      skipStalledCheck: true,
    })
    sleeper.on('error', () => {})
    const job = await queue.add('job', {})
    await waitFor(
      'the sleeper to take it',
      () => job.getState(),
      (state) => state === 'active',
    )
    bull.worker('stall', async () => 'saved', { stalledInterval: 50 })
    t.equal(await stalled, job.id)
    t.equal(await job.waitUntilFinished(events, 20_000), 'saved')
    letGo()
  },

  'deduplication, workers by name, metrics': async (t, bull) => {
    const queue = bull.queue('once')
    const first = await queue.add('job', { n: 1 }, { deduplication: { id: 'only' } })
    const second = await queue.add('job', { n: 2 }, { deduplication: { id: 'only' } })
    t.equal(second.id, first.id)
    t.equal(await queue.getDeduplicationJobId('only'), first.id)
    bull.worker('once', async ({ data }) => data.n, {
      name: 'painter',
      metrics: { maxDataPoints: 10 },
    })
    const [job] = await finished(queue, 1)
    t.equal(job?.returnvalue, 1)
    t.ok((await queue.getWorkers()).some(({ rawname }) => rawname?.endsWith(':painter')))
    t.equal((await queue.getMetrics('completed')).meta.count, 1)
  },
}

async function run(t: Test, connect: (t: Test) => unknown, prefix: string): Promise<void> {
  for (const [name, trial] of Object.entries(trials)) {
    await t.test(name, async (t) => trial(t, new Bull(t, (await connect(t)) as Connection, prefix)))
  }
}

tryLibrary(t, 'bullmq', async (t: Test, place: Place) => {
  await t.test('with ioredis', (t) =>
    run(t, (t) => ioredisAt(t, place, { maxRetriesPerRequest: null }), '{bull}'),
  )
  // Of node-redis it does not take the cluster client.
  if (place.kind === 'server') {
    await t.test('with node-redis', (t) => run(t, (t) => nodeRedisAt(t, place), '{red}'))
  }
})
