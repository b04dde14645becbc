/**
 * Runs the real `redis-cli`: the one of the PATH unless REDIS_CLI names another. Its output is what a person sees on a
 * terminal (replies formatted, redirections told), without colours.
 */
import { spawn, spawnSync } from 'node:child_process'

const BINARY = process.env.REDIS_CLI ?? 'redis-cli'

const installedVersion = /redis-cli (\d+\.\d+\.\d+)/.exec(
  spawnSync(BINARY, ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1]

/** For the `skip` option of a test: a reason when redis-cli is not installed, else false. */
export const withoutRedisCli: string | false =
  installedVersion === undefined ? 'redis-cli is not installed' : false

/** What a run of redis-cli said. */
export interface CliRun {
  /** Standard output, colours removed. */
  readonly output: string
  readonly errors: string
  readonly status: number | null
}

/** How to run it. */
export interface CliOptions {
  /** Lines typed into it; none: standard input is empty. */
  readonly typed?: readonly string[]
  /** It is killed after this long. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 60_000

/** Runs redis-cli with these arguments until it ends. */
export function redisCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { typed = [], timeoutMs = TIMEOUT_MS } = options
  return new Promise((resolve, reject) => {
    const child = spawn(BINARY, args, {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      // FAKETTY: replies as on a terminal.
      env: { ...process.env, FAKETTY: '1', HOME: '/nonexistent', NO_COLOR: '1' },
    })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('latin1').on('data', (text: string) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ output: withoutColour(output), errors, status }))
    child.stdin.on('error', () => {})
    child.stdin.end(typed.map((line) => `${line}\n`).join(''))
  })
}

/** Runs it and returns its output without the last line break; throws when it failed. */
export async function redisCliOutput(
  args: readonly string[],
  options: CliOptions = {},
): Promise<string> {
  const { output, errors, status } = await redisCli(args, options)
  if (status === 0) return output.replace(/\n$/, '')
  throw new Error(
    `redis-cli ${args.slice(0, 8).join(' ')} ended with ${status}:\n${output}${errors}`,
  )
}

function withoutColour(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  return text.replace(/\x1b\[[\d;]*m/g, '')
}
