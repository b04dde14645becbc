/**
 * Starts a real `redis-server` for conformance tests: on a free port, in a directory of its own under the
 * system's temporary directory, without snapshots. Invariant: no server outlives the test's process,
 * unless that is killed by SIGKILL.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bytes } from '../../lib/base/bytes.ts'
import { type Reply, RespClient } from './resp-client.ts'

/** The binary that is started: `redis-server` of the PATH unless REDIS_SERVER names another one. */
const BINARY = process.env.REDIS_SERVER ?? 'redis-server'

const installedVersion = /v=(\d+\.\d+\.\d+)/.exec(
  spawnSync(BINARY, ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1]

/** Version of the installed server, `7.0.15`; undefined when there is none. */
export const realRedisVersion: string | undefined = installedVersion

/** For the `skip` option of a test: a reason when no redis-server is installed, else false. */
export const withoutRealRedis: string | false =
  installedVersion === undefined ? 'redis-server is not installed' : false

/** For the `skip` option of tests whose facts are those of 7.0.x. */
export const withoutRealRedis70: string | false =
  withoutRealRedis !== false || installedVersion?.startsWith('7.0.')
    ? withoutRealRedis
    : `redis-server is ${installedVersion}, not 7.0`

/** How to start it. */
export interface RealRedisOptions {
  /** What to run instead: a program that takes the arguments of redis-server, and the words before them. */
  readonly command?: readonly [string, ...string[]]
  /** More arguments, as on its command line: `['--maxmemory', '1mb']`. They win over the defaults; log level and log file stay. */
  readonly args?: readonly string[]
  /** With cluster-enabled, so that the bus port is free too. */
  readonly cluster?: boolean
  /** The text of its `redis.conf`, in its directory; then it has no defaults but the port. */
  readonly config?: Bytes
}

/** A running redis-server. */
export interface RealRedis {
  readonly port: number
  readonly pid: number
  /** Its working directory, removed by `stop`. */
  readonly directory: string
  /** All it has logged, also before a restart. */
  readonly log: readonly string[]
  /** Runs one command on a connection that all callers share. */
  command(...argv: readonly Bytes[]): Promise<Reply>
  /** One more connection; the caller closes it. */
  connect(): Promise<RespClient>
  /** Ends it by SIGKILL; `restart` brings it back on the same port, in the same directory. */
  kill(): Promise<void>
  /** Resolves when it has ended by itself. */
  ended(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * All lie below the ports that the system gives to outgoing connections, bus ports included: one of those could take the
 * place of a server that ended and comes back.
 */
const FIRST_PORT = { withBus: 10_501, alone: 20_001 }
const PORT_COUNT = 9_000
const BUS_OFFSET = 10_000
const ATTEMPTS = 20

let nextPort = process.pid * 31

interface Running {
  child: ChildProcess
  readonly start: () => ChildProcess
  readonly directory: string
  readonly log: string[]
}

const running = new Set<Running>()

function discardAll(): void {
  for (const server of running) discard(server)
}

process.once('exit', discardAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    discardAll()
    process.kill(process.pid, signal)
  })
}

/** Starts a server and waits until it is ready. Throws with its log when it does not get there. */
export async function startRealRedis(options: RealRedisOptions = {}): Promise<RealRedis> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.cluster ?? false)
    const directory = mkdtempSync(join(tmpdir(), 'real-redis-'))
    const args = argumentsOf(port, directory, options)
    const [program, ...words] = options.command ?? [BINARY]
    const start = () => spawn(program, [...words, ...args], { cwd: directory })
    const server: Running = { child: start(), start, directory, log: [] }
    running.add(server)
    const failure = await readiness(server.child, server.log)
    if (failure === undefined) return handle(server, port, await RespClient.connect(port))
    discard(server)
    // Somebody else may have taken the port in between.
    if (attempt === ATTEMPTS || !/bind|listen/i.test(failure)) {
      throw new Error(`redis-server did not start: ${failure}`)
    }
  }
}

function argumentsOf(port: number, directory: string, options: RealRedisOptions): string[] {
  const args = ['--port', `${port}`]
  if (options.config === undefined) {
    args.push('--bind', '127.0.0.1', '--dir', directory, '--save', '')
  } else {
    const path = join(directory, 'redis.conf')
    writeFileSync(path, options.config, 'latin1')
    args.unshift(path)
  }
  if (options.cluster) args.push('--cluster-enabled', 'yes')
  return [...args, ...(options.args ?? [])]
}

/** Waits for the log line that says the server is ready; resolves to the log if it ends or hesitates too long. */
function readiness(child: ChildProcess, lines: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    let log = ''
    let partial = ''
    const timer = setTimeout(() => resolve(log), 10_000)
    const settle = (failure: string | undefined) => {
      clearTimeout(timer)
      resolve(failure)
    }
    const read = (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      const parts = (partial + text).split('\n')
      partial = parts.pop() ?? ''
      lines.push(...parts)
      log += text
      if (log.includes('Ready to accept connections')) {
        log = ''
        settle(undefined)
      }
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', (error) => settle(error.message))
    child.once('exit', () => settle(log))
  })
}

function handle(server: Running, port: number, first: RespClient): RealRedis {
  let client = first
  return {
    port,
    get pid() {
      return server.child.pid ?? 0
    },
    directory: server.directory,
    log: server.log,
    command: (...argv) => client.command(...argv),
    connect: () => RespClient.connect(port),
    async kill() {
      await client.close()
      const end = ended(server.child)
      server.child.kill('SIGKILL')
      await end
    },
    ended: () => ended(server.child),
    async restart() {
      server.child = server.start()
      const failure = await readiness(server.child, server.log)
      if (failure !== undefined) throw new Error(`redis-server did not restart: ${failure}`)
      client = await RespClient.connect(port)
    },
    async stop() {
      await client.close()
      const end = ended(server.child)
      discard(server)
      await end
    },
  }
}

function discard(server: Running): void {
  running.delete(server)
  server.child.kill('SIGKILL')
  rmSync(server.directory, { recursive: true, force: true })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise((resolve) => child.once('exit', resolve))
}

/** A port that nobody listens on; with `withBus` nobody does 10000 above either. */
export async function freePort(withBus: boolean): Promise<number> {
  const first = FIRST_PORT[withBus ? 'withBus' : 'alone']
  for (let i = 0; i < PORT_COUNT; i++) {
    const port = first + (nextPort++ % PORT_COUNT)
    if (!(await isFree(port))) continue
    if (!withBus || (await isFree(port + BUS_OFFSET))) return port
  }
  throw new Error(`no free port above ${first}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}
