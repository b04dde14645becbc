/**
 * The life of the command line: start the cluster, say so, and either run a command or live until told to stop.
 * Invariant: the first signal ends everything in order, a second Ctrl-C at once.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { ClusterError } from '../host/cluster-error.ts'
import { type ClusterEnvironment, environmentOf } from '../host/environment.ts'
import type { Cluster } from '../host/handle.ts'
import type { StartOptions } from '../host/options.ts'
import type { CliRequest } from './program.ts'
import { jsonOf, tableOf } from './report.ts'

/** Exit statuses of our own; a command's status is passed on as it is. */
export const ExitStatus = { ok: 0, failed: 1, badOptions: 2, interrupted: 130 } as const

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SIGNAL_STATUS_BASE = 128

/** Keeps the process alive; nothing of the cluster does. */
const HEARTBEAT_MS = 2 ** 30

/** Codes that mean the options were bad, whoever found out. */
const BAD_OPTION_CODES: readonly string[] = [
  'ERR_BAD_OPTION',
  'ERR_BAD_DIRECTIVE',
  'ERR_BAD_DIRECTORY',
]

/** Serves a request until it is over and returns the exit status. */
export async function serve(
  request: CliRequest,
  startCluster: (options: StartOptions) => Promise<Cluster>,
): Promise<number> {
  const stop = new AbortController()
  let command: RunningCommand | undefined
  let signals = 0
  const onSignal = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && ++signals > 1) {
      command?.kill('SIGKILL')
      process.exit(ExitStatus.interrupted)
    }
    // While a command runs, the cluster lives until it has ended.
    if (command === undefined) stop.abort()
    else command.pass(signal)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    const cluster = await startCluster({ ...request.start, signal: stop.signal })
    if (request.json) process.stdout.write(jsonOf(cluster))
    else if (request.exec === undefined) process.stdout.write(tableOf(cluster))
    if (request.exec === undefined) {
      await aborted(stop.signal)
      await cluster.stop()
      return ExitStatus.ok
    }
    command = new RunningCommand(request.exec, environmentOf(cluster))
    const status = await command.ended
    await cluster.stop()
    return status
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'ERR_ABORTED') return ExitStatus.ok
    return complain(error)
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

/** Says what went wrong and returns the exit status. */
function complain(error: unknown): number {
  if (!(error instanceof ClusterError)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  return BAD_OPTION_CODES.includes(error.code) ? ExitStatus.badOptions : ExitStatus.failed
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const heartbeat = setInterval(() => {}, HEARTBEAT_MS)
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  clearInterval(heartbeat)
}

/** A command line that runs in a shell, with our own input and output. */
class RunningCommand {
  /** The status a shell would give for it. */
  readonly ended: Promise<number>
  readonly #child: ChildProcess
  /** A terminal sends Ctrl-C to us and to the command alike; without one the command gets a process group for signals. */
  readonly #hasTerminal = process.stdin.isTTY === true
  readonly #isGroup = !this.#hasTerminal && process.platform !== 'win32'

  constructor(line: string, environment: ClusterEnvironment) {
    const env = { ...process.env, ...environment }
    this.#child = spawn(line, { shell: true, stdio: 'inherit', env, detached: this.#isGroup })
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('exit', (code, signal) => {
        if (signal === null) resolve(code ?? ExitStatus.failed)
        else resolve(SIGNAL_STATUS_BASE + (constants.signals[signal] ?? 0))
      })
    })
  }

  /** Hands on a signal that we got. */
  pass(signal: NodeJS.Signals): void {
    if (signal !== 'SIGINT' || !this.#hasTerminal) this.kill(signal)
  }

  kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (!this.#isGroup || pid === undefined) {
      this.#child.kill(signal)
      return
    }
    try {
      process.kill(-pid, signal)
    } catch {
      // It has ended in the meantime.
    }
  }
}
