/** The programs of a real Redis that the benchmarks run beside ours, each for a bounded time. */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { withoutRealRedis } from '../support/real-redis.ts'

const run = promisify(execFile)
const PATIENCE_MS = 60_000

/** Why rows that need a real Redis cannot be measured; undefined when they can. */
export function missingTool(): string | undefined {
  if (withoutRealRedis !== false) return `skipped: ${withoutRealRedis}`
  const missing = ['redis-cli', 'redis-benchmark'].find(
    (name) => spawnSync(name, ['--version']).status !== 0,
  )
  return missing === undefined ? undefined : `skipped: ${missing} is not installed`
}

/** Runs one of the programs to its end and returns what it printed. Throws when it fails or complains. */
export async function runTool(name: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(name, args, {
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  })
  const complaint = /^.*(Error from server|ERR |MOVED |CROSSSLOT).*$/m.exec(`${stdout}\n${stderr}`)
  if (complaint !== null) throw new Error(`${name}: ${complaint[0]}`)
  return stdout
}
