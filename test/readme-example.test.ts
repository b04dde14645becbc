/**
 * The README's examples that are marked to run do so as they stand, each against a cluster of its own; every lever is in
 * one.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import t from 'tap'
import ts from 'typescript'
import { levers } from '../lib/host/lever/table.ts'
import { startCluster } from '../lib/host/start-cluster.ts'
import { readmePath } from './support/docs.ts'
import { startForTest } from './support/started-cluster.ts'

const readme = readFileSync(readmePath, 'utf8')
const examples = [...readme.matchAll(/\n```[jt]s run\n([\s\S]*?)\n```\n/g)].map(
  ([, code = '']) => code,
)

t.test('every lever has an example', async (t) => {
  const all = examples.join('\n')
  const missing = Object.keys(levers).filter((name) => !all.includes(`cluster.${name}(`))
  t.strictSame(missing, [])
})

for (const [index, code] of examples.entries()) {
  t.test(`example ${index + 1}: ${code.split('\n', 1)[0]}`, async (t) => {
    const cluster = await startForTest(t)
    const client = new Redis.Cluster([...cluster.addresses])
    t.teardown(() => client.disconnect())
    await runExample(code, {
      cluster,
      client,
      startCluster,
      Redis,
      assert,
      console: { log() {} },
    })
  })
}

/** Runs code with these names in scope. `await using` is younger than Node.js 20. */
async function runExample(code: string, scope: Readonly<Record<string, unknown>>): Promise<void> {
  const body = `exports.run = async (${Object.keys(scope).join(', ')}) => {\n${code}\n}`
  const { outputText } = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  })
  const exports: { run?: (...values: unknown[]) => Promise<void> } = {}
  new Function('exports', outputText)(exports)
  await exports.run?.(...Object.values(scope))
}
