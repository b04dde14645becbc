/**
 * The options of startCluster: what may be given and what it becomes. Invariant: what comes out of `resolveOptions` is
 * complete and consistent; what only a node can judge (a directive, a taken port) is left to the node.
 */
import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { RELEASES, type Release } from '../base/version.ts'
import { type Directive, type DirectiveValue, directivesOf } from './directive.ts'
import { bad, boolean, choice, closest, integer, listed, wrong } from './option-check.ts'

/** A line of a node's log. */
export interface LogEntry {
  readonly level: 'debug' | 'verbose' | 'notice' | 'warning'
  /** Unix time, milliseconds. */
  readonly timeMs: number
  readonly text: string
  /** Index of the node that wrote it. */
  readonly node: number
}

/** The least level of log lines that are written. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning' | 'nothing'

/** Options of startCluster. The README's table is made of these lines. */
export interface StartOptions {
  /**
   * Number of masters; the slots are split evenly among them. With `cluster-enabled: 'no'` in `config` there is one server, and that is the default.
   * @defaultValue 3
   */
  readonly masters?: number | undefined
  /**
   * Number of replicas of each master; with `cluster-enabled: 'no'` none unless given.
   * @defaultValue 1
   */
  readonly replicas?: number | undefined
  /**
   * IP address to listen on. Nodes that listen on all addresses (`0.0.0.0`, `::`) announce the loopback address unless `config` has a `cluster-announce-ip`.
   * @defaultValue '127.0.0.1'
   */
  readonly host?: string | undefined
  /**
   * Client port of the first node; the others follow one by one.
   * @defaultValue free ports
   */
  readonly port?: number | undefined
  /**
   * How the nodes gossip: over message channels inside the process, or over TCP on client port + 10000.
   * @defaultValue 'channel'
   */
  readonly bus?: 'channel' | 'tcp' | undefined
  /**
   * Whether nodes learn at once that a peer is gone, or by `nodeTimeout`.
   * @defaultValue 'instant'
   */
  readonly failureDetection?: 'instant' | 'timeout' | undefined
  /**
   * The version of Redis that the nodes are: its commands, arguments and replies, and none that came later.
   * @defaultValue 7.0 that knows the commands of later versions, too
   */
  readonly version?: '7.0' | '7.2' | '7.4' | '8.0' | undefined
  /**
   * `cluster-node-timeout` in milliseconds.
   * @defaultValue 15000
   */
  readonly nodeTimeout?: number | undefined
  /**
   * Directives of redis.conf for every node, by name: `{ 'maxmemory-policy': 'allkeys-lru', save: ['900 1', '300 10'] }`.
   * @defaultValue {}
   */
  readonly config?: Readonly<Record<string, DirectiveValue>> | undefined
  /**
   * Directory for the files of the nodes, each in a subdirectory `node-0`, `node-1` and so on.
   * @defaultValue nothing touches the disk
   */
  readonly dir?: string | undefined
  /**
   * Source of ids and all other chance: the same seed gives the same ids.
   * @defaultValue random
   */
  readonly seed?: number | string | undefined
  /**
   * Password of every node (`requirepass` and `masterauth`).
   * @defaultValue none
   */
  readonly password?: string | undefined
  /**
   * Log lines of the nodes: a least level, to standard error, or `{ level, write }` to get each line as an object.
   * @defaultValue 'nothing'
   */
  readonly log?:
    | LogLevel
    | { readonly level: LogLevel; readonly write: (entry: LogEntry) => void }
    | undefined
  /**
   * Aborts the start; later on it stops the cluster.
   * @defaultValue none
   */
  readonly signal?: AbortSignal | undefined
  /**
   * `false` leaves the nodes blank: no slots, and they do not know each other.
   * @defaultValue true
   */
  readonly form?: boolean | undefined
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  /** False: no cluster but a server by itself, and the replicas that follow it. */
  readonly clusterEnabled: boolean
  readonly masters: number
  readonly replicas: number
  /** Address to listen on. */
  readonly host: string
  /** Address that clients and nodes are told. */
  readonly announcedHost: string
  /** First client port; 0 lets the system pick each. */
  readonly port: number
  readonly bus: 'channel' | 'tcp'
  readonly failureDetection: 'instant' | 'timeout'
  readonly nodeTimeoutMs: number
  /** Undefined: the default one. */
  readonly version: Release | undefined
  readonly directives: readonly Directive[]
  /** Absolute path. */
  readonly directory: string | undefined
  readonly seed: string
  readonly password: string | undefined
  readonly logLevel: LogLevel
  /** Undefined writes to standard error. */
  readonly writeLog: ((entry: LogEntry) => void) | undefined
  readonly signal: AbortSignal | undefined
  readonly form: boolean
}

/** Levels of the `log` option, from the most to the fewest lines. */
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning', 'nothing']

/** Values of the `version` option, oldest first. */
export const RELEASE_NAMES = Object.keys(RELEASES) as readonly Release[]

/** Nodes a cluster may start with: as many as Redis Cluster is made for. */
export const NODE_LIMIT = 1000

/** A TCP bus listens this far above the client port. */
const BUS_PORT_OFFSET = 10_000

const HIGHEST_PORT = 65_535

/** That of redis.conf. */
const DEFAULT_NODE_TIMEOUT_MS = 15_000

