/**
 * Files that were damaged at random: each is refused with what is wrong and where, or makes a node that works; none ends the
 * node in any other way, or takes long. SEED picks the damage, MUTANTS how many of each kind there are; for very many of
 * them spoiled-input.test.ts has the readers alone.
 */
import { Buffer } from 'node:buffer'
import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import { MemoryFiles } from '../../lib/runtime/memory-files.ts'
import { damaged, keysOfAllTypes, nodesConfOfAllKinds } from '../support/damage.ts'
import { NodeHarness } from '../support/node-harness.ts'

const MUTANTS = Number(process.env.MUTANTS ?? 40)
if (process.env.MUTANTS !== undefined) t.setTimeout(0)
/** Beyond this, milliseconds of CPU, something counts far too much. */
const LONG_MS = 5000

const config = { save: '', 'enable-debug-command': 'yes', 'auto-aof-rewrite-percentage': '0' }

/** A node with keys of all types. */
function filled(directives: Record<string, string>): NodeHarness {
  const harness = new NodeHarness({ config: { ...config, ...directives } })
  harness.checkLoaded()
  const client = harness.connect()
  const lines = [
    ...keysOfAllTypes(),
    'SELECT 5',
    'SET other 1',
    ...['MULTI', 'SET a 1', 'SET b 2', 'EXEC'],
  ]
  harness.type(client, ...lines)
  return harness
}

/** All data is looked at, written in both forms, and changed. */
function exercise(harness: NodeHarness): void {
  const client = harness.connect()
  harness.type(client, 'DEBUG DIGEST', 'DBSIZE', 'SAVE', 'CONFIG SET aof-use-rdb-preamble no')
  harness.type(client, 'BGREWRITEAOF', 'INFO everything', 'SET new 1', 'FLUSHALL')
  harness.pass(100)
}

interface Outcome {
  refused: number
  taken: number
}

/** Starts nodes from damaged bytes; `start` throws what the node gives up with. */
function survive(
  t: Test,
  whole: Buffer,
  { start, tells }: { start: (bytes: Buffer) => NodeHarness; tells: RegExp },
): Outcome {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(`${seed} ${t.name}`)
  const outcome: Outcome = { refused: 0, taken: 0 }
  for (let i = 0; i < MUTANTS; i++) {
    const bytes = damaged(whole, random)
    const startedAt = process.cpuUsage()
    let harness: NodeHarness | undefined
    try {
      harness = start(bytes)
    } catch (error) {
      outcome.refused++
      if (!tells.test((error as Error).message)) {
        t.fail(`seed ${seed}, mutant ${i}: ${(error as Error).stack}`)
        return outcome
      }
    }
    try {
      if (harness !== undefined) {
        outcome.taken++
        exercise(harness)
      }
    } catch (error) {
      t.fail(`seed ${seed}, mutant ${i}, after it was taken: ${(error as Error).stack}`)
      return outcome
    }
    const took = process.cpuUsage(startedAt).user / 1000
    if (took > LONG_MS) t.fail(`seed ${seed}, mutant ${i} took ${Math.round(took)} ms of CPU`)
  }
  t.comment(`${MUTANTS} mutants: ${outcome.refused} refused, ${outcome.taken} taken`)
  return outcome
}

for (const checksum of ['yes', 'no']) {
  t.test(`RDB files, checksum ${checksum}`, async (t) => {
    const saver = filled({ rdbchecksum: checksum })
    saver.type(saver.connect(), 'SAVE')
    const { refused } = survive(t, saver.io.snapshot ?? Buffer.alloc(0), {
      start(bytes) {
        const harness = new NodeHarness({ config, snapshot: bytes })
        harness.checkLoaded()
        return harness
      },
      tells: /offset \d|CRC error|signature|format version|which this node lacks/,
    })
    t.ok(refused > 0)
  })
}

const directory = 'appendonlydir'

for (const part of ['base.rdb', 'base.aof', 'incr.aof', 'manifest']) {
  t.test(`append-only files, ${part}`, async (t) => {
    const preamble = part === 'base.aof' ? 'no' : 'yes'
    const writer = filled({
      appendonly: 'yes',
      'aof-use-rdb-preamble': preamble,
      rdbchecksum: 'no',
    })
    const client = writer.connect()
    const lives = part.startsWith('base') ? ['BGREWRITEAOF'] : []
    writer.type(client, ...lives)
    writer.pass(100)
    writer.type(client, 'SET tail 1', 'INCR n')
    const { files } = writer.io
    const path = files.paths.find((each) => each.endsWith(part)) ?? ''
    const kept = new Map(files.paths.map((each) => [each, files.read(each).toString('latin1')]))
    const { refused } = survive(t, files.read(path), {
      start(bytes) {
        const disk = new MemoryFiles()
        for (const [each, text] of kept) disk.replace(each, text)
        disk.replace(path, bytes.toString('latin1'))
        const harness = new NodeHarness({ config: { ...config, appendonly: 'yes' }, disk })
        harness.checkLoaded()
        return harness
      },
      tells:
        /offset \d|at line \d|CRC error|No such file|AOF manifest|signature|format version|which this node lacks/,
    })
    t.ok(refused > 0)
    t.ok(path.startsWith(directory))
  })
}

t.test('nodes.conf', async (t) => {
  const { refused } = survive(t, nodesConfOfAllKinds(), {
    start: (bytes) =>
      new NodeHarness({
        config: { ...config, 'cluster-enabled': 'yes' },
        clusterConfig: bytes.toString('latin1'),
      }),
    tells: /corrupted cluster config file \((line \d+|no node is myself)\)/,
  })
  t.ok(refused > 0)
})
