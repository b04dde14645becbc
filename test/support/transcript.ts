/**
 * Transcripts: commands and the exact replies that a real server of a later version gave to them, kept as test data because
 * that version is not at hand where the tests run. As a program (`node dist/test/support/transcript.js redis-server-8`) it asks
 * a real server again, each scenario on an empty one, and writes the replies anew; a new line has an empty reply before.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { splitArguments } from '../../lib/resp/inline.ts'

/** A command as a person types it, and its raw reply, each CRLF written as `|`. */
export type Line = [command: string, reply: string]

/** Lines that one client sends to an empty server, one after the other. */
export interface Scenario {
  readonly about: string
  readonly protocol: 2 | 3
  readonly lines: Line[]
}

/** What was recorded of one theme. */
export interface Transcript {
  /** The version of the server that was asked. */
  readonly redis: string
  readonly scenarios: readonly Scenario[]
}

const folder = join(
  fileURLToPath(new URL('../../..', import.meta.url)),
  'test/conformance/transcript',
)

/** All transcripts by the names of their files. */
export function readTranscripts(): Map<string, Transcript> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(
    names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Transcript]),
  )
}

async function record(binary: string): Promise<void> {
  // What it starts is named by the environment when it is loaded.
  process.env.REDIS_SERVER = binary
  const { realRedisVersion, startRealRedis } = await import('./real-redis.ts')
  for (const [name, { scenarios }] of readTranscripts()) {
    const real = await startRealRedis({ args: ['--enable-debug-command', 'yes'] })
    try {
      for (const { protocol, lines } of scenarios) {
        await real.command('FLUSHALL')
        const client = await real.connect()
        await client.command('HELLO', `${protocol}`)
        for (const line of lines) {
          const argv = splitArguments(line[0])
          if (argv === undefined) throw new Error(`unbalanced quotes: ${line[0]}`)
          line[1] = (await client.command(...argv)).raw.replaceAll('\r\n', '|')
        }
        await client.close()
      }
    } finally {
      await real.stop()
    }
    const transcript: Transcript = { redis: realRedisVersion ?? '', scenarios }
    writeFileSync(join(folder, name), `${JSON.stringify(transcript, undefined, 2)}\n`)
  }
}

const [, program, binary] = process.argv
if (program === fileURLToPath(import.meta.url) && binary !== undefined) await record(binary)
