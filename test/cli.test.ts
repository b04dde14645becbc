import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { RespClient } from './support/resp-client.ts'

const cli = fileURLToPath(new URL('../lib/cli.js', import.meta.url))
const posix = process.platform === 'win32' ? 'needs the signals of a POSIX system' : false

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<{ status: number | null; output: string; errors: string }>
  /** Standard output, once it holds so much. */
  output(pattern: RegExp): Promise<string>
}

function run(t: Test, ...args: string[]): Running {
  const child = spawn(process.execPath, [cli, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    child.emit('output')
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return {
    child,
    ended: once(child, 'close').then(([status]) => ({ status, output, errors })),
    async output(pattern) {
      while (!pattern.test(output)) await once(child, 'output')
      return output
    },
  }
}

t.test('it prints its nodes, lives until Ctrl-C and ends cleanly', { skip: posix }, async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, ended, output } = run(t, '--masters', '1', '--replicas', '1')
    const table = await output(/Stop: Ctrl-C\n/)
    const [, port] = /^0 +master +127\.0\.0\.1:(\d+) /m.exec(table) ?? []
    const client = await RespClient.connect(Number(port))
    t.equal((await client.command('SET', 'a', '1')).value, 'OK')
    child.kill(signal)
    await client.closed
    t.match(await ended, { status: 0, errors: '' }, signal)
  }
})

t.test('programs get one line of JSON', { skip: posix }, async (t) => {
  const { child, ended, output } = run(t, '--masters', '1', '--replicas', '0', '--json')
  const { nodes, pid } = JSON.parse(await output(/\n/))
  t.equal(nodes.length, 1)
  t.equal(pid, child.pid)
  child.kill('SIGTERM')
  t.match(await ended, { status: 0 })
})

t.test('a command runs with it; signals go to the command first', { skip: posix }, async (t) => {
  const line = 'trap "echo stopping; exit 9" TERM; echo "$REDIS_CLUSTER_NODES"; sleep 60 & wait'
  const { child, ended, output } = run(t, '--masters', '1', '--replicas', '0', '--exec', line)
  t.match(await output(/\n/), /^127\.0\.0\.1:\d+\n$/)
  child.kill('SIGTERM')
  const { status, output: all } = await ended
  t.equal(status, 9)
  t.match(all, /stopping/)
})

t.test('a second Ctrl-C ends it at once', { skip: posix }, async (t) => {
  const line = 'trap "" INT TERM; echo ready; while :; do sleep 1; done'
  const { child, ended, output } = run(t, '--masters', '1', '--replicas', '0', '--exec', line)
  await output(/ready/)
  child.kill('SIGINT')
  child.kill('SIGINT')
  const interval = setInterval(() => child.kill('SIGINT'), 50)
  const { status } = await ended
  clearInterval(interval)
  t.equal(status, 130)
})

t.test('bad options end it with 2 and a line that says why', async (t) => {
  for (const [args, message] of [
    ['--masters 0', /^error: `masters` must be a whole number from 1 to 1000, not 0\n$/],
    ['--bogus', /^error: unknown option '--bogus'/],
    ['--config bogus=1', /^error: `config`: 'bogus 1': Bad directive .*\n$/],
    ['--dir /dev/null/x', /^error: `dir` must be a directory/],
  ] as const) {
    const child = spawnSync(process.execPath, [cli, '--port', '0', ...args.split(' ')], {
      encoding: 'utf8',
    })
    t.equal(child.status, 2, args)
    t.match(child.stderr, message)
    t.equal(child.stdout, '')
  }
  const help = spawnSync(process.execPath, [cli, '--help'], { encoding: 'utf8' })
  t.equal(help.status, 0)
  t.match(help.stdout, /^Usage: redis-memory-cluster/)
})
