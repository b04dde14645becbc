import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { serveNode } from '../../lib/cli/serve-node.ts'
import type { ServerBoot } from '../../lib/control/message.ts'
import { ClusterError } from '../../lib/host/cluster-error.ts'

const NOTHING = { path: undefined, readsStandardInput: false, options: '' }

/** What is written to standard error meanwhile. */
function errorsOf(t: Test): () => string {
  const captured = t.capture(process.stderr, 'write', () => true)
  return () =>
    captured()
      .map(({ args }) => String(args[0]))
      .join('')
}

t.test('the file comes before the options, relative to where we are', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'serve-node-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'redis.conf')
  writeFileSync(path, 'port 1\n')
  const boots: ServerBoot[] = []
  const status = await serveNode({ ...NOTHING, path, options: 'port "2" ' }, async (boot) => {
    boots.push(boot)
    return { ended: Promise.resolve(undefined), signal() {} }
  })
  t.equal(status, 0)
  t.strictSame(boots, [
    { configText: 'port 1\n\nport "2" ', configPath: path, workingDirectory: process.cwd() },
  ])
})

t.test('signals are for the server, a hangup for nobody', async (t) => {
  const before = process.listenerCount('SIGTERM')
  const heard: string[] = []
  const status = await serveNode(NOTHING, async () => {
    let end: (error: undefined) => void = () => {}
    const ended = new Promise<undefined>((resolve) => {
      end = resolve
    })
    setImmediate(() => {
      process.emit('SIGHUP', 'SIGHUP')
      process.emit('SIGTERM', 'SIGTERM')
    })
    const signal = (name: string) => {
      heard.push(name)
      end(undefined)
    }
    return { ended, signal }
  })
  t.equal(status, 0)
  t.same(heard, ['SIGTERM'])
  t.equal(process.listenerCount('SIGTERM'), before, 'no listener is left')
})

t.test('what goes wrong is told on standard error', async (t) => {
  const errors = errorsOf(t)
  const failing = (code: 'ERR_BAD_DIRECTIVE' | 'ERR_PORT_TAKEN') => () =>
    Promise.reject(new ClusterError(code, `because of ${code}`))
  t.equal(await serveNode(NOTHING, failing('ERR_BAD_DIRECTIVE')), 1)
  t.equal(
    errors(),
    '\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nbecause of ERR_BAD_DIRECTIVE\n',
  )
  t.equal(await serveNode(NOTHING, failing('ERR_PORT_TAKEN')), 1)
  t.equal(errors(), '', 'the log of the server says it')
  const crash = new ClusterError('ERR_NODE_CRASHED', 'it crashed')
  const crashing = async () => ({ ended: Promise.resolve(crash), signal() {} })
  t.equal(await serveNode(NOTHING, crashing), 1)
  t.equal(errors(), 'it crashed\n')
  t.equal(await serveNode({ ...NOTHING, path: '/gone.conf' }, crashing), 1)
  t.equal(errors(), "Fatal error, can't open config file '/gone.conf': No such file or directory\n")
  await t.rejects(
    serveNode(NOTHING, () => Promise.reject(new TypeError('a defect'))),
    { message: 'a defect' },
  )
})
