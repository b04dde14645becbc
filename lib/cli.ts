#!/usr/bin/env node
/**
 * The command `redis-memory-cluster`. Exit status: 0 when stopped by a signal, 1 when the cluster could not start, 2 on
 * bad options, else that of the command it ran.
 */
import { CommanderError } from 'commander'
import { createProgram } from './cli/program.ts'
import { ExitStatus, serve } from './cli/serve.ts'
import { serveNode } from './cli/serve-node.ts'
import { startCluster } from './index.ts'

try {
  const program = createProgram({
    async run(request) {
      process.exitCode = await serve(request, startCluster)
    },
    async serve(request) {
      const [{ startServer }, { nodeThreads }] = await Promise.all([
        import('./host/start-server.ts'),
        import('./host/pool.ts'),
      ])
      process.exitCode = await serveNode(request, (boot, version) =>
        startServer(boot, nodeThreads, version),
      )
    },
  })
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? ExitStatus.ok : ExitStatus.badOptions
}
