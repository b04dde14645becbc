import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { freePort } from './support/real-redis.ts'
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
  return runWords(t, '--port', '0', ...args)
}

function runWords(t: Test, ...words: string[]): Running {
  const child = spawn(process.execPath, [cli, ...words], {
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

t.test('one server in the foreground, as redis-server would be', { skip: posix }, async (t) => {
  const port = await freePort(false)
  const directory = mkdtempSync(join(tmpdir(), 'cli-node-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'redis.conf')
  writeFileSync(file, `dir ${directory}\nport ${port}\npidfile redis.pid\nbind 127.0.0.1\n`)
  const serve = (...words: string[]) => runWords(t, 'node', file, ...words)
  const { child, ended, output } = serve('--databases', '20', '--save', '')
  await output(/Ready to accept connections\n/)
  const client = await RespClient.connect(port)
  t.equal((await client.command('SELECT', '19')).value, 'OK')
  t.match((await client.command('INFO', 'server')).value, `config_file:${file}\r\n`)
  t.equal(readFileSync(join(directory, 'redis.pid'), 'utf8'), `${child.pid}\n`)

  t.equal((await client.command('CONFIG', 'SET', 'maxclients', '77')).value, 'OK')
  if (process.platform === 'linux') {
    const score = () => Number(readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8'))
    const before = score()
    await client.command('CONFIG', 'SET', 'oom-score-adj-values', '5 6 7')
    t.equal((await client.command('CONFIG', 'SET', 'oom-score-adj', 'yes')).value, 'OK')
    t.equal(score(), Math.min(before + 5, 1000))
  }
  t.equal((await client.command('CONFIG', 'REWRITE')).value, 'OK')
  t.match(readFileSync(file, 'utf8'), /^maxclients 77$/m)

  const second = await serve().ended
  t.match(second, { status: 1 })
  t.match(second.output, `bind: Address already in use\n`)
  t.match(second.output, `Failed listening on port ${port} (TCP), aborting.\n`)

  const third = await serve('--port', '0', '--unixsocket', join(file, 'socket')).ended
  t.match(third, { status: 1 })
  t.match(third.output, /Failed opening Unix socket: bind: \w/)

  const fourth = await serve('--port', '0').ended
  t.match(fourth, { status: 1 })
  t.match(fourth.output, 'Configured to not listen anywhere, exiting.\n')

  child.kill('SIGTERM')
  const { status, output: log } = await ended
  t.equal(status, 0)
  t.match(log, /Received SIGTERM scheduling shutdown\.\.\.\n/)
  t.notOk(existsSync(join(directory, 'redis.pid')))
})

t.test('a server that cannot be says why', { skip: posix }, async (t) => {
  const [bad, gone] = await Promise.all([
    runWords(t, 'node', '--port', 'x').ended,
    runWords(t, 'node', '/gone/redis.conf').ended,
  ])
  t.match(bad, {
    status: 1,
    errors:
      "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line 1\n>>> 'port \"x\"'\nargument couldn't be parsed into an integer\n",
  })
  t.match(gone, {
    status: 1,
    errors: "Fatal error, can't open config file '/gone/redis.conf': No such file or directory\n",
  })
})