const OPTION_NAMES = [
  'masters',
  'replicas',
  'host',
  'port',
  'bus',
  'failureDetection',
  'version',
  'nodeTimeout',
  'config',
  'dir',
  'seed',
  'password',
  'log',
  'signal',
  'form',
] as const satisfies readonly (keyof StartOptions)[]

/** Checks options and fills in the defaults. Throws a ClusterError, ERR_BAD_OPTION. */
export function resolveOptions(given: StartOptions = {}): ResolvedOptions {
  const options = checkNames(given)
  const directives = directivesOf(options)
  const directiveValue = (name: string) => directives.findLast(([other]) => other === name)?.[1]
  const clusterEnabled = directiveValue('cluster-enabled')?.toLowerCase() !== 'no'
  const usual = clusterEnabled ? { masters: 3, replicas: 1 } : { masters: 1, replicas: 0 }
  const masters = integer('masters', options.masters, { from: 1, to: NODE_LIMIT }) ?? usual.masters
  if (masters > 1 && !clusterEnabled) {
    const advice = 'there is one server without a cluster; it may have `replicas`'
    throw wrong('masters', masters, "1 with `cluster-enabled: 'no'`", advice)
  }
  const replicas =
    integer('replicas', options.replicas, { from: 0, to: NODE_LIMIT - 1 }) ?? usual.replicas
  const count = masters * (1 + replicas)
  if (count > NODE_LIMIT) {
    throw bad(
      `masters: ${masters} with replicas: ${replicas} each are ${count} nodes; a cluster has at most ${NODE_LIMIT}`,
    )
  }
  const host = hostOf(options.host)
  const bus = choice('bus', options.bus, ['channel', 'tcp']) ?? 'channel'
  const log = logOf(options.log)
  return {
    clusterEnabled,
    masters,
    replicas,
    host,
    announcedHost: directiveValue('cluster-announce-ip') ?? reachable(host),
    port: portOf(options.port, count, bus),
    bus,
    failureDetection:
      choice('failureDetection', options.failureDetection, ['instant', 'timeout']) ?? 'instant',
    nodeTimeoutMs: Number(directiveValue('cluster-node-timeout') ?? DEFAULT_NODE_TIMEOUT_MS),
    version: choice('version', options.version, RELEASE_NAMES),
    directives,
    directory: directoryOf(options.dir),
    seed: seedOf(options.seed),
    password: directiveValue('requirepass') || undefined,
    logLevel: log.level,
    writeLog: log.write,
    signal: signalOf(options.signal),
    form: boolean('form', options.form) ?? true,
  }
}

function checkNames(given: unknown): StartOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong('options', given, 'an object', 'try { masters: 3, replicas: 1 }')
  }
  const known: readonly string[] = OPTION_NAMES
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const likely = closest(name, known)
    throw bad(
      `there is no option \`${name}\`; ${likely === undefined ? `the options are ${known.join(', ')}` : `did you mean \`${likely}\`?`}`,
    )
  }
  return given
}

function hostOf(value: unknown): string {
  if (value === undefined || value === 'localhost') return '127.0.0.1'
  if (typeof value === 'string' && isIP(value) !== 0) return value
  throw wrong('host', value, "an IP address to listen on, such as '127.0.0.1' or '0.0.0.0'")
}

/** An address by which a node on this machine is reached. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

function portOf(value: unknown, count: number, bus: 'channel' | 'tcp'): number {
  const offset = bus === 'tcp' ? BUS_PORT_OFFSET : 0
  const last = HIGHEST_PORT - offset - (count - 1)
  if (value === undefined || value === 0) return 0
  if (Number.isInteger(value) && (value as number) > 0 && (value as number) <= last) {
    return value as number
  }
  const reason =
    offset === 0
      ? `${count} nodes need ${count} ports from there on`
      : `${count} nodes need ${count} ports from there on, and as many ${offset} above for the bus`
  throw wrong(
    'port',
    value,
    `a whole number from 1 to ${last}`,
    `${reason}; leave it out for free ports`,
  )
}

function directoryOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return resolve(value)
  throw wrong('dir', value, 'the path of a directory', 'leave it out to touch no disk')
}

function seedOf(value: unknown): string {
  if (value === undefined) return String(randomInt(2 ** 32))
  if (typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value))) {
    return String(value)
  }
  throw wrong('seed', value, 'a number or a string')
}

function logOf(value: unknown): {
  level: LogLevel
  write: ((entry: LogEntry) => void) | undefined
} {
  if (value === undefined) return { level: 'nothing', write: undefined }
  if (typeof value === 'object' && value !== null && 'level' in value && 'write' in value) {
    const level = choice('log.level', value.level, LOG_LEVELS)
    if (level !== undefined && typeof value.write === 'function') {
      return { level, write: value.write as (entry: LogEntry) => void }
    }
  } else if (typeof value === 'string') {
    return { level: choice('log', value, LOG_LEVELS) ?? 'nothing', write: undefined }
  }
  throw wrong(
    'log',
    value,
    `${listed(LOG_LEVELS)}, or { level, write } with one of these and a function`,
  )
}

/** An AbortSignal of any realm. */
function signalOf(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined
  if (
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    'addEventListener' in value
  ) {
    return value as AbortSignal
  }
  throw wrong('signal', value, 'an AbortSignal')
}
