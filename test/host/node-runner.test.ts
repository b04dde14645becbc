import type { MessagePort } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { Field, SharedMemory } from '../../lib/base/shared-layout.ts'
import type { NodeMessage } from '../../lib/control/message.ts'
import { packForHost } from '../../lib/control/pack.ts'
import type { ClusterError } from '../../lib/host/cluster-error.ts'
import { NodeRunner } from '../../lib/host/node-runner.ts'
import type { LogEntry } from '../../lib/host/options.ts'
import { waitForChange } from '../../lib/host/wait.ts'
import type { Fault } from '../support/faulty-worker.ts'
import { bootFor, faultyPool } from '../support/test-threads.ts'

interface Heard {
  readonly runner: NodeRunner
  readonly shared: SharedMemory
  readonly pool: ReturnType<typeof faultyPool>
  readonly crashes: ClusterError[]
  readonly log: LogEntry[]
}

function runnerWith(t: Test, fault: Fault = 'none'): Heard {
  const [{ port, control, ...template }, host] = bootFor(0, fault)
  control.close()
  host.close()
  const shared = new SharedMemory(template.capacity, template.shared)
  const pool = faultyPool(t)
  const crashes: ClusterError[] = []
  const log: LogEntry[] = []
  const listener = {
    ended: (_: NodeRunner, error: ClusterError | undefined) => void (error && crashes.push(error)),
    log: (entry: LogEntry) => void log.push(entry),
    told: () => {},
  }
  const runner = new NodeRunner(template, { pool, shared, listener, port })
  t.teardown(() => runner.end('stopped'))
  return { runner, shared, pool, crashes, log }
}

const clusterConfig = `${'0'.repeat(40)} 127.0.0.1:1@2 myself,master - 0 0 1 connected 0-16383\n`

t.test('a node starts, forms, answers and stops', async (t) => {
  const { runner, shared, pool, crashes, log } = runnerWith(t)
  t.equal(runner.life, 'stopped')
  const starting = runner.start()
  t.equal(runner.life, 'starting')
  await starting
  t.equal(runner.life, 'running')
  t.equal(runner.busPort, runner.port + 10_000)
  await runner.form(clusterConfig)
  t.equal(runner.config, clusterConfig)
  t.match(log, [{ level: 'notice', text: 'formed 0', node: 0 }])
  t.equal(await runner.command(['PING']), '+OK\r\n')
  t.equal(shared.get(0, Field.stateOk), 1)
  await runner.stop()
  t.equal(runner.life, 'stopped')
  t.equal(shared.get(0, Field.life), 3)
  t.equal(shared.get(0, Field.stateOk), 0, 'what is gone sees nothing')
  t.equal(pool.occupied, 0)
  t.equal(pool.size, 1, 'its thread is warm')
  t.strictSame(crashes, [])
  await runner.stop()
})

t.test('it starts again on the same port, on another thread or the same', async (t) => {
  const { runner, crashes } = runnerWith(t)
  await runner.start()
  const { port } = runner
  await runner.stop()
  await runner.start()
  t.equal(runner.port, port)
  await runner.end('killed')
  t.equal(runner.life, 'killed')
  await runner.start()
  t.equal(runner.port, port)
  t.equal(runner.life, 'running')
  t.strictSame(crashes, [])
})

t.test('whatever waits for a node hears of its end', async (t) => {
  const { runner, crashes } = runnerWith(t, 'ignores-commands')
  await runner.start()
  const answer = runner.command(['PING'])
  await runner.end('killed')
  await t.rejects(answer, { code: 'ERR_NODE_CRASHED', message: /^node 0 .*is not running/ })
  await t.rejects(runner.command(['PING']), { code: 'ERR_NODE_CRASHED' })
  t.strictSame(crashes, [], 'a kill is no crash')
})

t.test('a command that is not answered in time has failed, the node has not', async (t) => {
  const { runner, crashes } = runnerWith(t, 'ignores-commands')
  await runner.start()
  await t.rejects(runner.commands([['MIGRATE']], 10), {
    code: 'ERR_TIMEOUT',
    message: /^node 0 .*did not answer MIGRATE in time$/,
  })
  t.equal(runner.life, 'running')
  t.strictSame(crashes, [])
})

