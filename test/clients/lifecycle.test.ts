/** A program that starts and stops clusters ends by itself, holds on to nothing, and does not grow. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Measure } from './lifecycle-script.ts'

const ROUNDS = 20
/** From here on caches are warm and threads are used again. */
const WARM = 5
const TIMEOUT_MS = 60_000

/** Growth allowed for each cluster after the warm ones. A cluster whose nodes are held costs 5 MB. */
const LIMITS = { heapBytes: 32_000, externalBytes: 32_000, residentBytes: 3_000_000 }

const script = fileURLToPath(new URL('./lifecycle-script.js', import.meta.url))

/** Small young generations, so that the threads do not look large for garbage not yet collected. */
const flags = ['--expose-gc', '--max-semi-space-size=1', '--optimize-for-size']

function run(bus: string): Promise<{ output: string; errors: string; ending: unknown }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, script, String(ROUNDS), bus], {
      timeout: TIMEOUT_MS,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ output, errors, ending: signal ?? code }))
  })
}

for (const bus of ['channel', 'tcp']) {
  t.test(`${ROUNDS} clusters in one program, ${bus} bus`, async (t) => {
    const { output, errors, ending } = await run(bus)
    t.equal(ending, 0, 'it ends by itself')
    t.equal(errors, '')
    const measures = JSON.parse(output) as Measure[]
    t.equal(measures.length, 1 + ROUNDS)
    const [before, ...after] = measures as [Measure, ...Measure[]]
    for (const [round, { resources }] of after.entries()) {
      t.same(resources, before.resources, `nothing is left of cluster ${round + 1}`)
    }
    for (const name of ['heapBytes', 'externalBytes', 'residentBytes'] as const) {
      const sizes = after.map((measure) => measure[name])
      const warm = sizes[WARM - 1] as number
      const last = sizes.at(-1) as number
      const growth = Math.round((last - warm) / (ROUNDS - WARM))
      t.ok(growth < LIMITS[name], `${name}: ${growth} a cluster, from ${warm} to ${last}`)
    }
  })
}
