/**
 * One server of ours in a process of its own, as `redis-memory-cluster node` starts it, so that it can be killed as a whole.
 * Invariant: it does not outlive the test.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { freePort } from './real-redis.ts'
import { RespClient } from './resp-client.ts'

const program = fileURLToPath(new URL('../../lib/cli.js', import.meta.url))

/** A server that runs, or ran. */
export interface ServerProcess {
  readonly port: number
  /** What it has logged. */
  readonly log: () => string
  connect(): Promise<RespClient>
  /** Ends the process at once, as SIGKILL does; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a server in a directory; rejects with what it said when it does not get ready. */
export async function startServerProcess(
  t: Test,
  directory: string,
  ...args: string[]
): Promise<ServerProcess> {
  const port = await freePort(false)
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', directory]
  const child = spawn(process.execPath, [program, 'node', ...options, ...args])
  t.teardown(() => end(child))
  let log = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('latin1').on('data', (text: string) => {
        log += text
        if (log.includes('Ready to accept connections')) resolve()
      })
    }
    child.once('close', () => reject(new Error(`the server did not start: ${log}`)))
  })
  return { port, log: () => log, connect: () => RespClient.connect(port), kill: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
