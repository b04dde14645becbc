/**
 * The command line's options, and what they mean for startCluster. The README's table is made of these lines.
 * What a value may be is startCluster's to judge; here a word only becomes a number, a pair or a switch.
 */
import { createRequire } from 'node:module'
import { Command, InvalidArgumentError, Option } from 'commander'
import { LOG_LEVELS, RELEASE_NAMES, type StartOptions } from '../host/options.ts'
import { identityOf, type ServerRequest, serverRequestOf } from './server-request.ts'

/** What was asked for. */
export interface CliRequest {
  readonly start: StartOptions
  /** One line of JSON instead of a table. */
  readonly json: boolean
  /** A command to run with the cluster. */
  readonly exec: string | undefined
}

/** Options as commander parses them. */
interface ParsedOptions {
  readonly masters?: number
  readonly replicas?: number
  readonly host?: string
  readonly port: number
  readonly bus: 'channel' | 'tcp'
  readonly failureDetection: 'instant' | 'timeout'
  readonly redisVersion?: StartOptions['version']
  readonly nodeTimeout?: number
  readonly config?: Readonly<Record<string, readonly string[]>>
  readonly dir?: string
  readonly password?: string
  readonly log?: string | true
  readonly blank?: true
  readonly json?: true
  readonly exec?: string
}

/** What the program does. */
export interface CliActions {
  /** Starts a cluster. */
  run(request: CliRequest): Promise<void>
  /** Starts one server by itself. */
  serve(request: ServerRequest): Promise<void>
}

/** The first words that redis-server answers instead of starting. */
const VERSION_WORDS = new Set(['-v', '--version'])
const HELP_WORDS = new Set(['-h', '--help'])

/** The program. It calls at most one of the actions, and throws commander's errors instead of ending the process. */
export function createProgram(actions: CliActions): Command {
  const manifest: { readonly version: string; readonly description: string } = createRequire(
    import.meta.url,
  )('redis-memory-cluster/package.json')
  const program = new Command('redis-memory-cluster')
    .description('Starts a Redis Cluster in this process and keeps it until Ctrl-C.')
    .option('--masters <count>', 'number of masters (default: 3)', number)
    .option('--replicas <count>', 'number of replicas of each master (default: 1)', number)
    .option('--host <address>', 'IP address to listen on (default: 127.0.0.1)')
    .option('--port <port>', 'client port of the first node, 0 for free ports', number, 7000)
    .addOption(
      new Option('--bus <kind>', 'how nodes gossip; tcp: on client port + 10000')
        .choices(['tcp', 'channel'])
        .default('tcp'),
    )
    .addOption(
      new Option('--failure-detection <mode>', 'learn of a lost node at once, or by its timeout')
        .choices(['instant', 'timeout'])
        .default('instant'),
    )
    .addOption(
      new Option(
        '--redis-version <version>',
        'version of Redis that the nodes are (default: 7.0 that knows later commands)',
      ).choices(RELEASE_NAMES),
    )
    .option(
      '--node-timeout <ms>',
      'time after which a silent node has failed (default: 15000)',
      number,
    )
    .option('--config <name=value...>', 'directives of redis.conf for every node', directive)
    .option('--dir <path>', "directory for the nodes' files (default: no files)")
    .option('--password <password>', 'password of every node')
    .addOption(
      new Option('--log [level]', 'write the log of the nodes to standard error')
        .choices(LOG_LEVELS)
        .preset('notice'),
    )
    .option('--blank', 'leave the nodes blank: no slots, and they do not know each other')
    .option('--json', 'print one line of JSON instead of a table')
    .option('--exec <command>', 'run a command with REDIS_CLUSTER_NODES, exit with its status')
    .version(manifest.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments(false)
    .enablePositionalOptions()
    .exitOverride()
    .action((options: ParsedOptions) => actions.run(requestOf(options)))
  const node = program.command('node')
  node
    .description(
      'start one server in the foreground, as `redis-server` does: from a redis.conf, or `-` for standard input, and directives as options',
    )
    .argument('[words...]', '[redis.conf | -] [--directive value ...]')
    .usage('[redis.conf | -] [--directive value ...]')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) => {
      const { redisVersion } = program.opts<ParsedOptions>()
      refuseOfCluster(program)
      if (VERSION_WORDS.has(words[0] ?? '')) {
        return program.configureOutput().writeOut?.(`${identityOf(redisVersion)}\n`)
      }
      if (HELP_WORDS.has(words[0] ?? '')) return node.outputHelp()
      return actions.serve(serverRequestOf(words, redisVersion))
    })
  return program
}

/** What is given before `node` would be lost on a single server, but for its version. Throws commander's error. */
function refuseOfCluster(program: Command): void {
  for (const option of program.options) {
    const name = option.attributeName()
    if (name === 'redisVersion' || program.getOptionValueSource(name) !== 'cli') continue
    program.error(
      `error: option '${option.flags}' is for a cluster; a node takes directives of redis.conf, after the word 'node'`,
    )
  }
}

function requestOf(options: ParsedOptions): CliRequest {
  const { blank, json, exec, log, redisVersion: version, ...start } = options
  return {
    start: {
      ...start,
      version,
      log: LOG_LEVELS.find((level) => level === log),
      form: blank !== true,
    },
    json: json === true,
    exec,
  }
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value))
    throw new InvalidArgumentError('It is not a number.')
  return value
}

function directive(
  text: string,
  known: Readonly<Record<string, readonly string[]>> = {},
): Record<string, readonly string[]> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('It is not name=value.')
  const name = text.slice(0, equals)
  return { ...known, [name]: [...(known[name] ?? []), text.slice(equals + 1)] }
}
