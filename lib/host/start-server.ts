/**
 * One node as a server of its own, in a thread of this process: what its redis.conf says it is. It knows nodes of other
 * processes only by its TCP bus, and learns of their failures by their silence, as redis-server does.
 */
import { randomInt } from 'node:crypto'
import { fillCrc16Table } from '../base/crc16.ts'
import { Random } from '../base/random.ts'
import type { ServerBoot } from '../control/message.ts'
import type { ClusterError } from './cluster-error.ts'
import type { StartOptions } from './options.ts'
import type { ThreadPool } from './pool.ts'
import { Roster } from './roster.ts'

/** A server that runs. */
export interface ServerHandle {
  /** Resolves when the server is gone: with the error if nobody had asked it to go. */
  readonly ended: Promise<ClusterError | undefined>
  /** Tells it that the process got a signal, upon which it shuts down. */
  signal(name: 'SIGINT' | 'SIGTERM'): void
}

/** Starts a server; resolves when it serves. Throws a ClusterError when it cannot; then nothing of it is left. */
export async function startServer(
  server: ServerBoot,
  pool: ThreadPool,
  version?: StartOptions['version'],
): Promise<ServerHandle> {
  const seed = randomInt(2 ** 32)
  let end: (error: ClusterError | undefined) => void = () => {}
  const ended = new Promise<ClusterError | undefined>((resolve) => {
    end = resolve
  })
  const roster = new Roster({
    planned: 1,
    pool,
    listener: { ended: (_runner, error) => end(error), log() {}, told() {} },
    common: {
      seed,
      host: '',
      announcedHost: '',
      bus: 'tcp',
      failureDetection: 'timeout',
      version,
      directives: [],
      log: 'nothing',
      server,
    },
  })
  fillCrc16Table(roster.shared.crcTable)
  const id = new Random(String(seed)).fork('ids').nodeId()
  const runner = roster.add({ id, port: 0, directory: undefined })
  await runner.start()
  await runner.form(undefined)
  return { ended, signal: (name) => runner.signal(name) }
}
