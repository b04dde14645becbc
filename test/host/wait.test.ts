import { spawnSync } from 'node:child_process'
import t from 'tap'
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import { waitForChange, within } from '../../lib/host/wait.ts'

const never = new Promise<never>(() => {})
const limits = { timeoutMs: 60_000, onTimeout: () => new Error('late') }

t.test('a promise within its limits comes through, either way', async (t) => {
  t.equal(await within(Promise.resolve(1), limits), 1)
  await t.rejects(within(Promise.reject(new Error('no')), limits), { message: 'no' })
})

t.test('time runs out', async (t) => {
  await t.rejects(within(never, { ...limits, timeoutMs: 1 }), { message: 'late' })
  const shared = new SharedMemory(1)
  await t.rejects(
    waitForChange(shared, () => false, { ...limits, timeoutMs: 1 }),
    {
      message: 'late',
    },
  )
})

t.test('a signal ends a wait, also one aborted before', async (t) => {
  const shared = new SharedMemory(1)
  const onAbort = () => new Error('gone')
  const first = new AbortController()
  const waits = [
    within(never, { ...limits, signal: first.signal, onAbort }),
    waitForChange(shared, () => false, { ...limits, signal: first.signal, onAbort }),
  ]
  first.abort()
  for (const wait of waits) await t.rejects(wait, { message: 'gone' })
  const { signal } = first
  await t.rejects(within(never, { ...limits, signal, onAbort }), { message: 'gone' })
  await t.rejects(
    waitForChange(shared, () => true, { ...limits, signal, onAbort }),
    {
      message: 'gone',
    },
  )
  await t.rejects(within(never, { ...limits, signal }), { message: 'the wait was aborted' })
})

t.test('the check is asked at once and after every change, and only then', async (t) => {
  const shared = new SharedMemory(2)
  let asked = 0
  const done = waitForChange(shared, () => ++asked === 3, limits)
  t.equal(asked, 1)
  shared.announce(0)
  await new Promise((resolve) => setImmediate(resolve))
  while (asked < 2) await new Promise((resolve) => setImmediate(resolve))
  for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve))
  t.equal(asked, 2)
  shared.announce(1)
  await done
  t.equal(asked, 3)
})

t.test('a wait may be endless', async (t) => {
  const shared = new SharedMemory(1)
  const endless = { ...limits, timeoutMs: Number.POSITIVE_INFINITY }
  let done = false
  const waiting = waitForChange(shared, () => done, endless)
  const turns = new Promise((resolve) => setTimeout(resolve, 5, 'turns'))
  t.equal(await within(turns, endless), 'turns')
  done = true
  shared.announce(0)
  await waiting
})

t.test('an error of the check is the error of the wait', async (t) => {
  const check = () => {
    throw new Error('wrong question')
  }
  await t.rejects(waitForChange(new SharedMemory(1), check, limits), { message: 'wrong question' })
})

t.test('a wait keeps the process alive, a wait that is over does not', async (t) => {
  const wait = new URL('../../lib/host/wait.js', import.meta.url)
  const shared = new URL('../../lib/base/shared-layout.js', import.meta.url)
  const script = `
    import { SharedMemory } from ${JSON.stringify(shared.href)}
    import { waitForChange, within } from ${JSON.stringify(wait.href)}
    const memory = new SharedMemory(1)
    const late = () => new Error('late')
    await waitForChange(memory, () => false, { timeoutMs: 20, onTimeout: late }).catch((e) => console.log(e.message))
    await within(new Promise(() => {}), { timeoutMs: 20, onTimeout: late }).catch((e) => console.log(e.message))
    await within(Promise.resolve(), { timeoutMs: 2 ** 30, onTimeout: late })
    await waitForChange(memory, () => true, { timeoutMs: 2 ** 30, onTimeout: late })
    console.log('end')
  `
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  t.equal(child.stdout, 'late\nlate\nend\n', child.stderr)
  t.equal(child.status, 0)
})