t.test('a node that crashes says why to all', async (t) => {
  const { runner, shared, crashes, pool } = runnerWith(t, 'crashes-on-command')
  await runner.start()
  const message = `node 0 (127.0.0.1:${runner.port}): it crashed: it broke on a command`
  await t.rejects(runner.command(['PING']), { code: 'ERR_NODE_CRASHED', message })
  t.equal(runner.life, 'crashed')
  t.match(crashes, [{ message, cause: { message: 'it broke on a command' } }])
  t.equal(shared.get(0, Field.life), 3)
  t.equal(pool.occupied, 0)
})

t.test('what a thread said last is heard, however late', async (t) => {
  const { runner, pool, crashes, log } = runnerWith(t)
  let end: (error: Error) => void = () => {}
  let control: MessagePort | undefined
  pool.start = (boot) => {
    control = boot.control
    const ended = new Promise<Error>((resolve) => {
      end = resolve
    })
    return { ended, release: () => {}, terminate: async () => {} }
  }
  const said = (...messages: NodeMessage[]) => control?.postMessage(packForHost(messages))
  const starting = runner.start()
  said({ type: 'listening', port: 7000, busPort: 17_000, threadId: 1 })
  await starting
  said({ type: 'config', text: clusterConfig })
  said({ type: 'log', level: 'warning', timeMs: 0, text: 'last words' })
  const answer = runner.command(['PING'])
  end(new Error('out of luck'))
  await t.rejects(answer, { code: 'ERR_NODE_CRASHED' })
  t.match(log, [{ text: 'last words' }])
  t.equal(runner.config, clusterConfig)
  t.match(crashes, [{ message: /it crashed: out of luck$/ }])
})

t.test('a node that cannot boot', async (t) => {
  for (const [fault, message] of [
    ['throws-at-boot', 'node 0: it crashed: boot went wrong'],
    ['exits-at-boot', 'node 0: it crashed: the thread ended with exit code 3'],
  ] as const) {
    const { runner, crashes } = runnerWith(t, fault)
    await t.rejects(runner.start(), { code: 'ERR_NODE_CRASHED', message })
    t.equal(runner.life, 'crashed')
    t.equal(crashes.length, 1)
  }
})

t.test('a node that fails in its own words', async (t) => {
  const { runner, crashes, pool } = runnerWith(t, 'fails-when-formed')
  await runner.start()
  await t.rejects(runner.form(clusterConfig), {
    code: 'ERR_NODE_CRASHED',
    message: /: an invariant is broken$/,
  })
  t.equal(crashes.length, 1)
  t.equal(pool.occupied, 0)
})

t.test('a node that boots for ever is ended by a stop', async (t) => {
  const { runner, pool } = runnerWith(t, 'hangs-at-boot')
  const starting = runner.start()
  await runner.stop()
  await t.rejects(starting, { code: 'ERR_NODE_CRASHED' })
  t.equal(runner.life, 'stopped')
  t.equal(pool.occupied, 0)
})

t.test('a node that does not stop loses its thread', async (t) => {
  const { runner, pool } = runnerWith(t, 'ignores-stop')
  await runner.start()
  await runner.stop()
  t.equal(runner.life, 'stopped')
  t.equal(pool.size, 0)
})

t.test('what a paused node is told it hears when it wakes', async (t) => {
  const { runner, shared, crashes } = runnerWith(t)
  await runner.start()
  await runner.hear()
  runner.pause()
  t.equal(runner.life, 'paused')
  const answer = runner.command(['PING'])
  await waitForChange(shared, () => shared.isAsleep(0), { timeoutMs: 10_000, onTimeout: Error })
  runner.resume()
  t.equal(runner.life, 'running')
  t.equal(await answer, '+OK\r\n')
  runner.pause()
  await waitForChange(shared, () => shared.isAsleep(0), { timeoutMs: 10_000, onTimeout: Error })
  const unheard = t.rejects(runner.hear(), { code: 'ERR_NODE_CRASHED' })
  await runner.stop()
  await unheard
  t.equal(runner.life, 'stopped')
  await runner.start()
  await runner.hear()
  t.notOk(shared.isAsleep(0), 'a new start is awake')
  t.strictSame(crashes, [])
})
