/**
 * The programs of a real Redis that the benchmarks run beside ours, each for a bounded time. Invariant: none outlives the
 * benchmark's process (redis-benchmark would go on alone when its server is gone).
 */
import { type ChildProcess, execFile, spawnSync } from 'node:child_process'
import { withoutRealRedis } from '../support/real-redis.ts'

const PATIENCE_MS = 60_000
const OUTPUT_BYTES = 64 * 1024 * 1024
const running = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Why rows that need a real Redis cannot be measured; undefined when they can. */
export function missingTool(): string | undefined {
  if (withoutRealRedis !== false) return `skipped: ${withoutRealRedis}`
  const missing = ['redis-cli', 'redis-benchmark'].find(
    (name) => spawnSync(name, ['--version']).status !== 0,
  )
  return missing === undefined ? undefined : `skipped: ${missing} is not installed`
}

/** Runs one of the programs to its end and returns what it printed. Throws when it fails or complains. */
export function runTool(name: string, args: readonly string[]): Promise<string> {
  const options = { timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES } as const
  return new Promise((resolve, reject) => {
    const child = execFile(name, args, options, (error, stdout, stderr) => {
      running.delete(child)
      const complaint = /^.*(Error from server|ERR |MOVED |CROSSSLOT).*$/m.exec(
        `${stdout}\n${stderr}`,
      )
      if (complaint !== null) reject(new Error(`${name}: ${complaint[0]}`))
      else if (error !== null) reject(error)
      else resolve(stdout)
    })
    running.add(child)
  })
}
