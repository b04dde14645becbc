/**
 * Memory per key: what a node's heap grows by when keys come, garbage collected, beside the growth of a redis-server's
 * used_memory. Strings by the million, and small collections of each kind.
 */
import { RespClient } from '../support/resp-client.ts'
import type { Plan } from './plan.ts'
import { startRealNode, usedBytesOf } from './real-cluster.ts'
import { missingTool } from './real-tool.ts'
import { SubjectProcess } from './subject-process.ts'
import type { Row, Target } from './table.ts'

interface Shape {
  readonly name: string
  readonly keys: number
  /** The command that makes a key, by its number. */
  readonly command: (number: number) => readonly string[]
  readonly target?: Target
}

const MEMBERS = Array.from({ length: 10 }, (_, i) => i)
/** Commands on their way at once. */
const BATCH = 1000
const QUICK_SHARE = 0.1

const text = (number: number, length: number) => String(number).padStart(length, 'x')
const member = (number: number, i: number) => `member:${number % 1000}:${i}`

const SHAPES: readonly Shape[] = [
  {
    name: 'string of 32 bytes',
    keys: 1_000_000,
    command: (number) => ['SET', text(number, 16), text(number, 32)],
    target: { of: 'ratio', atMost: 1.6 },
  },
  collection('hash of 10 fields', 'HSET', (number, i) => [`field:${i}`, member(number, i)]),
  collection('list of 10 elements', 'RPUSH', (number, i) => [member(number, i)]),
  collection('set of 10 members', 'SADD', (number, i) => [member(number, i)]),
  collection('set of 10 integers', 'SADD', (number, i) => [String((number + i) % 1000)]),
  collection('sorted set of 10 members', 'ZADD', (number, i) => [String(i), member(number, i)]),
]

function collection(
  name: string,
  command: string,
  words: (number: number, i: number) => readonly string[],
): Shape {
  return {
    name,
    keys: 50_000,
    command: (number) => [command, text(number, 16), ...MEMBERS.flatMap((i) => words(number, i))],
  }
}

/** Measures memory per key. */
export async function* benchKeyMemory(plan: Plan): AsyncGenerator<Row> {
  const reason = missingTool()
  if (reason !== undefined) {
    yield { what: 'memory per key', reason }
    return
  }
  const subject = await SubjectProcess.start<number>('direct-node')
  const real = await startRealNode()
  const ours = { port: subject.ready, usedBytes: () => subject.ask<number>('heap') }
  const theirs = { port: real.port, usedBytes: () => usedBytesOf(real) }
  try {
    for (const { name, command, keys, target } of SHAPES) {
      const shape = { command, keys: plan.quick ? keys * QUICK_SHARE : keys }
      yield {
        what: `memory per ${name}`,
        unit: 'B',
        ours: await bytesPerKey(ours, shape),
        other: { name: 'redis-server', figure: await bytesPerKey(theirs, shape) },
        ...(target !== undefined && { target }),
      }
    }
  } finally {
    await Promise.all([subject.end(), real.stop()])
  }
}

async function bytesPerKey(
  server: { readonly port: number; usedBytes(): Promise<number> },
  { command, keys }: Pick<Shape, 'command' | 'keys'>,
): Promise<number> {
  const client = await RespClient.connect(server.port)
  try {
    await client.command('FLUSHALL')
    const before = await server.usedBytes()
    for (let at = 0; at < keys; at += BATCH) {
      await client.pipeline(Array.from({ length: BATCH }, (_, i) => command(at + i)))
    }
    return ((await server.usedBytes()) - before) / keys
  } finally {
    await client.close()
  }
}
