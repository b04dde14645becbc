/**
 * What a node is to be, before it is: its configuration, where it listens and where its files lie. The host decides it for a
 * node of a cluster, a redis.conf for a server of its own (loadServerConfig).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { type Bytes, textOf } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import { Version } from '../base/version.ts'
import type { NodeBoot, ServerBoot } from '../control/message.ts'
import { Config } from '../node/config/config.ts'
import { ConfigError, parseConfigText } from '../node/config/config-text.ts'
import { RedisConfFile } from './redis-conf-file.ts'
import { reasonOf } from './system-error.ts'

/** A bus listens this far above the client port. */
const BUS_PORT_OFFSET = 10_000

/** A node to be. */
export interface NodeSetup {
  readonly config: Config
  /** As `bind` spells them; none when no port is served. */
  readonly addresses: readonly string[]
  /** Client port; 0 lets the system pick one. */
  readonly port: number
  /** Port of a bus over TCP; undefined: {@link BUS_PORT_OFFSET} above the client port, whichever that becomes. */
  readonly busPort: number | undefined
  readonly bus: 'channel' | 'tcp' | 'none'
  /** Absolute path; undefined keeps everything in memory. */
  readonly directory: string | undefined
  /** A file, the standard output, or undefined for neither. */
  readonly log: string | typeof STANDARD_OUTPUT | undefined
  readonly pidFile: string | undefined
  readonly unixSocket: { readonly path: string; readonly mode: number } | undefined
}

/** The file descriptor that a server without `logfile` writes its log to. */
export const STANDARD_OUTPUT = 1

/** Reads the directives. Throws a ConfigError. */
export function setUp(boot: NodeBoot): NodeSetup {
  return boot.server === undefined ? asHostSays(boot) : asFileSays(boot, boot.server)
}

/** The port of the bus above a client port. */
export function busPortAbove(port: number): number {
  return port + BUS_PORT_OFFSET
}

function asHostSays(boot: NodeBoot): NodeSetup {
  const config = new Config(undefined, new Version(boot.version))
  config.loadPairs([['cluster-enabled', 'yes'], ...boot.directives])
  config.assign('bind', boot.host)
  const { directory } = boot
  const logFile = textOf(config.text('logfile'))
  const isLogged = logFile !== '' && (directory !== undefined || isAbsolute(logFile))
  return {
    config,
    addresses: [boot.host],
    port: boot.port,
    busPort: undefined,
    bus: config.boolean('cluster-enabled') ? boot.bus : 'none',
    directory,
    log: isLogged ? resolve(directory ?? '/', logFile) : undefined,
    pidFile: undefined,
    unixSocket: undefined,
  }
}

function asFileSays(
  boot: NodeBoot,
  { configText, configPath, workingDirectory }: ServerBoot,
): NodeSetup {
  const file = configPath === '' ? undefined : new RedisConfFile(configPath)
  const config = new Config(file, new Version(boot.version))
  config.load(configText, (pattern) => readIncluded(resolve(workingDirectory, pattern)))
  const directory = resolve(workingDirectory, config.text('dir'))
  checkDirectory(directory, configText)
  config.assign('dir', directory)
  const port = config.number('port')
  const [logFile, pidFile, socket] = ['logfile', 'pidfile', 'unixsocket'].map((name) =>
    config.text(name) === '' ? undefined : resolve(directory, config.text(name)),
  )
  return {
    config,
    addresses: port === 0 ? [] : config.text('bind').split(' ').filter(Boolean),
    port,
    busPort: config.number('cluster-port') || undefined,
    bus: config.boolean('cluster-enabled') ? 'tcp' : 'none',
    directory,
    log: logFile ?? STANDARD_OUTPUT,
    pidFile,
    unixSocket:
      socket === undefined ? undefined : { path: socket, mode: config.number('unixsocketperm') },
  }
}

/** Redis goes there as soon as it has read the line. */
function checkDirectory(directory: string, configText: Bytes): void {
  try {
    readdirSync(directory)
  } catch (error) {
    const lines = parseConfigText(configText, () => [])
    throw new ConfigError(
      reasonOf(error),
      lines.findLast(({ words }) => words[0] === 'dir'),
    )
  }
}

/** The texts of the files that an `include` names; its last part may be a glob. */
function readIncluded(pattern: string): Bytes[] {
  try {
    return readMatching(pattern)
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error })
  }
}

function readMatching(pattern: string): Bytes[] {
  const folder = dirname(pattern)
  const name = basename(pattern)
  const names = /[*?[]/.test(name)
    ? readdirSync(folder)
        .filter((entry) => globMatch(name, entry))
        .sort()
    : [name]
  return names.map((entry) => readFileSync(join(folder, entry), 'latin1'))
}
