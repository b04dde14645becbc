/**
 * The life of `redis-memory-cluster node`: one server from a redis.conf, in the foreground, until it is shut down by a
 * client or a signal. It says what redis-server says, where redis-server says it.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Bytes } from '../base/bytes.ts'
import type { ServerBoot } from '../control/message.ts'
import { ClusterError } from '../host/cluster-error.ts'
import type { ServerHandle } from '../host/start-server.ts'
import { ExitStatus } from './serve.ts'
import type { ServerRequest } from './server-request.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Keeps the process alive; nothing of the server does. */
const HEARTBEAT_MS = 2 ** 30

/** Serves until the server has ended and returns the exit status. */
export async function serveNode(
  request: ServerRequest,
  startServer: (boot: ServerBoot, version: ServerRequest['version']) => Promise<ServerHandle>,
): Promise<number> {
  const heartbeat = setInterval(() => {}, HEARTBEAT_MS)
  let interrupts = 0
  let server: ServerHandle | undefined
  const onSignal = (name: (typeof SIGNALS)[number]): void => {
    if (server === undefined || (name === 'SIGINT' && ++interrupts > 1)) {
      process.exit(ExitStatus.failed)
    }
    server.signal(name)
  }
  const onHangup = (): void => {}
  for (const name of SIGNALS) process.on(name, onSignal)
  process.on('SIGHUP', onHangup)
  try {
    server = await startServer(bootOf(request), request.version)
    const error = await server.ended
    if (error === undefined) return ExitStatus.ok
    process.stderr.write(`${error.message}\n`)
    return ExitStatus.failed
  } catch (error) {
    return complain(error)
  } finally {
    clearInterval(heartbeat)
    for (const name of SIGNALS) process.off(name, onSignal)
    process.off('SIGHUP', onHangup)
  }
}

/** Reads the files. Throws a ClusterError, ERR_BAD_DIRECTIVE, without a headline of its own when one cannot be read. */
function bootOf({ path, readsStandardInput, options }: ServerRequest): ServerBoot {
  const parts: Bytes[] = []
  if (path !== undefined) parts.push(read(path, path))
  if (readsStandardInput) parts.push(read(0, '(stdin)'))
  if (options !== '') parts.push(options)
  return {
    configText: parts.join('\n'),
    configPath: path === undefined ? '' : resolve(path),
    workingDirectory: process.cwd(),
  }
}

/** Why the file of the command line cannot be read: nothing has been configured yet that could be wrong. */
class UnreadableFile extends Error {}

function read(file: string | number, name: string): Bytes {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'No such file or directory'
        : (error as Error).message
    throw new UnreadableFile(`Fatal error, can't open config file '${name}': ${reason}`)
  }
}

function complain(error: unknown): number {
  if (error instanceof UnreadableFile) {
    process.stderr.write(`${error.message}\n`)
  } else if (error instanceof ClusterError && error.code === 'ERR_BAD_DIRECTIVE') {
    process.stderr.write(`\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\n${error.message}\n`)
  } else if (!(error instanceof ClusterError)) {
    throw error
  } else if (error.code !== 'ERR_PORT_TAKEN' && error.code !== 'ERR_LISTEN') {
    // The log says why nobody can listen.
    process.stderr.write(`${error.message}\n`)
  }
  return ExitStatus.failed
}
